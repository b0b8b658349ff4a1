import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Db } from '../db/client.ts'
import type { RateLimit } from '../contracts/source.ts'
import { readDrills } from '../drills/read-drills.ts'
import { judgeDrill } from '../drills/judge-drill.ts'
import type { Counts } from '../queue/open.ts'
import { alertBuckets, createNumbersReader, type Numbers } from './read-numbers.ts'

/** What the numbers are read from. */
export interface MetricsSources {
  readonly db: Db
  readonly queues: { counts(queue: string): Promise<Counts> }
  /** Every queue of this configuration. */
  readonly queueNames: readonly string[]
  /** What each source may be asked. */
  readonly limits: ReadonlyMap<string, { readonly search: RateLimit; readonly fetch: RateLimit }>
  readonly version: string
}

export interface Metrics {
  readonly contentType: string
  /** The exposition in Prometheus' text format 0.0.4. @throws when the database cannot be read: a scrape that fails is told apart from zeros */
  render(now: Date): Promise<string>
}

/**
 * The numbers of the service: from the database and the queue, so that every process shows the same and a restart loses
 * nothing; and those of this process (`process_*`, `nodejs_*`). Labels: sources, registries, destinations, queues,
 * outcomes, states; no name of ours, no query, no place.
 */
export function createMetrics(sources: MetricsSources): Metrics {
  const reader = createNumbersReader(sources.db)
  const own = new Registry()
  collectDefaultMetrics({ register: own })
  return {
    contentType: own.contentType,
    async render(now) {
      const [numbers, depths, drills] = await Promise.all([reader.read(now), readDepths(sources), readDrills(sources.db, { now, running: true })])
      const registry = new Registry()
      fill(registry, { ...sources, numbers, depths, drills: drills.map((facts) => judgeDrill(facts, now).outcome), now })
      return [await registry.metrics(), `${describeAlerts(numbers.alerts)}\n`, await own.metrics()].join('\n')
    },
  }
}

type Depths = ReadonlyMap<string, Counts | null>

/** A queue that cannot be asked has no depth: null, not 0. */
async function readDepths({ queues, queueNames }: MetricsSources): Promise<Depths> {
  return new Map(await Promise.all(queueNames.map(async (name) => [name, await queues.counts(name).catch(() => null)] as const)))
}

interface Filling extends Pick<MetricsSources, 'limits' | 'version'> {
  readonly numbers: Numbers
  readonly depths: Depths
  readonly drills: readonly string[]
  readonly now: Date
}

type Row = readonly [labels: Readonly<Record<string, string>>, value: number]

function fill(registry: Registry, { numbers, depths, drills, limits, version, now }: Filling): void {
  const gauge = (name: string, help: string, labelNames: readonly string[], rows: readonly Row[]): void => {
    const metric = new Gauge({ name, help, labelNames, registers: [registry] })
    for (const [labels, value] of rows) metric.set(labels, value)
  }
  const counter = (name: string, help: string, labelNames: readonly string[], rows: readonly Row[]): void => {
    const metric = new Counter({ name, help, labelNames, registers: [registry] })
    for (const [labels, value] of rows) metric.inc(labels, value)
  }

  gauge('namesake_info', 'The version of this process', ['version'], [[{ version }, 1]])

  counter('namesake_runs_total', 'Runs of watches that ended, by source and outcome', ['source', 'outcome'], numbers.runs.map(({ source, outcome, runs }) => [{ source, outcome }, runs]))
  counter('namesake_run_requests_total', 'Requests of runs that ended, by source and kind', ['source', 'kind'], sumBy(numbers.runs.flatMap(({ source, searches, fetches }): Row[] => [[{ source, kind: 'search' }, searches], [{ source, kind: 'fetch' }, fetches]])))
  counter('namesake_documents_total', 'Documents that were read for the first time', ['source'], numbers.documents.map(({ source, documents }) => [{ source }, documents]))

  gauge('namesake_request_budget_per_hour', 'Requests that the limits of a source allow in an hour', ['source', 'kind'], [...limits].flatMap(([source, { search, fetch }]): Row[] => [[{ source, kind: 'search' }, perHour(search)], [{ source, kind: 'fetch' }, perHour(fetch)]]))
  const used = new Map(numbers.lastHour.map((row) => [row.source, row]))
  gauge('namesake_request_budget_used', 'Requests of runs that ended within the last hour', ['source', 'kind'], [...limits.keys()].flatMap((source): Row[] => [[{ source, kind: 'search' }, used.get(source)?.searches ?? 0], [{ source, kind: 'fetch' }, used.get(source)?.fetches ?? 0]]))
  gauge('namesake_request_budget_left', 'Requests that the limits of a source would still have allowed within the last hour', ['source', 'kind'], [...limits].flatMap(([source, { search, fetch }]): Row[] => [
    [{ source, kind: 'search' }, Math.max(0, perHour(search) - (used.get(source)?.searches ?? 0))],
    [{ source, kind: 'fetch' }, Math.max(0, perHour(fetch) - (used.get(source)?.fetches ?? 0))],
  ]))

  gauge('namesake_findings', 'Internal names known to be public, by state and severity', ['state', 'severity'], numbers.findings.map(({ state, severity, findings }) => [{ state, severity }, findings]))
  gauge('namesake_matches', 'Places where internal names were matched, and how many of them are not known to be gone', ['status'], [
    [{ status: 'all' }, sum(numbers.findings.map(({ places }) => places))], [{ status: 'live' }, sum(numbers.findings.map(({ livePlaces }) => livePlaces))],
  ])
  gauge('namesake_inferred_names', 'Names that are probably ours and wait for a decision', [], [[{}, numbers.inferred]])
  gauge('namesake_claims', 'Names that a registry was asked for, by what it holds and whether a stranger could take them', ['registry', 'state', 'claimable'], numbers.claims.map(({ registry, state, claimable, claims }) => [{ registry, state, claimable }, claims]))

  gauge('namesake_steps_pending', 'Requests of runs that are still to be made', ['source', 'kind'], numbers.steps.map(({ source, kind, steps }) => [{ source, kind }, steps]))
  gauge('namesake_oldest_pending_step_age_seconds', 'Age of the oldest of them', ['source', 'kind'], numbers.steps.map(({ source, kind, oldestSeconds }) => [{ source, kind }, oldestSeconds]))
  const told = [...depths].flatMap(([queue, counts]) => (counts === null ? [] : [{ queue, counts }]))
  gauge('namesake_queue_jobs', 'Jobs in a queue, by state', ['queue', 'state'], told.flatMap(({ queue, counts }) => (['waiting', 'active', 'delayed'] as const).map((state): Row => [{ queue, state }, counts[state]])))
  counter('namesake_queue_jobs_given_up_total', 'Jobs that were given up', ['queue'], told.map(({ queue, counts }) => [{ queue }, counts.failed]))
  gauge('namesake_queue_paused_seconds', 'How long a queue still waits because its destination said so; 0: it does not', ['queue'], told.map(({ queue, counts }) => [{ queue }, counts.pausedUntil === null ? 0 : Math.max(0, (counts.pausedUntil.getTime() - now.getTime()) / 1_000)]))
  gauge('namesake_queues_unreachable', 'Queues that could not be asked', [], [[{}, depths.size - told.length]])

  counter('namesake_notices_delivered_total', 'Notices that a destination took, by kind', ['destination', 'kind'], numbers.delivered.map(({ destination, kind, notices }) => [{ destination, kind }, notices]))
  gauge('namesake_notices_undelivered', 'Notices that wait (pending) or were refused for good (dead)', ['destination', 'state'], numbers.undelivered.map(({ destination, state, notices }) => [{ destination, state }, notices]))
  gauge('namesake_oldest_pending_notice_age_seconds', 'Age of the oldest notice that waits, without places for the digest', ['destination'], numbers.undelivered.flatMap(({ destination, state, oldestSeconds }): Row[] => (state !== 'pending' || oldestSeconds === null ? [] : [[{ destination }, oldestSeconds]])))
  gauge('namesake_destination_failing_seconds', 'Since when a destination has taken nothing; 0: it took the last message', ['destination'], numbers.failing.map(({ destination, failingSeconds }) => [{ destination }, failingSeconds]))
  gauge('namesake_destination_dead', 'Whether a destination refuses us for good', ['destination'], numbers.failing.map(({ destination, dead }) => [{ destination }, dead ? 1 : 0]))
  gauge('namesake_coverage_names', 'Names of the inventory by how well a source was searched for them', ['source', 'state'], numbers.coverage.flatMap(({ source, proven, gap, never }): Row[] => [[{ source, state: 'proven' }, proven], [{ source, state: 'gap' }, gap], [{ source, state: 'never' }, never]]))
  gauge('namesake_coverage_age_seconds', 'Age of the oldest last complete sweep of any name', ['source'], numbers.coverage.flatMap(({ source, oldestSeconds }): Row[] => (oldestSeconds === null ? [] : [[{ source }, oldestSeconds]])))

  gauge('namesake_processes', 'Processes that told of themselves within a day', ['process'], numbers.processes.map(({ name, processes }) => [{ process: name }, processes]))
  gauge('namesake_process_heartbeat_age_seconds', 'Age of the last heartbeat of any process of the name', ['process'], numbers.processes.map(({ name, newestBeatSeconds }) => [{ process: name }, newestBeatSeconds]))
  gauge('namesake_process_heartbeat_oldest_age_seconds', 'Age of the last heartbeat of the process of the name that is silent the longest', ['process'], numbers.processes.map(({ name, oldestBeatSeconds }) => [{ process: name }, oldestBeatSeconds]))

  gauge('namesake_drills', 'Drills under way, by how they stand; counted nowhere else', ['outcome'], ['running', 'passed', 'failed', 'could-not-tell'].map((outcome) => [{ outcome }, drills.filter((one) => one === outcome).length]))
}

/** The database has counted already; prom-client's histogram would have to see every alert. A JSON string escapes what a label has to. */
function describeAlerts(alerts: Numbers['alerts']): string {
  const name = 'namesake_publication_to_alert_seconds'
  const lines = [`# HELP ${name} From when a name became public, where that is known, to when a destination took the alert`, `# TYPE ${name} histogram`]
  for (const { destination, buckets, sum: seconds } of alerts) {
    const label = `destination=${JSON.stringify(destination)}`
    let cumulative = 0
    for (const [at, le] of [...alertBuckets.map(String), '+Inf'].entries()) {
      cumulative += buckets[at] ?? 0
      lines.push(`${name}_bucket{${label},le="${le}"} ${cumulative}`)
    }
    lines.push(`${name}_sum{${label}} ${seconds}`, `${name}_count{${label}} ${cumulative}`)
  }
  return lines.join('\n')
}

function perHour({ max, perMs }: RateLimit): number {
  return Math.round((max * 3_600_000) / perMs)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Rows with the same labels become one. */
function sumBy(rows: readonly Row[]): Row[] {
  const totals = new Map<string, Row>()
  for (const [labels, value] of rows) {
    const key = JSON.stringify(labels)
    totals.set(key, [labels, (totals.get(key)?.[1] ?? 0) + value])
  }
  return [...totals.values()]
}
