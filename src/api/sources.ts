import type { App } from '../app/open.ts'
import { NotFound } from '../errors.ts'
import { enqueueSteps } from '../jobs/enqueue-steps.ts'
import { budgetUntil } from '../jobs/schedule.ts'
import { latestTick, nextTick } from '../queue/cron.ts'
import { listRuns, listWatches } from '../runs/list-watches.ts'
import { readPlanned } from '../runs/replan.ts'
import { runSource, runWatch } from '../runs/run-watch.ts'
import { summariseSources, type SourceSummary } from '../runs/summarise-sources.ts'
import { sources } from '../sources/all.ts'
import type { OpenSource } from '../contracts/source.ts'
import type { SourceRow, sourceRoutes } from './contract/sources.ts'
import type { Handlers } from './handler.ts'
import { idCursor, readIdCursor } from './paging.ts'

/** Runs of a watch that a person looks back on. */
const recentRuns = 30

export const sourceHandlers: Handlers<keyof typeof sourceRoutes> = {
  'GET /api/sources': async ({ service: { app } }) => {
    const since = new Map([...app.sources].map(([id, { schedule }]) => [id, latestTick(schedule, app.now()) ?? new Date(0)]))
    const summaries = await summariseSources(app.database.db, since)
    const items = await Promise.all(summaries.flatMap((summary) => {
      const open = app.sources.get(summary.source)
      return open === undefined ? [] : [describe(app, open, summary)]
    }))
    return { items, unconfigured: sources.filter(({ id }) => !app.sources.has(id)).map(({ id, title }) => ({ id, title })) }
  },
  'GET /api/sources/{id}/watches': async ({ service: { app }, params, query: { cursor, limit, state, q } }) => {
    sourceOf(app, params.id)
    const { items, next } = await listWatches(app.database.db, { source: params.id, state, q }, { after: readIdCursor(cursor), limit })
    return { items: [...items], next: idCursor(next === null ? undefined : String(next)) }
  },
  'GET /api/watches/{id}/runs': async ({ service: { app }, params }) => ({ items: [...(await listRuns(app.database.db, BigInt(params.id), recentRuns))] }),
  'POST /api/sources/{id}/run': async ({ service: { app }, who, params }) => {
    const budget = budgetUntil(sourceOf(app, params.id), app.now())
    const { runIds } = await runSource(app.database.db, { source: params.id, budget, actor: who.actor, now: app.now() })
    for (const runId of runIds) await enqueueSteps(app, { runId })
    return { runs: runIds.length }
  },
  'POST /api/watches/{id}/run': async ({ service: { app }, who, params }) => {
    const { runId } = await runWatch(app.database.db, { watchId: BigInt(params.id), actor: who.actor, now: app.now() })
    await enqueueSteps(app, { runId })
    return { run: String(runId) }
  },
}

function sourceOf(app: App, id: string): OpenSource {
  const open = app.sources.get(id)
  if (open === undefined) throw new NotFound(`the source ${id} is not configured`)
  return open
}

async function describe(app: App, open: OpenSource, summary: SourceSummary): Promise<SourceRow> {
  const known = sources.find(({ id }) => id === summary.source)
  const now = app.now()
  const tick = latestTick(open.schedule, now)
  const planned = await readPlanned(app.database.db, summary.source)
  const { last, troubles, coverage } = summary
  return {
    id: summary.source, title: known?.title ?? summary.source, destination: open.destination, discloses: known?.discloses ?? '', docs: known?.docs ?? '', blindSpots: [...(known?.blindSpots ?? [])],
    schedule: open.schedule, lastTickAt: tick?.toISOString() ?? null, nextTickAt: nextTick(open.schedule, now)?.toISOString() ?? null,
    watches: summary.watches, byOutcome: { ...summary.byOutcome }, going: summary.going,
    last: last === null ? null : { outcome: last.outcome, reason: last.reason, startedAt: last.startedAt.toISOString(), finishedAt: last.finishedAt.toISOString() },
    troubles: troubles.map(({ reason, watches, at }) => ({ reason, watches, at: at.toISOString() })),
    budget: {
      allowed: budgetUntil(open, tick ?? now), done: summary.searched, pending: summary.pending.searches,
      perMinute: (60_000 / open.limits.search.perMs) * open.limits.search.max,
    },
    pending: summary.pending,
    pausedUntil: (await pausedUntil(app, summary.source))?.toISOString() ?? null,
    coverage: { proven: coverage.proven, partly: coverage.partly, never: coverage.never, gaps: [...coverage.gaps] },
    planned: { at: planned.at?.toISOString() ?? null, upToDate: planned.upToDate },
  }
}

/** A queue that cannot be reached this moment tells nothing; the rest of the screen comes from the database. */
async function pausedUntil(app: App, source: string): Promise<Date | null> {
  try {
    return (await app.queues.counts(`search.${source}`)).pausedUntil
  } catch {
    return null
  }
}
