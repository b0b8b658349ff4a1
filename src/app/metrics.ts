import { answering } from '../jobs/enqueue-places.ts'
import { clickQueue } from '../jobs/slack.ts'
import { createMetrics, type Metrics } from '../telemetry/render-metrics.ts'
import { takesClicks } from './consumers.ts'
import type { App } from './open.ts'
import { version } from './version.ts'

type MetricsApp = Pick<App, 'config' | 'database' | 'queues' | 'sources' | 'registries' | 'records' | 'notifiers'>

/** The numbers of an app. */
export function metricsOf(app: MetricsApp): Metrics {
  return createMetrics({
    db: app.database.db,
    queues: app.queues,
    queueNames: queueNames(app),
    limits: new Map([...app.sources].map(([id, { limits }]) => [id, limits])),
    version,
  })
}

/** Every queue that the processes of this configuration take jobs from; a test compares it with consumers.ts. */
export function queueNames(app: Omit<MetricsApp, 'database' | 'queues'>): readonly string[] {
  return [
    ...[...app.sources.keys()].flatMap((id) => [`search.${id}`, `fetch.${id}`]),
    ...(['attribute', 'recheck'] as const).flatMap((question) => answering(app, question).map((id) => `${question}.${id}`)),
    ...[...app.registries.keys()].map((id) => `claims.${id}`),
    ...(app.records === null ? [] : ['claims.osv']),
    ...[...app.notifiers.keys()].map((id) => `notify.${id}`),
    ...(takesClicks(app) ? [clickQueue] : []),
  ]
}
