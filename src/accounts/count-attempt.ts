import { createHash } from 'node:crypto'
import { eq, lt, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, loginAttempts } from '../db/schema/index.ts'
import { RetryLater } from '../errors.ts'
import { recordAction } from '../trail/record-action.ts'

const windowMs = 15 * 60_000
/** Attempts within a window. An address may be that of a whole office. */
export const attemptsOf = { account: 10, address: 100 } as const

/**
 * Counts an attempt to log in before the password is looked at, so that guesses at the same moment count too. Whether
 * there is such an account changes nothing. The first attempt too many of each window is a line of the audit trail: those
 * before it are not, or guesses could fill it.
 * @throws RetryLater too many for this account or from this address
 */
export async function countAttempt(db: Db, { email, address, now }: { readonly email: string; readonly address: string; readonly now: Date }): Promise<void> {
  const begin = new Date(now.getTime() - windowMs)
  const over = sql`${loginAttempts.since} <= ${begin}`
  const limits = new Map<string, number>([[accountKey(email), attemptsOf.account], [`address:${address}`, attemptsOf.address]])
  const rows = await db
    .insert(loginAttempts)
    .values([...limits.keys()].sort().map((key) => ({ key, count: 1, since: now })))
    .onConflictDoUpdate({
      target: loginAttempts.key,
      set: {
        count: sql`case when ${over} then 1 else ${loginAttempts.count} + 1 end`,
        since: sql`case when ${over} then ${now} else ${loginAttempts.since} end`,
      },
    })
    .returning()
  const full = rows.filter(({ key, count }) => count > (limits.get(key) ?? 0))
  if (full.length === 0) return
  for (const { key, count } of full) {
    if (count === (limits.get(key) ?? 0) + 1) await recordLock(db, { email: key.startsWith('address:') ? null : email, address, now })
  }
  const until = new Date(Math.max(...full.map(({ since }) => since.getTime())) + windowMs)
  throw new RetryLater('too many attempts to log in', until)
}

/** @param email null: the address is locked, whatever account it asks for */
async function recordLock(db: Db, { email, address, now }: { readonly email: string | null; readonly address: string; readonly now: Date }): Promise<void> {
  const [account] = await db.select({ email: accounts.email }).from(accounts).where(eq(accounts.email, email ?? ''))
  // What was typed and is no account may be a password: it is not kept.
  const subject = email === null ? { kind: 'address', name: address } : { kind: 'account', name: account?.email ?? 'no account of ours' }
  await recordAction(db, { actor: { kind: 'system', name: 'login' }, verb: 'login-locked', subject, facts: { address, minutes: windowMs / 60_000 }, at: now })
}

/**
 * It was the right person: earlier attempts are forgotten, and so is what is a day old.
 * @returns how many attempts of this account were counted, the last one among them
 */
export async function forgetAttempts(db: Db, { email, now }: { readonly email: string; readonly now: Date }): Promise<number> {
  const [forgotten] = await db.delete(loginAttempts).where(eq(loginAttempts.key, accountKey(email))).returning({ count: loginAttempts.count })
  await db.delete(loginAttempts).where(lt(loginAttempts.since, new Date(now.getTime() - 24 * 3_600_000)))
  return forgotten?.count ?? 0
}

/** What people type there may be anything, even a password: it is not kept. */
function accountKey(email: string): string {
  return `account:${createHash('sha256').update(email).digest('hex')}`
}
