import type { Routing } from '../contracts/routing.ts'
import { describeError, NamesakeError, Permanent, RetryLater } from '../errors.ts'
import type { Notice, OpenNotifier, Posted, Threads } from '../contracts/notifier.ts'
import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'
import { refusalOf } from '../notifiers/refusal.ts'
import { compose, idOfRows } from './compose.ts'
import { recordDeath, recordTaken, recordTrouble } from './destination-health.ts'
import { findReady } from './find-ready.ts'
import { findMessage, forgetMessage, keepMessage, markShown, readShown, type DeliveredMessage, type Shown } from './keep-message.ts'
import type { Due } from './list-due.ts'
import { isPlainNext, leaveToDigest, markAbsent, markChannelDead, markDead, markDelivered, markFailed, markPlainNext, markWaiting } from './mark.ts'
import { beginAttempt, takeAttempt, type Attempt, type NoticeRow } from './take-pending.ts'

/** Milliseconds after which a message that somebody else is sending is looked at again. */
const busyMs = 30_000

export interface Delivery {
  /** Name of the company, for the message. */
  readonly organization: string
  readonly routing: Routing
  readonly now: Date
}

/**
 * `settled`: there was nothing to send (any more): delivered, dead, or gathered by another message. `held`: it waits, for
 * the end of what holds it or for an earlier message about the same finding (see find-ready.ts); `listDue` brings it again.
 */
export type Delivered = 'delivered' | 'settled' | 'held'

/**
 * Sends one message of the outbox with at most one request, and marks its rows by what came of it.
 *
 * Before it is sent, its rows are bound together in a transaction of their own; while it is sent they are locked, so
 * two workers never send it at the same time, and a killed one leaves word that it may have arrived. What may have
 * arrived is asked for before it is sent again, where the destination can be asked (`threads.find`): then a message that
 * is there is never repeated. Where it cannot (a webhook), it is sent again and counted: at least once, with the same
 * ids in it.
 *
 * | the destination                 | the rows                                     | thrown                          |
 * | ------------------------------- | -------------------------------------------- | ------------------------------- |
 * | acknowledges, or has it already | delivered                                    | nothing                         |
 * | asks to wait                    | pending, no attempt counted                  | its RetryLater                  |
 * | fails, is silent                | pending, unanswered: asked for next          | the error                       |
 * | was asked and does not have it  | pending, sent next                           | RetryLater (`job`), due at once |
 * | refuses the message             | pending, the next attempt is the plain form  | RetryLater (`job`), due at once |
 * | refuses the plain form          | dead                                         | Permanent                       |
 * | refuses the channel             | dead, and so is all that waits for it; every other channel is told | Permanent |
 * | has not the thread any more     | pending, becomes a message of its own        | RetryLater (`job`), due at once |
 *
 * @throws RetryLater (`job`) also when another worker is sending it this moment, or when it is too early to ask
 */
export async function deliver(db: Db, notifier: OpenNotifier, due: Due, delivery: Delivery): Promise<Delivered> {
  const ids = await findReady(db, due, delivery)
  if (ids === 'held' || ids === 'behind') return 'held'
  if (ids.length === 0) return 'settled'
  // What is changed again is harmless: nothing has to be asked.
  const canAsk = notifier.threads !== undefined || due.kind === 'refresh'
  const attempt = await db.transaction((tx) => beginAttempt(tx, due, { ids, canAsk, now: delivery.now }))
  if (attempt === null) return 'settled'
  if (attempt === 'busy') throw busy(delivery.now)
  const outcome = await db.transaction((tx) => deliverLocked(tx, notifier, due, { ...delivery, attempt }))
  // Thrown only now: a throw inside would undo the marks.
  if ('error' in outcome) throw outcome.error
  return outcome.done
}

function busy(now: Date): RetryLater {
  return new RetryLater('another worker is sending this message', new Date(now.getTime() + busyMs), 'job')
}

type Outcome = { readonly done: Delivered } | { readonly error: unknown }

interface Sending extends Delivery {
  readonly attempt: Attempt
}

async function deliverLocked(tx: Db, notifier: OpenNotifier, due: Due, sending: Sending): Promise<Outcome> {
  const { attempt, now } = sending
  const rows = await takeAttempt(tx, due, attempt.id)
  const [first] = rows
  if (first === undefined) return { error: busy(now) }
  // A message for many, and a digest, is about no single finding.
  const about = due.kind === 'digest' || (due.kind === 'storm' && rows.length > 1) ? null : first.findingId
  const message = about === null ? null : await messageOf(tx, notifier, due.channel, about)
  if (due.kind === 'refresh') return refresh(tx, notifier, { due, rows, message }, sending)
  // The message was deleted, or the channel is another one now: there is nothing to answer.
  if (due.kind === 'changed' && message === null) {
    const left = await leaveToDigest(tx, idsOf(rows))
    await markDelivered(tx, idsOf(rows).filter((id) => !left.includes(id)), now)
    return { done: 'settled' }
  }
  const under = postedOf(message)
  const shown = about === null ? null : await readShown(tx, about)
  const { threads } = notifier
  if (attempt.unanswered && threads !== undefined) return recall(tx, threads, { due, rows, under, shown }, sending)
  const notice = await compose(tx, rows, sending.organization, sending.routing.page ?? null)
  const plain = rows.some(isPlainNext)
  let posted: Posted | null = null
  try {
    if (threads !== undefined) posted = await threads.post(notice, { plain, under })
    else await (plain ? notifier.sendPlain(notice) : notifier.send(notice))
  } catch (error) {
    return { error: await recordFailure(tx, due, rows, { error, plain, message, routing: sending.routing, now }) }
  }
  await markDelivered(tx, idsOf(rows), now, toldWith(due, rows))
  await recordTaken(tx, due.channel, now)
  if (isFollowed(notifier, notice)) await keep(tx, due, { rows, posted, shown }, now)
  return { done: 'delivered' }
}

/** The message that this destination can follow; one that the configuration has left behind is forgotten. */
async function messageOf(tx: Db, { follows, threads }: OpenNotifier, channel: string, findingId: bigint): Promise<DeliveredMessage | null> {
  const message = await findMessage(tx, channel, findingId)
  if (message === null) return null
  if (follows === true && message.room === (threads?.room ?? null)) return message
  await forgetMessage(tx, message)
  return null
}

/** A message of one finding, which a channel that follows hears more of. */
function isFollowed({ follows }: OpenNotifier, notice: Notice): boolean {
  return follows === true && 'finding' in notice && notice.finding.id !== ''
}

async function keep(tx: Db, { channel }: Due, message: { readonly rows: readonly NoticeRow[]; readonly posted: Posted | null; readonly shown: Shown | null }, now: Date): Promise<void> {
  const [first] = message.rows
  if (first === undefined || first.findingId === null || message.shown === null) return
  await keepMessage(tx, { channel, findingId: first.findingId, noticeId: first.id, posted: message.posted, shown: message.shown, now })
}

interface Recalled {
  readonly due: Due
  readonly rows: readonly NoticeRow[]
  readonly under: Posted | null
  readonly shown: Shown | null
}

/** Asks for a message whose answer never came. Only a clear "it is not there" lets it be sent again. */
async function recall(tx: Db, threads: Threads, { due, rows, under, shown }: Recalled, { attempt, now }: Sending): Promise<Outcome> {
  const ripe = new Date(attempt.at.getTime() + threads.settlesMs)
  if (ripe > now) return { error: new RetryLater('the answer never came; it is too early to ask for the message', ripe, 'job') }
  let posted: Posted | null
  try {
    posted = await threads.find(idOfRows(rows), { since: attempt.at, under })
  } catch (error) {
    if (error instanceof Permanent) {
      // A person has to decide: it may stand there, and it can be sent again.
      await markDead(tx, idsOf(rows), `it may have arrived, and could not be looked for: ${reasonOf(error)}`)
    } else await markFailed(tx, idsOf(rows), `the answer never came, and asking for the message failed: ${reasonOf(error)}`)
    return { error }
  }
  if (posted === null) {
    await markAbsent(tx, idsOf(rows))
    return { error: new RetryLater('the message did not arrive; it is sent again', now, 'job') }
  }
  await markDelivered(tx, idsOf(rows), now, toldWith(due, rows))
  await recordTaken(tx, due.channel, now)
  // How much was known when it was sent is not known any more: everything that happened is told again, in its thread.
  if (due.kind === 'notice' || due.kind === 'storm') await keep(tx, due, { rows, posted, shown: shown === null ? null : { ...shown, eventId: null } }, now)
  return { done: 'delivered' }
}

interface Refresh {
  readonly due: Due
  readonly rows: readonly NoticeRow[]
  readonly message: DeliveredMessage | null
}

/** Shows the present in the message itself. Doing it twice is harmless: nothing is asked for before. */
async function refresh(tx: Db, { threads }: OpenNotifier, { due, rows, message }: Refresh, { organization, routing, now }: Sending): Promise<Outcome> {
  const posted = postedOf(message)
  if (message === null || posted === null || threads === undefined) {
    await markDelivered(tx, idsOf(rows), now)
    return { done: 'settled' }
  }
  const shown = await readShown(tx, message.findingId)
  const base = await tx.select().from(notices).where(eq(notices.id, message.noticeId))
  const notice = await compose(tx, base, organization)
  try {
    await threads.update(notice, posted)
  } catch (error) {
    return { error: await recordFailure(tx, due, rows, { error, plain: true, message, routing, now }) }
  }
  await markDelivered(tx, idsOf(rows), now)
  await recordTaken(tx, due.channel, now)
  await markShown(tx, message, shown, now)
  return { done: 'delivered' }
}

function postedOf(message: DeliveredMessage | null): Posted | null {
  return message === null || message.room === null || message.ts === null ? null : { room: message.room, ts: message.ts }
}

/** Marks the rows; answers what the caller is to throw. */
async function recordFailure(
  tx: Db,
  due: Due,
  rows: readonly NoticeRow[],
  { error, plain, message, routing, now }: { readonly error: unknown; readonly plain: boolean; readonly message: DeliveredMessage | null; readonly routing: Routing; readonly now: Date },
): Promise<unknown> {
  const ids = idsOf(rows)
  const reason = reasonOf(error)
  if (error instanceof RetryLater) {
    await markWaiting(tx, ids, reason)
    return error
  }
  if (!(error instanceof Permanent)) {
    await markFailed(tx, ids, reason)
    await recordTrouble(tx, due.channel, reason, now)
    return error
  }
  const refusal = refusalOf(error)
  if (refusal === 'thread' && message !== null) {
    await forgetMessage(tx, message)
    await markAbsent(tx, ids)
    return new RetryLater('the message it belongs to is not there any more', now, 'job', { cause: error })
  }
  if (refusal === 'message' && !plain) {
    await markPlainNext(tx, ids, reason)
    return new RetryLater('the message was refused; it is sent as plain text next', now, 'job', { cause: error })
  }
  await markDead(tx, ids, reason)
  if (refusal === 'destination') {
    await markChannelDead(tx, due.channel, reason)
    await recordDeath(tx, routing, due.channel, reason, now)
  }
  return error
}

/** Rows that were gathered remember in which message. */
function toldWith(due: Due, rows: readonly NoticeRow[]): string | null {
  return due.kind === 'storm' || due.kind === 'digest' ? idOfRows(rows) : null
}

function idsOf(rows: readonly NoticeRow[]): readonly bigint[] {
  return rows.map(({ id }) => id)
}

/** Messages of the closed set hold no names and no secrets; those of anything else might. */
function reasonOf(error: unknown): string {
  if (error instanceof NamesakeError) return describeError(error)
  return error instanceof Error ? `an unexpected ${error.name}` : 'an unexpected failure'
}
