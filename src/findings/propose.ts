import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings, occurrences } from '../db/schema/index.ts'
import { covering, suppressionsInForce } from './find-suppression.ts'
import { recordEvent } from './record-event.ts'

/** What the system writes into the history, besides verb and state. */
export const system = { actorKind: 'system' as const, actor: 'namesake' }

/**
 * After the status of a place changed: proposes a finding as resolved when none of its places is live any more, and
 * takes that back when one is. Only a person resolves it: what a recheck saw is evidence, what it means (who copied it
 * meanwhile, whether a history counts) is a decision. `unknown` keeps it exposed, and so does a history that has it.
 * Locks the finding. @returns whether a proposal was withdrawn
 */
export async function propose(tx: Db, findingId: bigint, now: Date): Promise<{ readonly withdrawn: boolean }> {
  const [finding] = await tx.select().from(findings).where(eq(findings.id, findingId)).for('update')
  if (finding === undefined) return { withdrawn: false }
  const unsettled = finding.state === 'open' || finding.state === 'acknowledged'
  const inForce = await suppressionsInForce(tx, findingId, now)
  const places = (await tx.select().from(occurrences).where(eq(occurrences.findingId, findingId))).filter((place) => covering(inForce, place) === null)
  const exposed = places.filter(({ status }) => status === 'live' || status === 'unknown')
  const reason = unsettled && places.length > 0 && exposed.length === 0 ? reasonOf(places) : null
  if (reason === finding.proposedReason) return { withdrawn: false }
  const set = { proposedReason: reason, proposedAt: reason === null ? null : now, updatedAt: now }
  await tx.update(findings).set(set).where(eq(findings.id, findingId))
  // Whoever settled it in the meantime has said so in an event of their own.
  if (!unsettled) return { withdrawn: false }
  await recordEvent(tx, {
    ...system,
    findingId,
    verb: reason === null ? 'proposal-withdrawn' : 'proposed',
    state: finding.state,
    reason,
    facts: { gone: reason !== null && !inHistory(places), places: places.length },
    at: now,
  })
  return { withdrawn: reason === null }
}

type PlaceRow = Pick<typeof occurrences.$inferSelect, 'status'>

function inHistory(places: readonly PlaceRow[]): boolean {
  return places.some(({ status }) => status === 'gone-from-head')
}

function reasonOf(places: readonly PlaceRow[]): string {
  return inHistory(places)
    ? 'no place shows it any more, but a public history still has it'
    : 'no place is public any more'
}
