import { and, eq, inArray, isNull } from '../db/drizzle.ts'
import { Conflict, Invalid, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { findings, occurrences, suppressions } from '../db/schema/index.ts'
import { covering, suppressionsInForce } from './find-suppression.ts'
import { propose } from './propose.ts'
import { recordEvent } from './record-event.ts'
import type { Triage } from './transition.ts'

export interface Suppress extends Triage {
  /** One occurrence; its whole group is meant. Null: every place that is known now. */
  readonly occurrenceId: bigint | null
  readonly reason: string
  /** At most a year ahead: nothing is hidden for ever. */
  readonly until: Date
}

const longestMs = 366 * 24 * 3_600_000

/**
 * A group of places is no exposure of this finding: what has the same content, or the same lines around the mention,
 * stays quiet, tomorrow's copies too, until it expires. It never covers another identifier, nor a place whose text is
 * another one. With every live place suppressed the finding is dismissed, until a place comes that none covers.
 * @throws Invalid | NotFound | Conflict
 */
export async function suppress(db: Db, triage: Suppress): Promise<void> {
  const reason = triage.reason.trim()
  if (reason === '') throw new Invalid('a suppression needs a reason, in words: whoever reads it next year was not here today')
  const ahead = triage.until.getTime() - triage.now.getTime()
  if (!(ahead > 0 && ahead <= longestMs)) throw new Invalid('a suppression ends in the future, within a year')
  await db.transaction(async (tx) => {
    const [finding] = await tx.select().from(findings).where(eq(findings.id, triage.findingId)).for('update')
    if (finding === undefined) throw new NotFound(`there is no finding ${triage.findingId}; "namesake findings" lists them`)
    if (finding.state !== 'open' && finding.state !== 'acknowledged') {
      throw new Conflict(`finding ${triage.findingId} is ${finding.state}; only places of one that is open or acknowledged can be suppressed`)
    }
    const places = await tx.select().from(occurrences).where(eq(occurrences.findingId, finding.id)).orderBy(occurrences.id)
    const group = groupOf(places, triage)
    const stored = await store(tx, triage, reason, group)
    const audit = { findingId: finding.id, actorKind: triage.actor.kind, actor: triage.actor.name, reason, at: triage.now }
    const until = triage.until.toISOString()
    await recordEvent(tx, {
      ...audit, verb: 'suppressed', state: finding.state,
      facts: { until, places: group.length, texts: stored, occurrenceId: triage.occurrenceId === null ? null : String(triage.occurrenceId), comment: triage.comment ?? null },
    })
    const inForce = await suppressionsInForce(tx, finding.id, triage.now)
    const shown = places.filter((place) => (place.status === 'live' || place.status === 'unknown') && covering(inForce, place) === null)
    if (shown.length > 0 || triage.occurrenceId !== null && !places.some(({ status }) => status === 'live' || status === 'unknown')) {
      await propose(tx, finding.id, triage.now)
      return
    }
    await tx
      .update(findings)
      .set({ state: 'dismissed', dismissedReason: reason, dismissedInPlaces: true, proposedAt: null, proposedReason: null, updatedAt: triage.now })
      .where(eq(findings.id, finding.id))
    await recordEvent(tx, { ...audit, verb: 'dismissed', state: 'dismissed', facts: { until, inPlaces: true, comment: triage.comment ?? null } })
  })
}

type Place = typeof occurrences.$inferSelect

/** @throws NotFound when the occurrence is none of this finding */
function groupOf(places: readonly Place[], { occurrenceId, findingId }: Suppress): readonly Place[] {
  if (occurrenceId === null) return places
  const chosen = places.find(({ id }) => id === occurrenceId)
  if (chosen === undefined) throw new NotFound(`finding ${findingId} has no place ${occurrenceId}; "namesake findings --json" lists them`)
  const first = chosen.copyOf ?? chosen.id
  return places.filter(({ id, copyOf }) => id === first || copyOf === first)
}

/** Each text once; one that is suppressed already gets the new reason and expiry, and its row stays as history. */
async function store(tx: Db, triage: Suppress, reason: string, group: readonly Place[]): Promise<number> {
  const content = [...new Set(group.map(({ contentHash }) => contentHash))]
  const region = [...new Set(group.flatMap(({ regionHash }) => (regionHash === null ? [] : [regionHash])))]
  const texts = [...content.map((hash) => ({ scope: 'content' as const, hash })), ...region.map((hash) => ({ scope: 'region' as const, hash }))]
  if (texts.length === 0) return 0
  await tx
    .update(suppressions)
    .set({ endedAt: triage.now })
    .where(and(eq(suppressions.findingId, triage.findingId), isNull(suppressions.endedAt), inArray(suppressions.hash, texts.map(({ hash }) => hash))))
  const row = { findingId: triage.findingId, reason, createdBy: `${triage.actor.kind}: ${triage.actor.name}`, createdAt: triage.now, expiresAt: triage.until }
  await tx.insert(suppressions).values(texts.map((text) => ({ ...row, ...text })))
  return texts.length
}
