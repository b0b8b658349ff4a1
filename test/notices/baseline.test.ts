import { describe, expect, test } from 'vitest'
import { notices, runs, watches, type Outcome } from '../../src/db/schema/index.ts'
import { closeBaseline, initBaseline, isBaselineOpen, readBaseline } from '../../src/notices/baseline.ts'
import { unrouted } from '../../src/notices/route.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const db = () => store.database.db
const now = new Date('2026-11-01T00:00:00Z')
const close = () => closeBaseline(db(), unrouted(['slack']), now)

/** Watches, each with a run that ended so; null: it goes on, undefined: it has none yet. */
async function sweep(...outcomes: (Outcome | null | undefined)[]): Promise<void> {
  for (const [at, outcome] of outcomes.entries()) {
    const [watch] = await db().insert(watches).values({ source: 'github-code', key: String(at), input: {}, query: 'q', createdAt: now }).returning()
    if (outcome === undefined) continue
    await db().insert(runs).values({ watchId: watch?.id ?? 0n, tick: now, trigger: 'sweep', startedAt: now, outcome, finishedAt: outcome === null ? null : now })
  }
}

describe('the baseline', () => {
  test('is open from the first start until every watch has ended a run', async () => {
    await initBaseline(db(), true, now)
    await sweep('complete', 'partial')
    expect(await isBaselineOpen(db())).toBe(true)
    expect(await close()).toBe(true)
    expect(await isBaselineOpen(db())).toBe(false)
    expect(await db().select().from(notices)).toMatchObject([{ channel: 'slack', kind: 'baseline', state: 'pending' }])
  })

  test.each<[string, (Outcome | null | undefined)[]]>([
    ['a watch was not swept yet', ['complete', undefined]],
    ['a run goes on', ['complete', null]],
    ['nothing was swept', []],
    ['every run failed, as with a refused token', ['failed', 'failed', 'interrupted']],
  ])('stays open while %s', async (_why, outcomes) => {
    await initBaseline(db(), true, now)
    await sweep(...outcomes)
    expect(await close()).toBe(false)
    expect(await db().select().from(notices)).toEqual([])
  })

  test('is not kept open by one query that keeps failing', async () => {
    await initBaseline(db(), true, now)
    await sweep('complete', 'failed')
    expect(await close()).toBe(true)
  })

  test('waits for queries on trial while the service runs, and not when a whole sweep is over', async () => {
    await initBaseline(db(), true, now)
    await sweep('complete', 'complete')
    await db().update(watches).set({ trialSince: now })
    expect(await close()).toBe(false)
    expect(await closeBaseline(db(), unrouted(['slack']), now, { sweepEnded: true })).toBe(true)
    expect(await db().select().from(notices)).toHaveLength(1)
  })

  test('stays open even after a whole sweep in which every run failed', async () => {
    await initBaseline(db(), true, now)
    await sweep('failed', 'interrupted')
    expect(await closeBaseline(db(), unrouted(['slack']), now, { sweepEnded: true })).toBe(false)
  })

  test('closes once, however many workers see its end', async () => {
    await initBaseline(db(), true, now)
    await sweep('complete')
    expect((await Promise.all([close(), close(), close()])).filter(Boolean)).toHaveLength(1)
    expect(await db().select().from(notices)).toHaveLength(1)
  })

  test('that is not wanted is closed from the beginning, and says nothing', async () => {
    await initBaseline(db(), false, now)
    await sweep('complete')
    expect([await isBaselineOpen(db()), await close(), await db().select().from(notices)]).toEqual([false, false, []])
  })

  test('keeps its state when the program starts again with another wish', async () => {
    await initBaseline(db(), true, now)
    await initBaseline(db(), false, now)
    expect(await readBaseline(db())).toEqual({ state: 'open', at: now.toISOString() })
  })

  test('before the first start there is none', async () => {
    expect([await readBaseline(db()), await isBaselineOpen(db()), await close()]).toEqual([null, false, false])
  })
})
