import { and, eq, inArray, isNull, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { runs, steps } from '../db/schema/index.ts'
import { recordCoverage } from '../coverage/record-coverage.ts'

/**
 * Ends what was started before `startedBefore` and never ended, as `interrupted`: too old to be worth going on
 * with. Its coverage stays what it was; the next run of the watch begins anew.
 */
export async function interruptRuns(db: Db, input: { readonly startedBefore: Date; readonly now: Date }): Promise<number> {
  return db.transaction(async (tx) => {
    const ended = await tx
      .update(runs)
      .set({ outcome: 'interrupted', reason: 'interrupted: the service was not running long enough to end it', finishedAt: input.now })
      .where(and(isNull(runs.finishedAt), lt(runs.startedAt, input.startedBefore)))
      .returning({ id: runs.id, watchId: runs.watchId })
    if (ended.length === 0) return 0
    await tx
      .update(steps)
      .set({ state: 'failed', reason: 'interrupted', endedAt: input.now })
      .where(and(inArray(steps.runId, ended.map(({ id }) => id)), eq(steps.state, 'pending')))
    for (const { watchId } of ended) await recordCoverage(tx, watchId, input.now)
    return ended.length
  })
}
