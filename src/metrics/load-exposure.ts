import { z } from 'zod'
import { and, asc, eq, gt, lt, lte, max, sql } from '../db/drizzle.ts'
import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { claimEvents, claims, events, findings, identifierEvents, identifiers, isCounted } from '../db/schema/index.ts'
import type { FiscalCalendar, Quarter } from '../fiscal-calendar.ts'
import type { CoverSpan } from './coverage-in-quarter.ts'
import { computeExposure, endOf, type ClaimFact, type Exposure, type ExposureHistory, type FindingHistory, type HistoryEvent, type IdentifierFact } from './exposure.ts'

export interface ExposureQuestion {
  readonly calendar: Pick<FiscalCalendar, 'timezone'>
  readonly quarters: readonly Quarter[]
  /** As it was known at this moment. */
  readonly asOf: Date
  readonly now: Date
}

/**
 * The exposure of quarters as it was known at a moment, in the order of the question; recomputed from append-only rows
 * alone (events, claim events, identifier events, cover events, ended runs), so that it never changes. Drills do not count.
 * @throws Invalid the moment has not come, or a quarter had not begun by then
 */
export async function loadExposure(db: Db, question: ExposureQuestion): Promise<readonly Exposure[]> {
  const { asOf, now, quarters, calendar } = question
  // What is still to come can change: such a report could not be repeated.
  if (asOf > now) throw new Invalid([{ where: 'command line', key: '--as-of', value: asOf.toISOString(), expected: 'a moment that has passed is expected' }])
  const early = quarters.find(({ from }) => from >= asOf)
  if (early !== undefined) throw new Invalid([{ where: 'command line', key: '--quarter', value: early.name, expected: `a quarter that had begun by ${asOf.toISOString()} is expected` }])
  // One snapshot: what is written meanwhile is in all of the answer or in none of it.
  return db.transaction(async (tx) => {
    const history = await readHistory(tx, asOf)
    const answers: Exposure[] = []
    for (const quarter of quarters) {
      answers.push(computeExposure({ quarter, timezone: calendar.timezone, asOf, history, covers: await readCovers(tx, quarter, asOf) }))
    }
    return answers
  }, { isolationLevel: 'repeatable read', accessMode: 'read only' })
}

/** A quarter and those before it, newest first. */
export function quartersBack(calendar: FiscalCalendar, quarter: Quarter, before: number): Quarter[] {
  const quarters = [quarter]
  for (let last = quarter; quarters.length <= before; quarters.push(last)) last = calendar.before(last)
  return quarters
}

async function readHistory(tx: Db, asOf: Date): Promise<ExposureHistory> {
  const [names, told] = [new Map<string, IdentifierFact[]>(), new Map<string, ClaimFact[]>()]
  const { identifierId, inInventory, publicOnPurpose, team, at } = identifierEvents
  for (const { id, ...fact } of await tx
    .select({ id: identifierId, inInventory, publicOnPurpose, team, at })
    .from(identifierEvents)
    .innerJoin(identifiers, eq(identifiers.id, identifierId))
    .where(and(isCounted, lt(at, asOf)))
    .orderBy(asc(identifierId), asc(at), asc(identifierEvents.id))) add(names, String(id), fact)
  for (const { id, ...fact } of await tx
    .select({ id: claims.identifierId, registry: claims.registry, claimable: claimEvents.claimable, at: claimEvents.at })
    .from(claimEvents)
    .innerJoin(claims, eq(claims.id, claimEvents.claimId))
    .where(lt(claimEvents.at, asOf))
    .orderBy(asc(claims.identifierId), asc(claimEvents.at), asc(claimEvents.id))) add(told, String(id), fact)
  return { findings: await readFindings(tx, asOf), identifiers: names, claims: told }
}

function add<Fact>(to: Map<string, Fact[]>, id: string, fact: Fact): void {
  const facts = to.get(id)
  if (facts === undefined) to.set(id, [fact])
  else facts.push(fact)
}

/** Findings read at once: all that happened to them fits into memory, what their places are called does not come along. */
const batch = 10_000n

async function readFindings(tx: Db, asOf: Date): Promise<FindingHistory[]> {
  const [last] = await tx.select({ id: max(findings.id) }).from(findings)
  const highest = BigInt(last?.id ?? 0)
  const found: FindingHistory[] = []
  for (let from = 0n; from < highest; from += batch) {
    const rows = await tx
      .select({
        findingId: events.findingId, identifierId: findings.identifierId, verb: events.verb, state: events.state, reason: events.reason, at: events.at,
        facts: sql<HistoryEvent['facts']>`${events.facts} - array['url', 'container', 'path', 'line', 'comment', 'change', 'occurrenceId']`,
      })
      .from(events)
      .innerJoin(findings, eq(findings.id, events.findingId))
      .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
      .where(and(isCounted, lt(events.at, asOf), gt(events.findingId, from), lte(events.findingId, from + batch)))
      .orderBy(asc(events.findingId), asc(events.at), asc(events.id))
    for (const [findingId, of] of Map.groupBy(rows, (row) => row.findingId)) {
      const [first] = of
      if (first === undefined) continue
      found.push({ findingId: String(findingId), identifierId: String(first.identifierId), events: of.map(({ verb, state, reason, at, facts }) => ({ verb, state, reason, at, facts })) })
    }
  }
  return found
}

const moment = z.coerce.date().nullable()
const coverRows = z.array(z.object({ identifiers: z.array(z.string()), source: z.string(), since: z.coerce.date(), until: moment, proven_at: moment, looked_at: moment }))

/**
 * Every stretch in which a watch covered a name and that reaches into the quarter, with the first runs in it that prove
 * something. A plan changes what a watch covers for many names at once: they come as one row.
 */
async function readCovers(tx: Db, quarter: Quarter, asOf: Date): Promise<CoverSpan[]> {
  const [from, end] = [quarter.from.toISOString(), endOf(quarter, asOf).toISOString()]
  const rows = await tx.execute(sql`
    with stretch as (
      select event.watch_id, event.identifier_id, event.covers, event.at as since,
        lead(event.at) over (partition by event.watch_id, event.identifier_id order by event.at, event.id) as until
      from cover_events event where event.at < ${end}::timestamptz
    ), standing as materialized (
      select stretch.watch_id, stretch.since, stretch.until, array_agg(stretch.identifier_id::text order by stretch.identifier_id) as identifiers
      from stretch join identifiers name on name.id = stretch.identifier_id and name.origin <> 'drill'
      where stretch.covers and (stretch.until is null or stretch.until > ${from}::timestamptz)
      group by stretch.watch_id, stretch.since, stretch.until
    )
    select standing.identifiers, watch.source, standing.since, standing.until, complete.finished_at as proven_at, looked.finished_at as looked_at
    from standing
    join watches watch on watch.id = standing.watch_id
    left join lateral (
      select run.finished_at from runs run
      where run.watch_id = standing.watch_id and run.outcome = 'complete' and run.started_at >= greatest(standing.since, ${from}::timestamptz)
        and run.finished_at >= ${from}::timestamptz and run.finished_at < least(standing.until, ${end}::timestamptz)
      order by run.finished_at limit 1
    ) complete on true
    left join lateral (
      select run.finished_at from runs run
      where run.watch_id = standing.watch_id and (run.outcome = 'complete' or run.pages > 0) and run.started_at >= greatest(standing.since, ${from}::timestamptz)
        and run.finished_at >= ${from}::timestamptz and run.finished_at < least(standing.until, ${end}::timestamptz)
      order by run.finished_at limit 1
    ) looked on true
    order by watch.source, standing.since, standing.watch_id`)
  return coverRows.parse([...rows]).flatMap(({ identifiers: covered, source, since, until, proven_at: provenAt, looked_at: lookedAt }) =>
    covered.map((identifierId) => ({ identifierId, source, since, until, provenAt, lookedAt })))
}
