import { z } from 'zod'
import { sql, type SQL } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { outcomes, type Outcome } from '../db/schema/index.ts'

/** Reasons that are told one by one; what is beyond is counted together. */
const most = 10

/** The watches of a source and what became of them. */
export interface SourceSummary {
  readonly source: string
  /** Without those that were retired. */
  readonly watches: number
  /** By the outcome of the last run that ended; `never`: none did. */
  readonly byOutcome: Readonly<Record<Outcome | 'never', number>>
  readonly going: number
  readonly last: { readonly outcome: Outcome; readonly reason: string | null; readonly startedAt: Date; readonly finishedAt: Date } | null
  /** Why last runs were not complete, the most frequent first. */
  readonly troubles: readonly { readonly reason: string; readonly watches: number; readonly at: Date }[]
  readonly pending: { readonly searches: number; readonly fetches: number }
  /** Search requests of runs that started since the moment that was given. */
  readonly searched: number
  /** Names of the inventory, as this source covers them. */
  readonly coverage: { readonly proven: number; readonly partly: number; readonly never: number; readonly gaps: readonly { readonly reason: string; readonly names: number }[] }
}

const latest = sql`
  select watch.id, watch.source, last.outcome, last.reason, last.started_at, last.finished_at, going.id as going
  from watches watch
  left join lateral (
    select run.outcome, run.reason, run.started_at, run.finished_at from runs run
    where run.watch_id = watch.id and run.finished_at is not null order by run.finished_at desc, run.id desc limit 1
  ) last on true
  left join runs going on going.watch_id = watch.id and going.finished_at is null
  where watch.retired_at is null`

const countRows = z.array(z.object({ source: z.string(), outcome: z.enum(outcomes).nullable(), watches: z.int(), going: z.int() }))
const lastRows = z.array(z.object({ source: z.string(), outcome: z.enum(outcomes), reason: z.string().nullable(), started_at: z.coerce.date(), finished_at: z.coerce.date() }))
const troubleRows = z.array(z.object({ source: z.string(), reason: z.string(), watches: z.int(), at: z.coerce.date() }))
const pendingRows = z.array(z.object({ source: z.string(), kind: z.enum(['search', 'fetch']), steps: z.int() }))
const searchedRows = z.array(z.object({ source: z.string(), pages: z.int() }))
const coverageRows = z.array(z.object({ source: z.string(), state: z.enum(['proven', 'partly', 'never']), gap: z.string().nullable(), names: z.int() }))

/** @param since by source: where its budget began to count */
export async function summariseSources(db: Db, since: ReadonlyMap<string, Date>): Promise<readonly SourceSummary[]> {
  const ids = [...since.keys()]
  if (ids.length === 0) return []
  const chosen = sql`source in (${sql.join(ids.map((id) => sql`${id}`), sql`, `)})`
  const read = async <Rows>(schema: z.ZodType<Rows>, query: SQL): Promise<Rows> => schema.parse([...(await db.execute(query))])
  const counts = await read(countRows, sql`with latest as (${latest}) select source, outcome, count(*)::int as watches, count(going)::int as going from latest where ${chosen} group by source, outcome`)
  const last = await read(lastRows, sql`with latest as (${latest}) select distinct on (source) source, outcome, reason, started_at, finished_at from latest where ${chosen} and finished_at is not null order by source, finished_at desc, id desc`)
  const troubles = await read(troubleRows, sql`
    with latest as (${latest})
    select source, line.reason, count(*)::int as watches, max(finished_at) as at
    from latest cross join lateral (select distinct unnest(string_to_array(latest.reason, E'\n')) as reason) line
    where ${chosen} and outcome <> 'complete' group by source, line.reason order by watches desc, at desc, line.reason`)
  const pending = await read(pendingRows, sql`select source, kind, count(*)::int as steps from steps where ${chosen} and state = 'pending' group by source, kind`)
  const searched = await read(searchedRows, sql`
    select watch.source, coalesce(sum(run.pages), 0)::int as pages
    from (values ${sql.join([...since].map(([id, at]) => sql`(${id}::text, ${at.toISOString()}::timestamptz)`), sql`, `)}) as span (source, since)
    join watches watch on watch.source = span.source
    join runs run on run.watch_id = watch.id and (run.finished_at is null or run.finished_at >= span.since) and run.started_at >= span.since
    group by watch.source`)
  const covered = await read(coverageRows, sql`
    select coverage.source,
      case when coverage.gap is null and coverage.complete_at is not null then 'proven' when coverage.attempted_at is null then 'never' else 'partly' end as state,
      coverage.gap, count(*)::int as names
    from coverage join identifiers name on name.id = coverage.identifier_id
    where ${chosen} and name.retired_at is null and name.pattern_id is null and not name.public_on_purpose and name.origin <> 'drill'
    group by 1, 2, 3 order by names desc, coverage.gap`)
  return ids.map((source) => {
    const own = <Row extends { readonly source: string }>(rows: readonly Row[]) => rows.filter((row) => row.source === source)
    const byOutcome = { complete: 0, partial: 0, throttled: 0, failed: 0, interrupted: 0, never: 0 }
    for (const { outcome, watches } of own(counts)) byOutcome[outcome ?? 'never'] += watches
    const [newest] = own(last)
    const coverage = { proven: 0, partly: 0, never: 0 }
    for (const { state, names } of own(covered)) coverage[state] += names
    return {
      source, byOutcome,
      watches: own(counts).reduce((sum, { watches }) => sum + watches, 0),
      going: own(counts).reduce((sum, { going }) => sum + going, 0),
      last: newest === undefined ? null : { outcome: newest.outcome, reason: newest.reason, startedAt: newest.started_at, finishedAt: newest.finished_at },
      troubles: capped(own(troubles).map(({ reason, watches, at }) => ({ reason, watches, at }))),
      pending: { searches: sumOf(own(pending), 'search'), fetches: sumOf(own(pending), 'fetch') },
      searched: own(searched)[0]?.pages ?? 0,
      coverage: { ...coverage, gaps: own(covered).flatMap(({ gap, names }) => (gap === null ? [] : [{ reason: gap, names }])).slice(0, most) },
    }
  })
}

function sumOf(rows: readonly { readonly kind: string; readonly steps: number }[], kind: 'search' | 'fetch'): number {
  return rows.find((row) => row.kind === kind)?.steps ?? 0
}

function capped(troubles: SourceSummary['troubles']): SourceSummary['troubles'] {
  const [first, ...others] = troubles.slice(most - 1)
  if (first === undefined || others.length === 0) return troubles
  return [...troubles.slice(0, most - 1), { reason: `${others.length + 1} other reasons`, watches: [first, ...others].reduce((sum, { watches }) => sum + watches, 0), at: first.at }]
}
