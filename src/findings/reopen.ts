import { and, eq, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { suppressions } from '../db/schema/index.ts'
import { transition, type Triage } from './transition.ts'

/** Resolved or dismissed too early: back to open, with every place of it shown. @throws NotFound | Conflict */
export async function reopen(db: Db, triage: Triage): Promise<void> {
  await db.transaction(async (tx) => {
    await transition(tx, triage, {
      verb: 'reopened',
      from: ['resolved', 'dismissed'],
      to: 'open',
      set: { dismissedReason: null, dismissedInPlaces: false, resolvedAt: null, acknowledgedAt: null },
      reason: null,
    })
    await tx.update(suppressions).set({ endedAt: triage.now }).where(and(eq(suppressions.findingId, triage.findingId), isNull(suppressions.endedAt)))
  })
}
