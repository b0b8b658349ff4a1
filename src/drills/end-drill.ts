import { and, eq, inArray } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { drills, findings, identifiers, notices } from '../db/schema/index.ts'
import { writeDigest } from '../identifiers/write-digest.ts'
import { readLooks } from './read-looks.ts'

/**
 * The name is no longer searched for, and nothing about it is told any more: what waits in the outbox is taken out.
 * What is known of the drill stays. Plan the watches anew afterwards. @throws NotFound | Conflict it has ended already
 */
export async function endDrill(db: Db, { drillId, now }: { readonly drillId: bigint; readonly now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    const [drill] = await tx.select().from(drills).where(eq(drills.id, drillId)).for('update')
    if (drill === undefined) throw new NotFound(`there is no drill ${drillId}; "namesake drill status" lists them`)
    if (drill.endedAt !== null) throw new Conflict(`drill ${drillId} has ended already`)
    await tx.update(drills).set({ endedAt: now, looks: await readLooks(tx, drill, now) }).where(eq(drills.id, drillId))
    await tx.update(identifiers).set({ retiredAt: now }).where(eq(identifiers.id, drill.identifierId))
    const found = tx.select({ id: findings.id }).from(findings).where(eq(findings.identifierId, drill.identifierId))
    await tx.delete(notices).where(and(eq(notices.state, 'pending'), inArray(notices.findingId, found)))
    await writeDigest(tx, now)
  })
}
