import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Hono } from 'hono'
import { z } from 'zod'
import type { SandboxEnv } from '../door.ts'

export interface ReceivedHook {
  readonly id: string
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface WebhookReceiver {
  readonly path: string
  readonly secret: string
  /** Events in the order in which they came, each once: a repeat is known by its id. */
  events(): readonly ReceivedHook[]
  /** Events that came again. */
  repeats(): number
}

const secret = `whsec_${Buffer.from('the sandbox knows this secret!!!').toString('base64')}`
/** Milliseconds that the clock of a sender may be off: the library's own tolerance. */
const tolerance = 5 * 60_000
const bodySchema = z.object({ type: z.string().regex(/^[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*$/), timestamp: z.iso.datetime(), data: z.record(z.string(), z.unknown()) })

/**
 * A receiver of signed webhooks as the specification wants it: verifies the signature over the raw body, refuses old
 * and future ones, knows a repeat by its id. https://www.standardwebhooks.com
 */
export function serveWebhook(app: Hono<SandboxEnv>, now: () => Date): WebhookReceiver {
  const path = '/receivers/webhook'
  const events: ReceivedHook[] = []
  let repeats = 0
  app.post(path, async (context) => {
    const body = await context.req.text()
    const id = context.req.header('webhook-id') ?? ''
    const timestamp = context.req.header('webhook-timestamp') ?? ''
    const signatures = (context.req.header('webhook-signature') ?? '').split(' ')
    const expected = `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    const fresh = /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now().getTime()) <= tolerance
    if (!fresh || !signatures.some((signature) => isEqual(signature, expected))) return new Response('no valid signature', { status: 401 })
    const parsed = bodySchema.safeParse(readJson(body))
    if (!parsed.success) return new Response('not an event', { status: 400 })
    if (Buffer.byteLength(body) >= 20 * 1024) return new Response('too large', { status: 413 })
    if (events.some((event) => event.id === id)) repeats += 1
    else events.push({ id, type: parsed.data.type, data: parsed.data.data })
    return new Response(null, { status: 204 })
  })
  return { path, secret, events: () => [...events], repeats: () => repeats }
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
