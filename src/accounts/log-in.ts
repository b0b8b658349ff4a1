import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts } from '../db/schema/index.ts'
import { recordAction } from '../trail/record-action.ts'
import { countAttempt, forgetAttempts } from './count-attempt.ts'
import { openSession, type Visitor } from './open-session.ts'
import { isPassword } from './password.ts'

/**
 * E-mail and password. Null: wrong, or no such account, or disabled, or without a password; all of them take the same
 * time and statements, so that nobody learns who has an account.
 * @throws RetryLater too many attempts
 */
export async function logIn(db: Db, { email, password, visitor, now }: {
  readonly email: string; readonly password: string; readonly visitor: Visitor; readonly now: Date
}): Promise<{ readonly token: string } | null> {
  const address = email.trim().toLowerCase()
  await countAttempt(db, { email: address, address: visitor.address, now })
  const [account] = await db.select().from(accounts).where(eq(accounts.email, address))
  const right = await isPassword(password, account?.password ?? null)
  if (account === undefined || !right || account.disabledAt !== null) return null
  return db.transaction(async (tx) => {
    const attempts = await forgetAttempts(tx, { email: address, now })
    const session = await openSession(tx, { accountId: account.id, visitor, now })
    await tx.update(accounts).set({ lastSeenAt: now }).where(eq(accounts.id, account.id))
    await recordAction(tx, {
      actor: { kind: 'user', name: account.email }, verb: 'logged-in', subject: { kind: 'account', name: account.email },
      facts: { by: 'password', address: visitor.address, refusedBefore: attempts > 1 ? attempts - 1 : null }, at: now,
    })
    return session
  })
}
