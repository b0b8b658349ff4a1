import { eq } from '../db/drizzle.ts'
import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { storable } from '../db/storable.ts'
import { findings } from '../db/schema/index.ts'
import { recordEvent } from './record-event.ts'
import { noFinding, type Triage } from './transition.ts'

/** Says something about a finding, in any state; the state stays. @throws NotFound | Invalid nothing is said */
export async function comment(db: Db, triage: Triage): Promise<void> {
  const text = storable(triage.comment?.trim() ?? '')
  if (text === '') throw new Invalid('a comment needs words')
  await db.transaction(async (tx) => {
    const [row] = await tx.update(findings).set({ updatedAt: triage.now }).where(eq(findings.id, triage.findingId)).returning({ state: findings.state })
    if (row === undefined) throw noFinding(triage.findingId)
    await recordEvent(tx, {
      findingId: triage.findingId, verb: 'commented', actorKind: triage.actor.kind, actor: triage.actor.name,
      state: row.state, reason: null, facts: { comment: text }, at: triage.now,
    })
  })
}
