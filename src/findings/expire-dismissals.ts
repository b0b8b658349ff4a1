import { and, asc, eq, lte } from '../db/drizzle.ts'
import type { Routing } from '../contracts/routing.ts'
import type { Db } from '../db/client.ts'
import { findings } from '../db/schema/index.ts'
import { announce } from '../notices/announce.ts'
import { system } from './propose.ts'
import { recordEvent } from './record-event.ts'

/** Findings reopened in one transaction. */
const atOnce = 100

/** Opens again what was dismissed until now, and tells it. @returns findings that were reopened */
export async function expireDismissals(db: Db, { routing, now }: { readonly routing: Routing; readonly now: Date }): Promise<number> {
  let reopened = 0
  for (;;) {
    const batch = await db.transaction(async (tx) => {
      const due = await tx
        .select({ id: findings.id, reason: findings.dismissedReason })
        .from(findings)
        .where(and(eq(findings.state, 'dismissed'), lte(findings.dismissedUntil, now)))
        .orderBy(asc(findings.id))
        .limit(atOnce)
        .for('update')
      for (const { id, reason } of due) {
        await tx
          .update(findings)
          .set({ state: 'open', dismissedReason: null, dismissedInPlaces: false, dismissedUntil: null, acknowledgedAt: null, updatedAt: now })
          .where(eq(findings.id, id))
        await recordEvent(tx, { ...system, findingId: id, verb: 'reopened', state: 'open', reason: 'its dismissal expired', facts: { dismissed: reason }, at: now })
        await announce(tx, { routing, kind: 'reopened', findingId: id, now })
      }
      return due.length
    })
    reopened += batch
    if (batch < atOnce) return reopened
  }
}
