import type { Hono } from 'hono'
import { cutConnection, failOnTheWire, holdBack, type SandboxContext, type SandboxEnv } from '../door.ts'
import { pageHeaders } from '../html.ts'
import { judge, type Posting, type SlackMessage } from './message.ts'
import { renderChannel } from './render-page.ts'
import { createSocketDoor, type SocketDoor } from './socket.ts'
import { serveWebApi } from './web-api.ts'
import { slackWords, type SlackWord } from './words.ts'
import { createWorkspace, type Workspace, type WorkspaceOptions } from './workspace.ts'

/** A request that Slack answered with an error word. */
export interface SlackRefusal {
  readonly at: Date
  readonly word: SlackWord
  /** What was wrong, for the developer; Slack sends only the word. */
  readonly why: readonly string[]
}

export interface SlackOptions {
  /** Name of the channel that the webhook posts to. Default `security-alerts`. */
  readonly channel?: string
  /** The three parts behind `/services/`. */
  readonly webhookPath?: string
  /** Messages that may come at once before the limit of one a second holds. Default 5. */
  readonly burst?: number
  /** The workspace behind the Web API. */
  readonly workspace?: WorkspaceOptions
}

export interface Slack {
  readonly webhookPath: string
  messages(): readonly SlackMessage[]
  refusals(): readonly SlackRefusal[]
  readonly workspace: Workspace
  readonly socket: SocketDoor
}

/** The JSON of a webhook: the body itself, or the form field `payload`. */
function readPayload(contentType: string, body: string): unknown {
  const text = contentType.startsWith('application/x-www-form-urlencoded') ? new URLSearchParams(body).get('payload') ?? '' : body
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function say(text: string, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/html', ...headers } })
}

/** One message in `everyMs`, with room for a short burst; answers how many seconds to wait, 0 for none. */
function createPace(burst: number, now: () => Date, everyMs = 1_000): () => number {
  let tokens = burst
  let at = now().getTime()
  return () => {
    const current = now().getTime()
    tokens = Math.min(burst, tokens + Math.max(0, current - at) / everyMs)
    at = current
    if (tokens < 1) return Math.max(1, Math.ceil(1 - tokens))
    tokens -= 1
    return 0
  }
}

/** An incoming webhook, `POST /services/T…/B…/…`, and the channel it posts to, `GET /slack`; the Web API beside it. */
export function serveSlack(app: Hono<SandboxEnv>, options: SlackOptions, stage: { now: () => Date; closing: AbortSignal; url: () => string }): Slack {
  const channel = options.channel ?? 'security-alerts'
  const webhookPath = `/services/${options.webhookPath ?? 'T0SANDBOX/B0SANDBOX/notasecretnotasecretnota'}`
  const messages: SlackMessage[] = []
  const refusals: SlackRefusal[] = []
  const pace = createPace(options.burst ?? 5, stage.now)
  const workspace = createWorkspace(options.workspace ?? {}, stage)
  const socket = createSocketDoor(stage.url)
  const paces = new Map<string, () => number>()
  const paceOf = (room: string): number => {
    const known = paces.get(room) ?? createPace(options.burst ?? 5, stage.now, options.workspace?.everyMs)
    paces.set(room, known)
    return known()
  }
  serveWebApi(app, workspace, { closing: stage.closing, pace: paceOf, socket })
  let toldToWaitUntil = 0

  function refuse(word: SlackWord, why: readonly string[], headers: Readonly<Record<string, string>> = {}): Response {
    refusals.push({ at: stage.now(), word, why })
    return say(word, slackWords[word], headers)
  }

  function refuseForNow(seconds: number): Response {
    toldToWaitUntil = stage.now().getTime() + seconds * 1_000
    return refuse('rate_limited', [`${seconds} s`], { 'retry-after': String(seconds) })
  }

  function keep(taken: Posting): void {
    const at = stage.now()
    const ts = `${Math.floor(at.getTime() / 1_000)}.${String(messages.length + 1).padStart(6, '0')}`
    messages.push({ at, ts, channel, ...taken })
  }

  async function post(context: SandboxContext): Promise<Response> {
    const strike = context.get('strike')
    const broken = await failOnTheWire(context, stage.closing)
    if (broken !== null) return broken
    if (new URL(context.req.url).pathname !== webhookPath) return refuse('no_service', ['unknown webhook'])
    context.get('entry').sentWhileExhausted = stage.now().getTime() < toldToWaitUntil
    for (const word of Object.keys(slackWords)) {
      // The keys of the table are its words.
      if (strike(`slack:${word as SlackWord}`) !== null) return refuse(word as SlackWord, ['a fault'])
    }
    workspace.pace('webhook')
    const limited = strike('slackRateLimit')
    const seconds = limited?.amount ?? pace()
    if (seconds > 0) return refuseForNow(seconds)
    if (strike('slackRedirects') !== null) return say('', 302, { location: 'https://slack.com/' })
    const hang = strike('slackHang')
    if (hang !== null) {
      await holdBack(context, hang.amount, stage.closing)
      return cutConnection(context)
    }
    const verdict = judge(readPayload(context.req.header('content-type') ?? '', await context.req.text()))
    if ('word' in verdict) return refuse(verdict.word, verdict.why)
    keep(verdict.taken)
    const late = strike('slackAcceptsThenHangs')
    if (late !== null) await holdBack(context, late.amount, stage.closing)
    if (late !== null || strike('slackAcceptsThenCloses') !== null) return cutConnection(context)
    return say('ok', 200)
  }

  app.post('/services/:parts{.+}', post)
  app.get('/slack', () => new Response(renderChannel(channel, [...messages, ...workspace.messages()].sort((a, b) => a.at.getTime() - b.at.getTime())), { headers: pageHeaders }))
  app.get('/slack/messages.json', () => Response.json(messages))
  return { webhookPath, messages: () => messages, refusals: () => refusals, workspace, socket }
}
