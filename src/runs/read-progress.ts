import { and, count, eq, gte, inArray, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { events, findings, identifiers, isCounted, runs, sightings, steps, watches, type Outcome } from '../db/schema/index.ts'

export interface RunProgress {
  readonly runs: number
  readonly finished: number
  readonly pendingSearches: number
  readonly pendingFetches: number
  readonly documents: number
}

/** Ids travel as one array parameter: a statement takes only 65,535 of them. */
function anyOf(ids: readonly bigint[]) {
  return sql`any(${`{${ids.join(',')}}`}::bigint[])`
}

/** How far these runs are. */
export async function readProgress(db: Db, runIds: readonly bigint[]): Promise<RunProgress> {
  const [totals] = await db
    .select({ runs: count(), finished: count(runs.finishedAt) })
    .from(runs)
    .where(sql`${runs.id} = ${anyOf(runIds)}`)
  const pending = await db
    .select({ kind: steps.kind, number: count() })
    .from(steps)
    .where(and(sql`${steps.runId} = ${anyOf(runIds)}`, eq(steps.state, 'pending')))
    .groupBy(steps.kind)
  const [seen] = await db
    .select({ documents: sql<number>`count(distinct ${sightings.documentId})::int` })
    .from(sightings)
    .where(sql`${sightings.runId} = ${anyOf(runIds)}`)
  return {
    runs: totals?.runs ?? 0,
    finished: totals?.finished ?? 0,
    pendingSearches: pending.find(({ kind }) => kind === 'search')?.number ?? 0,
    pendingFetches: pending.find(({ kind }) => kind === 'fetch')?.number ?? 0,
    documents: seen?.documents ?? 0,
  }
}

export interface RunSummary {
  readonly id: bigint
  readonly source: string
  readonly query: string
  readonly outcome: Outcome | null
  readonly reason: string | null
  readonly counted: number | null
  readonly seen: number
  readonly requests: number
}

/** What became of these runs. */
export async function summariseRuns(db: Db, runIds: readonly bigint[]): Promise<readonly RunSummary[]> {
  return db
    .select({
      id: runs.id, source: watches.source, query: watches.query, outcome: runs.outcome, reason: runs.reason,
      counted: runs.counted, seen: runs.seen, requests: runs.requests,
    })
    .from(runs)
    .innerJoin(watches, eq(runs.watchId, watches.id))
    .where(sql`${runs.id} = ${anyOf(runIds)}`)
    .orderBy(runs.id)
}

/** Findings that became news (found or reopened) since a moment; drills are none. */
export async function newsSince(db: Db, since: Date): Promise<readonly bigint[]> {
  const rows = await db
    .selectDistinct({ id: events.findingId })
    .from(events)
    .innerJoin(findings, eq(findings.id, events.findingId))
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(and(isCounted, gte(events.at, since), inArray(events.verb, ['found', 'reopened', 'proposal-withdrawn'])))
    .orderBy(events.findingId)
  return rows.map(({ id }) => id)
}
