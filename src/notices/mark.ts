import { and, eq, inArray, isNotNull, sql, type SQL } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'

/**
 * How the pending rows of a message go on. Every change is a conditional update from `pending`: a second one changes
 * nothing. All return the ids that were changed.
 */

/** First line of `reason` while the plain form is due: the one thing about a pending row that its next attempt reads. */
const plainNext = 'the message was refused; the next attempt is plain text'

/** Whether the message as composed was refused before: the next attempt sends the plain form. */
export function isPlainNext(row: { readonly reason: string | null }): boolean {
  return row.reason?.split('\n', 1)[0] === plainNext
}

/** The destination acknowledged: all rows of the message at once. @param toldWith id of a message that gathered them */
export async function markDelivered(db: Db, ids: readonly bigint[], now: Date, toldWith: string | null = null): Promise<readonly bigint[]> {
  return change(db, inArray(notices.id, [...ids]), { state: 'delivered', deliveredAt: now, toldWith, reason: null, attempts: oneMore, ...answered })
}

/** The answer never came, or was no clear one: it may have arrived. `reason` in words, without names. */
export async function markFailed(db: Db, ids: readonly bigint[], reason: string): Promise<readonly bigint[]> {
  return change(db, inArray(notices.id, [...ids]), { attempts: oneMore, reason: withPlainNext(reason) })
}

/** The destination asks to wait, and did not take it: costs no attempt. */
export async function markWaiting(db: Db, ids: readonly bigint[], reason: string): Promise<readonly bigint[]> {
  return change(db, inArray(notices.id, [...ids]), { reason: withPlainNext(reason), ...answered })
}

/** The destination was asked, and does not have it: it can be sent again without a repeat. */
export async function markAbsent(db: Db, ids: readonly bigint[]): Promise<readonly bigint[]> {
  return change(db, inArray(notices.id, [...ids]), answered)
}

/** Of changes that nothing can be answered with: places wait for the digest instead, as of a channel that does not follow. */
export async function leaveToDigest(db: Db, ids: readonly bigint[]): Promise<readonly bigint[]> {
  return change(db, and(inArray(notices.id, [...ids]), eq(notices.kind, 'changed'), isNotNull(notices.occurrenceId)), { kind: 'place', ...answered })
}

/** The message was refused as it was composed: from now on its rows are sent plain. */
export async function markPlainNext(db: Db, ids: readonly bigint[], reason: string): Promise<readonly bigint[]> {
  return change(db, inArray(notices.id, [...ids]), { attempts: oneMore, reason: `${plainNext}\n${reason}`, ...answered })
}

/** Refused for good. The rows stay, are counted as undelivered, and can be sent again with `resend`. */
export async function markDead(db: Db, ids: readonly bigint[], reason: string): Promise<readonly bigint[]> {
  return change(db, inArray(notices.id, [...ids]), { state: 'dead', attempts: oneMore, reason, ...answered })
}

/**
 * The destination is refused for good: whatever waits for the channel is undelivered, with the reason. Rows that are
 * being sent this moment are left to their sender, who learns the same.
 */
export async function markChannelDead(tx: Db, channel: string, reason: string): Promise<readonly bigint[]> {
  const waiting = tx
    .select({ id: notices.id })
    .from(notices)
    .where(and(eq(notices.channel, channel), eq(notices.state, 'pending')))
    .for('update', { skipLocked: true })
  return change(tx, inArray(notices.id, waiting), { state: 'dead', reason })
}

/** Nothing is missing any more: the rows are bound together by no message. */
const answered = { attempt: null, attemptedAt: null }

const oneMore = sql<number>`${notices.attempts} + 1`

function withPlainNext(reason: string): SQL<string> {
  return sql`case when split_part(${notices.reason}, E'\n', 1) = ${plainNext} then ${`${plainNext}\n${reason}`} else ${reason} end`
}

async function change(db: Db, which: SQL | undefined, set: Parameters<ReturnType<typeof db.update<typeof notices>>['set']>[0]): Promise<readonly bigint[]> {
  const changed = await db.update(notices).set(set).where(and(eq(notices.state, 'pending'), which)).returning({ id: notices.id })
  return changed.map(({ id }) => id)
}
