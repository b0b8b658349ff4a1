import type { Actor } from '../trail/actor.ts'
import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { identifiers } from '../db/schema/index.ts'
import { spelling } from './describe-identifier.ts'
import { lockLine } from './edit-identifier.ts'
import { recordChange } from './record-change.ts'
import { lockInventory } from './write-digest.ts'

/**
 * Takes a line that people keep out of the inventory: it is not searched for any more. Its history and findings stay.
 * @throws NotFound | Conflict it is kept elsewhere, or retired already
 */
export async function retireIdentifier(db: Db, { id, actor, now }: { readonly id: bigint; readonly actor: Actor; readonly now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockInventory(tx)
    const row = await lockLine(tx, id)
    await tx.update(identifiers).set({ retiredAt: now }).where(eq(identifiers.id, id))
    await recordChange(tx, { actor, now, verb: 'identifier-retired', subject: { kind: 'identifier', name: spelling(row) }, facts: { id: String(id) } })
  })
}
