import { asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { coverage, identifiers, runs, sightings, documents, sourceMemory, steps, watches } from '../../src/db/schema/index.ts'
import { claimTick, lastTick } from '../../src/runs/claim-tick.ts'
import { endStep, takeStep } from '../../src/runs/end-step.ts'
import { forgetOld } from '../../src/runs/forget.ts'
import { interruptRuns } from '../../src/runs/interrupt-runs.ts'
import { loadStep, pendingSteps, unfinishedRuns } from '../../src/runs/pending-steps.ts'
import { planWatches } from '../../src/runs/plan-watches.ts'
import { newsSince, readProgress, summariseRuns } from '../../src/runs/read-progress.ts'
import { startRuns } from '../../src/runs/start-runs.ts'
import { useDatabase } from '../support/database.ts'

const { db, now, later } = setup()

function setup() {
  const store = useDatabase({ truncate: true })
  return { db: () => store.database.db, now: new Date('2026-11-01T00:00:00Z'), later: new Date('2026-11-01T01:00:00Z') }
}

async function addIdentifiers(...names: string[]): Promise<string[]> {
  const rows = await db()
    .insert(identifiers)
    .values(names.map((name) => ({ form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, name, key: name, disclose: 'name' as const, publicOnPurpose: false, near: [], createdAt: now })))
    .returning({ id: identifiers.id })
  return rows.map(({ id }) => String(id))
}

const query = (key: string, covers: string[]) => ({ key, input: { q: key }, text: key, covers })
const plan = (queries: ReturnType<typeof query>[], unsearchable: { covers: string[]; reason: string }[] = [], at = now) =>
  planWatches(db(), { source: 'github-code', destination: 'api.github.com', queries, unsearchable, checks: [], trials: new Map(), naive: queries.length }, at)
const start = (tick = now, trigger: 'schedule' | 'sweep' = 'schedule') => startRuns(db(), { source: 'github-code', tick, trigger, now: tick })

/** Ends the only pending step of a run. */
async function endOnly(runId: bigint, progress: Parameters<typeof endStep>[2]['progress'], at = later) {
  const [step] = await pendingSteps(db(), { runId })
  if (step === undefined) throw new Error('no pending step')
  await db().transaction(async (tx) => {
    expect(await takeStep(tx, { id: step.id, runId }, { state: 'done', now: at })).toBe(true)
    await endStep(tx, runId, { followers: [], progress, now: at })
  })
}

describe('watches', () => {
  test('follow the plan: added, changed, retired, brought back', async () => {
    const [a = '', b = ''] = await addIdentifiers('a', 'b')
    await plan([query('one', [a]), query('two', [b])])
    expect(await plan([query('one', [a, b])])).toEqual({ watches: 1, retired: 1 })
    await plan([query('one', [a]), query('two', [b])])
    const stored = await db().select().from(watches).orderBy(asc(watches.id))
    expect(stored.map(({ key, retiredAt }) => [key, retiredAt])).toEqual([['one', null], ['two', null]])
  })

  test('a name that cannot be searched has a gap and no proof', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([], [{ covers: [a], reason: 'shorter than 3 characters' }])
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: null, gap: 'not searched: shorter than 3 characters' }])
  })

  test('a name that another query covers is searchable after all', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('stem', [a])], [{ covers: [a], reason: 'disclose: never' }])
    expect(await db().select().from(coverage)).toEqual([])
  })
})

describe('runs', () => {
  test('a tick starts one run a watch, however many schedulers see it', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a]), query('two', [a])])
    const started = await Promise.all([start(), start(), start()])
    expect(started.flat()).toHaveLength(2)
    expect(await pendingSteps(db())).toHaveLength(2)
  })

  test('an unfinished run is not piled upon by the next tick', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    await start()
    expect(await start(later)).toEqual([])
  })

  test('a retired watch starts nothing', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    await plan([])
    expect(await start()).toEqual([])
  })

  test('a step is ended once: the second worker writes nothing', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    const [step] = await pendingSteps(db(), { runId })
    const end = () => db().transaction((tx) => takeStep(tx, { id: step?.id ?? 0n, runId }, { state: 'done', now }))
    expect((await Promise.all([end(), end()])).sort()).toEqual([false, true])
  })

  test('a run ends with its last step, not before', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    const [first] = await pendingSteps(db(), { runId })
    const follower = { kind: 'fetch' as const, source: 'github-code', key: '1.0', input: { kind: 'fetch' as const, hits: [], round: 0 } }
    await db().transaction(async (tx) => {
      await takeStep(tx, { id: first?.id ?? 0n, runId }, { state: 'done', now })
      // A repeated page brings the same follower: one step all the same.
      await endStep(tx, runId, { followers: [follower, follower], progress: { pages: 1, counted: 3, shortfalls: [] }, now })
    })
    expect(await unfinishedRuns(db())).toHaveLength(1)
    expect(await pendingSteps(db(), { runId })).toHaveLength(1)
    await endOnly(runId, { shortfalls: [] })
    expect(await summariseRuns(db(), [runId])).toMatchObject([{ outcome: 'complete', reason: null, counted: 3, requests: 2 }])
  })

  test('any shortfall makes it partial, and says why once', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    await endOnly(runId, { pages: 1, shortfalls: ['over 1,000 results', 'over 1,000 results'] })
    expect(await summariseRuns(db(), [runId])).toMatchObject([{ outcome: 'partial', reason: 'over 1,000 results' }])
  })

  test('a run that read no page has failed', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    await endOnly(runId, { shortfalls: ['the token was refused'] })
    expect(await summariseRuns(db(), [runId])).toMatchObject([{ outcome: 'failed', reason: 'the token was refused' }])
  })

  test('what is too old to go on with ends as interrupted, and its steps with it', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    expect(await interruptRuns(db(), { startedBefore: later, now: later })).toBe(1)
    expect(await pendingSteps(db())).toEqual([])
    expect(await summariseRuns(db(), [runId])).toMatchObject([{ outcome: 'interrupted' }])
    expect(await interruptRuns(db(), { startedBefore: later, now: later })).toBe(0)
    expect(await start(later)).toHaveLength(1)
  })

  test('a step knows its query, and a deleted one is no error', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    await start()
    const [step] = await pendingSteps(db())
    expect(await loadStep(db(), step?.id ?? 0n)).toMatchObject({ source: 'github-code', query: { q: 'one' }, state: 'pending' })
    expect(await loadStep(db(), 999_999n)).toBeNull()
  })

  test('progress counts documents once, in however many runs they were seen', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a]), query('two', [a])])
    const runIds = await start()
    const [document] = await db()
      .insert(documents)
      .values({ source: 's', ref: 'r', revision: '', contentHash: 'h', url: 'u', lineAnchor: '', title: 't', containerId: 'c', containerName: 'c', truncated: false, matchedWith: 'm', firstSeenAt: now, lastSeenAt: now })
      .returning()
    await db().insert(sightings).values(runIds.map((runId) => ({ runId, documentId: document?.id ?? 0n, seenAt: now })))
    expect(await readProgress(db(), runIds)).toEqual({ runs: 2, finished: 0, pendingSearches: 2, pendingFetches: 0, documents: 1 })
    expect(await readProgress(db(), [])).toMatchObject({ runs: 0 })
    expect(await newsSince(db(), now)).toEqual([])
  })
})

describe('under a budget', () => {
  const tick = (at: Date, budget: number) => startRuns(db(), { source: 'github-code', tick: at, trigger: 'schedule', now: at, budget })

  test('a tick starts what it pays for, what never ran first; what runs has its share reserved', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan(['one', 'two', 'three'].map((key) => query(key, [a])))
    const first = await tick(now, 2)
    expect(first).toHaveLength(2)
    expect(await tick(later, 2)).toEqual([])
    for (const runId of first) await endOnly(runId, { pages: 1, counted: 0, shortfalls: [] })
    const [third = 0n, ...rest] = await tick(later, 2)
    expect((await summariseRuns(db(), [third])).map((run) => run.query)).toEqual(['three'])
    expect(rest).toHaveLength(1)
  })

  test('schedulers share it: the tick is claimed once, and a repeat starts nothing twice', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan(['one', 'two', 'three', 'four'].map((key) => query(key, [a])))
    const claim = () => db().transaction(async (tx) => ((await claimTick(tx, 'sweep.github-code', now, now)) ? startRuns(tx, { source: 'github-code', tick: now, trigger: 'schedule', now, budget: 2 }) : []))
    expect((await Promise.all([claim(), claim(), claim()])).flat()).toHaveLength(2)
  })

  test('a watch learns its price and its results from its run, and when it is due again', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    await endOnly(runId, { pages: 1, counted: 7, shortfalls: [] })
    expect(await db().select().from(watches)).toMatchObject([{ counted: 7, price: 1, yield: 0, ranAt: now, dueAt: new Date(now.getTime() + 24 * 3_600_000) }])
  })
})

describe('a query that was cut', () => {
  const cut = async (counted: number, part: number) => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    await endOnly(runId, { pages: 1, counted, part, shortfalls: [] })
    return summariseRuns(db(), [runId])
  }

  test('is complete when its parts add up, but for what counts drift by', async () => {
    expect(await cut(5_000, 4_900)).toMatchObject([{ outcome: 'complete', reason: null }])
  })

  test('is partial when they do not, with the numbers', async () => {
    expect(await cut(5_000, 4_000)).toMatchObject([{ outcome: 'partial', reason: 'the parts of the query add up to 4000 of 5000 results' }])
  })
})

describe('coverage', () => {
  test('is proven by a complete run', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [runId = 0n] = await start()
    await endOnly(runId, { pages: 1, counted: 0, shortfalls: [] })
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: now, attemptedAt: later, counted: 0, seen: 0, gap: null }])
  })

  test('a later failure keeps the old proof and names the gap', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a])])
    const [first = 0n] = await start()
    await endOnly(first, { pages: 1, counted: 0, shortfalls: [] })
    const [second = 0n] = await start(later)
    await endOnly(second, { shortfalls: ['GitHub did not answer'] }, later)
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: now, gap: 'failed: GitHub did not answer' }])
  })

  test('of a name with two queries needs both', async () => {
    const [a = ''] = await addIdentifiers('a')
    await plan([query('one', [a]), query('two', [a])])
    const [first = 0n, second = 0n] = await start()
    await endOnly(first, { pages: 1, shortfalls: [] })
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: null, gap: 'not swept yet' }])
    await endOnly(second, { pages: 1, shortfalls: [] })
    expect(await db().select().from(coverage)).toMatchObject([{ completeAt: now, gap: null }])
  })
})

describe('coverage of a name that an old query covers from now on', () => {
  const coverageOf = async (id: string) => (await db().select().from(coverage).where(eq(coverage.identifierId, BigInt(id))))[0]
  const latest = new Date('2026-11-01T02:00:00Z')

  test('is not proven by a run from before, however another query of it ends', async () => {
    const [known = ''] = await addIdentifiers('known')
    await plan([query('stem', [known])])
    const [before = 0n] = await start()
    await endOnly(before, { pages: 1, counted: 0, shortfalls: [] })
    const [added = ''] = await addIdentifiers('added')
    await plan([query('stem', [known, added]), query('own', [added])], [], later)
    const [own = 0n] = (await startRuns(db(), { source: 'github-code', tick: later, trigger: 'schedule', now: later })).slice(-1)
    await endOnly(own, { pages: 1, counted: 0, shortfalls: [] }, latest)
    expect(await coverageOf(added)).toMatchObject({ completeAt: null, gap: 'not swept yet' })
  })

  test('is not proven by a run that was going on when it was added, and is by the next one', async () => {
    const [known = ''] = await addIdentifiers('known')
    await plan([query('stem', [known])])
    const [going = 0n] = await start()
    const [added = ''] = await addIdentifiers('added')
    await plan([query('stem', [known, added])], [], later)
    await endOnly(going, { pages: 1, counted: 7, shortfalls: [] }, later)
    expect([await coverageOf(known), await coverageOf(added)]).toMatchObject([{ completeAt: now, gap: null, counted: 7 }, { completeAt: null, gap: 'not swept yet', counted: null }])
    const [next = 0n] = await start(later)
    await endOnly(next, { pages: 1, counted: 7, shortfalls: [] }, latest)
    expect([await coverageOf(known), await coverageOf(added)]).toMatchObject([{ completeAt: later, gap: null }, { completeAt: later, gap: null }])
  })
})

describe('a tick of the clock', () => {
  test('is taken by one, and never again', async () => {
    const claims = await Promise.all([1, 2, 3].map(() => claimTick(db(), 'sweep.x', now, now)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await claimTick(db(), 'sweep.x', now, later)).toBe(false)
  })

  test('older than the last is refused, newer is taken', async () => {
    expect(await lastTick(db(), 'sweep.x')).toBeNull()
    await claimTick(db(), 'sweep.x', later, later)
    expect(await claimTick(db(), 'sweep.x', now, later)).toBe(false)
    expect(await claimTick(db(), 'sweep.x', new Date(later.getTime() + 60_000), later)).toBe(true)
    expect(await claimTick(db(), 'sweep.other', now, later)).toBe(true)
  })
})

test('a step points at a run that exists', async () => {
  await expect(db().insert(steps).values({ runId: 1n, kind: 'search', source: 's', key: '1', input: { kind: 'search', page: null, number: 1 }, state: 'pending', createdAt: now })).rejects.toThrow(/foreign key|steps/)
  expect(await db().select().from(runs)).toEqual([])
})

test('steps of runs that ended two weeks ago are forgotten, and what a source did not learn anew for half a year; runs and pending work stay', async () => {
  const [a = ''] = await addIdentifiers('a')
  await plan([query('one', [a]), query('two', [a])])
  const [ended = 0n, going = 0n] = await start()
  await endOnly(ended, { pages: 1, counted: 0, part: null, shortfalls: [] })
  await db().insert(sourceMemory).values([{ source: 's', key: 'old', value: 1, changedAt: new Date('2026-01-01T00:00:00Z') }, { source: 's', key: 'new', value: 1, changedAt: now }])
  const days = (number: number) => new Date(later.getTime() + number * 24 * 3_600_000)
  expect(await forgetOld(db(), days(14))).toEqual({ steps: 0, memories: 1 })
  expect(await forgetOld(db(), new Date(days(14).getTime() + 1))).toEqual({ steps: 1, memories: 0 })
  expect((await db().select().from(steps)).map(({ runId }) => runId)).toEqual([going])
  expect((await db().select().from(runs).orderBy(asc(runs.id))).map(({ id, requests }) => [id, requests])).toEqual([[ended, 1], [going, 0]])
  expect((await db().select().from(sourceMemory)).map(({ key }) => key)).toEqual(['new'])
})
