import { and, eq, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, type AccountRole } from '../db/schema/index.ts'
import { recordAction } from '../trail/record-action.ts'
import { openSession, type Visitor } from './open-session.ts'

/** What the identity provider told, after its signature was checked. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** In small letters; null: none that the provider vouches for. */
  readonly email: string | null
  readonly name: string | null
  /** By its groups; null: the configuration maps none, so that roles are given here. */
  readonly role: AccountRole | null
  /** An account is made for, or tied to, this person: their e-mail is of an allowed domain. */
  readonly mayJoin: boolean
}

/**
 * Logs in whom the identity provider knows: the account that is tied to them, else the one with their e-mail, else a
 * new one. Null: disabled, or may not join.
 */
export async function logInWithOidc(db: Db, { identity, visitor, now }: { readonly identity: Identity; readonly visitor: Visitor; readonly now: Date }): Promise<{ readonly token: string } | null> {
  return db.transaction(async (tx) => {
    const account = (await findTied(tx, identity)) ?? (identity.mayJoin && identity.email !== null ? await tieOrMake(tx, identity, identity.email, now) : null)
    if (account === null || account.disabledAt !== null) return null
    const subject = { kind: 'account', name: account.email }
    if (identity.role !== null && identity.role !== account.role) {
      await tx.update(accounts).set({ role: identity.role }).where(eq(accounts.id, account.id))
      await recordAction(tx, { actor: { kind: 'system', name: 'identity provider' }, verb: 'role-changed', subject, facts: { from: account.role, to: identity.role }, at: now })
    }
    await tx.update(accounts).set({ lastSeenAt: now }).where(eq(accounts.id, account.id))
    await recordAction(tx, { actor: { kind: 'user', name: account.email }, verb: 'logged-in', subject, facts: { by: 'oidc', address: visitor.address }, at: now })
    return openSession(tx, { accountId: account.id, visitor, now })
  })
}

type AccountRow = typeof accounts.$inferSelect

async function findTied(tx: Db, { issuer, subject }: Identity): Promise<AccountRow | null> {
  const [account] = await tx.select().from(accounts).where(and(eq(accounts.oidcIssuer, issuer), eq(accounts.oidcSubject, subject)))
  return account ?? null
}

/** An account that is tied to somebody else already is not theirs, whatever e-mail they have now. */
async function tieOrMake(tx: Db, { issuer, subject, name, role }: Identity, email: string, now: Date): Promise<AccountRow | null> {
  const tie = { oidcIssuer: issuer, oidcSubject: subject }
  const [made] = await tx
    .insert(accounts)
    .values({ email, name: (name ?? email).slice(0, 100), role: role ?? 'viewer', createdAt: now, ...tie })
    .onConflictDoNothing({ target: accounts.email })
    .returning()
  const [tied] = made === undefined ? await tx.update(accounts).set(tie).where(and(eq(accounts.email, email), isNull(accounts.oidcSubject))).returning() : []
  const account = made ?? tied ?? null
  if (account !== null) {
    await recordAction(tx, {
      actor: { kind: 'system', name: 'identity provider' }, verb: made === undefined ? 'account-tied' : 'account-opened',
      subject: { kind: 'account', name: email }, facts: { role: account.role }, at: now,
    })
  }
  return account
}
