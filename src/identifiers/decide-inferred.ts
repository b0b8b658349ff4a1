import { and, eq } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { inferred } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'

export interface Decision {
  readonly inferredId: bigint
  readonly actor: Actor
  readonly now: Date
}

/**
 * The one shape of both decisions: a conditional update, so that a lost race and an earlier decision are the same
 * `Conflict`, and its line of the audit trail. Call it in a transaction: the names of the row are the caller's to go on with.
 * @throws NotFound no such candidate | Conflict it is decided already
 */
export async function decideInferred(tx: Db, { inferredId, actor, now }: Decision, to: 'accepted' | 'rejected', reason: string | null): Promise<typeof inferred.$inferSelect> {
  const [row] = await tx
    .update(inferred)
    .set({ state: to, decidedAt: now, decidedBy: actor.name, decisionReason: reason })
    .where(and(eq(inferred.id, inferredId), eq(inferred.state, 'candidate')))
    .returning()
  if (row !== undefined) {
    await recordAction(tx, { actor, verb: `inferred-${to}`, subject: { kind: 'inferred', name: row.name }, facts: { id: String(row.id), kind: row.kind, ecosystem: row.ecosystem, reason }, at: now })
    return row
  }
  const [found] = await tx.select({ state: inferred.state, by: inferred.decidedBy }).from(inferred).where(eq(inferred.id, inferredId))
  if (found === undefined) throw new NotFound(`there is no inferred name ${inferredId}; "namesake inventory inferred" lists them`)
  throw new Conflict(`the inferred name ${inferredId} was ${found.state} already`)
}
