import { and, eq, inArray, isNotNull, isNull, notExists } from '../db/drizzle.ts'
import type { NoticeChange } from '../contracts/notifier.ts'
import type { Db } from '../db/client.ts'
import { deliveredMessages, drills, findings, notices, type events } from '../db/schema/index.ts'

type EventRow = typeof events.$inferSelect

/** Verbs that a channel is told of, as what. Not in it: told by a notice of its own, or nothing that a message shows. */
const tellable: Readonly<Record<string, NoticeChange['what']>> = {
  acknowledged: 'acknowledged',
  assigned: 'assigned',
  resolved: 'resolved',
  dismissed: 'dismissed',
  reopened: 'reopened',
  'place-added': 'place',
  'place-returned': 'place',
  'place-gone': 'gone',
  proposed: 'proposed',
  'proposal-withdrawn': 'proposal-withdrawn',
  suppressed: 'suppressed',
}

/** As what a channel is told of an event; null: it is not, and nothing of its message changes. */
export function changeOf({ verb }: Pick<EventRow, 'verb'>): NoticeChange['what'] | null {
  return Object.hasOwn(tellable, verb) ? (tellable[verb] ?? null) : null
}

/** Whether an event is said in the thread. Not a copy of what was told, and nothing quiet: of these only the message changes. */
function isSaid({ verb, state, facts }: EventRow): boolean {
  if (verb !== 'place-added' && verb !== 'place-returned') return true
  return state !== 'dismissed' && facts['suppressed'] !== true && facts['copyOf'] === undefined
}

/**
 * Tells what happened to a finding to every channel that has a message about it, in the transaction that wrote the
 * event: `changed` is an answer to that message, `refresh` makes the message itself show the present. A channel whose
 * message waits to be sent hears of it by that message, which tells what is known when it is sent (see keep-message.ts).
 * Idempotent by constraint: the key is the event.
 */
export async function announceChange(tx: Db, event: EventRow): Promise<void> {
  if (changeOf(event) === null) return
  const { findingId, id, at } = event
  await queueChange(tx, { findingId, key: `${findingId}.${id}`, said: isSaid(event), at, source: { eventId: id, occurrenceId: placeOf(event) } })
}

/** Of a further place: should the message be gone when this is to be said, the place goes into the digest. */
function placeOf(event: EventRow): bigint | null {
  const { occurrenceId } = event.facts
  return changeOf(event) === 'place' && typeof occurrenceId === 'string' && /^\d{1,18}$/.test(occurrenceId) ? BigInt(occurrenceId) : null
}

/** The same for what a registry told of a name that is public. `said`: false when it was never asked before. */
export async function announceClaimChange(tx: Db, change: { readonly findingId: bigint; readonly claimEventId: bigint; readonly said: boolean; readonly now: Date }): Promise<void> {
  const { findingId, claimEventId, said, now } = change
  await queueChange(tx, { findingId, key: claimKey(findingId, claimEventId), said, at: now, source: { claimEventId } })
}

const claimKey = (findingId: bigint, claimEventId: bigint): string => `${findingId}.claim.${claimEventId}`

/**
 * What these channels are told loudly, by a notice of its own, is not said in their threads besides. In the transaction
 * of both, after `announceChange`: a channel that the rules leave out keeps the quiet word.
 */
export async function unsay(tx: Db, channels: readonly string[], about: { readonly key: string } | { readonly findingId: bigint; readonly claimEventId: bigint }): Promise<void> {
  const key = 'key' in about ? about.key : claimKey(about.findingId, about.claimEventId)
  await tx.delete(notices).where(and(inArray(notices.channel, [...channels]), eq(notices.kind, 'changed'), eq(notices.key, key), eq(notices.state, 'pending'), isNull(notices.attempt)))
}

interface Change {
  readonly findingId: bigint
  readonly key: string
  readonly said: boolean
  readonly at: Date
  readonly source: { readonly eventId: bigint; readonly occurrenceId: bigint | null } | { readonly claimEventId: bigint }
}

async function queueChange(tx: Db, { findingId, key, said, at, source }: Change): Promise<void> {
  // A drill that has ended is over: nothing about it is told.
  const ended = tx
    .select({ id: drills.id })
    .from(drills)
    .innerJoin(findings, eq(findings.identifierId, drills.identifierId))
    .where(and(eq(findings.id, findingId), isNotNull(drills.endedAt)))
  const messages = await tx
    .select({ channel: deliveredMessages.channel, ts: deliveredMessages.ts })
    .from(deliveredMessages)
    .where(and(eq(deliveredMessages.findingId, findingId), notExists(ended)))
  const rows = messages.flatMap(({ channel, ts }) => {
    const row = { channel, key, findingId, ...source, state: 'pending' as const, createdAt: at }
    return [...(said ? [{ ...row, kind: 'changed' as const }] : []), ...(ts === null ? [] : [{ ...row, kind: 'refresh' as const }])]
  })
  if (rows.length > 0) await tx.insert(notices).values(rows).onConflictDoNothing()
}

/** Channels that have a message about the finding. */
export async function channelsWithMessage(db: Db, findingId: bigint): Promise<readonly string[]> {
  const rows = await db.select({ channel: deliveredMessages.channel }).from(deliveredMessages).where(eq(deliveredMessages.findingId, findingId))
  return rows.map(({ channel }) => channel)
}

/** Of these channels those that have no message about the finding: a further place is news for their digest. */
export async function withoutMessage(tx: Db, channels: readonly string[], findingId: bigint): Promise<readonly string[]> {
  const followed = new Set(await channelsWithMessage(tx, findingId))
  return channels.filter((channel) => !followed.has(channel))
}
