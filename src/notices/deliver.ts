import { describeError, NamesakeError, Permanent, RetryLater } from '../errors.ts'
import type { OpenNotifier } from '../contracts/notifier.ts'
import type { Db } from '../db/client.ts'
import { refusalOf } from '../notifiers/refusal.ts'
import { compose } from './compose.ts'
import type { Due } from './list-due.ts'
import { isPlainNext, markChannelDead, markDead, markDelivered, markFailed, markPlainNext, markWaiting } from './mark.ts'
import { takePending, type NoticeRow } from './take-pending.ts'

/** Milliseconds after which a message that somebody else is sending is looked at again. */
const busyMs = 30_000

export interface Delivery {
  /** Name of the company, for the message. */
  readonly organization: string
  readonly now: Date
}

/** `settled`: there was nothing to send (any more): delivered, dead, or gathered by another digest. No request was made. */
export type Delivered = 'delivered' | 'settled'

/**
 * Sends one message of the outbox with at most one request, and marks its rows by what came of it.
 *
 * The rows stay locked while the message is sent, so two workers never send it at the same time, and a killed one
 * leaves it pending at once. It is delivered at least once: when the process, or the database, dies between the
 * destination's "ok" and our commit, or the answer is lost, the message is sent again, with the same ids in it.
 *
 * | the destination        | the rows                                     | thrown                            |
 * | ---------------------- | -------------------------------------------- | --------------------------------- |
 * | acknowledges           | delivered                                    | nothing                           |
 * | asks to wait           | pending, no attempt counted                  | its RetryLater                    |
 * | fails, is silent       | pending, attempt and reason recorded         | the error                         |
 * | refuses the message    | pending, the next attempt is the plain form  | RetryLater (`job`), due at once   |
 * | refuses the plain form | dead                                         | Permanent                         |
 * | refuses the channel    | dead, and so is all that waits for it        | Permanent                         |
 *
 * @throws RetryLater (`job`) also when another worker is sending it this moment
 */
export async function deliver(db: Db, notifier: OpenNotifier, due: Due, delivery: Delivery): Promise<Delivered> {
  const outcome = await db.transaction((tx) => deliverLocked(tx, notifier, due, delivery))
  // Thrown only now: a throw inside would undo the marks.
  if ('error' in outcome) throw outcome.error
  return outcome.done
}

type Outcome = { readonly done: Delivered } | { readonly error: unknown }

async function deliverLocked(tx: Db, notifier: OpenNotifier, due: Due, { organization, now }: Delivery): Promise<Outcome> {
  const { rows, busy } = await takePending(tx, due)
  if (busy) return { error: new RetryLater('another worker is sending this message', new Date(now.getTime() + busyMs), 'job') }
  if (rows.length === 0) return { done: 'settled' }
  const notice = await compose(tx, rows, organization)
  const plain = rows.some(isPlainNext)
  try {
    await (plain ? notifier.sendPlain(notice) : notifier.send(notice))
  } catch (error) {
    return { error: await recordFailure(tx, due, rows, { error, plain, now }) }
  }
  await markDelivered(tx, idsOf(rows), now)
  return { done: 'delivered' }
}

/** Marks the rows; answers what the caller is to throw. */
async function recordFailure(
  tx: Db,
  due: Due,
  rows: readonly NoticeRow[],
  { error, plain, now }: { readonly error: unknown; readonly plain: boolean; readonly now: Date },
): Promise<unknown> {
  const ids = idsOf(rows)
  const reason = reasonOf(error)
  if (error instanceof RetryLater) {
    await markWaiting(tx, ids, reason)
    return error
  }
  if (!(error instanceof Permanent)) {
    await markFailed(tx, ids, reason)
    return error
  }
  const refusal = refusalOf(error)
  if (refusal === 'message' && !plain) {
    await markPlainNext(tx, ids, reason)
    return new RetryLater('the message was refused; it is sent as plain text next', now, 'job', { cause: error })
  }
  await markDead(tx, ids, reason)
  if (refusal === 'destination') await markChannelDead(tx, due.channel, reason)
  return error
}

function idsOf(rows: readonly NoticeRow[]): readonly bigint[] {
  return rows.map(({ id }) => id)
}

/** Messages of the closed set hold no names and no secrets; those of anything else might. */
function reasonOf(error: unknown): string {
  if (error instanceof NamesakeError) return describeError(error)
  return error instanceof Error ? `an unexpected ${error.name}` : 'an unexpected failure'
}
