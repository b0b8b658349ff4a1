import { lte } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { sessions } from '../db/schema/index.ts'
import { makeToken } from './token.ts'

/** How long a session lasts that nobody uses, and how long at most. Milliseconds. */
export const sessionLife = { idle: 12 * 3_600_000, longest: 7 * 24 * 3_600_000 } as const

/** Who comes, from where: as the browser and its connection say. */
export interface Visitor {
  readonly agent: string
  readonly address: string
}

/** Also forgets sessions that have ended. @returns what the browser is given; only its hash is kept */
export async function openSession(tx: Db, { accountId, visitor, now }: { readonly accountId: bigint; readonly visitor: Visitor; readonly now: Date }): Promise<{ readonly token: string }> {
  const { token, hash } = makeToken()
  await tx.delete(sessions).where(lte(sessions.expiresAt, now))
  await tx.insert(sessions).values({
    accountId,
    tokenHash: hash,
    agent: visitor.agent.slice(0, 300),
    address: visitor.address.slice(0, 60),
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + sessionLife.idle),
  })
  return { token }
}
