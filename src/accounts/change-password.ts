import { and, eq, ne } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { Conflict, Invalid } from '../errors.ts'
import { accounts, sessions } from '../db/schema/index.ts'
import { recordAction } from '../trail/record-action.ts'
import { countAttempt } from './count-attempt.ts'
import { hashPassword, isPassword } from './password.ts'

/**
 * A person's own, by the old one; all other sessions end, whoever holds them.
 * @throws Invalid the old one is wrong | RetryLater too many attempts | Conflict it was changed meanwhile
 */
export async function changePassword(db: Db, { accountId, sessionId, current, next, address, now }: {
  readonly accountId: bigint; readonly sessionId: bigint; readonly current: string; readonly next: string; readonly address: string; readonly now: Date
}): Promise<void> {
  const [account] = await db.select().from(accounts).where(eq(accounts.id, accountId))
  if (account === undefined) throw new Conflict('the account is not there any more')
  await countAttempt(db, { email: account.email, address, now })
  if (account.password === null || !(await isPassword(current, account.password))) {
    throw new Invalid([{ where: 'body', key: 'current', expected: 'this is not your password' }])
  }
  const password = await hashPassword(next)
  await db.transaction(async (tx) => {
    const [changed] = await tx
      .update(accounts)
      .set({ password })
      .where(and(eq(accounts.id, accountId), eq(accounts.password, account.password ?? '')))
      .returning({ id: accounts.id })
    if (changed === undefined) throw new Conflict('the password was changed by somebody else meanwhile')
    await tx.delete(sessions).where(and(eq(sessions.accountId, accountId), ne(sessions.id, sessionId)))
    await recordAction(tx, { actor: { kind: 'user', name: account.email }, verb: 'password-changed', subject: { kind: 'account', name: account.email }, at: now })
  })
}
