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

const latestRows = z.array(z.object({
  source: z.string(), outcome: z.enum(outcomes).nullable(), reason: z.string().nullable(), watches: z.int(), going: z.int(),
  started_at: z.coerce.date().nullable(), finished_at: z.coerce.date().nullable(),
}))
type Latest = z.output<typeof latestRows>[number]
const pendingRows = z.array(z.object({ source: z.string(), kind: z.enum(['search', 'fetch']), steps: z.int() }))
const searchedRows = z.array(z.object({ source: z.string(), pages: z.int() }))
const coverageRows = z.array(z.object({ source: z.string(), state: z.enum(['proven', 'partly', 'never']), gap: z.string().nullable(), names: z.int() }))

/** @param since by source: where its budget began to count */
export async function summariseSources(db: Db, since: ReadonlyMap<string, Date>): Promise<readonly SourceSummary[]> {
  const ids = [...since.keys()]
  if (ids.length === 0) return []
  const chosen = sql`source in (${sql.join(ids.map((id) => sql`${id}`), sql`, `)})`
  const read = async <Rows>(schema: z.ZodType<Rows>, query: SQL): Promise<Rows> => schema.parse([...(await db.execute(query))])
  // Once for all that is told about last runs: it looks at every watch.
  const rows = await read(latestRows, sql`
    with latest as (${latest})
    select source, outcome, reason, count(*)::int as watches, count(going)::int as going, max(finished_at) as finished_at, (array_agg(started_at order by finished_at desc))[1] as started_at
    from latest where ${chosen} group by source, outcome, reason`)
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
    const own = <Row extends { readonly source: string }>(all: readonly Row[]) => all.filter((row) => row.source === source)
    const runs = own(rows)
    const byOutcome = { complete: 0, partial: 0, throttled: 0, failed: 0, interrupted: 0, never: 0 }
    for (const { outcome, watches } of runs) byOutcome[outcome ?? 'never'] += watches
    const coverage = { proven: 0, partly: 0, never: 0 }
    for (const { state, names } of own(covered)) coverage[state] += names
    return {
      source, byOutcome,
      watches: runs.reduce((sum, { watches }) => sum + watches, 0),
      going: runs.reduce((sum, { going }) => sum + going, 0),
      last: newestOf(runs),
      troubles: capped(troublesOf(runs)),
      pending: { searches: sumOf(own(pending), 'search'), fetches: sumOf(own(pending), 'fetch') },
      searched: own(searched)[0]?.pages ?? 0,
      coverage: { ...coverage, gaps: own(covered).flatMap(({ gap, names }) => (gap === null ? [] : [{ reason: gap, names }])).slice(0, most) },
    }
  })
}

function newestOf(runs: readonly Latest[]): SourceSummary['last'] {
  let newest: SourceSummary['last'] = null
  for (const { outcome, reason, started_at: startedAt, finished_at: finishedAt } of runs) {
    if (outcome === null || startedAt === null || finishedAt === null || (newest !== null && newest.finishedAt >= finishedAt)) continue
    newest = { outcome, reason, startedAt, finishedAt }
  }
  return newest
}

/** A run may have several reasons, a line each; every one counts once for its watch. */
function troublesOf(runs: readonly Latest[]): SourceSummary['troubles'] {
  const troubles = new Map<string, { reason: string; watches: number; at: Date }>()
  for (const { outcome, reason, watches, finished_at: at } of runs) {
    if (outcome === 'complete' || reason === null || at === null) continue
    for (const line of new Set(reason.split('\n'))) {
      const known = troubles.get(line)
      if (known === undefined) troubles.set(line, { reason: line, watches, at })
      else Object.assign(known, { watches: known.watches + watches, at: at > known.at ? at : known.at })
    }
  }
  return [...troubles.values()].sort((a, b) => b.watches - a.watches || b.at.getTime() - a.at.getTime() || (a.reason < b.reason ? -1 : 1))
}

function sumOf(rows: readonly { readonly kind: string; readonly steps: number }[], kind: 'search' | 'fetch'): number {
  return rows.find((row) => row.kind === kind)?.steps ?? 0
}

function capped(troubles: SourceSummary['troubles']): SourceSummary['troubles'] {
  const [first, ...others] = troubles.slice(most - 1)
  if (first === undefined || others.length === 0) return troubles
  return [...troubles.slice(0, most - 1), { reason: `${others.length + 1} other reasons`, watches: [first, ...others].reduce((sum, { watches }) => sum + watches, 0), at: first.at }]
}
