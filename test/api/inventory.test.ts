import { eq } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Input } from '../../src/api/contract.ts'
import type { Line } from '../../src/contracts/inventory.ts'
import { auditTrail, coverage, findings, identifiers, inferred } from '../../src/db/schema/index.ts'
import { currentTerms, inventoryDigest } from '../../src/identifiers/current-terms.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { openTestApi, type As } from '../support/api.ts'

const api = await openTestApi()
afterAll(() => api[Symbol.asyncDispose]())
const now = api.clock.now()

const line = (text: string, more: Partial<Line> = {}): Line => ({
  form: 'name', kind: 'package', ecosystem: 'npm', text, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: 'inventory.csv:2', ...more,
})
const configured = [line('acme-ledger', { team: 'finance' }), line('@acme/', { form: 'prefix', where: 'namesake.yaml: inventory.0', disclose: 'never' })]
const sync = (lines: readonly Line[] = configured, digest = 'c1') => syncInventory(api.db, { lines, digest, now })
beforeEach(async () => {
  await api.db.execute('truncate identifiers, inferred, audit_trail, settings restart identity cascade')
  await sync()
})

type Given = Input<'POST /api/inventory'>['body']['line']
const add = (given: Given, options: { readonly loosen?: boolean; readonly as?: As } = {}) =>
  api.call('POST /api/inventory', { body: { line: given, loosen: options.loosen ?? false } }, options.as ?? 'analyst')
const names = async (query: Input<'GET /api/inventory'>['query'] = {}) => (await api.call('GET /api/inventory', { query })).answer.items.map(({ name }) => name)
const lookAt = async (id: string) => (await api.call('GET /api/inventory/{id}', { params: { id } })).answer
const idOf = async (name: string) => {
  const [row] = await api.db.select().from(identifiers).where(eq(identifiers.name, name))
  return String(row?.id ?? '')
}
const actions = async () => (await api.db.select().from(auditTrail).orderBy(auditTrail.id)).map(({ verb, actor, subject }) => [verb, actor, subject])

describe('adding a line', () => {
  test('makes it a line of the inventory, kept on the page, and says who did it', async () => {
    const before = await inventoryDigest(api.db)
    const { status, answer } = await add({ name: 'acme-auth', ecosystem: 'npm', team: 'identity' })
    expect([status, answer.name]).toEqual([200, 'acme-auth'])
    expect(await lookAt(answer.id)).toMatchObject({ name: 'acme-auth', origin: 'page', place: null, team: 'identity', disclose: 'name', keptElsewhere: null, coverage: { state: 'never' } })
    expect((await currentTerms(api.db)).map(({ text }) => text)).toContain('acme-auth')
    expect(await inventoryDigest(api.db)).not.toBe(before)
    expect(await actions()).toEqual([['identifier-added', 'analyst@acme-corp.com', 'acme-auth']])
  })

  test('outlives every synchronisation, unless a file names it: then it is the file’s', async () => {
    await add({ name: 'acme-auth', ecosystem: 'npm' })
    await sync([...configured, line('acme-other')], 'c2')
    expect(await names({ origin: 'page' })).toEqual(['acme-auth'])
    await sync([...configured, line('acme-auth', { team: 'files' })], 'c3')
    expect(await names({ origin: 'page' })).toEqual([])
    expect(await lookAt(await idOf('acme-auth'))).toMatchObject({ origin: 'inventory', team: 'files', place: 'inventory.csv:2' })
  })

  test.each<[string, Given, string]>([
    ['with a star', { name: 'acme-*' }, 'a name has no star'],
    ['of two kinds', { name: 'a', host: 'b.acme.com' }, 'exactly one of'],
    ['that no ecosystem takes', { name: 'not a name', ecosystem: 'npm' }, 'an npm name'],
    ['whose example fails', { regex: 'ACME-[0-9]{4}', examples: ['BETA-1'] }, 'this example does not match'],
    ['that matches everything', { regex: '.*' }, 'matches the empty text'],
  ])('%s is refused with the words of the file’s reader', async (_what, given, words) => {
    const { status, problem } = await add(given)
    expect([status, problem.code]).toEqual([422, 'invalid'])
    expect(problem.detail).toContain(words)
    expect(await actions()).toEqual([])
  })

  test('that is there already is a conflict that says where it stands', async () => {
    expect((await add({ name: 'acme-ledger', ecosystem: 'npm' })).problem).toMatchObject({ code: 'conflict', detail: expect.stringContaining('inventory.csv:2') as string })
    await add({ name: 'acme-auth', ecosystem: 'npm' })
    expect((await add({ name: 'acme-auth', ecosystem: 'npm' })).status).toBe(409)
  })

  test('of two people at once succeeds once', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => add({ name: 'acme-auth', ecosystem: 'npm' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
    expect(await actions()).toHaveLength(1)
  })

  test('under a stricter pattern takes the rule of the pattern, and more only when that is meant', async () => {
    const { answer } = await add({ name: '@acme/vault', ecosystem: 'npm' })
    expect(await lookAt(answer.id)).toMatchObject({ disclose: 'never' })
    expect((await add({ name: '@acme/keys', ecosystem: 'npm', disclose: 'name' })).problem).toMatchObject({ code: 'invalid', faults: [{ key: 'disclose' }] })
    expect((await add({ name: '@acme/keys', ecosystem: 'npm', disclose: 'name' }, { loosen: true })).status).toBe(200)
  })

  test('of a pattern brings the scope that it stands for', async () => {
    await add({ pattern: '@acme-labs/*' })
    expect(await names({ origin: 'page' })).toEqual(['@acme-labs', '@acme-labs/*'])
  })

  test('warns of a name that will drown the reader', async () => {
    expect((await add({ codename: 'Phoenix' })).answer.warnings.join()).toMatch(/ordinary word|near/)
  })

  test('is for analysts', async () => {
    expect((await add({ name: 'acme-auth' }, { as: 'viewer' })).status).toBe(403)
  })
})

describe('editing a line', () => {
  const edit = async (id: string, body: Omit<Input<'PATCH /api/inventory/{id}'>['body'], 'version'>, version?: string) =>
    api.call('PATCH /api/inventory/{id}', { params: { id }, body: { ...body, version: version ?? (await lookAt(id)).version } }, 'analyst')

  test('changes it, and tells what it was before', async () => {
    const { answer: { id } } = await add({ name: 'acme-auth', ecosystem: 'npm' })
    const digest = await inventoryDigest(api.db)
    expect((await edit(id, { team: 'identity', disclose: 'never' })).answer).toMatchObject({ team: 'identity', disclose: 'never' })
    expect(await inventoryDigest(api.db)).not.toBe(digest)
    const [, row] = await api.db.select().from(auditTrail).orderBy(auditTrail.id)
    expect(row).toMatchObject({ verb: 'identifier-edited', facts: { 'disclose before': 'name', disclose: 'never', 'team before': null, team: 'identity' } })
  })

  test('of a file is refused, and says where it is done', async () => {
    const { status, problem } = await edit(await idOf('acme-ledger'), { team: 'other' })
    expect([status, problem.detail]).toEqual([409, 'this line is not changed on the page: it stands in inventory.csv:2: edit it there; the service takes the change over at its next start'])
    expect(await lookAt(await idOf('acme-ledger'))).toMatchObject({ team: 'finance', keptElsewhere: expect.stringContaining('inventory.csv:2') as string })
  })

  test('lets more learn a name only when that is meant', async () => {
    const { answer: { id } } = await add({ name: 'acme-auth', ecosystem: 'npm', disclose: 'never' })
    expect((await edit(id, { disclose: 'name' })).problem).toMatchObject({ code: 'invalid', faults: [{ key: 'disclose' }] })
    expect(await lookAt(id)).toMatchObject({ disclose: 'never' })
    expect((await edit(id, { disclose: 'name', loosen: true })).answer.disclose).toBe('name')
  })

  test('after somebody else did is a conflict', async () => {
    const { answer: { id } } = await add({ name: 'acme-auth', ecosystem: 'npm' })
    const { version } = await lookAt(id)
    await edit(id, { team: 'one' })
    expect((await edit(id, { team: 'two' }, version)).status).toBe(409)
    expect(await lookAt(id)).toMatchObject({ team: 'one' })
  })

  test('of a pattern goes on to the names that it spelled out', async () => {
    const { answer: { id } } = await add({ pattern: 'acme-tool-*', ecosystem: 'npm', team: 'tools' })
    await api.db.insert(identifiers).values({ form: 'name', kind: 'package', ecosystem: 'npm', name: 'acme-tool-x', key: 'acme-tool-x', team: 'tools', disclose: 'name', publicOnPurpose: false, near: [], patternId: BigInt(id), createdAt: now })
    await edit(id, { team: 'platform', disclose: 'never' })
    const spelled = await idOf('acme-tool-x')
    expect(await lookAt(spelled)).toMatchObject({ team: 'platform', disclose: 'never', patternId: id })
    expect((await edit(spelled, { team: 'other' })).problem.detail).toContain('a pattern spelled it out')
  })

  test('of a pattern in a file, or of one that comes back under a stricter rule, goes on to them too', async () => {
    const pattern = (more: Partial<Line>) => line('acme-kit-', { form: 'prefix', team: 'kits', ...more })
    await sync([...configured, pattern({})], 'c2')
    const [{ id } = { id: 0n }] = await api.db.select().from(identifiers).where(eq(identifiers.name, 'acme-kit-'))
    await api.db.insert(identifiers).values({ form: 'name', kind: 'package', ecosystem: 'npm', name: 'acme-kit-x', key: 'acme-kit-x', team: 'kits', disclose: 'name', publicOnPurpose: false, near: [], patternId: id, createdAt: now })
    const spelled = async () => lookAt(await idOf('acme-kit-x'))
    await sync([...configured, pattern({ team: 'platform', disclose: 'stem' })], 'c3')
    expect(await spelled()).toMatchObject({ team: 'platform', disclose: 'stem', patternId: String(id) })
    // Retired, it says nothing any more; back, and stricter, it does.
    await sync(configured, 'c1')
    expect(await spelled()).toMatchObject({ team: 'platform', disclose: 'stem' })
    await add({ pattern: 'acme-kit-*', ecosystem: 'npm', disclose: 'never' })
    expect(await spelled()).toMatchObject({ team: null, disclose: 'never' })
  })
})

describe('retiring a line', () => {
  const retire = (id: string) => api.call('POST /api/inventory/{id}/retire', { params: { id } }, 'analyst')

  test('takes it out; adding it again brings it back', async () => {
    const { answer: { id } } = await add({ name: 'acme-auth', ecosystem: 'npm' })
    expect((await retire(id)).status).toBe(200)
    expect([await names({ q: 'auth' }), await names({ state: 'retired' })]).toEqual([[], ['acme-auth']])
    expect((await retire(id)).status).toBe(409)
    expect((await add({ name: 'acme-auth', ecosystem: 'npm' })).answer.id).toBe(id)
    expect(await names({ q: 'auth' })).toEqual(['acme-auth'])
  })

  test('of a file is refused', async () => {
    expect((await retire(await idOf('acme-ledger'))).status).toBe(409)
    expect((await retire('999')).status).toBe(404)
  })
})

describe('public on purpose', () => {
  const mark = (id: string, isPublic: boolean, reason = 'an open library') => api.call('POST /api/inventory/{id}/public', { params: { id }, body: { public: isPublic, reason } }, 'analyst')

  test('is said of a line of a file too, outlives its synchronisation, and is taken back', async () => {
    const id = await idOf('acme-ledger')
    expect((await mark(id, true)).answer).toMatchObject({ publicOnPurpose: true, markedPublicBy: 'analyst@acme-corp.com' })
    await sync(configured, 'c2')
    expect(await lookAt(id)).toMatchObject({ publicOnPurpose: true, origin: 'inventory' })
    expect((await mark(id, true)).status).toBe(409)
    expect((await mark(id, false, 'a mistake')).answer).toMatchObject({ publicOnPurpose: false, markedPublicBy: null })
    expect((await mark(id, false)).status).toBe(409)
    expect((await actions()).map(([verb]) => verb)).toEqual(['identifier-marked-public', 'identifier-unmarked-public'])
  })

  test('of a name with an unsettled finding is said there', async () => {
    const id = await idOf('acme-ledger')
    await api.db.insert(findings).values({ identifierId: BigInt(id), state: 'open', severity: 'high', reasons: [], firstSeenAt: now, publicSince: now, publicSinceIsLowerBound: true, updatedAt: now })
    expect((await mark(id, true)).problem).toMatchObject({ code: 'conflict', detail: expect.stringContaining('is not settled') as string })
    expect(await actions()).toEqual([])
  })

  test('that the configuration says is taken back there, and needs a reason', async () => {
    await sync([line('acme-ledger', { publicOnPurpose: true })], 'c2')
    expect((await mark(await idOf('acme-ledger'), false)).problem.detail).toContain('inventory.csv:2')
    expect((await mark(await idOf('acme-ledger'), true, ' ')).status).toBe(422)
  })
})

describe('the list', () => {
  test('goes on from page to page, each line once', async () => {
    for (const name of ['d', 'b', 'e', 'c', 'a']) await add({ name: `acme-${name}`, ecosystem: 'npm' })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { answer } = await api.call('GET /api/inventory', { query: { limit: 2, origin: 'page', ...(cursor === undefined ? {} : { cursor }) } })
      seen.push(...answer.items.map(({ name }) => name))
      cursor = answer.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['acme-a', 'acme-b', 'acme-c', 'acme-d', 'acme-e'])
    expect((await api.call('GET /api/inventory', { query: { cursor: 'bm9uZQ' } })).status).toBe(422)
  })

  test('is filtered by words, team, ecosystem, rule, form and origin', async () => {
    await add({ host: 'git.acme-corp.com', team: 'Platform' })
    expect(await names({ q: 'LEDGER' })).toEqual(['acme-ledger'])
    expect(await names({ q: '@acme/*' })).toEqual(['@acme/*'])
    expect(await names({ team: 'finance' })).toEqual(['acme-ledger'])
    expect(await names({ team: ['none', 'Platform'] })).toEqual(['@acme/*', 'git.acme-corp.com'])
    expect(await names({ ecosystem: 'none' })).toEqual(['git.acme-corp.com'])
    expect(await names({ disclose: 'never' })).toEqual(['@acme/*'])
    expect(await names({ form: 'prefix' })).toEqual(['@acme/*'])
    expect(await names({ origin: 'inventory' })).toEqual(['@acme/*', 'acme-ledger'])
    expect((await api.call('GET /api/inventory', { query: { form: 'nonsense' as never } })).status).toBe(422)
  })

  test('tells a zero that is proven from one that is not, and counts findings of a pattern’s names', async () => {
    const id = BigInt(await idOf('acme-ledger'))
    const pattern = BigInt(await idOf('@acme/'))
    await api.db.insert(coverage).values([
      { identifierId: id, source: 'github-code', completeAt: now, attemptedAt: now, counted: 0, seen: 0, gap: null },
      { identifierId: pattern, source: 'github-code', completeAt: now, attemptedAt: now, gap: 'partial: cut off' },
      { identifierId: pattern, source: 'hacker-news', completeAt: now, attemptedAt: now, gap: null },
    ])
    const [spelled] = await api.db.insert(identifiers).values({ form: 'name', kind: 'package', ecosystem: 'npm', name: '@acme/x', key: '@acme/x', disclose: 'never', publicOnPurpose: false, near: [], patternId: pattern, createdAt: now }).returning()
    await api.db.insert(findings).values({ identifierId: spelled?.id ?? 0n, state: 'open', severity: 'high', reasons: [], firstSeenAt: now, publicSince: now, publicSinceIsLowerBound: true, updatedAt: now })
    const { answer: { items } } = await api.call('GET /api/inventory', { query: {} })
    expect(items.map(({ name, coverage: { state, proven, sources }, findings: { total, unsettled }, spelledOut }) => [name, state, proven, sources, total, unsettled, spelledOut])).toEqual([
      ['@acme/*', 'partly', 1, 2, 1, 1, 1], ['acme-ledger', 'proven', 1, 1, 0, 0, 0],
    ])
    expect(await names({ coverage: 'proven' })).toEqual(['acme-ledger'])
    expect(await lookAt(String(pattern))).toMatchObject({ found: [{ identifier: '@acme/x', severity: 'high' }], bySource: [{ source: 'github-code', state: 'gap', gap: 'partial: cut off' }, { source: 'hacker-news', state: 'proven' }] })
    expect(await names({ state: 'spelled-out', pattern: String(pattern) })).toEqual(['@acme/x'])
    expect((await api.call('GET /api/inventory/summary', {})).answer).toMatchObject({ lines: 2, patterns: 1, coverage: { proven: 1, partly: 1, never: 0 }, teams: ['finance'] })
  })
})

describe('importing a list', () => {
  const csv = 'name,ecosystem,team\nacme-auth,npm,identity\nacme-ledger,npm,finance\nacme-new,npm,\n'
  const given = (text = csv, more: Partial<Input<'POST /api/inventory/compare'>['body']> = {}) => ({ file: 'names.csv', text, ...more })
  const compare = async (body = given()) => (await api.call('POST /api/inventory/compare', { body }, 'analyst')).answer
  const carryOut = (digest: string, body = given(), loosen = false) => api.call('POST /api/inventory/import', { body: { ...body, digest, loosen } }, 'analyst')

  test('shows what would be done and writes nothing; then does exactly that', async () => {
    await add({ name: 'acme-auth', ecosystem: 'npm' })
    const { diff, faults } = await compare()
    expect(faults).toEqual([])
    expect(diff).toMatchObject({
      added: [{ name: 'acme-new', where: 'names.csv:4', loosens: false }], unchanged: 1, retired: [], refused: [],
      changed: [{ name: 'acme-auth', team: 'identity', before: { team: null }, loosens: false }],
    })
    expect(await names({ q: 'new' })).toEqual([])
    expect((await carryOut(diff?.digest ?? '')).status).toBe(200)
    expect(await names({ origin: 'page' })).toEqual(['acme-auth', 'acme-new'])
    expect((await actions()).at(-1)).toEqual(['inventory-imported', 'analyst@acme-corp.com', 'names.csv'])
    expect(await compare()).toMatchObject({ diff: { added: [], changed: [], unchanged: 3 } })
  })

  test('is refused when something changed since it was shown, and nothing is done', async () => {
    const { diff } = await compare()
    await add({ name: 'acme-auth', ecosystem: 'npm' })
    expect((await carryOut(diff?.digest ?? '')).status).toBe(409)
    expect((await carryOut('guessed')).status).toBe(409)
    expect(await names({ origin: 'page' })).toEqual(['acme-auth'])
  })

  test('of a list with faults tells each with its line, and does nothing', async () => {
    const { diff, faults } = await compare(given('name,ecosystem\nacme-ok,npm\nnot a name,npm\n,\nx,cobol\n'))
    expect(diff).toBeNull()
    expect(faults.map(({ where }) => where).sort()).toEqual(['names.csv:3', 'names.csv:5'])
    expect((await carryOut('any', given('name\n"open'))).status).toBe(422)
    expect((await compare(given('name\n"open'))).faults).toMatchObject([{ expected: expect.stringContaining('quote') as string }])
    expect((await compare(given('name,ecosystem\n'))).faults).toMatchObject([{ expected: 'the list holds no names' }])
  })

  test.each([['names.txt', '@acme-labs/tool\n# a comment\ngit.acme-labs.com\n', ['@acme-labs/tool', 'git.acme-labs.com']], ['names.yaml', '- { name: acme-y, ecosystem: npm }\n- { codename: HermesBuilder, near: [acme] }\n', ['HermesBuilder', 'acme-y']]])('reads %s as the files of the configuration are read', async (file, text, expected) => {
    const { diff } = await compare({ file, text })
    expect(diff?.added.map(({ name }) => name).sort()).toEqual([...expected].sort())
  })

  test('leaves lines of files as they are, and says so', async () => {
    const { diff } = await compare(given('name,ecosystem,team\nacme-ledger,npm,other\n'))
    expect(diff).toMatchObject({ added: [], changed: [], refused: [{ name: 'acme-ledger', why: expect.stringContaining('inventory.csv:2') as string }] })
  })

  test('retires what the list lacks only when asked, and only what is kept on the page', async () => {
    await add({ name: 'acme-old', ecosystem: 'npm' })
    expect((await compare()).diff?.retired).toEqual([])
    const body = given(csv, { retireMissing: true })
    const { diff } = await compare(body)
    expect(diff?.retired.map(({ name }) => name)).toEqual(['acme-old'])
    await carryOut(diff?.digest ?? '', body)
    expect(await names()).toEqual(['@acme/*', 'acme-auth', 'acme-ledger', 'acme-new'])
  })

  test('never makes a name sendable without a word: new names take the strictest rule, known ones keep theirs', async () => {
    await add({ name: 'acme-secret', ecosystem: 'npm', disclose: 'never' })
    const silent = await compare(given('name,ecosystem\n@acme/vault,npm\nacme-secret,npm\n'))
    expect(silent.diff).toMatchObject({ added: [{ name: '@acme/vault', disclose: 'never', loosens: false }], changed: [], unchanged: 1 })
    const body = given('name,ecosystem,disclose\n@acme/vault,npm,name\nacme-secret,npm,name\n')
    const { diff } = await compare(body)
    expect([diff?.added[0]?.loosens, diff?.changed[0]?.loosens]).toEqual([true, true])
    expect((await carryOut(diff?.digest ?? '', body)).status).toBe(422)
    expect((await carryOut(diff?.digest ?? '', body, true)).status).toBe(200)
    expect(await lookAt(await idOf('acme-secret'))).toMatchObject({ disclose: 'name' })
  })

  test('of thousands of names is done in a few statements', async () => {
    const body = given(`name,ecosystem\n${Array.from({ length: 4_000 }, (_, at) => `acme-lib-${at},npm`).join('\n')}\n`)
    const { diff } = await compare(body)
    expect(diff?.added).toHaveLength(4_000)
    expect((await carryOut(diff?.digest ?? '', body)).status).toBe(200)
    expect((await api.call('GET /api/inventory/summary', {})).answer.lines).toBe(4_002)
  })
})

describe('inferred names', () => {
  beforeEach(async () => {
    await api.db.insert(inferred).values(['billing', 'express', 'ledger'].map((name) => ({ kind: 'package' as const, ecosystem: 'npm' as const, name, key: name, reason: 'resolved from a host of ours', weak: name === 'express', state: 'candidate' as const, firstSeenAt: now, lastSeenAt: now })))
  })
  const waiting = async () => (await api.call('GET /api/inferred', { query: {} })).answer.items
  const decide = (body: Input<'POST /api/inferred/decide'>['body'], as: As = 'analyst') => api.call('POST /api/inferred/decide', { body }, as)

  test('are accepted into the inventory, and rejected with a reason; both say by whom', async () => {
    const [billing, , ] = await waiting()
    const express = (await waiting()).find(({ name }) => name === 'express')
    expect((await decide({ decision: 'accept', ids: [billing?.id ?? ''] })).answer.results).toMatchObject([{ outcome: 'done' }])
    expect((await decide({ decision: 'reject', ids: [express?.id ?? ''], reason: 'public' })).answer.results).toMatchObject([{ outcome: 'done' }])
    expect(await names({ origin: 'accepted' })).toEqual(['billing'])
    expect((await waiting()).map(({ name }) => name)).toEqual(['ledger'])
    expect((await api.call('GET /api/inferred', { query: { state: 'decided' } })).answer.items).toMatchObject([{ name: 'billing', decidedBy: 'analyst@acme-corp.com' }, { name: 'express', decisionReason: 'public' }])
    expect((await actions()).map(([verb]) => verb)).toEqual(['inferred-accepted', 'inferred-rejected'])
  })

  test('that somebody decided meanwhile are told, and do not undo the others', async () => {
    const ids = (await waiting()).map(({ id }) => id)
    await decide({ decision: 'accept', ids: ids.slice(0, 1) })
    expect((await decide({ decision: 'accept', ids: [...ids.slice(0, 2), '999'] })).answer.results.map(({ outcome }) => outcome)).toEqual(['conflict', 'done', 'not-found'])
    expect((await decide({ decision: 'accept', ids }, 'viewer')).status).toBe(403)
  })
})

test('nothing of the inventory is told without a session', async () => {
  for (const route of ['GET /api/inventory', 'GET /api/inventory/summary', 'GET /api/inventory/1', 'GET /api/inferred']) expect((await api.send(route, { as: null })).status).toBe(401)
})
