import { z } from 'zod'
import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { createTally, type CountBetween, type Totals } from './tally.ts'

/** Seconds: upper bounds of the time from publication to alert. */
export const alertBuckets = [300, 900, 3_600, 14_400, 43_200, 86_400, 259_200, 604_800, 2_592_000, 7_776_000] as const

/** What the database knows about the service. Labels are ids of our own lists and of the configuration, never a name, a query or a place. */
export interface Numbers {
  readonly findings: readonly { readonly state: string; readonly severity: string; readonly findings: number; readonly places: number; readonly livePlaces: number }[]
  readonly claims: readonly { readonly registry: string; readonly state: string; readonly claimable: string; readonly claims: number }[]
  readonly runs: readonly { readonly source: string; readonly outcome: string; readonly runs: number; readonly searches: number; readonly fetches: number }[]
  /** Requests of runs that ended within the last hour. */
  readonly lastHour: readonly { readonly source: string; readonly searches: number; readonly fetches: number }[]
  readonly documents: readonly { readonly source: string; readonly documents: number }[]
  readonly steps: readonly { readonly source: string; readonly kind: string; readonly steps: number; readonly oldestSeconds: number }[]
  readonly delivered: readonly { readonly destination: string; readonly kind: string; readonly notices: number }[]
  /** `oldestSeconds` without places, which wait for the digest; null: there is nothing else. */
  readonly undelivered: readonly { readonly destination: string; readonly state: string; readonly notices: number; readonly oldestSeconds: number | null }[]
  /** Destinations that took nothing since, or refuse us for good. */
  readonly failing: readonly { readonly destination: string; readonly failingSeconds: number; readonly dead: boolean }[]
  /** Of each destination: alerts by upper bound (not cumulative, the last one without a bound), and the seconds of all. */
  readonly alerts: readonly { readonly destination: string; readonly buckets: readonly number[]; readonly sum: number }[]
  readonly coverage: readonly { readonly source: string; readonly proven: number; readonly gap: number; readonly never: number; readonly oldestSeconds: number | null }[]
  readonly processes: readonly { readonly name: string; readonly processes: number; readonly oldestBeatSeconds: number; readonly newestBeatSeconds: number }[]
  readonly inferred: number
}

export interface NumbersReader {
  read(now: Date): Promise<Numbers>
}

/** Findings of drills are counted nowhere; the few of them are left out by their ids, which costs no join. */
const isCounted = sql`finding.identifier_id not in (select identifier_id from drills)`

/** Reads the numbers of a process's database; what only grows is remembered, see tally.ts. */
export function createNumbersReader(db: Db): NumbersReader {
  const runs = createTally(countRuns(db))
  const documents = createTally(countDocuments(db))
  const delivered = createTally(countDelivered(db))
  const alerts = createTally(countAlerts(db))
  return {
    async read(now) {
      const [findings, claims, ended, lastHour, read, steps, told, undelivered, failing, timed, coverage, processes, inferred] = await Promise.all([
        readFindings(db), readClaims(db), runs.read(now), readLastHour(db, now), documents.read(now), readSteps(db, now),
        delivered.read(now), readUndelivered(db, now), readFailing(db, now), alerts.read(now), readCoverage(db, now), readProcesses(db, now), readInferred(db),
      ])
      return {
        findings, claims, lastHour, steps, undelivered, failing, coverage, processes, inferred,
        runs: rowsOf(ended, ([source = '', outcome = ''], [number = 0, searches = 0, fetches = 0]) => ({ source, outcome, runs: number, searches, fetches })),
        documents: rowsOf(read, ([source = ''], [number = 0]) => ({ source, documents: number })),
        delivered: rowsOf(told, ([destination = '', kind = ''], [number = 0]) => ({ destination, kind, notices: number })),
        alerts: alertsOf(timed),
      }
    },
  }
}

function rowsOf<Row>(totals: Totals, toRow: (labels: readonly string[], numbers: readonly number[]) => Row): Row[] {
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([labels, numbers]) => toRow(labels.split(' '), numbers))
}

const count = z.coerce.number()

function parse<Shape extends z.ZodRawShape>(rows: Iterable<unknown>, shape: Shape) {
  return z.array(z.object(shape)).parse([...rows])
}

function between(column: ReturnType<typeof sql>, from: Date | null, to: Date | null) {
  return sql`(${from === null ? sql`true` : sql`${column} > ${from.toISOString()}::timestamptz`}) and (${to === null ? sql`true` : sql`${column} <= ${to.toISOString()}::timestamptz`})`
}

async function readFindings(db: Db): Promise<Numbers['findings']> {
  const rows = await db.execute(sql`
    select finding.state, finding.severity, count(*) as findings, sum(finding.places) as places, sum(finding.live_places) as live_places
    from findings finding where ${isCounted} group by 1, 2 order by 1, 2`)
  return parse(rows, { state: z.string(), severity: z.string(), findings: count, places: count, live_places: count })
    .map(({ live_places: livePlaces, ...row }) => ({ ...row, livePlaces }))
}

async function readClaims(db: Db): Promise<Numbers['claims']> {
  const rows = await db.execute(sql`select registry, state, claimable, count(*) as claims from claims where asked_at is not null group by 1, 2, 3 order by 1, 2, 3`)
  return parse(rows, { registry: z.string(), state: z.string(), claimable: z.string(), claims: count })
}

/** A page of a search is one request; every other request of a run fetched documents. */
const requests = sql`count(*) as runs, coalesce(sum(run.pages), 0) as searches, coalesce(sum(greatest(run.requests - run.pages, 0)), 0) as fetches`
const requestsShape = { runs: count, searches: count, fetches: count }

function countRuns(db: Db): CountBetween {
  return async (from, to) => {
    // By watch first: thousands of watches are joined to their sources, not millions of runs.
    const rows = await db.execute(sql`
      select watch.source, run.outcome, sum(run.runs) as runs, sum(run.searches) as searches, sum(run.fetches) as fetches
      from (
        select run.watch_id, run.outcome, ${requests} from runs run
        where run.finished_at is not null and ${between(sql`run.finished_at`, from, to)} group by 1, 2
      ) run
      join watches watch on watch.id = run.watch_id group by 1, 2`)
    return new Map(parse(rows, { source: z.string(), outcome: z.string(), ...requestsShape }).map(({ source, outcome, runs, searches, fetches }) => [`${source} ${outcome}`, [runs, searches, fetches]]))
  }
}

async function readLastHour(db: Db, now: Date): Promise<Numbers['lastHour']> {
  const rows = await db.execute(sql`
    select watch.source, ${requests} from runs run join watches watch on watch.id = run.watch_id
    where run.finished_at > ${new Date(now.getTime() - 3_600_000).toISOString()}::timestamptz group by 1 order by 1`)
  return parse(rows, { source: z.string(), ...requestsShape }).map(({ source, searches, fetches }) => ({ source, searches, fetches }))
}

function countDocuments(db: Db): CountBetween {
  return async (from, to) => {
    const rows = await db.execute(sql`select source, count(*) as documents from documents where ${between(sql`first_seen_at`, from, to)} group by 1`)
    return new Map(parse(rows, { source: z.string(), documents: count }).map(({ source, documents }) => [source, [documents]]))
  }
}

async function readSteps(db: Db, now: Date): Promise<Numbers['steps']> {
  const rows = await db.execute(sql`select source, kind, count(*) as steps, min(created_at) as oldest from steps where state = 'pending' group by 1, 2 order by 1, 2`)
  return parse(rows, { source: z.string(), kind: z.string(), steps: count, oldest: z.coerce.date() }).map(({ oldest, ...row }) => ({ ...row, oldestSeconds: secondsSince(oldest, now) }))
}

function countDelivered(db: Db): CountBetween {
  return async (from, to) => {
    const rows = await db.execute(sql`
      select channel, kind, count(*) as notices from notices where state = 'delivered' and ${between(sql`delivered_at`, from, to)} group by 1, 2`)
    return new Map(parse(rows, { channel: z.string(), kind: z.string(), notices: count }).map(({ channel, kind, notices }) => [`${channel} ${kind}`, [notices]]))
  }
}

async function readUndelivered(db: Db, now: Date): Promise<Numbers['undelivered']> {
  const rows = await db.execute(sql`
    select channel as destination, state, count(*) as notices, min(created_at) filter (where kind <> 'place') as oldest from notices
    where state = 'pending' or state = 'dead' group by 1, 2 order by 1, 2`)
  return parse(rows, { destination: z.string(), state: z.string(), notices: count, oldest: z.coerce.date().nullable() })
    .map(({ oldest, ...row }) => ({ ...row, oldestSeconds: oldest === null ? null : secondsSince(oldest, now) }))
}

async function readFailing(db: Db, now: Date): Promise<Numbers['failing']> {
  const rows = await db.execute(sql`select name as destination, failing_since, dead_since is not null as dead from destinations order by 1`)
  return parse(rows, { destination: z.string(), failing_since: z.coerce.date().nullable(), dead: z.boolean() })
    .map(({ destination, failing_since: since, dead }) => ({ destination, failingSeconds: since === null ? 0 : secondsSince(since, now), dead }))
}

/** Of findings whose publication is known: a lower bound would make every alert look fast. What the baseline had is in no alert. */
function countAlerts(db: Db): CountBetween {
  const bounds = sql.raw(`array[${alertBuckets.join(',')}]::float8[]`)
  return async (from, to) => {
    const rows = await db.execute(sql`
      select destination, width_bucket(seconds, ${bounds}) as bucket, count(*) as alerts, sum(seconds) as seconds from (
        select notice.channel as destination, greatest(extract(epoch from notice.delivered_at - finding.public_since), 0)::float8 as seconds
        from notices notice join findings finding on finding.id = notice.finding_id
        where notice.state = 'delivered' and notice.kind = 'leaked' and not finding.public_since_is_lower_bound and ${isCounted} and ${between(sql`notice.delivered_at`, from, to)}
      ) alert group by 1, 2`)
    return new Map(parse(rows, { destination: z.string(), bucket: count, alerts: count, seconds: count }).map(({ destination, bucket, alerts, seconds }) => [`${destination} ${bucket}`, [alerts, seconds]]))
  }
}

function alertsOf(totals: Totals): Numbers['alerts'] {
  const all = new Map<string, { buckets: number[]; sum: number }>()
  for (const [labels, [alerts = 0, seconds = 0]] of totals) {
    const [destination = '', bucket = ''] = labels.split(' ')
    const one = all.get(destination) ?? { buckets: Array.from({ length: alertBuckets.length + 1 }, () => 0), sum: 0 }
    one.buckets[Number(bucket)] = (one.buckets[Number(bucket)] ?? 0) + alerts
    one.sum += seconds
    all.set(destination, one)
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([destination, one]) => ({ destination, ...one }))
}

async function readCoverage(db: Db, now: Date): Promise<Numbers['coverage']> {
  const rows = await db.execute(sql`
    select cover.source, count(*) filter (where gap is null and complete_at is not null) as proven, count(*) filter (where gap is not null or (complete_at is null and attempted_at is not null)) as gap,
      count(*) filter (where gap is null and complete_at is null and attempted_at is null) as never, min(complete_at) as oldest
    from coverage cover join identifiers name on name.id = cover.identifier_id
    where name.retired_at is null and name.pattern_id is null and not name.public_on_purpose and name.origin <> 'drill'
    group by 1 order by 1`)
  return parse(rows, { source: z.string(), proven: count, gap: count, never: count, oldest: z.coerce.date().nullable() })
    .map(({ oldest, ...row }) => ({ ...row, oldestSeconds: oldest === null ? null : secondsSince(oldest, now) }))
}

async function readProcesses(db: Db, now: Date): Promise<Numbers['processes']> {
  const rows = await db.execute(sql`select name, count(*) as processes, min(beat_at) as oldest, max(beat_at) as newest from processes group by 1 order by 1`)
  return parse(rows, { name: z.string(), processes: count, oldest: z.coerce.date(), newest: z.coerce.date() })
    .map(({ name, processes, oldest, newest }) => ({ name, processes, oldestBeatSeconds: secondsSince(oldest, now), newestBeatSeconds: secondsSince(newest, now) }))
}

async function readInferred(db: Db): Promise<number> {
  const rows = await db.execute(sql`select count(*) as names from inferred where state = 'candidate' and not weak`)
  return parse(rows, { names: count })[0]?.names ?? 0
}

/** The clocks of two machines differ by a little: never negative. */
function secondsSince(moment: Date, now: Date): number {
  return Math.max(0, (now.getTime() - moment.getTime()) / 1_000)
}
