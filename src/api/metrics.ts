import type { Context } from 'hono'
import { metricsOf } from '../app/metrics.ts'
import type { App } from '../app/open.ts'
import { answerScrape } from '../telemetry/answer-scrape.ts'
import type { Metrics } from '../telemetry/render-metrics.ts'
import type { Service } from './handler.ts'
import { Refusal } from './refusal.ts'

/** What was counted once stays known between scrapes. */
const known = new WeakMap<App, Metrics>()

/** The numbers of the service, for Prometheus. This face is for many; it shows them only with a token. */
export async function showMetrics(context: Context, { app }: Service): Promise<Response> {
  const { token } = app.config.telemetry.metrics
  if (token === undefined) throw new Refusal({ code: 'not-found', title: 'There are no metrics here', status: 404, detail: 'Set telemetry.metrics.token, or telemetry.metrics.port for a listener of its own.' })
  const metrics = known.get(app) ?? metricsOf(app)
  known.set(app, metrics)
  const { status, headers, body } = await answerScrape(metrics, {
    token, authorization: context.req.header('authorization') ?? null, now: app.now(),
    onFailure: (error) => app.log.warn({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'the numbers could not be read'),
  })
  return new Response(body, { status, headers })
}
