import type { Actor } from '../trail/actor.ts'
import { recordAction } from '../trail/record-action.ts'
import { and, eq, inArray } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings, identifiers } from '../db/schema/index.ts'
import { Conflict, Invalid, NotFound } from '../errors.ts'
import { spelling } from './describe-identifier.ts'
import { markPublic, unmarkPublic } from './mark-public.ts'
import { lockInventory } from './write-digest.ts'

export interface PublicDecision {
  readonly id: bigint
  readonly isPublic: boolean
  /** In words. */
  readonly reason: string
  readonly actor: Actor
  readonly now: Date
}

/**
 * A person says that a line may be public, or takes that back; a line of a file too, since a synchronisation never undoes
 * it. A name with an unsettled finding is marked there, so that the finding is settled with it.
 * @throws Invalid no reason | NotFound | Conflict it is so already, the configuration says so, or its finding is not settled
 */
export async function decidePublic(db: Db, { id, isPublic, reason, actor, now }: PublicDecision): Promise<void> {
  if (reason.trim() === '') throw new Invalid('that needs a reason, in words: whoever reads it next year was not here today')
  await db.transaction(async (tx) => {
    await lockInventory(tx)
    const [row] = await tx.select().from(identifiers).where(eq(identifiers.id, id))
    if (row === undefined || row.origin === 'drill') throw new NotFound(`there is no identifier ${id}`)
    if (row.retiredAt !== null) throw new Conflict('this line was retired')
    if (isPublic) {
      const [finding] = await tx.select({ id: findings.id }).from(findings).where(and(eq(findings.identifierId, id), inArray(findings.state, ['open', 'acknowledged'])))
      if (finding !== undefined) throw new Conflict(`its finding #${finding.id} is not settled: mark the name as public there, so that both are`)
      await markPublic(tx, { identifierId: id, by: actor.name, now })
    } else if (!(await unmarkPublic(tx, { identifierId: id, now }))) {
      throw new Conflict(row.publicOnPurpose ? `it is the configuration that says so${row.place === null ? '' : ` (${row.place})`}: take it back there` : 'nobody marked this name as public')
    }
    await recordAction(tx, {
      actor, verb: isPublic ? 'identifier-marked-public' : 'identifier-unmarked-public', subject: { kind: 'identifier', name: spelling(row) }, facts: { id: String(id), reason: reason.trim() }, at: now,
    })
  })
}
