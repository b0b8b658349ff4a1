import { and, inArray, isNotNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims } from '../db/schema/index.ts'

/** Makes checks due now that may be made at all: all, or those of some names. Answers their ids. */
export async function makeDue(db: Db, asked: { readonly identifierIds?: readonly bigint[]; readonly now: Date }): Promise<readonly bigint[]> {
  const rows = await db
    .update(claims)
    .set({ dueAt: asked.now })
    .where(and(isNotNull(claims.dueAt), asked.identifierIds === undefined ? undefined : inArray(claims.identifierId, [...asked.identifierIds])))
    .returning({ id: claims.id })
  return rows.map(({ id }) => id)
}
