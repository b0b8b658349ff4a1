import { claimsJob } from '../jobs/claims.ts'
import { attributeJob } from '../jobs/attribute.ts'
import { answering } from '../jobs/enqueue-places.ts'
import { fetchJob } from '../jobs/fetch.ts'
import { notifyJob } from '../jobs/notify.ts'
import { recheckJob } from '../jobs/recheck.ts'
import { startClock } from '../jobs/schedule.ts'
import { searchJob } from '../jobs/search.ts'
import { clickQueue, slackJob } from '../jobs/slack.ts'
import { openAnswers } from '../notifiers/slack/answers.ts'
import type { App } from './open.ts'
import { reportSweeps } from './report-sweeps.ts'
import { startSocketMode } from './socket-mode.ts'

/** A part of the service that runs until it is closed. */
export interface Running {
  close(): Promise<void>
}

/** Processes that work off queues, by name, and the clock that fills these. With the face (web): `processes/all.ts`. */
export const consumers = {
  scheduler: (app: App) => closeTogether([startClock(app, { digest: app.config.notify.digest, timezone: app.config.notify.timezone }), ...listenForPrometheus(app)]),
  search: (app: App) => consumeSources(app, 'search'),
  fetch: (app: App) => consumeSources(app, 'fetch'),
  claims: (app: App) => consumeRegistries(app),
  attribute: (app: App) => consumePlaces(app, 'attribute'),
  recheck: (app: App) => consumePlaces(app, 'recheck'),
  notify: (app: App) => consumeNotices(app),
} satisfies Record<string, (app: App) => Promise<Running>>

/** The listener of its own, where one is configured. The numbers are the same in every process; this one runs everywhere. */
function listenForPrometheus(app: App): Promise<Running>[] {
  const { host, port, token = null } = app.config.telemetry.metrics
  if (port === undefined) return []
  const listening = async (): Promise<Running> => {
    // Loaded where it is used: the other processes have no numbers to show.
    const [{ metricsOf }, { serveMetrics }] = await Promise.all([import('./metrics.ts'), import('../telemetry/serve-metrics.ts')])
    return serveMetrics(metricsOf(app), { host, port, token, now: app.now, log: app.log })
  }
  return [listening()]
}

/** One queue per source: its limiter is the source's rate limit, over all workers together. */
async function consumeSources(app: App, kind: 'search' | 'fetch'): Promise<Running> {
  const handler = kind === 'search' ? searchJob(app) : fetchJob(app)
  return closeTogether(
    [...app.sources].map(([id, source]) => app.queues.work(`${kind}.${id}`, reportSweeps(app, id, handler), { limit: source.limits[kind], concurrency: kind === 'search' ? 1 : 2 })),
  )
}

/** One queue per registry, and one for the records of malicious packages. */
async function consumeRegistries(app: App): Promise<Running> {
  const limits = [...app.registries].map(([id, { registry }]) => [id, registry.limit] as const)
  if (app.records !== null) limits.push(['osv', app.records.limit])
  return closeTogether(limits.map(([id, limit]) => app.queues.work(`claims.${id}`, claimsJob(app), { limit, concurrency: 1 })))
}

/** Questions about places, of the sources that can answer them. */
async function consumePlaces(app: App, question: 'attribute' | 'recheck'): Promise<Running> {
  const handler = question === 'attribute' ? attributeJob(app) : recheckJob(app)
  return closeTogether(
    answering(app, question).map((id) => app.queues.work(`${question}.${id}`, handler, { limit: app.sources.get(id)?.limits[question] ?? null, concurrency: 1 })),
  )
}

async function consumeNotices(app: App): Promise<Running> {
  return closeTogether([
    ...[...app.notifiers].map(([id, notifier]) => app.queues.work(`notify.${id}`, notifyJob(app, id), { limit: notifier.limit, concurrency: 1 })),
    ...consumeClicks(app),
  ])
}

/** Five requests a second are far below what Slack allows for dialogs and words to one person; a dialog opens within three seconds. */
const clickLimit = { max: 5, perMs: 1_000 }

/** Whether clicks in Slack can come back. */
export function takesClicks({ config }: Pick<App, 'config'>): boolean {
  const { slack } = config.notify
  return slack?.signingSecret !== undefined || slack?.appToken !== undefined
}

function consumeClicks(app: App): Promise<Running>[] {
  const { slack } = app.config.notify
  if (slack === undefined || !takesClicks(app)) return []
  const handler = slackJob(app, { users: slack.users, messagesKnown: slack.botToken !== undefined, answers: openAnswers(slack, app.http, app.now) })
  const clicks = app.queues.work(clickQueue, handler, { limit: clickLimit, concurrency: 2 })
  return slack.appToken === undefined ? [clicks] : [clicks, Promise.resolve(startSocketMode({ ...app, slack }, slack.appToken))]
}

export async function closeTogether(starting: readonly Promise<Running>[]): Promise<Running> {
  const running = await Promise.all(starting)
  return { close: async () => { await Promise.all(running.map((part) => part.close())) } }
}
