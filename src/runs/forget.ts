import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'

const day = 24 * 3_600_000
/** Steps of a run that has ended tell only how it went about its work: its counts and its outcome stay in the run. */
const stepsMs = 14 * day
/** What a source has not learnt anew for so long it asks once more: nothing in its memory is needed for correctness. */
const memoryMs = 180 * day
/** Rows deleted at once; the rest goes the next time. */
const most = 50_000

/**
 * Deletes what nobody needs any more, so that a roster of a hundred people does not leave thirty thousand rows a day.
 * Runs, sightings, events and coverage stay for ever: the metric is recomputed from them.
 */
export async function forgetOld(db: Db, now: Date): Promise<{ readonly steps: number; readonly memories: number }> {
  const before = (ms: number) => new Date(now.getTime() - ms).toISOString()
  const steps = await db.execute(sql`
    delete from steps where id in (
      select step.id from steps step join runs run on run.id = step.run_id
      where run.finished_at < ${before(stepsMs)}::timestamptz limit ${most}
    ) returning 1`)
  const memories = await db.execute(sql`
    delete from source_memory where (source, key) in (
      select source, key from source_memory where changed_at < ${before(memoryMs)}::timestamptz limit ${most}
    ) returning 1`)
  return { steps: steps.length, memories: memories.length }
}
