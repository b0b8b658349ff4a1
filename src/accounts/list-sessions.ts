import { and, desc, eq, gt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { sessions } from '../db/schema/index.ts'

/** Sessions of an account that have not ended, last used first; never what opens them. */
export async function listSessions(db: Db, accountId: bigint, now: Date): Promise<readonly Omit<typeof sessions.$inferSelect, 'tokenHash' | 'accountId'>[]> {
  return db
    .select({
      id: sessions.id, agent: sessions.agent, address: sessions.address,
      createdAt: sessions.createdAt, lastSeenAt: sessions.lastSeenAt, expiresAt: sessions.expiresAt,
    })
    .from(sessions)
    .where(and(eq(sessions.accountId, accountId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
}
