import { and, asc, eq, isNull, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { runs, steps, watches, type StepInput } from '../db/schema/index.ts'

export interface PendingStep {
  readonly id: bigint
  readonly kind: 'search' | 'fetch'
  readonly source: string
}

/**
 * Steps that wait to be done: of one run, or of all. The queue only transports them: whatever it lost (a flushed
 * Redis, a crash between commit and enqueue) is put in again from here; an id that is in it already is ignored.
 */
export async function pendingSteps(db: Db, only: { readonly runId?: bigint; readonly createdBefore?: Date } = {}): Promise<PendingStep[]> {
  return db
    .select({ id: steps.id, kind: steps.kind, source: steps.source })
    .from(steps)
    .where(
      and(
        eq(steps.state, 'pending'),
        only.runId === undefined ? undefined : eq(steps.runId, only.runId),
        only.createdBefore === undefined ? undefined : lt(steps.createdAt, only.createdBefore),
      ),
    )
    .orderBy(asc(steps.id))
}

export interface LoadedStep {
  readonly id: bigint
  readonly runId: bigint
  readonly source: string
  readonly input: StepInput
  readonly state: 'pending' | 'done' | 'failed'
  /** The watch's query, as the source stored it. */
  readonly query: (typeof watches.$inferSelect)['input']
  /** What the watch searches for, and the marks of which its documents are to prove that the search reads over them. */
  readonly term: string | null
  readonly trial: readonly string[]
}

/** A step with its watch; null when there is no such step (its run was deleted by hand). */
export async function loadStep(db: Db, id: bigint): Promise<LoadedStep | null> {
  const [row] = await db
    .select({ id: steps.id, runId: steps.runId, source: steps.source, input: steps.input, state: steps.state, query: watches.input, term: watches.term, trial: watches.trial })
    .from(steps)
    .innerJoin(runs, eq(steps.runId, runs.id))
    .innerJoin(watches, eq(runs.watchId, watches.id))
    .where(eq(steps.id, id))
  return row ?? null
}

/** Runs that go on, oldest first. */
export async function unfinishedRuns(db: Db): Promise<readonly { readonly id: bigint; readonly startedAt: Date; readonly source: string }[]> {
  return db
    .select({ id: runs.id, startedAt: runs.startedAt, source: watches.source })
    .from(runs)
    .innerJoin(watches, eq(runs.watchId, watches.id))
    .where(isNull(runs.finishedAt))
    .orderBy(asc(runs.id))
}
