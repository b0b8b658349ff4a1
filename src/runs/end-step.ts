import { and, count, eq, gte, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { occurrences, runs, sightings, steps, watches, type Outcome, type StepInput } from '../db/schema/index.ts'
import { learnYield, nextDue } from '../planning/schedule.ts'
import { recordCoverage } from '../coverage/record-coverage.ts'
import { urgentNames } from './start-runs.ts'

export interface NewStep {
  readonly kind: 'search' | 'fetch'
  readonly source: string
  readonly key: string
  readonly input: StepInput
}

/** What a step adds to its run. */
export interface Progress {
  readonly pages?: number
  readonly unread?: number
  readonly counted?: number | null
  /** Results that a part of a query claims that was not cut again. */
  readonly part?: number | null
  /** Why the run will prove less than everything; a line each. */
  readonly shortfalls: readonly string[]
}

/**
 * Takes the end of a pending step for this transaction: true for one caller, false for everybody who comes later
 * (then nothing may be written). Holds the run's row: only so can one of its steps know that it is the last.
 */
export async function takeStep(
  tx: Db,
  step: { readonly id: bigint; readonly runId: bigint },
  end: { readonly state: 'done' | 'failed'; readonly reason?: string; readonly now: Date },
): Promise<boolean> {
  await tx.select({ id: runs.id }).from(runs).where(eq(runs.id, step.runId)).for('update')
  const taken = await tx
    .update(steps)
    .set({ state: end.state, reason: end.reason ?? null, endedAt: end.now })
    .where(and(eq(steps.id, step.id), eq(steps.state, 'pending')))
    .returning({ id: steps.id })
  return taken.length > 0
}

/**
 * After `takeStep` and after its results were stored, in the same transaction: adds the steps that follow and what
 * the step tells about its run; when nothing is pending any more, the run ends too.
 */
export async function endStep(
  tx: Db,
  runId: bigint,
  result: { readonly followers: readonly NewStep[]; readonly progress: Progress; readonly now: Date },
): Promise<void> {
  if (result.followers.length > 0) {
    await tx
      .insert(steps)
      .values(result.followers.map((follower) => ({ ...follower, runId, state: 'pending' as const, createdAt: result.now })))
      .onConflictDoNothing()
  }
  await addProgress(tx, runId, result.progress)
  const [left] = await tx
    .select({ pending: count() })
    .from(steps)
    .where(and(eq(steps.runId, runId), eq(steps.state, 'pending')))
  if (left === undefined || left.pending === 0) await endRun(tx, runId, result.now)
}

/** Reasons are kept as distinct lines, at most 20: a run that fails everywhere the same way says so once. */
async function addProgress(tx: Db, runId: bigint, progress: Progress): Promise<void> {
  const [run] = await tx.select({ reason: runs.reason, counted: runs.counted }).from(runs).where(eq(runs.id, runId))
  const lines = new Set((run?.reason ?? '').split('\n').filter((line) => line !== ''))
  for (const line of progress.shortfalls) if (lines.size < 20) lines.add(line)
  await tx
    .update(runs)
    .set({
      reason: lines.size === 0 ? null : [...lines].join('\n'),
      // The largest claim: totals are estimates and change from page to page.
      counted: sql`greatest(${runs.counted}, ${progress.counted ?? null}::int)`,
      ...(progress.part === undefined || progress.part === null ? {} : { parts: sql`coalesce(${runs.parts}, 0) + ${progress.part}::int` }),
      pages: sql`${runs.pages} + ${progress.pages ?? 0}`,
      unread: sql`${runs.unread} + ${progress.unread ?? 0}`,
      requests: sql`${runs.requests} + 1`,
    })
    .where(eq(runs.id, runId))
}

/** Parts that add up to less than the whole, beyond what counts drift by while a run goes on, hide something. */
const drift = { share: 0.05, results: 20 }

function missingParts({ counted, parts }: typeof runs.$inferSelect): string | null {
  if (counted === null || parts === null || counted - parts <= Math.max(drift.results, drift.share * counted)) return null
  return `the parts of the query add up to ${parts} of ${counted} results`
}

async function endRun(tx: Db, runId: bigint, now: Date): Promise<void> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, runId))
  if (run === undefined || run.finishedAt !== null) return
  const [sighted] = await tx.select({ seen: count() }).from(sightings).where(eq(sightings.runId, runId))
  const reasons = [run.reason, missingParts(run)].filter((reason) => reason !== null)
  const outcome: Outcome = reasons.length === 0 ? 'complete' : run.pages === 0 ? 'failed' : 'partial'
  await tx
    .update(runs)
    .set({ outcome, reason: reasons.length === 0 ? null : reasons.join('\n'), finishedAt: now, seen: sighted?.seen ?? 0 })
    .where(eq(runs.id, runId))
  await updateWatch(tx, run, outcome)
  await recordCoverage(tx, run.watchId, now)
}

/** What the run teaches about its watch: results, price in requests, news, and when it is due again. */
async function updateWatch(tx: Db, run: typeof runs.$inferSelect, outcome: Outcome): Promise<void> {
  const [watch] = await tx.select({ counted: watches.counted, yields: watches.yield }).from(watches).where(eq(watches.id, run.watchId))
  const [searches] = await tx.select({ number: count() }).from(steps).where(and(eq(steps.runId, run.id), eq(steps.kind, 'search')))
  const [news] = await tx
    .select({ places: count() })
    .from(occurrences)
    .innerJoin(sightings, and(eq(sightings.documentId, occurrences.documentId), eq(sightings.runId, run.id)))
    .where(gte(occurrences.firstSeenAt, run.startedAt))
  const [urgent] = await tx.execute(urgentNames(sql`${run.watchId}::bigint`))
  const price = Math.max(1, searches?.number ?? 1)
  const yields = learnYield(watch?.yields ?? 0, news?.places ?? 0)
  await tx
    .update(watches)
    .set({
      counted: run.counted ?? watch?.counted ?? null, price, yield: yields, ranAt: run.startedAt,
      dueAt: nextDue({ startedAt: run.startedAt, price, yields, urgent: urgent !== undefined }),
      // What failed decided nothing: the next plan puts it on trial again.
      ...(outcome === 'failed' ? { trialSince: null } : {}),
    })
    .where(eq(watches.id, run.watchId))
}
