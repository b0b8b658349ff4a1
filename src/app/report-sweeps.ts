import type { JobHandler } from '../queue/open.ts'
import { unfinishedRuns } from '../runs/pending-steps.ts'
import { summariseRuns } from '../runs/read-progress.ts'
import type { App } from './open.ts'

/**
 * Logs the end of a source's sweep, seen from the jobs of this process: when no run of the source goes on any more,
 * with counts and outcomes. Its searches and fetches in this process report together, so it is told once; of several
 * processes the one that did the last job tells it.
 */
export function reportSweeps(app: App, source: string, handler: JobHandler): JobHandler {
  const sweeps = sweepsOf(app)

  async function begin(): Promise<void> {
    const now = await runsOf(app, source)
    // The end of the sweep before may have been another process's to tell.
    const going = sweeps.get(source) ?? []
    sweeps.set(source, now.some((id) => going.includes(id)) ? [...new Set([...going, ...now])] : now)
  }
  async function end(): Promise<void> {
    if (!sweeps.has(source) || (await runsOf(app, source)).length > 0) return
    const ids = sweeps.get(source) ?? []
    sweeps.delete(source)
    if (ids.length > 0) app.log.info({ source, ...(await describeRuns(app, ids)) }, 'a sweep has ended')
  }
  return {
    async run(payload, signal) {
      await begin()
      await handler.run(payload, signal)
      await end()
    },
    async giveUp(payload, error) {
      await handler.giveUp(payload, error)
      await end()
    },
  }
}

/** Runs that go on, by source, as the jobs of this process saw them. */
const going = new WeakMap<App, Map<string, readonly bigint[]>>()

function sweepsOf(app: App): Map<string, readonly bigint[]> {
  const known = going.get(app) ?? new Map<string, readonly bigint[]>()
  going.set(app, known)
  return known
}

async function runsOf(app: App, source: string): Promise<readonly bigint[]> {
  return (await unfinishedRuns(app.database.db)).filter((run) => run.source === source).map(({ id }) => id)
}

async function describeRuns(app: App, ids: readonly bigint[]) {
  const summaries = await summariseRuns(app.database.db, ids)
  const outcomes: Record<string, number> = {}
  let requests = 0
  for (const run of summaries) {
    outcomes[run.outcome ?? 'unfinished'] = (outcomes[run.outcome ?? 'unfinished'] ?? 0) + 1
    requests += run.requests
  }
  return { runs: summaries.length, outcomes, requests }
}
