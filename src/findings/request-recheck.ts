import { and, eq, exists, inArray, isNotNull, or } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { documents, findings, occurrences } from '../db/schema/index.ts'
import { recordEvent } from './record-event.ts'
import { noFinding, type Actor } from './transition.ts'

/**
 * Makes the places of findings due for a recheck now: of these, or of all that are not settled. An absence that was
 * told before is still believed only an hour after that. Who asked for it is in the history of each that was named.
 * @returns places that are due @throws NotFound for an id that is no finding
 */
export async function requestRecheck(db: Db, input: { readonly findingIds: readonly bigint[]; readonly actor: Actor; readonly now: Date }): Promise<number> {
  const { findingIds, actor, now } = input
  return db.transaction(async (tx) => {
    const known = findingIds.length === 0 ? [] : await tx.select({ id: findings.id, state: findings.state }).from(findings).where(inArray(findings.id, [...findingIds]))
    const missing = findingIds.find((id) => !known.some((finding) => finding.id === id))
    if (missing !== undefined) throw noFinding(missing)
    const meant = findingIds.length === 0 ? or(eq(findings.state, 'open'), eq(findings.state, 'acknowledged')) : inArray(findings.id, [...findingIds])
    const places = tx
      .select({ id: occurrences.id })
      .from(occurrences)
      .innerJoin(findings, eq(occurrences.findingId, findings.id))
      .where(and(eq(occurrences.documentId, documents.id), meant))
    const due = await tx.update(documents).set({ recheckDueAt: now }).where(and(isNotNull(documents.recheckDueAt), exists(places))).returning({ id: documents.id })
    for (const { id, state } of known) {
      await recordEvent(tx, { findingId: id, verb: 'recheck-requested', actorKind: actor.kind, actor: actor.name, state, reason: null, facts: {}, at: now })
    }
    return due.length
  })
}
