import { and, desc, eq, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { findings, identifiers, notices, type NoticeKind } from '../db/schema/index.ts'

export interface DeadNotice {
  readonly id: bigint
  readonly channel: string
  readonly kind: NoticeKind
  readonly reason: string | null
  /** Null where it is about none, or about many. */
  readonly finding: { readonly id: bigint; readonly identifier: string } | null
  readonly attempts: number
  readonly createdAt: Date
}

/** What destinations refused for good, newest first. @param page.before only those older than this id */
export async function pageDead(db: Db, { limit, before }: { readonly limit: number; readonly before: bigint | null }): Promise<readonly DeadNotice[]> {
  const rows = await db
    .select({
      id: notices.id, channel: notices.channel, kind: notices.kind, reason: notices.reason, attempts: notices.attempts, createdAt: notices.createdAt,
      findingId: notices.findingId, identifier: identifiers.name,
    })
    .from(notices)
    .leftJoin(findings, eq(findings.id, notices.findingId))
    .leftJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(and(eq(notices.state, 'dead'), before === null ? undefined : lt(notices.id, before)))
    .orderBy(desc(notices.id))
    .limit(limit)
  return rows.map(({ findingId, identifier, ...row }) => ({ ...row, finding: findingId === null || identifier === null ? null : { id: findingId, identifier } }))
}
