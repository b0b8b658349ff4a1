import { and, desc, eq, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { auditTrail } from '../db/schema/index.ts'

export interface ListedAction {
  readonly id: bigint
  readonly actor: string
  readonly actorKind: (typeof auditTrail.$inferSelect)['actorKind']
  readonly verb: string
  readonly subjectKind: string
  readonly subject: string
  readonly facts: (typeof auditTrail.$inferSelect)['facts']
  readonly at: Date
}

/** Lines of the audit trail, newest first. @param filter.before only those older than this id */
export async function listActions(
  db: Db,
  filter: { readonly limit: number; readonly before?: bigint; readonly verb?: string; readonly actor?: string },
): Promise<readonly ListedAction[]> {
  const { before, verb, actor } = filter
  return db
    .select()
    .from(auditTrail)
    .where(and(
      before === undefined ? undefined : lt(auditTrail.id, before),
      verb === undefined ? undefined : eq(auditTrail.verb, verb),
      actor === undefined ? undefined : eq(auditTrail.actor, actor),
    ))
    .orderBy(desc(auditTrail.id))
    .limit(filter.limit)
}

/** Every verb that occurs, for the filter. */
export async function listVerbs(db: Db): Promise<readonly string[]> {
  const rows = await db.selectDistinct({ verb: auditTrail.verb }).from(auditTrail).orderBy(auditTrail.verb)
  return rows.map(({ verb }) => verb)
}
