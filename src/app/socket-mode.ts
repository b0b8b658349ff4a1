import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { describeError, NamesakeError, RetryLater } from '../errors.ts'
import { openSocket, type OpenSocket } from '../net/socket.ts'
import type { SlackSettings } from '../notifiers/slack/settings.ts'
import { openWebApi } from '../notifiers/slack/web-api.ts'
import type { HttpClient } from '../contracts/http.ts'
import type { Running } from './consumers.ts'
import { takeInteraction, type InteractionContext } from './slack-interaction.ts'

export interface SocketModeOptions extends InteractionContext {
  readonly slack: SlackSettings
  readonly http: HttpClient
  /** Milliseconds; absent: as below. */
  readonly timing?: { readonly firstDelayMs: number; readonly maxDelayMs: number; readonly renewMs: number }
}

/** A connection that died without a word is noticed by nobody: it is made anew, before the old one is closed. */
const defaultTiming = { firstDelayMs: 1_000, maxDelayMs: 60_000, renewMs: 30 * 60_000 }

const connectionSchema = z.looseObject({ url: z.string().max(2_000) })
const envelopeSchema = z.looseObject({ type: z.string(), envelope_id: z.string().max(200).optional(), payload: z.unknown().optional() })

/**
 * Socket Mode: clicks come through a connection that we open, for networks that Slack cannot reach. Runs in the process
 * that talks to Slack (`notify`): that is where its credentials are, several may run (Slack gives a click to one of up
 * to ten connections), and one that is killed loses nothing, since what was not acknowledged is delivered again.
 * A click is acknowledged after it was stored. https://docs.slack.dev/apis/events-api/using-socket-mode
 */
export function startSocketMode(options: SocketModeOptions, appToken: string): Running {
  const ending = new AbortController()
  const running = keepConnected(options, appToken, ending.signal)
  return {
    close: async () => {
      ending.abort()
      await running
    },
  }
}

async function keepConnected(options: SocketModeOptions, appToken: string, ending: AbortSignal): Promise<void> {
  const { firstDelayMs, maxDelayMs, renewMs } = { ...defaultTiming, ...options.timing }
  let delayMs = firstDelayMs
  let before: Connection | null = null
  while (!ending.aborted) {
    try {
      const connection = await connect(options, appToken)
      before?.close()
      before = connection
      delayMs = firstDelayMs
      const renewed = new AbortController()
      await Promise.race([connection.ended, pause(renewMs, AbortSignal.any([ending, renewed.signal]))])
      renewed.abort()
    } catch (error) {
      const until = error instanceof RetryLater ? error.until.getTime() - options.now().getTime() : 0
      options.log.warn({ why: error instanceof NamesakeError ? describeError(error) : 'an unexpected failure', ms: Math.max(delayMs, until) }, 'Socket Mode could not connect; it tries again')
      await pause(Math.max(delayMs, until), ending)
      delayMs = Math.min(delayMs * 2, maxDelayMs)
    }
  }
  before?.close()
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => undefined)
}

interface Connection {
  /** Slack wants us to come back, or it is gone. */
  readonly ended: Promise<void>
  close(): void
}

async function connect(options: SocketModeOptions, appToken: string): Promise<Connection> {
  const { slack: { apiUrl, answerWithinMs: timeoutMs }, http, now } = options
  const { answer } = await openWebApi(http, { apiUrl, token: appToken, timeoutMs, now }).call({ method: 'apps.connections.open', json: {}, schema: connectionSchema })
  const { promise: ended, resolve } = Promise.withResolvers<undefined>()
  // Messages may come before the socket is handed over.
  const { promise: opened, resolve: handOver } = Promise.withResolvers<OpenSocket>()
  const socket = await openSocket({
    url: answer.url,
    home: apiUrl,
    onMessage: (text) => void receive(text, { opened, comeBack: () => resolve(undefined) }, options),
    onClose: () => resolve(undefined),
  })
  handOver(socket)
  return { ended, close: () => socket.close() }
}

interface Link {
  readonly opened: Promise<OpenSocket>
  comeBack(): void
}

/** Acknowledges what was stored, and nothing else. Throws nothing. */
async function receive(text: string, { opened, comeBack }: Link, options: InteractionContext): Promise<void> {
  const parsed = envelopeSchema.safeParse(jsonOf(text))
  if (!parsed.success) return
  const { type, envelope_id: id, payload } = parsed.data
  if (type === 'disconnect') return comeBack()
  if (id === undefined) return
  try {
    const { body } = type === 'interactive' ? await takeInteraction(payload, options) : { body: null }
    const socket = await opened
    socket.send(JSON.stringify({ envelope_id: id, ...(body === null ? {} : { payload: body }) }))
  } catch (error) {
    options.log.warn({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'a click could not be stored; Slack delivers it again')
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
