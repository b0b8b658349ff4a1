import { setTimeout as wait } from 'node:timers/promises'
import { countInferred } from '../identifiers/list-inferred.ts'
import type { Inventory } from '../inventory/load.ts'
import { enqueueAll } from '../jobs/enqueue-notices.ts'
import { enqueueSteps } from '../jobs/enqueue-steps.ts'
import { summariseCoverage, type CoverageSummary } from '../coverage/summarise-coverage.ts'
import { summariseClaims, type ClaimsSummary } from '../claims/summarise-claims.ts'
import { staleAfterMs } from '../jobs/schedule.ts'
import { closeBaseline, readBaseline } from '../notices/baseline.ts'
import { countNotices } from '../notices/count-notices.ts'
import { countHeld } from '../notices/list-notices.ts'
import { interruptRuns } from '../runs/interrupt-runs.ts'
import { unfinishedRuns } from '../runs/pending-steps.ts'
import { newsSince, readProgress, summariseRuns } from '../runs/read-progress.ts'
import { settleSource } from '../runs/settle-source.ts'
import { startRuns } from '../runs/start-runs.ts'
import { askPlaces } from './ask-places.ts'
import { untilAsked } from './check-claims.ts'
import { closeTogether, consumers } from './consumers.ts'
import type { App } from './open.ts'
import { prepareWatches } from './prepare-watches.ts'
import type { SourcePlan } from '../runs/plan-watches.ts'

export interface SweepReport {
  readonly runs: number
  readonly resumed: number
  readonly requests: number
  readonly documents: number
  readonly tookMs: number
  /** Ids of findings that became news. */
  readonly newFindings: readonly string[]
  /** Queries that prove less than everything, with the reason in words. */
  readonly incomplete: readonly { readonly source: string; readonly query: string; readonly outcome: string; readonly reason: string }[]
  /** Names that no query covers, counted by reason. */
  readonly unsearchable: readonly { readonly reason: string; readonly names: number; readonly sources: readonly string[] }[]
  /** Names that are probably ours too and wait for a decision, weak ones not counted. */
  readonly inferred: number
  /** Of each line of the inventory: public, proven not to be, or not known. */
  readonly coverage: CoverageSummary
  /** What the registries told of the names that may be asked for. */
  readonly claims: ClaimsSummary
  readonly delivered: number
  readonly undelivered: number
  /** Notices that wait for the end of quiet hours or of a mute; not counted as undelivered. */
  readonly held: number
  /** Places that are still to be asked who brought them there, or whether they are there. */
  readonly unasked: number
  readonly interrupted: boolean
}

/** A new plan may bring new stems, which have to prove themselves too. */
const rounds = 8

/** How long a sweep waits for a channel that takes nothing. */
const patienceMs = 60_000

interface SweepOptions {
  readonly signal: AbortSignal
  readonly onProgress: (line: string) => void
  /** Milliseconds between two looks at the progress. */
  readonly pollMs?: number
}

/**
 * One full pass over every source, with the service's own jobs and queues in this process. Runs that an earlier
 * process left unfinished are gone on with; a `namesake up` on the same database shares the work.
 */
export async function sweep(app: App, inventory: Inventory, options: SweepOptions): Promise<SweepReport> {
  const began = app.now()
  const { db } = app.database
  options.onProgress('preparing the inventory')
  const { plans } = await prepareWatches(app, inventory, began)
  await interruptRuns(db, { startedBefore: new Date(began.getTime() - staleAfterMs), now: began })
  const left = await unfinishedRuns(db)
  // What a sweep that was cut off had found already is news of this one: nobody heard of it.
  const untold = (await readBaseline(db))?.state === 'open' ? new Date(0) : began
  const since = left.reduce((earliest, { startedAt }) => (startedAt < earliest ? startedAt : earliest), untold)
  const started: bigint[] = []
  for (const source of app.sources.keys()) started.push(...(await startRuns(db, { source, tick: began, trigger: 'sweep', now: began })))
  const runIds = [...left.map(({ id }) => id), ...started]
  const before = await countNotices(db)
  const workers = await closeTogether([consumers.search(app), consumers.fetch(app), consumers.claims(app), consumers.attribute(app), consumers.recheck(app), consumers.notify(app)])
  let interrupted: boolean
  let unasked = 0
  try {
    await enqueueSteps(app)
    interrupted = !(await untilSwept(app, runIds, options)) || !(await settle(app, runIds, began, options)) || !(await untilAsked(app, options)) || !(await untilTold(app, options))
    if (!interrupted) {
      // First the alerts, then what takes a while and may make news too.
      const asked = await askPlaces(app, options)
      unasked = asked.left
      interrupted = asked.interrupted || !(await untilTold(app, options))
    }
  } finally {
    await workers.close()
  }
  const summaries = await summariseRuns(db, runIds)
  const after = await countNotices(db)
  const held = await countHeld(db, { routing: app.routing, now: app.now() })
  const progress = await readProgress(db, runIds)
  const claims = await summariseClaims(db, [...app.registries.keys()], app.now())
  return {
    runs: summaries.length,
    resumed: left.length,
    requests: summaries.reduce((sum, { requests }) => sum + requests, 0),
    documents: progress.documents,
    tookMs: app.now().getTime() - began.getTime(),
    newFindings: (await newsSince(db, since)).map(String),
    incomplete: [
      ...summaries.flatMap(({ source, query, outcome, reason }) =>
        outcome === 'complete' ? [] : [{ source, query, outcome: outcome ?? 'unfinished', reason: reason ?? 'not finished yet' }]),
      ...claims.untold.map(({ registry, names, reason }) => ({ source: registry, query: `who holds ${names} of our names`, outcome: 'failed', reason })),
    ],
    unsearchable: countByReason(plans),
    inferred: await countInferred(db),
    coverage: await summariseCoverage(db),
    claims,
    delivered: after.delivered - before.delivered,
    undelivered: after.pending - held + after.dead,
    held,
    unasked,
    interrupted,
  }
}

/** True when every run has ended, false when interrupted. */
async function untilSwept(app: App, runIds: readonly bigint[], options: SweepOptions): Promise<boolean> {
  for (;;) {
    const progress = await readProgress(app.database.db, runIds)
    const waiting = [
      progress.pendingSearches > 0 ? `${progress.pendingSearches} searches` : null,
      progress.pendingFetches > 0 ? `${progress.pendingFetches} fetches` : null,
    ].filter((part) => part !== null)
    options.onProgress(
      `swept ${progress.finished} of ${progress.runs} queries, ${progress.documents} documents read${waiting.length === 0 ? '' : `, ${waiting.join(' and ')} to go`}${remaining(app, progress.pendingSearches)}`,
    )
    if (progress.finished >= progress.runs) return true
    if (!(await pause(options))) return false
  }
}

/** What was swept may show that stems do not cover their names: then the names are searched one by one, now. */
async function settle(app: App, runIds: bigint[], began: Date, options: SweepOptions): Promise<boolean> {
  for (let round = 0; round < rounds; round += 1) {
    const started: bigint[] = []
    for (const [id, source] of app.sources) {
      const now = app.now()
      if (!(await settleSource(app.database.db, id, source, now))) continue
      started.push(...(await startRuns(app.database.db, { source: id, tick: now, trigger: 'sweep', now, notSince: began })))
    }
    if (started.length === 0) return true
    runIds.push(...started)
    await enqueueSteps(app)
    if (!(await untilSwept(app, runIds, options))) return false
  }
  return true
}

/** At least this long, by the rate limit of the slowest source. */
function remaining(app: App, searches: number): string {
  let slowestMs = 0
  for (const { limits } of app.sources.values()) slowestMs = Math.max(slowestMs, limits.search.perMs / limits.search.max)
  const minutes = Math.round((searches * slowestMs) / 60_000)
  return minutes === 0 ? '' : `, about ${minutes} min under the rate limits`
}

/** True when nothing waits to be told any more, false when interrupted. */
async function untilTold(app: App, options: SweepOptions): Promise<boolean> {
  await closeBaseline(app.database.db, app.routing, app.now(), { sweepEnded: true })
  let fewest = Infinity
  let moved = performance.now()
  for (;;) {
    // What one message leaves for another becomes due by it; what is in the queue already is ignored there.
    const messages = await enqueueAll(app)
    if (messages === 0) return true
    const { pending } = await countNotices(app.database.db)
    if (pending < fewest) [fewest, moved] = [pending, performance.now()]
    // What a channel does not take now stays in the outbox: `up` or the next sweep delivers it.
    if (performance.now() - moved > patienceMs) return true
    options.onProgress(`telling: ${pending} notices to go`)
    if (!(await pause(options))) return false
  }
}

async function pause(options: SweepOptions): Promise<boolean> {
  try {
    await wait(options.pollMs ?? 250, undefined, { signal: options.signal })
    return true
  } catch {
    return false
  }
}

/** Names that a source cannot be asked for, by reason: the same names for the same reason in several sources are said once. */
function countByReason(plans: readonly SourcePlan[]): SweepReport['unsearchable'] {
  const names = new Map<string, Set<string>>()
  const sources = new Map<string, Set<string>>()
  for (const { source, unsearchable } of plans) {
    for (const { covers, reason } of unsearchable) {
      names.set(reason, new Set([...(names.get(reason) ?? []), ...covers]))
      sources.set(reason, (sources.get(reason) ?? new Set()).add(source))
    }
  }
  return [...names].map(([reason, ids]) => ({ reason, names: ids.size, sources: [...(sources.get(reason) ?? [])] }))
}
