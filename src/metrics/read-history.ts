import { and, asc, eq, lt, sql } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Db } from '../db/client.ts'
import { events, findings, identifiers, isCounted } from '../db/schema/index.ts'
import { computeExposure, type CoverageFact, type Exposure, type HistoryEvent } from './exposure.ts'
import type { Quarter } from './quarter.ts'

/** The exposure of a quarter as it was known at `asOf`. `sources` are the ones that are configured. */
export async function readExposure(db: Db, input: { readonly quarter: Quarter; readonly asOf: Date; readonly sources: readonly string[] }): Promise<Exposure> {
  return computeExposure({
    quarter: input.quarter,
    asOf: input.asOf,
    events: await readEvents(db, input.asOf),
    coverage: await readCoverage(db, input),
  })
}

async function readEvents(db: Db, asOf: Date): Promise<HistoryEvent[]> {
  const rows = await db
    .select({ event: events })
    .from(events)
    .innerJoin(findings, eq(findings.id, events.findingId))
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(and(isCounted, lt(events.at, asOf)))
    .orderBy(asc(events.at), asc(events.id))
  return rows.map(({ event: row }) => ({
    findingId: String(row.findingId),
    verb: row.verb,
    state: row.state,
    reason: row.reason,
    at: row.at,
    facts: row.facts,
  }))
}

const coverageRows = z.array(z.object({ identifier: z.string(), source: z.string(), complete_at: z.coerce.date().nullable() }))

/**
 * Recomputed from the runs, not from the `coverage` table, so that it can be told for any moment: an identifier is
 * complete in a source as of the oldest of the last complete runs of the watches that cover it.
 */
async function readCoverage(db: Db, input: { readonly quarter: Quarter; readonly asOf: Date; readonly sources: readonly string[] }): Promise<CoverageFact[]> {
  if (input.sources.length === 0) return []
  const end = (input.asOf < input.quarter.to ? input.asOf : input.quarter.to).toISOString()
  const rows = await db.execute(sql`
    select name.id::text as identifier, source.id as source,
      case when count(watch.id) > 0 and bool_and(complete.started_at is not null) then min(complete.started_at) end as complete_at
    from identifiers name
    cross join (select unnest(array[${sql.join(input.sources.map((source) => sql`${source}`), sql`, `)}]::text[]) as id) source
    left join watch_covers cover on cover.identifier_id = name.id
    left join watches watch on watch.id = cover.watch_id and watch.source = source.id and watch.purpose = 'cover' and watch.created_at < ${end}::timestamptz
      and (watch.retired_at is null or watch.retired_at >= ${end}::timestamptz)
    left join lateral (
      select max(run.started_at) as started_at from runs run
      where run.watch_id = watch.id and run.outcome = 'complete' and run.finished_at < ${end}::timestamptz
    ) complete on watch.id is not null
    where name.pattern_id is null and not name.public_on_purpose and name.origin <> 'drill' and name.created_at < ${end}::timestamptz
      and (name.retired_at is null or name.retired_at >= ${end}::timestamptz)
    group by name.id, source.id
    order by name.id, source.id`)
  return coverageRows.parse([...rows]).map((row) => ({ identifier: row.identifier, source: row.source, completeAt: row.complete_at }))
}
