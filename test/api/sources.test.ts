import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { auditTrail, coverage, identifiers, runs, steps, watches } from '../../src/db/schema/index.ts'
import { openTestApi } from '../support/api.ts'

// Nothing is asked: no worker runs, and the jobs stay in the queue.
const api = await openTestApi({
  config: 'sources: { hackerNews: { schedule: "0 * * * *", apiUrl: "http://127.0.0.1:1/search" } }',
  now: '2026-11-02T09:15:00Z',
})
afterAll(() => api[Symbol.asyncDispose]())
const at = (minute: number) => new Date(Date.UTC(2026, 10, 2, 9, minute))

let ids: bigint[]
beforeEach(async () => {
  await api.db.execute('truncate watches, audit_trail, identifiers, settings restart identity cascade')
  const rows = await api.db.insert(watches).values(['acme-auth', 'acme-ledger', 'acme-vault'].map((term) => ({ source: 'hacker-news', key: term, input: { q: term }, query: `"${term}"`, term, createdAt: at(0) }))).returning()
  ids = rows.map(({ id }) => id)
})
type Outcome = 'complete' | 'partial' | 'failed'
const ended = (watchId: bigint | undefined, outcome: Outcome, minute: number, reason: string | null = null) =>
  api.db.insert(runs).values({ watchId: watchId ?? 0n, tick: at(minute), trigger: 'schedule', outcome, reason, pages: 2, seen: 3, counted: 4, requests: 5, startedAt: at(minute), finishedAt: at(minute + 1) })
const source = async () => (await api.call('GET /api/sources', {})).answer.items.find(({ id }) => id === 'hacker-news')
const watchList = async (query: object = {}) => (await api.call('GET /api/sources/{id}/watches', { params: { id: 'hacker-news' }, query })).answer

describe('a source', () => {
  test('tells its destination, its ticks, its watches by last outcome, and the reasons in words', async () => {
    await ended(ids[0], 'failed', 1, 'an old trouble')
    await ended(ids[0], 'complete', 5)
    await ended(ids[1], 'partial', 6, 'over 1,000 results\nthe other side was slow')
    expect(await source()).toMatchObject({
      title: 'Hacker News', destination: '127.0.0.1:1', schedule: '0 * * * *', lastTickAt: at(0).toISOString(), nextTickAt: '2026-11-02T10:00:00.000Z',
      watches: 3, byOutcome: { complete: 1, partial: 1, never: 1, failed: 0 }, going: 0,
      last: { outcome: 'partial', finishedAt: at(7).toISOString() },
      troubles: [{ reason: 'over 1,000 results', watches: 1 }, { reason: 'the other side was slow', watches: 1 }],
    })
  })

  test('counts the searches since its last tick, and those that wait, against what its limit allows', async () => {
    await ended(ids[0], 'complete', 5)
    await api.db.insert(runs).values({ watchId: ids[1] ?? 0n, tick: new Date('2026-11-02T08:00:00Z'), trigger: 'schedule', outcome: 'complete', pages: 50, startedAt: new Date('2026-11-02T08:00:00Z'), finishedAt: new Date('2026-11-02T08:10:00Z') })
    await api.call('POST /api/watches/{id}/run', { params: { id: String(ids[2]) } })
    const budget = (await source())?.budget
    expect(budget).toMatchObject({ done: 2, pending: 1 })
    expect(budget?.allowed).toBeGreaterThan(2)
  })

  test('tells what it proves and what stands in the way, of lines that count', async () => {
    const name = (text: string, more: object = {}) => ({ form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, name: text, key: text, disclose: 'name' as const, publicOnPurpose: false, near: [], createdAt: at(0), ...more })
    const rows = await api.db.insert(identifiers).values([name('a'), name('b'), name('c'), name('open', { publicOnPurpose: true }), name('old', { retiredAt: at(1) })]).returning()
    await api.db.insert(coverage).values(rows.map(({ id }, index) => ({ identifierId: id, source: 'hacker-news', ...(index === 2 ? { gap: 'not searched: too short' } : { completeAt: at(1), attemptedAt: at(1), gap: index === 1 ? 'partial: slow' : null }) })))
    expect((await source())?.coverage).toEqual({ proven: 1, partly: 1, never: 1, gaps: [{ reason: 'not searched: too short', names: 1 }, { reason: 'partial: slow', names: 1 }] })
  })

  test('that no row of the configuration opens is named as such', async () => {
    const { answer } = await api.call('GET /api/sources', {})
    expect(answer.unconfigured.map(({ id }) => id)).toContain('stack-exchange')
    expect(answer.unconfigured.map(({ id }) => id)).not.toContain('hacker-news')
    expect((await api.call('GET /api/sources/{id}/watches', { params: { id: 'stack-exchange' }, query: {} })).status).toBe(404)
  })
})

describe('watches', () => {
  test('come in pages, are filtered by last outcome and words, and tell their last run', async () => {
    await ended(ids[0], 'complete', 5)
    await ended(ids[1], 'failed', 6, 'refused')
    const first = await watchList({ limit: 2 })
    expect(first.items.map(({ query, last }) => [query, last?.outcome ?? null])).toEqual([['"acme-auth"', 'complete'], ['"acme-ledger"', 'failed']])
    expect((await watchList({ limit: 2, cursor: first.next ?? '' })).items.map(({ query }) => query)).toEqual(['"acme-vault"'])
    expect((await watchList({ state: 'failed' })).items).toMatchObject([{ query: '"acme-ledger"', last: { reason: 'refused' } }])
    expect((await watchList({ state: ['never', 'complete'] })).items).toHaveLength(2)
    expect((await watchList({ q: 'VAULT' })).items).toHaveLength(1)
    expect((await api.call('GET /api/watches/{id}/runs', { params: { id: String(ids[1]) } })).answer.items).toMatchObject([{ outcome: 'failed', trigger: 'schedule', requests: 5 }])
    expect((await api.call('GET /api/watches/{id}/runs', { params: { id: '999' } })).status).toBe(404)
  })
})

describe('running now', () => {
  const runWatch = (id: unknown, as: 'viewer' | 'analyst' = 'analyst') => api.call('POST /api/watches/{id}/run', { params: { id: String(id) } }, as)
  const runSource = (id: string, as: 'viewer' | 'analyst' = 'analyst') => api.call('POST /api/sources/{id}/run', { params: { id } }, as)

  test('a watch starts one run with its first step, in the queue, and says who asked', async () => {
    const { status, answer } = await runWatch(ids[0])
    expect(status).toBe(200)
    expect(await api.db.select().from(runs)).toMatchObject([{ id: BigInt(answer.run), trigger: 'person', outcome: null }])
    expect(await api.db.select().from(steps)).toMatchObject([{ kind: 'search', source: 'hacker-news', state: 'pending' }])
    expect(await api.app.queues.counts('search.hacker-news')).toMatchObject({ waiting: 1 })
    expect(await api.db.select().from(auditTrail)).toMatchObject([{ verb: 'run-requested', actor: 'analyst@acme-corp.com', actorKind: 'user', subject: `hacker-news #${ids[0]}` }])
    expect((await watchList({ state: 'going' })).items).toMatchObject([{ goingSince: at(15).toISOString() }])
  })

  test('is refused while a run goes on, of several at once one succeeds', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => runWatch(ids[1])))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect((await runSource('hacker-news')).status).toBe(409)
    expect(await api.db.select().from(runs)).toHaveLength(1)
    expect(await api.db.select().from(auditTrail)).toHaveLength(1)
  })

  test('a source starts its watches within its budget', async () => {
    expect((await runSource('hacker-news')).answer).toEqual({ runs: 3 })
    expect((await api.db.select().from(runs)).map(({ trigger }) => trigger)).toEqual(['person', 'person', 'person'])
    expect(await api.db.select().from(auditTrail)).toMatchObject([{ subject: 'hacker-news', facts: { runs: 3 } }])
  })

  test('what is retired, unknown or not configured is refused', async () => {
    await api.db.update(watches).set({ retiredAt: at(1) })
    expect((await runWatch(ids[0])).status).toBe(409)
    expect((await runSource('hacker-news')).status).toBe(409)
    expect([(await runWatch(999)).status, (await runSource('stack-exchange')).status]).toEqual([404, 404])
  })

  test('is for analysts', async () => {
    expect([(await runWatch(ids[0], 'viewer')).status, (await runSource('hacker-news', 'viewer')).status]).toEqual([403, 403])
  })
})
