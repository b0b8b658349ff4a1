import { asc, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Document } from '../../src/contracts/document.ts'
import type { Mention, Role, Term } from '../../src/contracts/match.ts'
import { documents, events, findings, identifiers, notices, occurrences, runs, sightings, watches } from '../../src/db/schema/index.ts'
import { assess } from '../../src/evidence/severity.ts'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { dismiss } from '../../src/findings/dismiss.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import { recordDocument, type Recording } from '../../src/findings/record-document.ts'
import { reopen } from '../../src/findings/reopen.ts'
import { resolve } from '../../src/findings/resolve.ts'
import { sightKnown } from '../../src/findings/sight-known.ts'
import { unrouted } from '../../src/notices/route.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const db = () => store.database.db
const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour))

let runId: bigint
let name: Term
let pattern: Term

beforeEach(async () => {
  const line = { kind: 'package' as const, ecosystem: 'npm' as const, disclose: 'name' as const, publicOnPurpose: false, near: [], createdAt: at(0) }
  const [a, b] = await db()
    .insert(identifiers)
    .values([
      { ...line, form: 'name', name: 'acme-corp-auth', key: 'acme-corp-auth', team: 'identity' },
      { ...line, form: 'prefix', name: '@acme-corp/', key: '@acme-corp/' },
    ])
    .returning({ id: identifiers.id })
  const term = { kind: 'package' as const, ecosystem: 'npm' as const, team: null, disclose: 'name' as const, publicOnPurpose: false, near: [], where: '' }
  name = { ...term, id: String(a?.id), form: 'name', text: 'acme-corp-auth', team: 'identity' }
  pattern = { ...term, id: String(b?.id), form: 'prefix', text: '@acme-corp/' }
  const [watch] = await db().insert(watches).values({ source: 'github-code', key: 'k', input: {}, query: 'q', createdAt: at(0) }).returning()
  const [run] = await db().insert(runs).values({ watchId: watch?.id ?? 0n, tick: at(0), trigger: 'sweep', startedAt: at(0) }).returning()
  runId = run?.id ?? 0n
})

function mention(term: Term, more: Partial<Mention> = {}): Mention {
  return {
    term, name: term.text, kind: term.kind, ecosystem: term.ecosystem, start: 10, end: 24, line: 3, column: 5,
    role: 'dependency', details: {}, snippet: '"acme-corp-auth": "^1.0.0"', ...more,
  }
}

function document(ref = 'R1:package.json', more: Partial<Document> = {}): Document {
  return {
    source: 'github-code', ref, revision: 'c0ffee', contentHash: `hash-of-${ref}`, url: `https://github.example/${ref}`, lineAnchor: '#L', title: ref,
    container: { id: 'R1', name: 'jdoe/app', owner: 'jdoe' }, path: 'package.json', text: new Uint8Array(), truncated: false, author: null, publishedAt: null, ...more,
  }
}

function record(mentions: Mention[], options: { document?: Document; hour?: number; baseline?: boolean; matchedWith?: string } = {}) {
  const recording: Recording = { runId, matchedWith: options.matchedWith ?? 'm1', routing: unrouted(['slack']), baseline: options.baseline ?? false, now: at(options.hour ?? 1) }
  return db().transaction((tx) => recordDocument(tx, { document: options.document ?? document(), mentions, inferred: [] }, recording))
}

const kinds = async () => (await db().select().from(notices).orderBy(asc(notices.id))).map(({ kind }) => kind)
const verbs = async () => (await db().select().from(events).orderBy(asc(events.id))).map(({ verb }) => verb)
const onlyFinding = async () => {
  const [finding] = await db().select().from(findings)
  if (finding === undefined) throw new Error('no finding')
  return finding
}
const triage = (findingId: bigint, hour = 5) => ({ findingId, actor: { kind: 'cli' as const, name: 'ann' }, now: at(hour) })

describe('recording a document', () => {
  test('a new name is a finding, an event and one notice a channel, in one transaction', async () => {
    expect(await record([mention(name)])).toEqual({ newFindings: 1 })
    expect(await onlyFinding()).toMatchObject({ state: 'open', firstSeenAt: at(1), publicSince: at(1), publicSinceIsLowerBound: true })
    expect([await kinds(), await verbs()]).toEqual([['leaked'], ['found']])
  })

  test('the same reading twice changes nothing and tells nobody twice', async () => {
    await record([mention(name)])
    expect(await record([mention(name)], { hour: 2 })).toEqual({ newFindings: 0 })
    expect([await kinds(), await verbs()]).toEqual([['leaked'], ['found']])
    expect(await db().select().from(occurrences)).toMatchObject([{ firstSeenAt: at(1), lastSeenAt: at(2) }])
    expect(await db().select().from(sightings)).toHaveLength(1)
  })

  test('two workers with the same reading at once make one finding and one notice', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => record([mention(name), mention(pattern, { name: '@acme-corp/x' })])))
    expect(results.map(({ newFindings }) => newFindings).sort()).toEqual([0, 0, 0, 0, 0, 2])
    expect(await kinds()).toEqual(['leaked', 'leaked'])
    expect(await db().select().from(occurrences)).toHaveLength(2)
  })

  test('what a pattern matched becomes an identifier of its own', async () => {
    await record([mention(pattern, { name: '@acme-corp/billing' })])
    const [spelled] = await db().select().from(identifiers).where(eq(identifiers.name, '@acme-corp/billing'))
    expect(spelled).toMatchObject({ form: 'name', patternId: BigInt(pattern.id) })
    expect((await onlyFinding()).identifierId).toBe(spelled?.id)
  })

  test('a further place is no second alert; it waits for the digest', async () => {
    await record([mention(name)])
    await record([mention(name)], { document: document('R2:package.json') })
    expect([await kinds(), await verbs()]).toEqual([['leaked', 'place'], ['found', 'place-added']])
  })

  test('in the baseline nobody is told one by one', async () => {
    await record([mention(name)], { baseline: true })
    await record([mention(name)], { baseline: true, document: document('R2:x') })
    expect(await kinds()).toEqual([])
    expect(await verbs()).toEqual(['found', 'place-added'])
  })

  test('a document without any of our names is remembered, so that it is not fetched again', async () => {
    await record([])
    expect(await db().select().from(documents)).toHaveLength(1)
    expect(await db().select().from(findings)).toEqual([])
  })

  test('a name that is public on purpose is no finding', async () => {
    await db().update(identifiers).set({ publicOnPurpose: true }).where(eq(identifiers.id, BigInt(name.id)))
    expect(await record([mention(name)])).toEqual({ newFindings: 0 })
    expect(await db().select().from(occurrences)).toEqual([])
  })

  test('the occurrence shows the mention that weighs most and keeps the others', async () => {
    await record([mention(name, { role: 'prose', line: 1 }), mention(name, { role: 'dependency', line: 9 }), mention(name, { role: 'code', line: 12 })])
    expect(await db().select().from(occurrences)).toMatchObject([
      { role: 'dependency', line: 9, mentionCount: 3, mentions: [{ line: 1, column: 5, role: 'prose' }, { line: 9, column: 5, role: 'dependency' }, { line: 12, column: 5, role: 'code' }] },
    ])
  })

  test('what was found, and how severe it was, is in the history, and so is every change of the severity', async () => {
    await record([mention(name, { role: 'prose' })], { hour: 1 })
    await record([mention(name, { role: 'dependency' })], { hour: 2, document: document('R2:package.json', { path: 'app/package.json', container: { id: 'R2', name: 'x/y', owner: 'x' } }) })
    await record([mention(name, { role: 'dependency' })], { hour: 3, document: document('R2:package.json', { path: 'app/package.json', container: { id: 'R2', name: 'x/y', owner: 'x' } }) })
    const history = await db().select().from(events).orderBy(asc(events.id))
    expect(history.map(({ verb }) => verb).toSorted()).toEqual(['found', 'place-added', 'reassessed'])
    const [prose, dependency] = [assess({ kind: 'package', ecosystem: 'npm', role: 'prose', places: 1 }), assess({ kind: 'package', ecosystem: 'npm', role: 'dependency', places: 2 })]
    expect(history.find(({ verb }) => verb === 'found')?.facts).toMatchObject({ severity: prose.severity, url: 'https://github.example/R1:package.json#L3', container: 'jdoe/app', path: 'package.json', line: 3 })
    expect(history.find(({ verb }) => verb === 'reassessed')).toMatchObject({ facts: { severity: dependency.severity, before: prose.severity }, actor: 'namesake' })
    expect(history.find(({ verb }) => verb === 'place-added')?.facts).toMatchObject({ container: 'x/y', path: 'app/package.json' })
  })

  test.each<[Role, Role]>([['prose', 'dependency'], ['dependency', 'prose']])('severity is that of the worst place, %s first or %s', async (first, second) => {
    await record([mention(name, { role: first })])
    await record([mention(name, { role: second })], { document: document('R2:x') })
    const { severity } = assess({ kind: 'package', ecosystem: 'npm', role: 'dependency', places: 2 })
    expect(severity).not.toBe(assess({ kind: 'package', ecosystem: 'npm', role: 'prose', places: 2 }).severity)
    expect((await onlyFinding()).severity).toBe(severity)
  })

  test('the source says when it became public: then that is the beginning, and no lower bound', async () => {
    await record([mention(name)])
    await record([mention(name)], { document: document('R2:x', { publishedAt: at(-48) }) })
    expect(await onlyFinding()).toMatchObject({ publicSince: at(-48), publicSinceIsLowerBound: false })
  })

  test('a name that left the document is gone from its head; the place stays on record', async () => {
    await record([mention(name)])
    await record([], { document: document('R1:package.json', { contentHash: 'other' }), hour: 2 })
    expect(await db().select().from(occurrences)).toMatchObject([{ status: 'gone-from-head', lastSeenAt: at(1) }])
    expect((await onlyFinding()).state).toBe('open')
  })

  test('a name that came back to its place is news again', async () => {
    await record([mention(name)])
    await record([], { document: document('R1:package.json', { contentHash: 'other' }), hour: 2 })
    await record([mention(name)], { hour: 3 })
    expect(await kinds()).toEqual(['leaked', 'reopened'])
    expect(await db().select().from(occurrences)).toMatchObject([{ status: 'live' }])
  })

  test('NUL and lone surrogates in public text cost no finding', async () => {
    await record([mention(name, { snippet: 'a\u0000b\ud800c', details: { version: '\u00001' } })], { document: document('R1:x', { title: '\u0000', author: 'x\u0000y' }) })
    expect(await db().select().from(occurrences)).toMatchObject([{ snippet: 'a\ufffdb\ufffdc', author: 'x\ufffdy' }])
  })
})

describe('known content', () => {
  const hit = (ref: string, contentHash: string | null) => ({ ref, contentHash, locator: {}, container: 'jdoe/app', path: 'package.json' })
  const sight = (hits: ReturnType<typeof hit>[], matchedWith = 'm1') =>
    db().transaction((tx) => sightKnown(tx, { source: 'github-code', runId, hits, matchedWith, now: at(9) }))

  test('is sighted and not fetched again', async () => {
    await record([mention(name)])
    expect([...(await sight([hit('R1:package.json', 'hash-of-R1:package.json')]))]).toEqual(['R1:package.json'])
    expect(await db().select().from(occurrences)).toMatchObject([{ lastSeenAt: at(9) }])
  })

  test.each([
    ['changed content', 'R1:package.json', 'other', 'm1'],
    ['an unknown hash', 'R1:package.json', null, 'm1'],
    ['another inventory', 'R1:package.json', 'hash-of-R1:package.json', 'm2'],
    ['another place', 'R9:package.json', 'hash-of-R1:package.json', 'm1'],
  ])('%s is read again', async (_what, ref, hash, matchedWith) => {
    await record([mention(name)])
    expect([...(await sight([hit(ref, hash)], matchedWith))]).toEqual([])
  })

  test('a document of which only the first part was read is read again', async () => {
    await record([mention(name)], { document: document('R1:package.json', { truncated: true }) })
    expect([...(await sight([hit('R1:package.json', 'hash-of-R1:package.json')]))]).toEqual([])
  })
})

describe('triage', () => {
  test('open, acknowledged, resolved: each with its moment and an event that says who', async () => {
    await record([mention(name)])
    const { id } = await onlyFinding()
    await acknowledge(db(), triage(id, 5))
    await resolve(db(), triage(id, 6))
    expect(await onlyFinding()).toMatchObject({ state: 'resolved', acknowledgedAt: at(5), resolvedAt: at(6) })
    const history = await db().select().from(events).orderBy(asc(events.id))
    expect(history.map(({ verb, actorKind, actor }) => [verb, actorKind, actor])).toEqual([
      ['found', 'system', 'namesake'], ['acknowledged', 'cli', 'ann'], ['resolved', 'cli', 'ann'],
    ])
  })

  test('a new place after resolved reopens it, as the system, with an alert', async () => {
    await record([mention(name)])
    await resolve(db(), triage((await onlyFinding()).id))
    await record([mention(name)], { document: document('R2:x'), hour: 7 })
    expect(await onlyFinding()).toMatchObject({ state: 'open', resolvedAt: null })
    expect([await kinds(), (await verbs()).at(-1)]).toEqual([['leaked', 'reopened'], 'reopened'])
  })

  test('the known place seen again after resolved reopens nothing', async () => {
    await record([mention(name)])
    await resolve(db(), triage((await onlyFinding()).id))
    await record([mention(name)], { hour: 7 })
    expect((await onlyFinding()).state).toBe('resolved')
  })

  test('a dismissed finding records new places and stays quiet', async () => {
    await record([mention(name)])
    await dismiss(db(), { ...triage((await onlyFinding()).id), reason: 'tutorial' })
    await record([mention(name)], { document: document('R2:x'), hour: 7 })
    expect(await onlyFinding()).toMatchObject({ state: 'dismissed', dismissedReason: 'tutorial' })
    expect(await kinds()).toEqual(['leaked'])
    expect(await db().select().from(occurrences)).toHaveLength(2)
  })

  test('a dismissal hides no other name in the same place', async () => {
    await record([mention(name)])
    await dismiss(db(), { ...triage((await onlyFinding()).id), reason: 'tutorial' })
    expect(await record([mention(name), mention(pattern, { name: '@acme-corp/other' })], { hour: 7 })).toEqual({ newFindings: 1 })
    expect(await kinds()).toEqual(['leaked', 'leaked'])
  })

  test('a dismissal without a reason is refused', async () => {
    await record([mention(name)])
    await expect(dismiss(db(), { ...triage((await onlyFinding()).id), reason: ' ' })).rejects.toThrow(/needs a reason/)
    expect((await onlyFinding()).state).toBe('open')
  })

  test('a lost race and a wrong state are the same conflict, and write no event', async () => {
    await record([mention(name)])
    const { id } = await onlyFinding()
    const results = await Promise.allSettled([acknowledge(db(), triage(id)), acknowledge(db(), triage(id))])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(acknowledge(db(), triage(id))).rejects.toThrow(/is acknowledged; only one that is open/)
    expect(await verbs()).toEqual(['found', 'acknowledged'])
  })

  test('reopening forgets the old end', async () => {
    await record([mention(name)])
    const { id } = await onlyFinding()
    await dismiss(db(), { ...triage(id), reason: 'tutorial' })
    await reopen(db(), triage(id))
    expect(await onlyFinding()).toMatchObject({ state: 'open', dismissedReason: null })
    await expect(reopen(db(), triage(id))).rejects.toThrow(/only one that is acknowledged or resolved or dismissed/)
  })

  test('an id that is not there says so', async () => {
    await expect(resolve(db(), triage(4711n))).rejects.toThrow(/no finding 4711/)
  })

  test('history only grows', async () => {
    await record([mention(name)])
    await expect(db().delete(events)).rejects.toThrow(/append-only/)
    await expect(db().update(events).set({ actor: 'nobody' })).rejects.toThrow(/append-only/)
    expect(await verbs()).toEqual(['found'])
  })
})

describe('the list', () => {
  test('is worst first, with every place, and counts copies', async () => {
    await record([mention(pattern, { name: '@acme-corp/prose', role: 'prose' })])
    await record([mention(name)], { document: document('R2:package.json', { contentHash: 'same' }) })
    await record([mention(name)], { document: document('R3:package.json', { contentHash: 'same' }) })
    const list = await listFindings(db())
    expect(list.map(({ identifier }) => identifier)).toEqual(['acme-corp-auth', '@acme-corp/prose'])
    expect(list[0]?.occurrences.map(({ url, copies, repository }) => ({ url, copies, repository }))).toEqual([
      { url: 'https://github.example/R2:package.json#L3', copies: 1, repository: 'jdoe/app' },
      { url: 'https://github.example/R3:package.json#L3', copies: 1, repository: 'jdoe/app' },
    ])
    expect(list[0]?.claims).toEqual([])
  })

  test('filters by state', async () => {
    await record([mention(name)])
    expect(await listFindings(db(), { states: ['resolved'] })).toEqual([])
    expect(await listFindings(db(), { states: ['open'] })).toHaveLength(1)
  })
})
