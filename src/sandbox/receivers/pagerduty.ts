import type { Hono } from 'hono'
import { z } from 'zod'
import type { SandboxEnv } from '../door.ts'
import { readJson } from './webhook.ts'

export interface Alert {
  readonly key: string
  readonly summary: string
  readonly severity: string
  readonly state: 'triggered' | 'acknowledged' | 'resolved'
}

export interface PagerdutyReceiver {
  readonly path: string
  readonly routingKey: string
  /** In the order in which they were opened; one that was resolved is opened anew. */
  alerts(): readonly Alert[]
}

const event = z.discriminatedUnion('event_action', [
  z.looseObject({
    event_action: z.literal('trigger'), routing_key: z.string(), dedup_key: z.string().min(1).max(255),
    payload: z.looseObject({ summary: z.string().min(1).max(1_024), source: z.string().min(1), severity: z.enum(['critical', 'error', 'warning', 'info']) }),
    links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
  }),
  z.strictObject({ event_action: z.enum(['acknowledge', 'resolve']), routing_key: z.string(), dedup_key: z.string().min(1).max(255) }),
])

/**
 * PagerDuty's Events API v2: events with one key open, acknowledge and resolve one alert; what ends an alert that is not
 * open is taken and dropped. https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */
export function servePagerduty(app: Hono<SandboxEnv>): PagerdutyReceiver {
  const path = '/receivers/pagerduty/v2/enqueue'
  const routingKey = '0123456789abcdef0123456789abcdef'
  const alerts: Alert[] = []
  app.post(path, async (context) => {
    const body = await context.req.text()
    if (Buffer.byteLength(body) > 512 * 1024) return new Response('too large', { status: 413 })
    const parsed = event.safeParse(readJson(body))
    if (!parsed.success || parsed.data.routing_key !== routingKey) {
      return Response.json({ status: 'invalid event', message: 'Event object is invalid', errors: ['it does not have the documented form'] }, { status: 400 })
    }
    const { data } = parsed
    const open = alerts.findIndex(({ key, state }) => key === data.dedup_key && state !== 'resolved')
    const known = alerts[open]
    if (data.event_action !== 'trigger') {
      if (known !== undefined) alerts[open] = { ...known, state: data.event_action === 'resolve' ? 'resolved' : 'acknowledged' }
    } else if (known === undefined) alerts.push({ key: data.dedup_key, summary: data.payload.summary, severity: data.payload.severity, state: 'triggered' })
    return Response.json({ status: 'success', message: 'Event processed', dedup_key: data.dedup_key }, { status: 202 })
  })
  return { path, routingKey, alerts: () => [...alerts] }
}
