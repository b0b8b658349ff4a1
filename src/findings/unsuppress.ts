import { and, eq, isNull } from '../db/drizzle.ts'
import { Conflict } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { findings, suppressions } from '../db/schema/index.ts'
import { recordEvent } from './record-event.ts'
import { reopen } from './reopen.ts'
import type { Triage } from './transition.ts'

/** Takes every suppression of a finding back; one that was dismissed place by place is open again. @throws NotFound | Conflict */
export async function unsuppress(db: Db, triage: Triage): Promise<void> {
  await db.transaction(async (tx) => {
    const [finding] = await tx.select().from(findings).where(eq(findings.id, triage.findingId)).for('update')
    if (finding?.dismissedInPlaces === true) return reopen(tx, triage)
    const ended = await tx
      .update(suppressions)
      .set({ endedAt: triage.now })
      .where(and(eq(suppressions.findingId, triage.findingId), isNull(suppressions.endedAt)))
      .returning({ id: suppressions.id })
    if (finding === undefined || ended.length === 0) throw new Conflict(`finding ${triage.findingId} has no place that is suppressed`)
    await recordEvent(tx, {
      findingId: finding.id, verb: 'commented', actorKind: triage.actor.kind, actor: triage.actor.name, state: finding.state,
      reason: 'suppressions taken back', facts: { suppressions: ended.length, comment: triage.comment ?? null }, at: triage.now,
    })
  })
}
