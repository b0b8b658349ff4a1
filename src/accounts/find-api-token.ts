import { and, eq, gt, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, apiTokens, type TokenScope } from '../db/schema/index.ts'
import { touchMs, type Account } from './find-session.ts'
import { hashToken } from './token.ts'

export interface FoundToken {
  readonly account: Account
  readonly name: string
  readonly scopes: readonly TokenScope[]
}

/** Who a token acts for; null: it is none, was revoked, has ended, or its owner is disabled. */
export async function findApiToken(db: Db, token: string, now: Date): Promise<FoundToken | null> {
  const [row] = await db
    .select({
      id: apiTokens.id, name: apiTokens.name, scopes: apiTokens.scopes, lastUsedAt: apiTokens.lastUsedAt,
      account: { id: accounts.id, email: accounts.email, name: accounts.name, role: accounts.role },
    })
    .from(apiTokens)
    .innerJoin(accounts, eq(accounts.id, apiTokens.accountId))
    .where(and(eq(apiTokens.tokenHash, hashToken(token)), isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now), isNull(accounts.disabledAt)))
  if (row === undefined) return null
  if (row.lastUsedAt === null || now.getTime() - row.lastUsedAt.getTime() >= touchMs) {
    await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, row.id))
  }
  return { account: row.account, name: row.name, scopes: row.scopes }
}
