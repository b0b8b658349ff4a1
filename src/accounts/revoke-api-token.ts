import { and, eq, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { NotFound } from '../errors.ts'
import { apiTokens } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'

/** From the next request on it opens nothing. @param revocation.of the owner; null: whoever it is @throws NotFound none, or revoked already */
export async function revokeApiToken(db: Db, { tokenId, of, actor, now }: { readonly tokenId: bigint; readonly of: bigint | null; readonly actor: Actor; readonly now: Date }): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(apiTokens)
      .set({ revokedAt: now })
      .where(and(eq(apiTokens.id, tokenId), isNull(apiTokens.revokedAt), of === null ? undefined : eq(apiTokens.accountId, of)))
      .returning({ name: apiTokens.name, ending: apiTokens.ending })
    if (row === undefined) throw new NotFound('there is no such token that could be revoked')
    await recordAction(tx, { actor, verb: 'token-revoked', subject: { kind: 'token', name: row.name }, facts: { ending: row.ending }, at: now })
  })
}
