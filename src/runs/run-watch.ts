import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'
import { and, eq, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { runs, watches } from '../db/schema/index.ts'
import { Conflict, NotFound } from '../errors.ts'
import { startRuns } from './start-runs.ts'

interface Request {
  readonly actor: Actor
  readonly now: Date
}

/**
 * Starts a run of one watch now, as the clock would: its requests wait for the limit of their source like all others.
 * The caller puts its first step into the queue.
 * @throws NotFound | Conflict it is retired, or a run of it goes on
 */
export async function runWatch(db: Db, { watchId, actor, now }: Request & { readonly watchId: bigint }): Promise<{ readonly runId: bigint }> {
  return db.transaction(async (tx) => {
    const [watch] = await tx.select({ source: watches.source, retiredAt: watches.retiredAt }).from(watches).where(eq(watches.id, watchId))
    if (watch === undefined) throw new NotFound(`there is no watch ${watchId}`)
    if (watch.retiredAt !== null) throw new Conflict('this watch was retired: the inventory does not ask for it any more')
    const [runId] = await startRuns(tx, { source: watch.source, tick: now, trigger: 'person', now, only: watchId })
    if (runId === undefined) throw new Conflict('a run of this watch goes on: wait for its end')
    await recordAction(tx, { actor, verb: 'run-requested', subject: { kind: 'watch', name: `${watch.source} #${watchId}` }, facts: { source: watch.source, watch: String(watchId), run: String(runId) }, at: now })
    return { runId }
  })
}

/**
 * Starts what is due in a source now, the most pressing first, as many requests as `budget` pays for; what goes on is not
 * started again. The caller puts the first steps into the queue.
 * @throws Conflict everything of it goes on already, or nothing is to be run
 */
export async function runSource(db: Db, { source, budget, actor, now }: Request & { readonly source: string; readonly budget: number }): Promise<{ readonly runIds: readonly bigint[] }> {
  return db.transaction(async (tx) => {
    const [going] = await tx.select({ id: runs.id }).from(runs).innerJoin(watches, eq(watches.id, runs.watchId)).where(and(eq(watches.source, source), isNull(runs.finishedAt))).limit(1)
    if (going !== undefined) throw new Conflict('a sweep of this source goes on: wait for its end')
    const runIds = await startRuns(tx, { source, tick: now, trigger: 'person', now, budget })
    if (runIds.length === 0) throw new Conflict('this source has no watch to run: nothing of the inventory is searched for in it')
    await recordAction(tx, { actor, verb: 'run-requested', subject: { kind: 'source', name: source }, facts: { source, runs: runIds.length }, at: now })
    return { runIds }
  })
}
