import { eq, lte, sql } from '../db/drizzle.ts'
import { NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { accountLinks, accounts, type LinkKind } from '../db/schema/index.ts'
import { hashToken, makeToken } from './token.ts'

const hour = 3_600_000
/** How long a one-time link can be used. Milliseconds. */
export const linkLife: Readonly<Record<LinkKind, number>> = { first: 24 * hour, invitation: 72 * hour, reset: 24 * hour }

/** A one-time link: `token` stands behind the # of an address, and is kept nowhere. */
export interface Link {
  readonly token: string
  readonly expiresAt: Date
}

/** A link for an account; the one before it, if it was not used, ends. */
export async function makeLink(tx: Db, { accountId, kind, now }: { readonly accountId: bigint; readonly kind: 'invitation' | 'reset'; readonly now: Date }): Promise<Link> {
  const { token, hash } = makeToken()
  const row = { tokenHash: hash, kind, accountId, createdAt: now, expiresAt: new Date(now.getTime() + linkLife[kind]) }
  await tx.insert(accountLinks).values(row).onConflictDoUpdate({ target: accountLinks.accountId, targetWhere: sql`used_at is null`, set: row })
  return { token, expiresAt: row.expiresAt }
}

/**
 * The link that makes the first administrator. Null: there are accounts already, or a link that can still be used was
 * given out before; whoever starts at the same time gets null too.
 * @param options.again gives out a new one all the same, for who lost it; the old one ends
 */
export async function makeFirstLink(db: Db, { now, again }: { readonly now: Date; readonly again: boolean }): Promise<Link | null> {
  if (await hasAccounts(db)) return null
  const { token, hash } = makeToken()
  const row = { tokenHash: hash, kind: 'first' as const, createdAt: now, expiresAt: new Date(now.getTime() + linkLife.first) }
  const unused = sql`${accountLinks.usedAt} is null`
  const [made] = await db
    .insert(accountLinks)
    .values(row)
    .onConflictDoUpdate({
      target: accountLinks.kind, targetWhere: sql`kind = 'first'`, set: row,
      setWhere: again ? unused : sql`${unused} and ${lte(accountLinks.expiresAt, now)}`,
    })
    .returning({ id: accountLinks.id })
  return made === undefined ? null : { token, expiresAt: row.expiresAt }
}

export async function hasAccounts(db: Db): Promise<boolean> {
  return (await db.select({ id: accounts.id }).from(accounts).limit(1)).length > 0
}

/** What a link is for. @throws NotFound it is none, was used, or has ended */
export async function lookAtLink(db: Db, token: string, now: Date): Promise<{ readonly kind: LinkKind; readonly email: string | null; readonly expiresAt: Date }> {
  const [row] = await db
    .select({ kind: accountLinks.kind, expiresAt: accountLinks.expiresAt, usedAt: accountLinks.usedAt, email: accounts.email, disabledAt: accounts.disabledAt })
    .from(accountLinks)
    .leftJoin(accounts, eq(accounts.id, accountLinks.accountId))
    .where(eq(accountLinks.tokenHash, hashToken(token)))
  if (row === undefined || row.usedAt !== null || row.expiresAt <= now || row.disabledAt !== null) throw spent()
  return { kind: row.kind, email: row.email, expiresAt: row.expiresAt }
}

/** One answer for all of it: who tries links learns nothing. */
export function spent(): NotFound {
  return new NotFound('this link is none of ours, was used already, or has ended; an administrator can give you a new one ("namesake accounts" can too)')
}
