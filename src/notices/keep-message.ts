import { and, asc, desc, eq, gt } from '../db/drizzle.ts'
import type { Posted } from '../contracts/notifier.ts'
import type { Db } from '../db/client.ts'
import { deliveredMessages, events, findings, type FindingState } from '../db/schema/index.ts'
import { announceChange } from './announce-change.ts'

export type DeliveredMessage = typeof deliveredMessages.$inferSelect

/** What a message about a finding shows: its state, and the last event that it knows of. */
export interface Shown {
  readonly state: FindingState
  readonly eventId: bigint | null
}

/** Read before a message is composed: what happens later than this is not in it. */
export async function readShown(tx: Db, findingId: bigint): Promise<Shown> {
  const [finding] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId))
  const [last] = await tx.select({ id: events.id }).from(events).where(eq(events.findingId, findingId)).orderBy(desc(events.id)).limit(1)
  return { state: finding?.state ?? 'open', eventId: last?.id ?? null }
}

/** The message about a finding in a channel; null: there is none. */
export async function findMessage(tx: Db, channel: string, findingId: bigint): Promise<DeliveredMessage | null> {
  const [row] = await tx.select().from(deliveredMessages).where(and(eq(deliveredMessages.channel, channel), eq(deliveredMessages.findingId, findingId)))
  return row ?? null
}

export interface Keep {
  readonly channel: string
  readonly findingId: bigint
  readonly noticeId: bigint
  /** Null: the destination follows, and names no place. */
  readonly posted: Posted | null
  readonly shown: Shown
  readonly now: Date
}

/**
 * Keeps the message of a finding, the first one only, and queues what happened between its composition and now: whoever
 * decides locks the finding, so that either we see the event here, or they see the message.
 */
export async function keepMessage(tx: Db, { channel, findingId, noticeId, posted, shown, now }: Keep): Promise<void> {
  await tx.select({ id: findings.id }).from(findings).where(eq(findings.id, findingId)).for('share')
  const kept = await tx
    .insert(deliveredMessages)
    .values({ channel, findingId, noticeId, room: posted?.room ?? null, ts: posted?.ts ?? null, shows: shown.state, eventId: shown.eventId, postedAt: now, shownAt: now })
    .onConflictDoNothing()
    .returning({ channel: deliveredMessages.channel })
  if (kept.length === 0) return
  const missed = await tx.select().from(events).where(and(eq(events.findingId, findingId), gt(events.id, shown.eventId ?? 0n))).orderBy(asc(events.id))
  for (const event of missed) await announceChange(tx, event)
}

/** It shows the present again. */
export async function markShown(tx: Db, { channel, findingId }: DeliveredMessage, shown: Shown, now: Date): Promise<void> {
  await tx
    .update(deliveredMessages)
    .set({ shows: shown.state, eventId: shown.eventId, shownAt: now })
    .where(and(eq(deliveredMessages.channel, channel), eq(deliveredMessages.findingId, findingId)))
}

/** Somebody deleted the message: the next news of its finding is a message of its own again. */
export async function forgetMessage(tx: Db, { channel, findingId }: DeliveredMessage): Promise<void> {
  await tx.delete(deliveredMessages).where(and(eq(deliveredMessages.channel, channel), eq(deliveredMessages.findingId, findingId)))
}
