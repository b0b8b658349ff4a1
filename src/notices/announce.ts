import { and, desc, eq, inArray } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claimEvents, claims, drills, events, findings, notices } from '../db/schema/index.ts'
import type { Routing } from '../contracts/routing.ts'
import { unsay, withoutMessage } from './announce-change.ts'
import { readFacts, readNameFacts } from './read-facts.ts'
import { route } from './route.ts'

export interface News {
  /** Decides which channels hear of it, by what the finding is in this transaction; without a destination nothing is queued. */
  readonly routing: Routing
  /** `leaked`: first known place; `reopened`: a place after it was resolved, or proposed as that; `place`: a further place, for the digest. */
  readonly kind: 'leaked' | 'reopened' | 'place'
  readonly findingId: bigint
  /** The place that made the news. */
  readonly occurrenceId?: bigint
  readonly now: Date
}

/**
 * Puts news into the outbox, a row per channel that they are routed to, in the transaction that made them. Idempotent by constraint: the key
 * is what happened (the finding's birth, or the event of the reopening or of the place), so the same news are queued
 * once and a name that leaks again, or a place that comes back, is news again. Of a drill only the alert is news, and
 * nothing once it has ended.
 */
export async function announce(tx: Db, news: News): Promise<void> {
  if (news.routing.destinations.length === 0 || (await isQuietDrill(tx, news))) return
  const routed = route(news.routing, { kind: news.kind, ...(await readFacts(tx, news.findingId, news.occurrenceId ?? null)) })
  // A further place is said in the thread of the message, where there is one: not in the digest too.
  const channels = news.kind === 'place' ? await withoutMessage(tx, routed, news.findingId) : routed
  if (channels.length === 0) return
  const key = await keyOf(tx, news)
  if (news.kind === 'reopened') await unsay(tx, channels, { key })
  await tx
    .insert(notices)
    .values(
      channels.map((channel) => ({
        channel,
        kind: news.kind,
        key,
        findingId: news.findingId,
        occurrenceId: news.occurrenceId ?? null,
        state: 'pending' as const,
        createdAt: news.now,
      })),
    )
    .onConflictDoNothing()
}

/** A drill that has ended, or a further place of one: neither is told. */
async function isQuietDrill(tx: Db, { kind, findingId }: News): Promise<boolean> {
  const [drill] = await tx
    .select({ endedAt: drills.endedAt })
    .from(drills)
    .innerJoin(findings, eq(findings.identifierId, drills.identifierId))
    .where(eq(findings.id, findingId))
  return drill !== undefined && (kind === 'place' || drill.endedAt !== null)
}

/** What a registry told about a name; the key is the event, and `findingId` is null when the name has no finding. */
export interface ClaimNewsItem {
  readonly routing: Routing
  readonly findingId: bigint | null
  readonly claimEventId: bigint
  readonly now: Date
}

/**
 * The same for news of a claim: in the transaction that wrote its event, once per event and channel. Whatever the
 * finding is judged to be, this is routed as critical.
 */
export async function announceClaim(tx: Db, { routing, findingId, claimEventId, now }: ClaimNewsItem): Promise<void> {
  if (routing.destinations.length === 0) return
  const facts = findingId === null ? await readNameFacts(tx, await nameOf(tx, claimEventId)) : await readFacts(tx, findingId, null)
  const channels = route(routing, { ...facts, kind: 'claim', severity: 'critical' })
  if (findingId !== null) await unsay(tx, channels, { findingId, claimEventId })
  await tx
    .insert(notices)
    .values(channels.map((channel) => ({ channel, kind: 'claim' as const, key: String(claimEventId), findingId, claimEventId, state: 'pending' as const, createdAt: now })))
    .onConflictDoNothing()
}

async function nameOf(tx: Db, claimEventId: bigint): Promise<bigint> {
  const [row] = await tx.select({ identifierId: claims.identifierId }).from(claimEvents).innerJoin(claims, eq(claims.id, claimEvents.claimId)).where(eq(claimEvents.id, claimEventId))
  if (row === undefined) throw new Error('news of a claim are announced after their event was written')
  return row.identifierId
}

async function keyOf(tx: Db, { kind, findingId }: News): Promise<string> {
  if (kind === 'leaked') return String(findingId)
  const verbs = kind === 'reopened' ? (['reopened', 'proposal-withdrawn'] as const) : (['place-added', 'place-returned'] as const)
  const [event] = await tx
    .select({ id: events.id })
    .from(events)
    .where(and(eq(events.findingId, findingId), inArray(events.verb, [...verbs])))
    .orderBy(desc(events.id))
    .limit(1)
  if (event === undefined) throw new Error(`news of the kind ${kind} are announced after their event was written`)
  return `${findingId}.${event.id}`
}
