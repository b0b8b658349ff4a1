import { and, eq, inArray, isNull, lte } from '../db/drizzle.ts'
import type { Routing } from '../contracts/routing.ts'
import type { Db } from '../db/client.ts'
import { findings, occurrences, suppressions } from '../db/schema/index.ts'
import { announce } from '../notices/announce.ts'
import { covering, suppressionsInForce } from './find-suppression.ts'
import { system } from './propose.ts'
import { recordEvent } from './record-event.ts'

/**
 * Ends what has expired. A finding that was dismissed place by place and has a live place now that nothing covers is
 * open again, and told. @returns findings that were reopened
 */
export async function expireSuppressions(db: Db, { routing, now }: { readonly routing: Routing; readonly now: Date }): Promise<number> {
  return db.transaction(async (tx) => {
    const ended = await tx
      .update(suppressions)
      .set({ endedAt: now })
      .where(and(isNull(suppressions.endedAt), lte(suppressions.expiresAt, now)))
      .returning({ findingId: suppressions.findingId })
    let reopened = 0
    for (const findingId of [...new Set(ended.map((row) => row.findingId))].sort((a, b) => (a < b ? -1 : 1))) {
      const [finding] = await tx.select().from(findings).where(eq(findings.id, findingId)).for('update')
      if (finding === undefined || finding.state !== 'dismissed' || !finding.dismissedInPlaces) continue
      const inForce = await suppressionsInForce(tx, findingId, now)
      const live = await tx.select().from(occurrences).where(and(eq(occurrences.findingId, findingId), inArray(occurrences.status, ['live', 'unknown'])))
      const shown = live.find((place) => covering(inForce, place) === null)
      if (shown === undefined) continue
      await tx
        .update(findings)
        .set({ state: 'open', dismissedReason: null, dismissedInPlaces: false, dismissedUntil: null, acknowledgedAt: null, updatedAt: now })
        .where(eq(findings.id, findingId))
      await recordEvent(tx, { ...system, findingId, verb: 'reopened', state: 'open', reason: 'a suppression expired', facts: { occurrenceId: String(shown.id) }, at: now })
      await announce(tx, { routing, kind: 'reopened', findingId, occurrenceId: shown.id, now })
      reopened += 1
    }
    return reopened
  })
}
