import { randomUUID } from 'node:crypto'
import { and, asc, eq, inArray, isNotNull, isNull, min, sql, type SQL } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { alertKinds, notices } from '../db/schema/index.ts'
import { stormAttempt, type Due } from './list-due.ts'

export type NoticeRow = typeof notices.$inferSelect

/** Rows in one message; more wait for the next. */
const mostRows = 5_000

/** The rows of one message, from before it is sent until its answer is known. */
export interface Attempt {
  readonly id: string
  /** When it was, or may have been, sent. */
  readonly at: Date
  /** It was begun before, by whomever, and its answer never came: it may have arrived. */
  readonly unanswered: boolean
}

/**
 * Binds the pending rows of one message together, oldest first, before anything is sent: a process that dies after this
 * leaves word that the message may have arrived. Rows of a message whose answer never came go first, those and no
 * others, so that what is asked for later is what was sent; where nothing can be asked (`canAsk`), it is sent again
 * although it may have arrived, and that is counted before it is done. Rows that somebody else holds are left out, not waited
 * for; `busy` says that there are some. Null: there is nothing to send.
 * @param when.ids the rows that may be told now
 */
export async function beginAttempt(tx: Db, due: Due, { ids, canAsk, now }: { readonly ids: readonly bigint[]; readonly canAsk: boolean; readonly now: Date }): Promise<Attempt | 'busy' | null> {
  // One after the other, and each sees what the one before it wrote: rows that two saw at once would be locked by both, and
  // then neither could take all of them.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`notices of ${due.channel}`}, 0))`)
  const wanted = and(wantedBy(due), inArray(notices.id, [...ids]))
  const before = await lockFirst(tx, and(wanted, isNotNull(notices.attempt)))
  if (before !== null && before.attempt !== null) {
    if (!canAsk) await repeatAttempt(tx, before.attempt, now)
    return { id: before.attempt, at: before.attemptedAt ?? now, unanswered: true }
  }
  const fresh = await tx.select().from(notices).where(and(wanted, isNull(notices.attempt))).orderBy(asc(notices.id)).limit(mostRows).for('update', { skipLocked: true })
  if (fresh.length === 0) {
    const [held] = await tx.select({ id: notices.id }).from(notices).where(wanted).limit(1)
    return held === undefined ? null : 'busy'
  }
  const id = due.kind === 'storm' ? `${stormAttempt}${randomUUID()}` : randomUUID()
  await tx.update(notices).set({ attempt: id, attemptedAt: now }).where(inArray(notices.id, fresh.map((row) => row.id)))
  return { id, at: now, unanswered: false }
}

/** The rows of an attempt, locked until the transaction ends; none when somebody else holds one of them, or ended it. */
export async function takeAttempt(tx: Db, due: Due, attempt: string): Promise<readonly NoticeRow[]> {
  const wanted = and(wantedBy(due), eq(notices.attempt, attempt))
  if ((await lockFirst(tx, wanted)) === null) return []
  const rows = await tx.select().from(notices).where(wanted).orderBy(asc(notices.id)).for('update', { skipLocked: true })
  const all = await tx.select({ id: notices.id }).from(notices).where(wanted)
  return all.length === rows.length ? rows : []
}

/**
 * The first of the rows, locked; null: there is none, or somebody else has it. Who has it has the attempt: of several that
 * lock rows in any order each could get some, and none all.
 */
async function lockFirst(tx: Db, wanted: SQL | undefined): Promise<NoticeRow | null> {
  const first = tx.select({ id: min(notices.id) }).from(notices).where(wanted)
  const [row] = await tx.select().from(notices).where(and(wanted, eq(notices.id, first))).for('update', { skipLocked: true })
  return row ?? null
}

async function repeatAttempt(tx: Db, attempt: string, now: Date): Promise<void> {
  await tx
    .update(notices)
    .set({ attemptedAt: now, possibleRepeats: sql<number>`${notices.possibleRepeats} + 1` })
    .where(and(eq(notices.state, 'pending'), eq(notices.attempt, attempt)))
}

function wantedBy(due: Due): SQL | undefined {
  const pending = and(eq(notices.state, 'pending'), eq(notices.channel, due.channel))
  if (due.kind === 'notice') return and(pending, eq(notices.id, due.noticeId))
  if (due.kind === 'digest') return and(pending, eq(notices.kind, 'place'))
  if (due.kind === 'storm') return and(pending, inArray(notices.kind, [...alertKinds]))
  return and(pending, eq(notices.kind, due.kind), eq(notices.findingId, due.findingId))
}
