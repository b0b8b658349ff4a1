import { and, eq, gt, inArray, isNotNull, isNull, notExists, or } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { route } from './route.ts'
import { claims, notices, runs, settings, watches } from '../db/schema/index.ts'

/**
 * The first sweep is a baseline: what was public before we looked is announced as one summary, not as a thousand
 * alerts. The state is one row of `settings`; recorders hold it shared, the one that closes it holds it alone, so a
 * finding is either in the summary or announced by itself.
 */
const key = 'baseline'
const stateSchema = z.object({ state: z.enum(['open', 'closed']), at: z.iso.datetime() })
export type Baseline = z.infer<typeof stateSchema>

/** Creates the row once. `enabled` false (`notify.baseline: false`): closed from the beginning, everything is announced. */
export async function initBaseline(db: Db, enabled: boolean, now: Date): Promise<void> {
  const value: Baseline = { state: enabled ? 'open' : 'closed', at: now.toISOString() }
  await db.insert(settings).values({ key, value, changedAt: now }).onConflictDoNothing()
}

/** Whether news belong to the baseline; holds the answer true until the transaction ends. */
export async function isBaselineOpen(tx: Db): Promise<boolean> {
  const [row] = await tx.select({ value: settings.value }).from(settings).where(eq(settings.key, key)).for('share')
  return row !== undefined && stateSchema.parse(row.value).state === 'open'
}

/** The state for those who only show it; null before the first start. */
export async function readBaseline(db: Db): Promise<Baseline | null> {
  const [row] = await db.select({ value: settings.value }).from(settings).where(eq(settings.key, key))
  return row === undefined ? null : stateSchema.parse(row.value)
}

/** So long the summary waits for the registries; one that does not answer must not keep it back. Milliseconds. */
const claimsPatienceMs = 30 * 60_000

/**
 * Closes the baseline when every watch has ended a run, none is on trial (more queries may follow from it), and at
 * least one of them read something, with one `baseline` notice per channel that it is routed to in the same transaction. A query that keeps
 * failing does not keep it open: what it finds later is announced by itself. Names whose registry was not asked yet hold
 * it open for half an hour. `sweepEnded`: a whole sweep is over, nothing more is waited for. True when this call closed it.
 */
export async function closeBaseline(db: Db, routing: Routing, now: Date, options: { readonly sweepEnded?: boolean } = {}): Promise<boolean> {
  // Asked after every step: the lock is taken only while there is something to close.
  if ((await readBaseline(db))?.state !== 'open') return false
  return db.transaction(async (tx) => {
    const [row] = await tx.select({ value: settings.value }).from(settings).where(eq(settings.key, key)).for('update')
    if (row === undefined || stateSchema.parse(row.value).state === 'closed') return false
    const finished = tx.select({ id: runs.id }).from(runs).where(and(eq(runs.watchId, watches.id), isNotNull(runs.finishedAt)))
    const [unswept] = await tx.select({ id: watches.id }).from(watches).where(and(isNull(watches.retiredAt), or(notExists(finished), isNotNull(watches.trialSince)))).limit(1)
    // A sweep that read nothing (a refused token) is no baseline: the first that reads something is.
    const [read] = await tx.select({ id: runs.id }).from(runs).where(inArray(runs.outcome, ['complete', 'partial'])).limit(1)
    if (read === undefined) return false
    if (unswept !== undefined && options.sweepEnded !== true) return false
    const recent = gt(claims.createdAt, new Date(now.getTime() - claimsPatienceMs))
    const [unasked] = await tx.select({ id: claims.id }).from(claims).where(and(isNull(claims.askedAt), isNotNull(claims.dueAt), recent)).limit(1)
    if (unasked !== undefined && options.sweepEnded !== true) return false
    const value: Baseline = { state: 'closed', at: now.toISOString() }
    await tx.update(settings).set({ value, changedAt: now }).where(eq(settings.key, key))
    const channels = route(routing, { kind: 'baseline', severity: null, team: null, ecosystem: null, sources: [] })
    if (channels.length > 0) {
      await tx
        .insert(notices)
        .values(channels.map((channel) => ({ channel, kind: 'baseline' as const, key: 'baseline', state: 'pending' as const, createdAt: now })))
        .onConflictDoNothing()
    }
    return true
  })
}
