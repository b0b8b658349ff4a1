import type { Context } from 'hono'
import type { Service } from './handler.ts'
import { showMetrics } from './metrics.ts'
import { takeSlackInteraction } from './slack.ts'

/**
 * What is served beside the API, with a check of its own: for machines, which have neither session nor token. Such a
 * request may come by any name (a health check by the container's address), so that the answer must hold nothing
 * that a page of another site may read.
 */
export interface Mount {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Who may call it, and how that is checked: for the table of refusals and for the reader. */
  readonly admits: string
  /** What it throws is answered as everywhere (see refusal.ts). */
  handle(context: Context, service: Service): Promise<Response>
}

/** The one list. */
export const mounts: readonly Mount[] = [
  {
    method: 'GET', path: '/health', admits: 'anybody: it says that the process answers, and nothing else',
    handle: async () => Response.json({ status: 'ok' }),
  },
  {
    method: 'GET', path: '/metrics', admits: 'who shows the bearer token telemetry.metrics.token; without one in the configuration nobody',
    handle: showMetrics,
  },
  {
    method: 'POST', path: '/api/slack/interactions', admits: 'Slack: its signature over the body (notify.slack.signingSecret)',
    handle: takeSlackInteraction,
  },
]
