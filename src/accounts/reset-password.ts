import { and, eq, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { NotFound } from '../errors.ts'
import { accounts, sessions } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'
import { forgetAttempts } from './count-attempt.ts'
import { makeLink, type Link } from './link.ts'

/** For who is locked out: the old password and all sessions end, a one-time link takes a new one. @throws NotFound no such account, or disabled */
export async function resetPassword(db: Db, { accountId, actor, now }: { readonly accountId: bigint; readonly actor: Actor; readonly now: Date }): Promise<Link> {
  return db.transaction(async (tx) => {
    const [account] = await tx.update(accounts).set({ password: null }).where(and(eq(accounts.id, accountId), isNull(accounts.disabledAt))).returning({ email: accounts.email })
    if (account === undefined) throw new NotFound(`there is no account ${accountId} that is enabled`)
    await tx.delete(sessions).where(eq(sessions.accountId, accountId))
    await forgetAttempts(tx, { email: account.email, now })
    await recordAction(tx, { actor, verb: 'password-reset-asked', subject: { kind: 'account', name: account.email }, at: now })
    return makeLink(tx, { accountId, kind: 'reset', now })
  })
}
