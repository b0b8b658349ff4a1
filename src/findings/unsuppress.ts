import { and, count, eq, inArray, isNull, or } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { findings, occurrences, suppressions } from '../db/schema/index.ts'
import { assertUnchanged } from './assert-unchanged.ts'
import { propose } from './propose.ts'
import { recordEvent } from './record-event.ts'
import { reopen } from './reopen.ts'
import { noFinding, type Triage } from './transition.ts'

/** Takes every suppression of a finding back; one that was dismissed place by place is open again. @throws NotFound | Conflict */
export async function unsuppress(db: Db, triage: Triage): Promise<void> {
  await db.transaction(async (tx) => {
    const [finding] = await tx.select().from(findings).where(eq(findings.id, triage.findingId)).for('update')
    if (finding === undefined) throw noFinding(triage.findingId)
    await assertUnchanged(tx, triage, 'unsuppressed')
    if (finding.dismissedInPlaces) return reopen(tx, triage)
    const ended = await tx
      .update(suppressions)
      .set({ endedAt: triage.now })
      .where(and(eq(suppressions.findingId, finding.id), isNull(suppressions.endedAt)))
      .returning({ id: suppressions.id })
    if (ended.length === 0) throw new Conflict(`finding ${finding.id} has no place that is suppressed`)
    await recordUnsuppressed(tx, finding, ended.length, triage)
  })
}

/**
 * Takes one decision back: the suppression and those that were made with it. A finding that was dismissed place by place
 * is open again, with its other suppressions in force.
 * @returns the finding, and places of it that had these texts @throws NotFound | Conflict it was taken back already, or has expired
 */
export async function endSuppression(db: Db, { suppressionId, ...triage }: Omit<Triage, 'findingId'> & { readonly suppressionId: bigint }): Promise<{ readonly findingId: bigint; readonly places: number }> {
  return db.transaction(async (tx) => {
    const [chosen] = await tx.select().from(suppressions).where(eq(suppressions.id, suppressionId))
    if (chosen === undefined) throw new NotFound(`there is no suppression ${suppressionId}`)
    const [finding] = await tx.select().from(findings).where(eq(findings.id, chosen.findingId)).for('update')
    if (finding === undefined) throw noFinding(chosen.findingId)
    const ended = await tx
      .update(suppressions)
      .set({ endedAt: triage.now })
      .where(and(eq(suppressions.findingId, finding.id), eq(suppressions.createdAt, chosen.createdAt), eq(suppressions.createdBy, chosen.createdBy), isNull(suppressions.endedAt)))
      .returning({ scope: suppressions.scope, hash: suppressions.hash })
    if (ended.length === 0) throw new Conflict(`the suppression ${suppressionId} is not in force any more`)
    const hashes = (scope: 'content' | 'region') => ended.filter((row) => row.scope === scope).map(({ hash }) => hash)
    const [places] = await tx
      .select({ count: count() })
      .from(occurrences)
      .where(and(eq(occurrences.findingId, finding.id), or(inArray(occurrences.contentHash, hashes('content')), inArray(occurrences.regionHash, hashes('region')))))
    await recordUnsuppressed(tx, finding, ended.length, { ...triage, findingId: finding.id })
    return { findingId: finding.id, places: places?.count ?? 0 }
  })
}

async function recordUnsuppressed(tx: Db, finding: typeof findings.$inferSelect, ended: number, { actor, now, comment }: Triage): Promise<void> {
  const audit = { findingId: finding.id, actorKind: actor.kind, actor: actor.name, at: now }
  const facts = { suppressions: ended, comment: comment ?? null }
  const opens = finding.state === 'dismissed' && finding.dismissedInPlaces
  await recordEvent(tx, { ...audit, verb: 'unsuppressed', state: finding.state, reason: null, facts })
  if (opens) {
    await tx.update(findings).set({ state: 'open', dismissedReason: null, dismissedInPlaces: false, acknowledgedAt: null, updatedAt: now }).where(eq(findings.id, finding.id))
    await recordEvent(tx, { ...audit, verb: 'reopened', state: 'open', reason: null, facts })
  } else {
    await tx.update(findings).set({ updatedAt: now }).where(eq(findings.id, finding.id))
  }
  await propose(tx, finding.id, now)
}
