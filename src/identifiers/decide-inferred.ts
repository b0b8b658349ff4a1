import { and, eq } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { inferred } from '../db/schema/index.ts'

export interface Decision {
  readonly inferredId: bigint
  /** Who decides: login, e-mail, user name of the shell. */
  readonly by: string
  readonly now: Date
}

/**
 * The one shape of both decisions: a conditional update, so that a lost race and an earlier decision are the same
 * `Conflict`. The names of the row are the caller's to go on with, in the same transaction.
 * @throws NotFound no such candidate | Conflict it is decided already
 */
export async function decideInferred(tx: Db, { inferredId, by, now }: Decision, to: 'accepted' | 'rejected', reason: string | null): Promise<typeof inferred.$inferSelect> {
  const [row] = await tx
    .update(inferred)
    .set({ state: to, decidedAt: now, decidedBy: by, decisionReason: reason })
    .where(and(eq(inferred.id, inferredId), eq(inferred.state, 'candidate')))
    .returning()
  if (row !== undefined) return row
  const [found] = await tx.select({ state: inferred.state, by: inferred.decidedBy }).from(inferred).where(eq(inferred.id, inferredId))
  if (found === undefined) throw new NotFound(`there is no inferred name ${inferredId}; "namesake inventory inferred" lists them`)
  throw new Conflict(`the inferred name ${inferredId} was ${found.state} already`)
}
