import { and, eq, gt, isNull } from '../db/drizzle.ts'
import { Conflict, Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { accountLinks, accounts, sessions } from '../db/schema/index.ts'
import { recordAction } from '../trail/record-action.ts'
import { hasAccounts, lookAtLink, spent } from './link.ts'
import { openSession, type Visitor } from './open-session.ts'
import { hashPassword } from './password.ts'
import { hashToken } from './token.ts'

export interface LinkUse {
  readonly token: string
  readonly password: string
  /** Of the first administrator. In small letters. */
  readonly email?: string
  /** Of the first administrator, and of who is invited: as they want to be called. */
  readonly name?: string
  readonly visitor: Visitor
  readonly now: Date
}

/**
 * Uses a one-time link: sets the password and logs in. Single use by a conditional update: of two at the same moment
 * one gets NotFound.
 * @throws NotFound | Invalid e-mail or name are missing | Conflict an account was made by another way meanwhile
 */
export async function useLink(db: Db, use: LinkUse): Promise<{ readonly token: string }> {
  const { visitor, now } = use
  const { kind } = await lookAtLink(db, use.token, now)
  if (kind === 'first' && (use.email === undefined || use.name === undefined)) throw new Invalid('the first administrator needs an e-mail address and a name')
  const password = await hashPassword(use.password)
  return db.transaction(async (tx) => {
    const [link] = await tx
      .update(accountLinks)
      .set({ usedAt: now })
      .where(and(eq(accountLinks.tokenHash, hashToken(use.token)), isNull(accountLinks.usedAt), gt(accountLinks.expiresAt, now)))
      .returning({ accountId: accountLinks.accountId })
    if (link === undefined) throw spent()
    const account = link.accountId === null ? await makeFirst(tx, use, password) : await setPassword(tx, link.accountId, use, password)
    await tx.delete(sessions).where(eq(sessions.accountId, account.id))
    const session = await openSession(tx, { accountId: account.id, visitor, now })
    await recordAction(tx, {
      actor: { kind: 'user', name: account.email }, verb: kind === 'reset' ? 'password-reset' : 'account-opened', subject: { kind: 'account', name: account.email },
      facts: { role: account.role, address: visitor.address }, at: now,
    })
    return session
  })
}

type AccountRow = typeof accounts.$inferSelect

async function makeFirst(tx: Db, { email = '', name = '', now }: LinkUse, password: string): Promise<AccountRow> {
  if (await hasAccounts(tx)) throw new Conflict('there are accounts already: log in, or let an administrator invite you')
  const [account] = await tx.insert(accounts).values({ email, name, role: 'administrator', password, createdAt: now, lastSeenAt: now }).returning()
  if (account === undefined) throw new Error('an insert returned no row')
  return account
}

async function setPassword(tx: Db, accountId: bigint, { name, now }: LinkUse, password: string): Promise<AccountRow> {
  const [account] = await tx
    .update(accounts)
    .set({ password, lastSeenAt: now, ...(name === undefined ? {} : { name }) })
    .where(and(eq(accounts.id, accountId), isNull(accounts.disabledAt)))
    .returning()
  if (account === undefined) throw spent()
  return account
}
