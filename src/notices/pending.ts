import { and, asc, eq, inArray, sql } from '../db/drizzle.ts'
import type { QuietHours } from '../contracts/routing.ts'
import type { Db } from '../db/client.ts'
import { alertKinds, claimEvents, claims, findings, identifiers, notices, type NoticeKind } from '../db/schema/index.ts'
import type { Facts } from './route.ts'

/** A notice that waits, with what decides when it may be told. */
export interface PendingNotice {
  readonly id: bigint
  readonly channel: string
  readonly kind: NoticeKind
  readonly findingId: bigint | null
  readonly attempt: string | null
  readonly createdAt: Date
  /** As the finding is now; of news that are about no single finding all null. */
  readonly facts: Omit<Facts, 'kind'>
  /** It is critical, or stands behind something critical about the same finding: never held up by what is not. */
  readonly loud: boolean
}

/** Whether it is an alert, which becomes one message with others when many come at once. */
export function isAlert(kind: NoticeKind): boolean {
  return alertKinds.some((alert) => alert === kind)
}

export interface PendingQuery {
  readonly channels: readonly string[]
  /** Sources are looked up only where something asks for them: of thousands of rows that is most of the work. */
  readonly quietHours: QuietHours | null
  /** Only this notice and what is about the same finding. Absent: all. */
  readonly about?: bigint
}

/** What waits for channels, oldest first. */
export async function listPending(db: Db, { channels, quietHours, about }: PendingQuery): Promise<readonly PendingNotice[]> {
  if (channels.length === 0) return []
  const rows = await db
    .select({
      id: notices.id,
      channel: notices.channel,
      kind: notices.kind,
      findingId: notices.findingId,
      attempt: notices.attempt,
      createdAt: notices.createdAt,
      severity: findings.severity,
      team: identifiers.team,
      ecosystem: identifiers.ecosystem,
      sources: quietHours?.except.source === undefined ? sql<string[]>`'{}'::text[]` : sql<string[]>`array(select distinct d.source from occurrences o join documents d on d.id = o.document_id where o.finding_id = ${notices.findingId})`,
    })
    .from(notices)
    .leftJoin(findings, eq(findings.id, notices.findingId))
    .leftJoin(claimEvents, eq(claimEvents.id, notices.claimEventId))
    .leftJoin(claims, eq(claims.id, claimEvents.claimId))
    .leftJoin(identifiers, eq(identifiers.id, sql`coalesce(${findings.identifierId}, ${claims.identifierId})`))
    .where(and(eq(notices.state, 'pending'), inArray(notices.channel, [...channels]), about === undefined ? undefined : sql`(${notices.id} = ${about} or ${notices.findingId} = (select finding_id from notices where id = ${about}))`))
    .orderBy(asc(notices.id))
  const claimed = new Set(rows.flatMap(({ kind, channel, findingId }) => (kind === 'claim' && findingId !== null ? [`${channel} ${findingId}`] : [])))
  return rows.map(({ severity, team, ecosystem, sources, ...row }) => {
    const loud = row.kind === 'claim' || severity === 'critical' || claimed.has(`${row.channel} ${row.findingId}`)
    const facts = isAlert(row.kind)
      ? { severity: loud ? ('critical' as const) : severity, team, ecosystem, sources }
      : { severity: null, team: null, ecosystem: null, sources: [] }
    return { ...row, facts, loud }
  })
}
