import { and, eq, inArray } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings, occurrences, type OccurrenceStatus } from '../db/schema/index.ts'
import { propose, system } from './propose.ts'
import { reassess } from './reassess.ts'
import { recordEvent } from './record-event.ts'

export interface StatusChange {
  readonly occurrenceIds: readonly bigint[]
  /** Only occurrences that are in one of these now. */
  readonly from: readonly OccurrenceStatus[]
  readonly to: Exclude<OccurrenceStatus, 'live'>
  /** In words. */
  readonly reason: string
  readonly now: Date
}

/**
 * Places that are gone, gone from the head of their history, or could not be told: a conditional update, an event for
 * each place that is gone, and what follows for its finding. What is live again is recorded by `recordDocument`.
 */
export async function changeStatus(tx: Db, { occurrenceIds, from, to, reason, now }: StatusChange): Promise<void> {
  if (occurrenceIds.length === 0) return
  const changed = await tx
    .update(occurrences)
    .set({ status: to, statusReason: reason, statusAt: now })
    .where(and(inArray(occurrences.id, [...occurrenceIds]), inArray(occurrences.status, [...from])))
    .returning({ id: occurrences.id, findingId: occurrences.findingId })
  changed.sort((a, b) => (a.findingId < b.findingId ? -1 : 1))
  for (const { id, findingId } of changed) {
    if (to !== 'unknown') {
      const [finding] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId))
      await recordEvent(tx, {
        ...system, findingId, verb: 'place-gone', state: finding?.state ?? 'open', reason, facts: { occurrenceId: String(id), status: to }, at: now,
      })
    }
    await propose(tx, findingId, now)
    await reassess(tx, findingId, now)
  }
}
