import { eq } from '../db/drizzle.ts'
import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { storable } from '../db/storable.ts'
import { findings } from '../db/schema/index.ts'
import { markPublic as markIdentifierPublic } from '../identifiers/mark-public.ts'
import { lockInventory } from '../identifiers/write-digest.ts'
import { transition, type Triage } from './transition.ts'

/**
 * The name may be public: its finding is dismissed for that, and no place of it is news any more. `reopen` takes it back.
 * @param triage.reason why, in words @throws Invalid | NotFound | Conflict
 */
export async function markPublic(db: Db, { reason, ...triage }: Triage & { readonly reason: string }): Promise<void> {
  const comment = storable(reason.trim())
  if (comment === '') throw new Invalid('that a name may be public needs a reason, in words: whoever reads it next year was not here today')
  await db.transaction(async (tx) => {
    await lockInventory(tx)
    await transition(tx, { ...triage, comment }, {
      verb: 'dismissed', from: ['open', 'acknowledged'], to: 'dismissed', reason: 'public-on-purpose',
      set: { dismissedReason: 'public-on-purpose', proposedAt: null, proposedReason: null },
      facts: { markedPublic: true },
    })
    const [finding] = await tx.select({ identifierId: findings.identifierId }).from(findings).where(eq(findings.id, triage.findingId))
    if (finding === undefined) throw new Error('a finding vanished in the transaction that dismissed it')
    await markIdentifierPublic(tx, { identifierId: finding.identifierId, by: triage.actor.name, now: triage.now })
  })
}
