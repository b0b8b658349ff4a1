import type { Db } from '../db/client.ts'
import { Conflict } from '../errors.ts'
import { accounts, type AccountRole } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'
import { makeLink, type Link } from './link.ts'

/**
 * Makes an account and the link with which its owner sets a password. Nobody makes an account for themselves.
 * @param invitation.email in small letters @throws Conflict there is an account with this e-mail
 */
export async function invite(db: Db, { email, name, role, actor, now }: {
  readonly email: string; readonly name: string; readonly role: AccountRole; readonly actor: Actor; readonly now: Date
}): Promise<{ readonly id: bigint; readonly link: Link }> {
  return db.transaction(async (tx) => {
    const [account] = await tx.insert(accounts).values({ email, name, role, createdAt: now }).onConflictDoNothing({ target: accounts.email }).returning({ id: accounts.id })
    if (account === undefined) throw new Conflict('there is an account with this e-mail already; a reset gives it a new link')
    const link = await makeLink(tx, { accountId: account.id, kind: 'invitation', now })
    await recordAction(tx, { actor, verb: 'account-invited', subject: { kind: 'account', name: email }, facts: { role }, at: now })
    return { id: account.id, link }
  })
}
