import { and, desc, eq, inArray } from '../db/drizzle.ts'
import { Conflict, NotFound } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { events, findings, identifiers, type EventVerb, type FindingState } from '../db/schema/index.ts'
import type { Actor } from '../trail/actor.ts'
import { assertUnchanged, decisions } from './assert-unchanged.ts'
import { describeEvent } from './describe-event.ts'
import { recordEvent } from './record-event.ts'

export type { Actor } from '../trail/actor.ts'

export interface Triage {
  readonly findingId: bigint
  readonly actor: Actor
  readonly comment?: string | null
  /** The last event that the person saw of it: what matters to the verb and came after it is a conflict. Absent: whatever came. */
  readonly seen?: bigint
  readonly now: Date
}

interface Change {
  readonly verb: EventVerb
  readonly from: readonly FindingState[]
  readonly to: FindingState
  readonly set: Partial<typeof findings.$inferInsert>
  readonly reason: string | null
  /** Further facts of the event. */
  readonly facts?: (typeof events.$inferInsert)['facts']
}

/**
 * The one shape of every triage verb: a conditional update and its event in one transaction. The condition is in the
 * WHERE clause, so a lost race and a wrong state are the same `Conflict`, which tells who did what meanwhile.
 * @throws NotFound no such finding | Conflict it is in a state from which this cannot be done, or changed since it was seen
 */
export async function transition(db: Db, triage: Triage, change: Change): Promise<void> {
  await db.transaction(async (tx) => {
    const [row] = await tx
      .update(findings)
      .set({ dismissedUntil: null, ...change.set, state: change.to, updatedAt: triage.now })
      .where(and(eq(findings.id, triage.findingId), inArray(findings.state, [...change.from])))
      .returning({ identifierId: findings.identifierId })
    if (row === undefined) throw await refusal(tx, triage, change)
    await assertUnchanged(tx, triage, change.verb)
    const [identifier] = await tx.select().from(identifiers).where(eq(identifiers.id, row.identifierId))
    await recordEvent(tx, {
      findingId: triage.findingId,
      verb: change.verb,
      actorKind: triage.actor.kind,
      actor: triage.actor.name,
      state: change.to,
      reason: change.reason,
      facts: {
        identifier: identifier?.name ?? null,
        ecosystem: identifier?.ecosystem ?? null,
        team: identifier?.team ?? null,
        comment: triage.comment ?? null,
        ...change.facts,
      },
      at: triage.now,
    })
  })
}

async function refusal(tx: Db, { findingId, now }: Triage, change: Change): Promise<Error> {
  const [found] = await tx.select({ state: findings.state }).from(findings).where(eq(findings.id, findingId))
  if (found === undefined) return noFinding(findingId)
  const [last] = await tx
    .select()
    .from(events)
    .where(and(eq(events.findingId, findingId), inArray(events.verb, [...decisions])))
    .orderBy(desc(events.id))
    .limit(1)
  const how = last === undefined ? '' : `: ${describeEvent(last, now)}`
  return new Conflict(`finding ${findingId} is ${found.state}; only one that is ${change.from.join(' or ')} can be ${change.verb}${how}`)
}

export function noFinding(findingId: bigint): NotFound {
  return new NotFound(`there is no finding ${findingId}; "namesake findings" lists them`)
}
