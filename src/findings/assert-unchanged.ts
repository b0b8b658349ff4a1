import { and, desc, eq, gt, inArray } from '../db/drizzle.ts'
import { Conflict } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { events, type EventVerb } from '../db/schema/index.ts'
import { describeEvent } from './describe-event.ts'
import type { Triage } from './transition.ts'

/** What changes the state of a finding. */
export const decisions = ['acknowledged', 'resolved', 'dismissed', 'reopened'] as const satisfies EventVerb[]

/** What somebody who settles a finding has to have seen: other decisions, and what makes it worse. */
const settling = [...decisions, 'place-added', 'place-returned', 'reassessed', 'unsuppressed'] as const satisfies EventVerb[]

/** Per verb what must not have happened since the finding was looked at. Not in it: nothing stands in the way. */
const matters: Partial<Readonly<Record<EventVerb, readonly EventVerb[]>>> = {
  acknowledged: decisions,
  reopened: decisions,
  resolved: settling,
  dismissed: settling,
  assigned: ['assigned'],
  suppressed: [...decisions, 'suppressed', 'unsuppressed'],
  unsuppressed: [...decisions, 'suppressed', 'unsuppressed'],
}

/**
 * Refuses a verb when the finding is another one than the person saw. The finding's row is held by the caller, so that
 * nothing comes in between. What does not matter to the verb (a comment, a date) is no conflict.
 * @throws Conflict with who did what, and when
 */
export async function assertUnchanged(tx: Db, { findingId, seen, now }: Triage, verb: EventVerb): Promise<void> {
  const verbs = matters[verb]
  if (seen === undefined || verbs === undefined) return
  const [last] = await tx
    .select()
    .from(events)
    .where(and(eq(events.findingId, findingId), gt(events.id, seen), inArray(events.verb, [...verbs])))
    .orderBy(desc(events.id))
    .limit(1)
  if (last !== undefined) throw new Conflict(`finding ${findingId} is not any more what you saw: ${describeEvent(last, now)}`)
}
