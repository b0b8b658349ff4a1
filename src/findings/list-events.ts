import { and, desc, eq, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { events, findings, type ActorKind, type EventVerb, type FindingState } from '../db/schema/index.ts'
import { noFinding } from './transition.ts'

/** A line of a finding's history. Times are ISO 8601, ids decimal text. */
export interface ListedEvent {
  readonly id: string
  readonly at: string
  readonly verb: EventVerb
  readonly actor: { readonly kind: ActorKind; readonly name: string }
  readonly state: FindingState
  readonly reason: string | null
  readonly comment: string | null
  readonly facts: Record<string, string | number | boolean | null>
}

/** The history of a finding, newest first. @param page.before only what is older than this event @throws NotFound */
export async function listEvents(db: Db, { findingId, before, limit }: { readonly findingId: bigint; readonly before: bigint | null; readonly limit: number }): Promise<{ readonly items: ListedEvent[]; readonly more: boolean }> {
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.findingId, findingId), before === null ? undefined : lt(events.id, before)))
    .orderBy(desc(events.id))
    .limit(limit + 1)
  if (rows.length === 0) {
    const [known] = await db.select({ id: findings.id }).from(findings).where(eq(findings.id, findingId))
    if (known === undefined) throw noFinding(findingId)
  }
  return {
    more: rows.length > limit,
    items: rows.slice(0, limit).map(({ id, at, verb, actorKind, actor, state, reason, facts: { comment, ...facts } }) => ({
      id: String(id), at: at.toISOString(), verb, actor: { kind: actorKind, name: actor }, state, reason,
      comment: typeof comment === 'string' ? comment : null, facts,
    })),
  }
}
