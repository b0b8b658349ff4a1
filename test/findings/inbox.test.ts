import { asc, eq, sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Term } from '../../src/contracts/match.ts'
import { accounts, claims, documents, findings, findingWords, identifiers, occurrences, sourceSets } from '../../src/db/schema/index.ts'
import { assign } from '../../src/findings/assign.ts'
import { changeStatus } from '../../src/findings/change-status.ts'
import { comment } from '../../src/findings/comment.ts'
import { countInbox } from '../../src/findings/count-inbox.ts'
import { dismiss } from '../../src/findings/dismiss.ts'
import { expireDismissals } from '../../src/findings/expire-dismissals.ts'
import type { InboxFilter } from '../../src/findings/filter-findings.ts'
import { indexMissing, indexWords } from '../../src/findings/index-words.ts'
import { listInbox, type Order } from '../../src/findings/list-inbox.ts'
import { listPlaces } from '../../src/findings/list-places.ts'
import { markPublic } from '../../src/findings/mark-public.ts'
import { reassess } from '../../src/findings/reassess.ts'
import { reopen } from '../../src/findings/reopen.ts'
import { resolve } from '../../src/findings/resolve.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { truncateAll, useDatabase } from '../support/database.ts'
import { addName, publish } from '../support/findings.ts'

const store = useDatabase()
const db = () => store.database.db
const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour))
const by = (findingId: bigint, hour = 5) => ({ findingId, actor: { kind: 'user' as const, name: 'Ann' }, now: at(hour) })
const nobody = { rules: [], destinations: [], quietHours: null, storm: { more: 1, withinMs: 1 }, escalate: [] }

let terms: Record<'auth' | 'billing' | 'hermes' | 'wheel', Term>
/** auth (npm, identity): two places, critical · billing (npm): prose, resolved · hermes (codename) · wheel (pypi, data): dismissed */
async function seed(): Promise<void> {
  await truncateAll(store.database)
  terms = {
    auth: await addName(db(), 'acme-corp-auth', { team: 'identity', at: at(0) }),
    billing: await addName(db(), 'acme-corp-billing', { at: at(0) }),
    hermes: await addName(db(), 'HermesBuilder', { kind: 'codename', ecosystem: null, at: at(0) }),
    wheel: await addName(db(), 'acme_corp_wheel', { ecosystem: 'pypi', team: 'data', at: at(0) }),
  }
  await publish(db(), [terms.auth], { at: at(1) })
  await publish(db(), [terms.billing], { at: at(2), repository: 'ann/blog', path: 'post.md', role: 'prose', source: 'stack-exchange' })
  await publish(db(), [terms.hermes], { at: at(3), repository: 'ann/blog', path: 'talk.md', role: 'prose' })
  await publish(db(), [terms.wheel], { at: at(4), repository: 'lab/notebook', path: 'requirements.txt' })
  await publish(db(), [terms.auth], { at: at(2), repository: 'mira/shop', path: 'deep/yarn.lock', source: 'github-gists', role: 'resolved-url', author: 'mira-q', snippet: 'resolved "https://artifactory/acme-corp-auth" zeppelin' })
  await db().insert(claims).values({ identifierId: BigInt(terms.auth.id), registry: 'npm', state: 'unclaimed', claimable: 'yes', why: 'free', signals: [], toldAt: at(3), askedAt: at(3), createdAt: at(1) })
  await reassess(db(), 1n, at(3))
  const [ann] = await db().insert(accounts).values({ email: 'ann@acme-corp.com', name: 'Ann', role: 'analyst', createdAt: at(0) }).returning()
  await assign(db(), { ...by(3n), assignee: ann?.id ?? null })
  await resolve(db(), by(2n))
  await dismiss(db(), { ...by(4n), reason: 'accepted-risk', comment: 'the zebra of the lab' })
}

const list = async (filter: InboxFilter, order: Order = 'worst') => (await listInbox(db(), filter, { order, after: null, limit: 50 })).items.map(({ identifier }) => identifier)
const auth = 'acme-corp-auth'
const billing = 'acme-corp-billing'
const hermes = 'HermesBuilder'
const wheel = 'acme_corp_wheel'

describe('a filter finds what fits and nothing else', () => {
  beforeAll(seed)

  test.each<[string, InboxFilter, readonly string[]]>([
    ['none', {}, [wheel, auth, hermes, billing]],
    ['state', { state: ['open'] }, [auth, hermes]],
    ['states are alternatives', { state: ['resolved', 'dismissed'] }, [wheel, billing]],
    ['severity', { severity: ['low'] }, [hermes, billing]],
    ['claim: what was never asked is in none', { claim: ['unclaimed', 'ours', 'placeholder', 'stranger', 'unknown'] }, [auth]],
    ['claimable', { claimable: ['yes'] }, [auth]],
    ['claimable, another', { claimable: ['no', 'unknown'] }, []],
    ['ecosystem', { ecosystem: ['pypi'] }, [wheel]],
    ['no ecosystem', { ecosystem: ['none', 'pypi'] }, [wheel, hermes]],
    ['team', { team: ['identity', 'data'] }, [wheel, auth]],
    ['no team', { team: ['none'] }, [hermes, billing]],
    ['source: of any place', { source: ['github-gists', 'greenhouse'] }, [auth]],
    ['role: of any place', { role: ['resolved-url', 'ci'] }, [auth]],
    ['assignee', { assignee: ['1'] }, [hermes]],
    ['nobody', { assignee: ['nobody'] }, [wheel, auth, billing]],
    ['proposed', { proposed: 'yes' }, []],
    ['not proposed', { proposed: 'no', state: ['open'] }, [auth, hermes]],
    ['all together', { state: ['open'], severity: ['critical'], claim: ['unclaimed'], claimable: ['yes'], ecosystem: ['npm'], team: ['identity'], source: ['github-code'], role: ['dependency'], assignee: ['nobody'], proposed: 'no', q: 'zeppelin' }, [auth]],
    ['all together, one of which does not fit', { state: ['open'], severity: ['critical'], team: ['data'], q: 'zeppelin' }, []],
  ])('%s', async (_, filter, expected) => {
    expect(await list(filter)).toEqual(expected)
    expect((await countInbox(db(), filter)).total).toBe(expected.length)
  })

  test('each order goes its way', async () => {
    expect([await list({}, 'newest'), await list({}, 'oldest')]).toEqual([[wheel, hermes, billing, auth], [auth, billing, hermes, wheel]])
    await comment(db(), { ...by(2n, 9), comment: 'again' })
    expect((await list({}, 'updated'))[0]).toBe(billing)
  })

  test('a choice counts with the other filters in force, not its own', async () => {
    const { total, by: counts } = await countInbox(db(), { state: ['open'], ecosystem: ['npm'] })
    const of = (facet: keyof typeof counts) => Object.fromEntries(counts[facet].map(({ value, count }) => [value, count]))
    expect([total, of('state'), of('ecosystem')]).toEqual([1, { open: 1, resolved: 1 }, { npm: 1, none: 1 }])
    expect([of('severity'), of('team'), of('claim')]).toEqual([{ critical: 1 }, { identity: 1 }, { unclaimed: 1 }])
    expect([of('source'), of('role'), of('assignee')]).toEqual([{ 'github-code': 1, 'github-gists': 1 }, { dependency: 1, 'resolved-url': 1 }, { nobody: 1 }])
  })

  test('the count of every choice is what the list shows when it is chosen', async () => {
    const { by: counts } = await countInbox(db(), { q: 'acme' })
    for (const [facet, choices] of Object.entries(counts)) {
      for (const { value, count } of choices) expect([facet, value, (await list({ q: 'acme', [facet]: [value] })).length]).toEqual([facet, value, count])
    }
  })
})

describe('words find a finding', () => {
  beforeAll(seed)

  test.each<[string, string, readonly string[]]>([
    ['of its name', 'billing', [billing]],
    ['the beginning of one', 'acme-corp-bil', [billing]],
    ['a part of a name, from the middle of a word', 'uth', [auth]],
    ['a part that capitals tell', 'builder', [hermes]],
    ['in any case', 'HERMESB', [hermes]],
    ['of a repository', 'notebook', [wheel]],
    ['of a path', 'yarn.lock', [auth]],
    ['of a URL', 'https://code.example/lab/notebook', [wheel]],
    ['of a snippet', 'zeppelin', [auth]],
    ['an author', 'mira-q', [auth]],
    ['a comment', 'zebra', [wheel]],
    ['several, in different places of it', 'zeppelin package.json', [auth]],
    ['all of them have to occur', 'zeppelin requirements', []],
    ['common ones', 'acme corp', [wheel, auth, billing]],
    ['none', 'xyzzy', []],
    ['nothing that could be a word finds nothing', '%_\'"', []],
    ['blanks are no question', '  ', [wheel, auth, hermes, billing]],
  ])('%s', async (_, q, expected) => {
    expect(await list({ q })).toEqual(expected)
    expect((await countInbox(db(), { q })).total).toBe(expected.length)
  })

  test('an author who becomes known later, and a database that is older than the search, are found too', async () => {
    const stored = async () => (await db().select().from(findingWords).orderBy(asc(findingWords.findingId), asc(findingWords.part))).map(({ words }) => words)
    const before = await stored()
    await db().delete(findingWords)
    expect(await list({ q: 'zeppelin' })).toEqual([])
    expect([await indexMissing(db(), { most: 3 }), await indexMissing(db(), { most: 3 }), await indexMissing(db(), { most: 3 })]).toEqual([3, 1, 0])
    expect(await stored()).toEqual(before)
  })
})

test('words that fill several rows of a finding are found together, and the one that is missing is missed', async () => {
  await seed()
  await indexWords(db(), 1n, Array.from({ length: 1_200 }, (_, index) => `filler${index}`))
  await indexWords(db(), 1n, ['quagga'])
  await indexWords(db(), 3n, ['quagga'])
  expect((await db().select().from(findingWords).where(eq(findingWords.findingId, 1n))).length).toBeGreaterThan(1)
  for (const [q, expected] of [['zeppelin quagga', [auth]], ['quagga zeppelin filler7', [auth]], ['quagga', [auth, hermes]], ['quagga zebra', []], ['quagga zeppelin xyzzy', []]] as const) {
    expect([q, await list({ q })]).toEqual([q, expected])
    expect([q, (await countInbox(db(), { q })).total]).toEqual([q, expected.length])
  }
})

describe('words of thousands of findings', () => {
  const count = 2_600
  // Of every finding: `common`. Of all but each fiftieth: `usual`. Of each third: `beginning`. Each seventh has its words in two rows.
  const has = (id: number, word: string) => (word === 'common' || (word === 'usual' && id % 50 !== 0) || (word === 'beginning' && id % 3 === 0))
  beforeAll(async () => {
    await truncateAll(store.database)
    await db().execute(sql`insert into identifiers (form, kind, ecosystem, name, key, disclose, public_on_purpose, near, created_at)
      select 'name', 'package', 'npm', 'acme-' || i, 'k' || i, 'name', false, '[]', ${at(0).toISOString()}::timestamptz from generate_series(1, ${count}::int) i`)
    await db().insert(sourceSets).values({ sources: ['github-code'] })
    await db().execute(sql`insert into findings (identifier_id, state, severity, reasons, first_seen_at, public_since, public_since_is_lower_bound, updated_at, source_set, places, groups, live_places)
      select id, case when id % 2 = 0 then 'open' else 'resolved' end, 'low', '[]', created_at, created_at, false, created_at, (select max(source_sets.id) from source_sets), 1, 1, 1 from identifiers order by identifiers.id`)
    const words = Array.from({ length: count }, (_, index) => ['common', 'usual', 'beginning'].filter((word) => has(index + 1, word)))
    const rows = words.flatMap((some, index) => ((index + 1) % 7 === 0 ? some.map((word, part) => ({ findingId: BigInt(index + 1), part, words: `'${word}'` })) : [{ findingId: BigInt(index + 1), part: 0, words: some.map((word) => `'${word}'`).join(' ') }]))
    await db().insert(findingWords).values(rows)
  })

  test.each([
    ['common', ['common']], ['usual', ['usual']], ['common usual', ['common', 'usual']], ['usual begin', ['usual', 'beginning']], ['beginn common usual', ['common', 'usual', 'beginning']], ['common xyzzy', ['xyzzy']],
  ])('%s', async (q, words) => {
    const expected = Array.from({ length: count }, (_, index) => index + 1).filter((id) => words.every((word) => has(id, word)))
    const { total, by: counts } = await countInbox(db(), { q, state: ['open'] })
    expect([total, counts.state.find(({ value }) => value === 'resolved')?.count ?? 0]).toEqual([expected.filter((id) => id % 2 === 0).length, expected.filter((id) => id % 2 === 1).length])
    const { items } = await listInbox(db(), { q }, { order: 'oldest', after: null, limit: 200 })
    expect(items.map(({ id }) => Number(id))).toEqual(expected.slice(0, 200))
  })
})

describe('pages', () => {
  beforeEach(seed)

  async function walk(order: Order, between: (page: number) => Promise<void> = async () => {}): Promise<string[]> {
    const seen: string[] = []
    let after: readonly string[] | null = null
    for (let page = 0; ; page += 1) {
      const { items, next } = await listInbox(db(), {}, { order, after, limit: 1 })
      seen.push(...items.map(({ identifier }) => identifier))
      if (next === null) return seen
      after = next
      await between(page)
    }
  }

  test.each(['worst', 'newest', 'oldest', 'updated'] as const)('go over everything once: %s', async (order) => {
    expect(await walk(order)).toEqual(await list({}, order))
  })

  test('what comes, goes and changes between them moves nothing that stays: no repeat, no gap', async () => {
    const seen = await walk('newest', async (page) => {
      if (page === 0) await publish(db(), [await addName(db(), 'acme-corp-new', { at: at(8) })], { at: at(8), repository: 'new/one' })
      if (page === 1) await dismiss(db(), { ...by(1n, 9), reason: 'not-ours' })
    })
    expect(seen).toEqual([wheel, hermes, billing, auth])
  })

  test('findings of one moment are told apart, to the microsecond and by their id', async () => {
    await store.database.sql`update findings set first_seen_at = '2026-11-01T00:00:00.000001Z'::timestamptz + (id % 2) * interval '1 microsecond'`
    expect(await walk('newest')).toHaveLength(4)
    expect(new Set(await walk('newest')).size).toBe(4)
  })

  test('places: a group stands where the best of it stands, and the next page repeats none', async () => {
    const known = await db().select({ id: occurrences.id }).from(occurrences).where(eq(occurrences.findingId, 1n))
    for (const repository of ['a/copy', 'b/copy']) await publish(db(), [terms.auth], { at: at(6), repository, content: 'hash-of-jdoe/app:package.json' })
    await changeStatus(db(), { occurrenceIds: known.map(({ id }) => id), from: ['live'], to: 'gone', reason: 'not there', now: at(7) })
    const page = async (after: readonly string[] | null) => listPlaces(db(), { findingId: 1n, after, limit: 1, now: at(8) })
    const first = await page(null)
    const second = await page(first.next)
    expect([first, second].flatMap(({ items }) => items.map(({ repository, status, copies, liveCopies }) => [repository, status, copies, liveCopies]))).toEqual([['jdoe/app', 'gone', 2, 2], ['mira/shop', 'gone', 0, 0]])
    expect(second.next).toBeNull()
    expect((await listInbox(db(), { q: 'zeppelin' }, { order: 'worst', after: null, limit: 1 })).items).toMatchObject([{ places: 4, groups: 2, livePlaces: 2, place: { repository: 'a/copy' } }])
  })
})

test('what is kept with a finding is what judging it again gives', async () => {
  await seed()
  await publish(db(), [terms.auth, terms.wheel], { at: at(6), repository: 'c/copy', content: 'hash-of-jdoe/app:package.json' })
  const [place] = await db().select({ id: occurrences.id }).from(occurrences).where(eq(occurrences.findingId, 1n)).orderBy(asc(occurrences.id))
  await changeStatus(db(), { occurrenceIds: place === undefined ? [] : [place.id], from: ['live'], to: 'unknown', reason: 'could not be told', now: at(7) })
  await db().update(identifiers).set({ team: 'platform' }).where(eq(identifiers.id, BigInt(terms.auth.id)))
  const kept = async () => (await db().select({ finding: findings, sources: sourceSets.sources }).from(findings).innerJoin(sourceSets, eq(sourceSets.id, findings.sourceSet)).orderBy(asc(findings.id)))
    .map(({ finding, sources }) => ({ ...finding, updatedAt: null, sources }))
  const before = await kept()
  expect(before).toMatchObject([{ team: 'platform', places: 3, groups: 2, livePlaces: 3, sources: ['github-code', 'github-gists'], claimState: 'unclaimed' }, {}, {}, { places: 2 }])
  for (const { id } of before) await reassess(db(), id, at(8))
  expect(await kept()).toEqual(before)
})

test('places: what is still there before what is gone, a worse role before a milder one, then the oldest', async () => {
  await seed()
  await publish(db(), [terms.hermes], { at: at(4), repository: 'a/config', path: '.npmrc', role: 'registry-config' })
  await publish(db(), [terms.hermes], { at: at(5), repository: 'a/dependency', path: 'package.json' })
  await publish(db(), [terms.hermes], { at: at(6), repository: 'a/gone', path: 'package.json' })
  await publish(db(), [terms.hermes], { at: at(7), repository: 'a/second', path: 'talk.md', role: 'prose' })
  await db().execute(sql`update occurrences set status = 'gone' from documents where documents.id = document_id and container_name = 'a/gone'`)
  await db().execute(sql`update occurrences set status = 'unknown' from documents where documents.id = document_id and container_name = 'a/config'`)
  const seen: string[] = []
  for (let after: readonly string[] | null = null, page = 0; page === 0 || after !== null; page += 1) {
    const { items, next } = await listPlaces(db(), { findingId: 3n, after, limit: 2, now: at(8) })
    seen.push(...items.map(({ repository }) => repository))
    after = next
  }
  expect(seen).toEqual(['a/dependency', 'ann/blog', 'a/second', 'a/config', 'a/gone'])
})

describe('a dismissal with an end', () => {
  beforeEach(seed)

  test('opens again by the clock, as an act of the system, once', async () => {
    await dismiss(db(), { ...by(1n), reason: 'accepted-risk', until: at(10) })
    expect(await list({ state: ['open'] })).toEqual([hermes])
    expect(await expireDismissals(db(), { routing: nobody, now: at(9) })).toBe(0)
    expect(await expireDismissals(db(), { routing: nobody, now: at(10) })).toBe(1)
    expect(await expireDismissals(db(), { routing: nobody, now: at(11) })).toBe(0)
    expect((await db().select().from(findings).where(eq(findings.id, 1n)))[0]).toMatchObject({ state: 'open', dismissedReason: null, dismissedUntil: null })
    expect(await store.database.sql`select actor_kind, verb, reason from events where finding_id = 1 order by id desc limit 1`).toMatchObject([{ actor_kind: 'system', verb: 'reopened', reason: 'its dismissal expired' }])
  })

  test('that was reopened by a person before has no end any more', async () => {
    await dismiss(db(), { ...by(1n), reason: 'accepted-risk', until: at(10) })
    await reopen(db(), by(1n, 6))
    await dismiss(db(), { ...by(1n, 7), reason: 'not-ours' })
    expect(await expireDismissals(db(), { routing: nobody, now: at(12) })).toBe(0)
  })
})

describe('a name that a person marked as public', () => {
  beforeEach(seed)

  const line = (publicOnPurpose: boolean) => ({ form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, text: auth, team: 'identity', disclose: 'name' as const, publicOnPurpose, near: [], where: 'x' })
  const sync = (lines: Parameters<typeof syncInventory>[1]['lines'], digest: string) => syncInventory(db(), { lines, digest, now: at(6) })
  const isPublic = async () => (await db().select().from(identifiers).where(eq(identifiers.id, BigInt(terms.auth.id))))[0]?.publicOnPurpose

  test('is dismissed for that, and no further place of it is news; a place that is read again is not gone', async () => {
    await markPublic(db(), { ...by(1n), reason: 'we published it' })
    await publish(db(), [terms.auth], { at: at(6) })
    await publish(db(), [terms.auth], { at: at(6), repository: 'new/place' })
    expect((await listInbox(db(), { team: ['identity'] }, { order: 'worst', after: null, limit: 1 })).items).toMatchObject([{ state: 'dismissed', dismissedReason: 'public-on-purpose', places: 2, livePlaces: 2 }])
  })

  test('stays that whatever the configuration says next; reopening takes it back', async () => {
    await sync([line(false)], 'd1')
    await markPublic(db(), { ...by(1n), reason: 'we published it' })
    await sync([line(false)], 'd2')
    expect(await isPublic()).toBe(true)
    await reopen(db(), by(1n, 7))
    expect(await isPublic()).toBe(false)
    await sync([line(false)], 'd3')
    expect(await isPublic()).toBe(false)
  })

  test('and one that the configuration calls so is not reopened behind its back', async () => {
    await dismiss(db(), { ...by(1n), reason: 'public-on-purpose' })
    await sync([line(true)], 'd1')
    await expect(reopen(db(), by(1n, 7))).rejects.toThrow(/take it out of publicOnPurpose first/)
    expect((await db().select().from(findings).where(eq(findings.id, 1n)))[0]?.state).toBe('dismissed')
  })

  test('that a pattern spelled out becomes a line of its own', async () => {
    const pattern = await addName(db(), '@acme-corp/', { form: 'prefix', at: at(0) })
    await publish(db(), [pattern], { at: at(6), repository: 'some/where', name: '@acme-corp/tokens' })
    const [newest] = (await listInbox(db(), {}, { order: 'newest', after: null, limit: 1 })).items
    await markPublic(db(), { ...by(BigInt(newest?.id ?? 0), 7), reason: 'design tokens' })
    expect((await db().select().from(identifiers).where(eq(identifiers.name, '@acme-corp/tokens')))[0]).toMatchObject({ patternId: null, origin: 'page', publicOnPurpose: true, markedPublicBy: 'Ann' })
  })

  test('needs a reason', async () => {
    await expect(markPublic(db(), { ...by(1n), reason: ' ' })).rejects.toThrow(/needs a reason/)
    expect(await isPublic()).toBe(false)
  })
})

test('hostile text is stored and searched as it is: NUL, half a character, paths without end', async () => {
  await seed()
  await publish(db(), [terms.billing], { at: at(6), repository: 'evil/\u0000repo\uD800', path: `${'a/'.repeat(500)}x`, snippet: `\uDC00 acme-corp-billing ${'x'.repeat(300)}`, author: 'eve\u0000\uD800' })
  const [document] = await db().select().from(documents).where(eq(documents.path, `${'a/'.repeat(500)}x`))
  expect(document?.containerName).toBe('evil/\uFFFDrepo\uFFFD')
  expect(await list({ q: 'evil' })).toEqual([billing])
  const { items } = await listPlaces(db(), { findingId: 2n, after: null, limit: 10, now: at(8) })
  expect(JSON.stringify(items).isWellFormed()).toBe(true)
})
