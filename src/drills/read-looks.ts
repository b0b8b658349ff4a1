import { and, count, eq, gte, isNotNull, lte, max } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings, runs, watchCovers, watches, type drills, type DrillLooks } from '../db/schema/index.ts'

/**
 * The runs that had to bring the name: of the watches that cover it, begun after the planting and ended by the moment
 * that decides (it was found, its time was over, or now). A run that began before may have read an older state.
 */
export async function readLooks(db: Db, drill: typeof drills.$inferSelect, now: Date): Promise<DrillLooks> {
  if (drill.looks !== null) return drill.looks
  const covering = await db
    .selectDistinct({ source: watches.source })
    .from(watchCovers)
    .innerJoin(watches, eq(watches.id, watchCovers.watchId))
    .where(eq(watchCovers.identifierId, drill.identifierId))
    .orderBy(watches.source)
  const sources = covering.map(({ source }) => source)
  if (drill.plantedAt === null) return { complete: 0, incomplete: {}, sources }
  const [finding] = await db.select({ at: max(findings.firstSeenAt) }).from(findings).where(eq(findings.identifierId, drill.identifierId))
  const deadline = new Date(drill.plantedAt.getTime() + drill.findWithinSeconds * 1_000)
  const until = finding?.at ?? (deadline < now ? deadline : now)
  const rows = await db
    .select({ outcome: runs.outcome, number: count() })
    .from(runs)
    .innerJoin(watchCovers, eq(watchCovers.watchId, runs.watchId))
    .where(and(eq(watchCovers.identifierId, drill.identifierId), gte(runs.startedAt, drill.plantedAt), isNotNull(runs.finishedAt), lte(runs.finishedAt, until)))
    .groupBy(runs.outcome)
  const ended = new Map(rows.flatMap(({ outcome, number }) => (outcome === null ? [] : [[outcome, number] as const])))
  const complete = ended.get('complete') ?? 0
  ended.delete('complete')
  return { complete, incomplete: Object.fromEntries([...ended].sort()), sources }
}
