import { and, count, eq, gt, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, apiTokens, sessions, type AccountRole } from '../db/schema/index.ts'

export interface ListedAccount {
  readonly id: bigint
  readonly email: string
  readonly name: string
  readonly role: AccountRole
  /** `invited`: cannot log in yet. */
  readonly status: 'active' | 'invited' | 'disabled'
  readonly hasPassword: boolean
  readonly hasOidc: boolean
  readonly createdAt: Date
  readonly lastSeenAt: Date | null
  readonly sessions: number
  readonly tokens: number
}

/** Everybody who has, or had, an account, by name. */
export async function listAccounts(db: Db, now: Date): Promise<readonly ListedAccount[]> {
  const [rows, sessionCounts, tokenCounts] = await Promise.all([
    db.select().from(accounts).orderBy(accounts.name, accounts.id),
    db.select({ accountId: sessions.accountId, count: count() }).from(sessions).where(gt(sessions.expiresAt, now)).groupBy(sessions.accountId),
    db
      .select({ accountId: apiTokens.accountId, count: count() })
      .from(apiTokens)
      .where(and(isNull(apiTokens.revokedAt), gt(apiTokens.expiresAt, now)))
      .groupBy(apiTokens.accountId),
  ])
  const countOf = (counts: readonly { readonly accountId: bigint; readonly count: number }[], id: bigint) => counts.find(({ accountId }) => accountId === id)?.count ?? 0
  return rows.map(({ id, email, name, role, password, oidcSubject, createdAt, lastSeenAt, disabledAt }) => ({
    id, email, name, role, createdAt, lastSeenAt,
    status: disabledAt !== null ? 'disabled' : password === null && oidcSubject === null ? 'invited' : 'active',
    hasPassword: password !== null,
    hasOidc: oidcSubject !== null,
    sessions: countOf(sessionCounts, id),
    tokens: countOf(tokenCounts, id),
  }))
}

/** Who can be given something to look after. */
export async function listPeople(db: Db): Promise<readonly { readonly id: bigint; readonly name: string }[]> {
  return db.select({ id: accounts.id, name: accounts.name }).from(accounts).where(isNull(accounts.disabledAt)).orderBy(accounts.name, accounts.id)
}

/** By e-mail, for commands. */
export async function findAccount(db: Db, email: string): Promise<typeof accounts.$inferSelect | null> {
  const [account] = await db.select().from(accounts).where(eq(accounts.email, email.trim().toLowerCase()))
  return account ?? null
}
