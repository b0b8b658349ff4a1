import { and, eq, inArray, isNull } from '../db/drizzle.ts'
import { Conflict, Invalid, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { storable } from '../db/storable.ts'
import { findings, occurrences, suppressions } from '../db/schema/index.ts'
import { assertUnchanged } from './assert-unchanged.ts'
import { covering, suppressionsInForce } from './find-suppression.ts'
import { propose } from './propose.ts'
import { recordEvent } from './record-event.ts'
import { noFinding, type Triage } from './transition.ts'

export interface Suppress extends Triage {
  /** One occurrence; its whole group is meant. Null: every place that is known now. */
  readonly occurrenceId: bigint | null
  /** `content`: the same file only. `region` (the default): the same lines around the name too, in whatever file. */
  readonly scope?: 'content' | 'region'
  readonly reason: string
  /** At most a year ahead: nothing is hidden for ever. */
  readonly until: Date
}

const longestMs = 366 * 24 * 3_600_000

/**
 * A group of places is no exposure of this finding: what has the same content, or the same lines around the mention,
 * stays quiet, tomorrow's copies too, until it expires. It never covers another identifier, nor a place whose text is
 * another one. With every live place suppressed the finding is dismissed, until a place comes that none covers.
 * @returns one of the suppressions that the decision made, by which all of it is taken back, and places that it covers
 * @throws Invalid | NotFound | Conflict
 */
export async function suppress(db: Db, triage: Suppress): Promise<{ readonly suppressionId: bigint; readonly places: number }> {
  const reason = storable(triage.reason.trim())
  if (reason === '') throw new Invalid('a suppression needs a reason, in words: whoever reads it next year was not here today')
  const ahead = triage.until.getTime() - triage.now.getTime()
  if (!(ahead > 0 && ahead <= longestMs)) throw new Invalid('a suppression ends in the future, within a year')
  return db.transaction(async (tx) => {
    const [finding] = await tx.select().from(findings).where(eq(findings.id, triage.findingId)).for('update')
    if (finding === undefined) throw noFinding(triage.findingId)
    await assertUnchanged(tx, triage, 'suppressed')
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
      facts: { until, places: group.length, texts: stored.length, occurrenceId: triage.occurrenceId === null ? null : String(triage.occurrenceId), comment: triage.comment ?? null },
    })
    const [suppressionId] = stored
    if (suppressionId === undefined) throw new Invalid('there is no place of it that could be suppressed')
    const made = { suppressionId, places: group.length }
    const inForce = await suppressionsInForce(tx, finding.id, triage.now)
    const shown = places.filter((place) => (place.status === 'live' || place.status === 'unknown') && covering(inForce, place) === null)
    if (shown.length > 0 || triage.occurrenceId !== null && !places.some(({ status }) => status === 'live' || status === 'unknown')) {
      await propose(tx, finding.id, triage.now)
      return made
    }
    await tx
      .update(findings)
      .set({ state: 'dismissed', dismissedReason: reason, dismissedInPlaces: true, proposedAt: null, proposedReason: null, updatedAt: triage.now })
      .where(eq(findings.id, finding.id))
    await recordEvent(tx, { ...audit, verb: 'dismissed', state: 'dismissed', facts: { until, inPlaces: true, comment: triage.comment ?? null } })
    return made
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
async function store(tx: Db, triage: Suppress, reason: string, group: readonly Place[]): Promise<readonly bigint[]> {
  const content = [...new Set(group.map(({ contentHash }) => contentHash))]
  const region = triage.scope === 'content' ? [] : [...new Set(group.flatMap(({ regionHash }) => (regionHash === null ? [] : [regionHash])))]
  const texts = [...content.map((hash) => ({ scope: 'content' as const, hash })), ...region.map((hash) => ({ scope: 'region' as const, hash }))]
  if (texts.length === 0) return []
  await tx
    .update(suppressions)
    .set({ endedAt: triage.now })
    .where(and(eq(suppressions.findingId, triage.findingId), isNull(suppressions.endedAt), inArray(suppressions.hash, texts.map(({ hash }) => hash))))
  const row = { findingId: triage.findingId, reason, createdBy: `${triage.actor.kind}: ${triage.actor.name}`, createdAt: triage.now, expiresAt: triage.until }
  const made = await tx.insert(suppressions).values(texts.map((text) => ({ ...row, ...text }))).returning({ id: suppressions.id })
  return made.map(({ id }) => id)
}
