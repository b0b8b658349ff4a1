import { desc, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, apiTokens } from '../db/schema/index.ts'

export type ListedToken = Omit<typeof apiTokens.$inferSelect, 'tokenHash' | 'accountId'> & { readonly owner: { readonly id: bigint; readonly name: string } }

/** Tokens of one account, or of all (null), newest first; revoked and ended ones too. */
export async function listApiTokens(db: Db, accountId: bigint | null): Promise<readonly ListedToken[]> {
  return db
    .select({
      id: apiTokens.id, name: apiTokens.name, ending: apiTokens.ending, scopes: apiTokens.scopes,
      createdAt: apiTokens.createdAt, expiresAt: apiTokens.expiresAt, lastUsedAt: apiTokens.lastUsedAt, revokedAt: apiTokens.revokedAt,
      owner: { id: accounts.id, name: accounts.name },
    })
    .from(apiTokens)
    .innerJoin(accounts, eq(accounts.id, apiTokens.accountId))
    .where(accountId === null ? undefined : eq(apiTokens.accountId, accountId))
    .orderBy(desc(apiTokens.id))
    .limit(500)
}
