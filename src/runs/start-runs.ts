import { and, asc, eq, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { runs, steps, watches } from '../db/schema/index.ts'

/**
 * One run, with its first step, for every watch of the source that has no unfinished run. The unique keys
 * (watch, tick) and (watch, unfinished) decide: however many schedulers call this for a tick, one set of runs comes.
 * A repeat is harmless; nothing is dropped, since an unfinished run is still being worked on.
 */
export async function startRuns(
  db: Db,
  input: { readonly source: string; readonly tick: Date; readonly trigger: 'schedule' | 'sweep'; readonly now: Date },
): Promise<readonly bigint[]> {
  return db.transaction(async (tx) => {
    const active = await tx
      .select({ id: watches.id })
      .from(watches)
      .where(and(eq(watches.source, input.source), isNull(watches.retiredAt)))
      .orderBy(asc(watches.id))
    if (active.length === 0) return []
    const started = await tx
      .insert(runs)
      .values(active.map(({ id }) => ({ watchId: id, tick: input.tick, trigger: input.trigger, startedAt: input.now })))
      .onConflictDoNothing()
      .returning({ id: runs.id })
    if (started.length === 0) return []
    await tx.insert(steps).values(
      started.map(({ id }) => ({
        runId: id,
        kind: 'search' as const,
        source: input.source,
        key: '1',
        input: { kind: 'search' as const, page: null, number: 1 },
        state: 'pending' as const,
        createdAt: input.now,
      })),
    )
    return started.map(({ id }) => id)
  })
}
