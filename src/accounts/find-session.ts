import { and, eq, gt, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, sessions, type AccountRole } from '../db/schema/index.ts'
import { sessionLife } from './open-session.ts'
import { hashToken } from './token.ts'

/** Somebody who is logged in. */
export interface Account {
  readonly id: bigint
  readonly email: string
  readonly name: string
  readonly role: AccountRole
}

/** How exactly it is kept when somebody was last here. Milliseconds. */
export const touchMs = 60_000

/** The session of a token, prolonged by being used; null: there is none, it has ended, or its account is disabled. */
export async function findSession(db: Db, token: string, now: Date): Promise<{ readonly sessionId: bigint; readonly account: Account } | null> {
  const [row] = await db
    .select({
      sessionId: sessions.id, createdAt: sessions.createdAt, lastSeenAt: sessions.lastSeenAt,
      account: { id: accounts.id, email: accounts.email, name: accounts.name, role: accounts.role },
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.tokenHash, hashToken(token)), gt(sessions.expiresAt, now), isNull(accounts.disabledAt)))
  if (row === undefined) return null
  const { sessionId, account, createdAt, lastSeenAt } = row
  if (now.getTime() - lastSeenAt.getTime() >= touchMs) {
    const end = Math.min(now.getTime() + sessionLife.idle, createdAt.getTime() + sessionLife.longest)
    await db.update(sessions).set({ lastSeenAt: now, expiresAt: new Date(end) }).where(eq(sessions.id, sessionId))
    await db.update(accounts).set({ lastSeenAt: now }).where(eq(accounts.id, account.id))
  }
  return { sessionId, account }
}
