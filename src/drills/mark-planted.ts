import { and, eq, isNull } from '../db/drizzle.ts'
import { Conflict, Invalid, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { drills, findings } from '../db/schema/index.ts'

export interface Planting {
  readonly drillId: bigint
  /** When the name became public: the clock runs from then. */
  readonly at: Date
  readonly url: string | null
  readonly now: Date
}

/**
 * The planter says when the name became public, once. A moment that cannot be (before the name existed, after it was
 * found, not yet) would make a time that nobody needed.
 * @throws NotFound | Conflict marked already, or ended | Invalid
 */
export async function markPlanted(db: Db, { drillId, at, url, now }: Planting): Promise<void> {
  await db.transaction(async (tx) => {
    const [drill] = await tx.select().from(drills).where(eq(drills.id, drillId)).for('update')
    if (drill === undefined) throw new NotFound(`there is no drill ${drillId}; "namesake drill status" lists them`)
    if (drill.endedAt !== null) throw new Conflict(`drill ${drillId} has ended`)
    const [finding] = await tx.select({ firstSeenAt: findings.firstSeenAt }).from(findings).where(eq(findings.identifierId, drill.identifierId))
    const expected = at > now ? 'a moment that has passed' : at < drill.startedAt ? 'a moment after the drill was started' : finding !== undefined && at > finding.firstSeenAt ? 'a moment before it was found' : null
    if (expected !== null) throw new Invalid([{ where: 'command line', key: '--at', value: at.toISOString(), expected: `expected ${expected}` }])
    const marked = await tx.update(drills).set({ plantedAt: at, plantedUrl: url }).where(and(eq(drills.id, drillId), isNull(drills.plantedAt))).returning({ id: drills.id })
    if (marked.length === 0) throw new Conflict(`drill ${drillId} was marked as planted already`)
  })
}
