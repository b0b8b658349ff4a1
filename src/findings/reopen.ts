import { and, eq, isNull } from '../db/drizzle.ts'
import { Conflict } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { findings, identifiers, suppressions } from '../db/schema/index.ts'
import { unmarkPublic } from '../identifiers/mark-public.ts'
import { lockInventory } from '../identifiers/write-digest.ts'
import { transition, type Triage } from './transition.ts'

/**
 * Acknowledged, resolved or dismissed too early, or by a slip of the finger: back to open, with every place of it shown.
 * A name that a person marked as public is not that any more; one that the configuration calls public on purpose stays settled, since no place of it is recorded.
 * @throws NotFound | Conflict
 */
export async function reopen(db: Db, triage: Triage): Promise<void> {
  await db.transaction(async (tx) => {
    const [name] = await tx
      .select({ id: identifiers.id, isPublic: identifiers.publicOnPurpose })
      .from(findings)
      .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
      .where(eq(findings.id, triage.findingId))
    if (name?.isPublic === true) await lockInventory(tx)
    await transition(tx, triage, {
      verb: 'reopened',
      from: ['acknowledged', 'resolved', 'dismissed'],
      to: 'open',
      set: { dismissedReason: null, dismissedInPlaces: false, resolvedAt: null, acknowledgedAt: null },
      reason: null,
    })
    if (name?.isPublic === true && !(await unmarkPublic(tx, { identifierId: name.id, now: triage.now }))) {
      throw new Conflict(`the configuration calls the name of finding ${triage.findingId} public on purpose: take it out of publicOnPurpose first`)
    }
    await tx.update(suppressions).set({ endedAt: triage.now }).where(and(eq(suppressions.findingId, triage.findingId), isNull(suppressions.endedAt)))
  })
}
