import type { Db } from '../db/client.ts'
import type { Routing } from '../contracts/routing.ts'
import { holdOf, readHolds } from './hold.ts'
import { isGathered, stormAttempt, type Due } from './list-due.ts'
import { isAlert, listPending, type PendingNotice } from './pending.ts'

/** `held`: by quiet hours, a mute or a destination that refuses us. `behind`: an earlier message about the same finding waits. */
export type Ready = readonly bigint[] | 'held' | 'behind'

/**
 * The rows of a message that may be told now, asked once more right before it is sent: it may have waited in a queue
 * for hours. Empty: there is nothing to tell any more.
 *
 * The order that is kept: messages about one finding reach a destination in the order in which the news happened. A
 * later one waits for an earlier one that is tried again or held. Messages about different findings may overtake each
 * other, and so may the daily digest.
 */
export async function findReady(db: Db, due: Due, { routing, now }: { readonly routing: Routing; readonly now: Date }): Promise<Ready> {
  const pending = await listPending(db, { channels: [due.channel], quietHours: routing.quietHours, ...(due.kind === 'notice' ? { about: due.noticeId } : {}) })
  const rows = pending.filter((notice) => belongs(due, notice))
  if (rows.length === 0) return []
  const holds = await readHolds(db, routing, now)
  const free = rows.filter((notice) => holdOf(holds, notice) === null)
  if (free.length === 0) return 'held'
  if (due.kind === 'digest' || due.kind === 'refresh') return free.map(({ id }) => id)
  const ready = inOrder(pending, new Set(free.map(({ id }) => id)))
  return ready.length === 0 ? 'behind' : ready
}

/** Of the free ones those that come after nothing about their finding which is not told with or before them. */
function inOrder(pending: readonly PendingNotice[], free: ReadonlySet<bigint>): readonly bigint[] {
  const stuck = new Set<bigint>()
  const ready: bigint[] = []
  for (const { id, kind, findingId } of pending) {
    if (kind === 'place' || kind === 'refresh') continue
    if (free.has(id) && (findingId === null || !stuck.has(findingId))) ready.push(id)
    else if (findingId !== null) stuck.add(findingId)
  }
  return ready
}

function belongs(due: Due, notice: PendingNotice): boolean {
  switch (due.kind) {
    case 'notice':
      // Meanwhile it became part of a message for many, whose answer is not known yet.
      return notice.id === due.noticeId && notice.attempt?.startsWith(stormAttempt) !== true
    case 'digest':
      return notice.kind === 'place'
    case 'storm':
      return isAlert(notice.kind) && isGathered(notice) && (notice.loud === due.loud || notice.attempt !== null)
    case 'changed':
    case 'refresh':
      return notice.kind === due.kind && notice.findingId === due.findingId
  }
}
