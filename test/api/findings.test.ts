import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Term } from '../../src/contracts/match.ts'
import { openTestApi, type TestApi } from '../support/api.ts'
import { addName, publish } from '../support/findings.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ config: 'inventory: [{ name: acme-corp-auth, ecosystem: npm }]' })
})
afterAll(() => api[Symbol.asyncDispose]())

let auth: Term
let billing: Term
beforeEach(async () => {
  const { db, clock } = api
  await db.execute('truncate findings, occurrences, documents, events, finding_words, suppressions, identifiers, identifier_events, settings restart identity cascade')
  auth = await addName(db, 'acme-corp-auth', { team: 'identity', at: clock.now() })
  billing = await addName(db, 'acme-corp-billing', { at: clock.now() })
  await publish(db, [auth], { at: clock.now() })
  await publish(db, [billing], { at: clock.now(), repository: 'ann/blog', path: 'post.md', role: 'prose', snippet: 'we use acme-corp-billing <script>alert(1)</script> \u202Egnp.exe' })
})

const inbox = async (query: object = {}) => (await api.call('GET /api/findings', { query }, 'viewer')).answer
const one = async (id = '1') => (await api.call('GET /api/findings/{id}', { params: { id } }, 'viewer')).answer
const triage = async (action: object, ids = ['1'], more: object = {}) => (await api.call('POST /api/findings/triage', { body: { ids, action, ...more } as never }, 'analyst')).answer.results

describe('the inbox', () => {
  test('shows the worst first, with the place to look at', async () => {
    expect(await inbox()).toMatchObject({
      next: null,
      items: [
        { identifier: 'acme-corp-auth', team: 'identity', severity: 'critical', places: 1, groups: 1, livePlaces: 1, sources: ['github-code'], place: { repository: 'jdoe/app', path: 'package.json', line: 3 }, assignee: null, claim: null, drill: false },
        { identifier: 'acme-corp-billing', team: null, severity: 'low' },
      ],
    })
  })

  test('goes on where a page ended, and refuses a cursor of another list or one that was made up', async () => {
    const first = await inbox({ limit: 1 })
    expect(first.items.map(({ identifier }) => identifier)).toEqual(['acme-corp-auth'])
    const second = await inbox({ limit: 1, cursor: first.next })
    expect([second.items.map(({ identifier }) => identifier), second.next]).toEqual([['acme-corp-billing'], null])
    const refused = async (query: object) => (await api.call('GET /api/findings', { query })).problem
    const fault = { code: 'invalid', faults: [{ key: 'cursor' }] }
    expect(await refused({ limit: 1, cursor: first.next, order: 'newest' })).toMatchObject(fault)
    expect(await refused({ limit: 1, cursor: first.next, state: 'open' })).toMatchObject(fault)
    expect(await refused({ cursor: 'nonsense' })).toMatchObject(fault)
    const [mark] = JSON.parse(Buffer.from(first.next ?? '', 'base64url').toString()) as string[]
    const forged = Buffer.from(JSON.stringify([mark, '4', 'x', '1'])).toString('base64url')
    expect(await refused({ limit: 1, cursor: forged })).toMatchObject(fault)
  })

  test('filters and counts: each choice counts with the other filters in force', async () => {
    expect((await inbox({ role: ['prose', 'ci'] })).items.map(({ identifier }) => identifier)).toEqual(['acme-corp-billing'])
    expect((await inbox({ assignee: 'me' })).items).toEqual([])
    const { answer } = await api.call('GET /api/findings/counts', { query: { team: 'identity' } }, 'viewer')
    expect(answer.total).toBe(1)
    expect(answer.by.team).toEqual([{ value: 'identity', label: 'identity', count: 1 }, { value: 'none', label: 'none', count: 1 }])
    expect(answer.by.severity).toEqual([{ value: 'critical', label: 'critical', count: 1 }])
  })

  test('a filter that does not exist, a value that is none, and NUL are told, not ignored', async () => {
    const code = async (query: object) => (await api.call('GET /api/findings', { query })).problem.code
    expect([await code({ colour: 'red' }), await code({ severity: 'fatal' }), await code({ team: 'a\u0000b' }), await code({ limit: 201 })]).toEqual(['invalid', 'invalid', 'invalid', 'invalid'])
    expect((await inbox({ q: '\u0000' })).items).toEqual([])
  })
})

describe('a finding', () => {
  test('has why, what covers it, what to paste, and where it was looked for', async () => {
    const finding = await one()
    expect(finding).toMatchObject({ id: '1', coveredBy: 'acme-corp-auth', disclose: 'name', claims: [], coverage: [] })
    expect(finding.why).toMatch(/declared as a dependency/)
    expect(finding.fixes.some(({ file, text }) => file === '.npmrc' && text.includes('registry'))).toBe(true)
    expect((await api.call('GET /api/findings/{id}', { params: { id: '4711' } })).status).toBe(404)
  })

  test('shows its places with the name highlighted; hostile text comes through unchanged', async () => {
    const { answer } = await api.call('GET /api/findings/{id}/occurrences', { params: { id: '2' }, query: {} }, 'viewer')
    const [place] = answer.items
    expect(place).toMatchObject({ url: 'https://code.example/ann/blog/blob/c0ffee/post.md#L3', copies: 0, liveCopies: 0, suppressed: null, snippet: 'we use acme-corp-billing <script>alert(1)</script> \u202Egnp.exe' })
    expect(place?.highlights.map(({ start, end }) => place.snippet.slice(start, end))).toEqual(['acme-corp-billing'])
  })

  test('folds copies under their first place, and unfolds them', async () => {
    const { db, clock } = api
    for (const repository of ['b/copy', 'c/copy']) await publish(db, [auth], { at: clock.now(), repository, content: 'hash-of-jdoe/app:package.json' })
    const places = async (query: object = {}) => (await api.call('GET /api/findings/{id}/occurrences', { params: { id: '1' }, query }, 'viewer')).answer
    const folded = await places()
    expect(folded.items.map(({ repository, copies, liveCopies, copyOf }) => [repository, copies, liveCopies, copyOf])).toEqual([['jdoe/app', 2, 2, null]])
    const copies = await places({ copyOf: folded.items[0]?.id, limit: 1 })
    expect(copies.items.map(({ repository, copyOf }) => [repository, copyOf])).toEqual([['b/copy', folded.items[0]?.id]])
    expect((await places({ copyOf: folded.items[0]?.id, limit: 1, cursor: copies.next })).items.map(({ repository }) => repository)).toEqual(['c/copy'])
    expect((await places({ status: 'gone' })).items).toEqual([])
    expect(await one()).toMatchObject({ places: 3, groups: 1, livePlaces: 3 })
  })

  test('tells everything that happened, newest first, by page', async () => {
    await triage({ verb: 'acknowledge', comment: 'mine' })
    const first = (await api.call('GET /api/findings/{id}/events', { params: { id: '1' }, query: { limit: 1 } }, 'viewer')).answer
    expect(first.items).toMatchObject([{ verb: 'acknowledged', actor: { kind: 'user' }, state: 'acknowledged', comment: 'mine' }])
    const second = (await api.call('GET /api/findings/{id}/events', { params: { id: '1' }, query: { limit: 1, cursor: first.next ?? '' } }, 'viewer')).answer
    expect([second.items.map(({ verb }) => verb), second.next]).toEqual([['found'], null])
    expect((await api.call('GET /api/findings/{id}/events', { params: { id: '4711' }, query: {} })).status).toBe(404)
  })
})

describe('triage', () => {
  test('does one verb to many, each by itself, and answers what they are now', async () => {
    await triage({ verb: 'dismiss', reason: 'test-data' }, ['2'])
    expect(await triage({ verb: 'acknowledge' }, ['1', '2', '4711'])).toMatchObject([
      { id: '1', outcome: 'done', message: null, finding: { state: 'acknowledged' } },
      { id: '2', outcome: 'conflict', message: expect.stringMatching(/is dismissed; .*analyst.* dismissed it just now \(test-data\)/), finding: { state: 'dismissed', dismissedReason: 'test-data' } },
      { id: '4711', outcome: 'not-found', finding: null },
    ])
  })

  test('what was decided since a person looked is a conflict that tells who decided; a comment is none', async () => {
    const { version } = await one()
    await triage({ verb: 'comment', comment: 'I ask the owner' })
    expect(await triage({ verb: 'acknowledge' }, ['1'], { versions: { 1: version } })).toMatchObject([{ outcome: 'done' }])
    api.clock.advance(120_000)
    expect(await triage({ verb: 'resolve' }, ['1'], { versions: { 1: version } })).toMatchObject([
      { outcome: 'conflict', message: expect.stringMatching(/not any more what you saw: .* acknowledged it 2 minutes ago/), finding: { state: 'acknowledged' } },
    ])
    expect(await triage({ verb: 'resolve' }, ['1'], { versions: { 1: (await one()).version } })).toMatchObject([{ outcome: 'done' }])
  })

  test('of two who dismiss at once one is told about the other', async () => {
    const { version } = await one()
    const both = await Promise.all(['not-ours', 'test-data'].map((reason) => triage({ verb: 'dismiss', reason }, ['1'], { versions: { 1: version } })))
    expect(both.flat().map(({ outcome }) => outcome).sort()).toEqual(['conflict', 'done'])
    expect(both.flat().find(({ outcome }) => outcome === 'conflict')?.message).toMatch(/dismissed it just now/)
  })

  test('"other" needs words, an end lies in the future, and NUL is none', async () => {
    expect(await triage({ verb: 'dismiss', reason: 'other' })).toMatchObject([{ outcome: 'invalid', message: expect.stringContaining('needs a comment') }])
    expect(await triage({ verb: 'dismiss', reason: 'not-ours', expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject([{ outcome: 'invalid', message: expect.stringContaining('in the future') }])
    expect((await api.call('POST /api/findings/triage', { body: { ids: ['1'], action: { verb: 'comment', comment: 'a\u0000b' } } }, 'analyst')).status).toBe(422)
    expect((await one()).state).toBe('open')
  })

  test('a dismissal with an end says so, and assigns to me or nobody', async () => {
    expect(await triage({ verb: 'dismiss', reason: 'accepted-risk', expiresAt: '2027-01-01T00:00:00Z' })).toMatchObject([{ finding: { dismissedUntil: '2027-01-01T00:00:00.000Z' } }])
    expect(await triage({ verb: 'assign', assignee: 'me' })).toMatchObject([{ finding: { assignee: { id: String(api.ids.analyst), name: 'A analyst' } } }])
    expect((await inbox({ assignee: String(api.ids.analyst) })).items).toHaveLength(1)
    const { answer } = await api.call('GET /api/findings/counts', { query: {} }, 'viewer')
    expect(answer.by.assignee).toContainEqual({ value: String(api.ids.analyst), label: 'A analyst', count: 1 })
    expect(await triage({ verb: 'assign', assignee: null })).toMatchObject([{ finding: { assignee: null } }])
  })

  test('a recheck that somebody asks for is in the history', async () => {
    expect(await triage({ verb: 'recheck' })).toMatchObject([{ outcome: 'done' }])
    expect((await api.call('GET /api/findings/{id}/events', { params: { id: '1' }, query: {} })).answer.items[0]).toMatchObject({ verb: 'recheck-requested', actor: { kind: 'user' } })
  })

  test('a place is suppressed by its content and taken back', async () => {
    const [place] = (await api.call('GET /api/findings/{id}/occurrences', { params: { id: '1' }, query: {} })).answer.items
    const body = { occurrence: place?.id ?? '', scope: 'content' as const, reason: 'our own talk', expiresAt: '2027-01-01T00:00:00Z' }
    const { answer } = await api.call('POST /api/findings/{id}/suppressions', { params: { id: '1' }, body }, 'analyst')
    expect(answer).toMatchObject({ places: 1, finding: { state: 'dismissed' } })
    expect((await api.call('GET /api/findings/{id}/occurrences', { params: { id: '1' }, query: {} })).answer.items).toMatchObject([{ suppressed: { id: answer.suppression, reason: 'our own talk' } }])
    expect(await api.call('DELETE /api/suppressions/{id}', { params: { id: answer.suppression } }, 'analyst')).toMatchObject({ status: 200, answer: { places: 1 } })
    expect((await one()).state).toBe('open')
    expect((await api.call('DELETE /api/suppressions/{id}', { params: { id: answer.suppression } }, 'analyst')).status).toBe(409)
  })
})
