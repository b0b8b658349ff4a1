import type { Hono } from 'hono'
import { z } from 'zod'
import { cutConnection, failOnTheWire, holdBack, type SandboxContext, type SandboxEnv } from '../door.ts'
import { pageHeaders } from '../html.ts'
import { findUnescaped, readPieces } from './read-mrkdwn.ts'
import { renderChannel } from './render-page.ts'
import { textsOf, validateBlocks, type Block } from './validate-blocks.ts'
import { slackWords, type SlackWord } from './words.ts'

/** A message that Slack took, whether or not its sender heard of it. */
export interface SlackMessage {
  readonly at: Date
  /** Slack's id of the message in the channel. */
  readonly ts: string
  readonly channel: string
  readonly text: string
  readonly blocks: readonly Block[]
  /** Whom it notified: `!channel`, `@U1` … A message made of strangers' text should have none. */
  readonly pings: readonly string[]
  /** Addresses that are links in it, buttons included. */
  readonly links: readonly string[]
  /** Text that breaks the rules of escaping. Slack shows such a message all the same. */
  readonly warnings: readonly string[]
  /** Top-level fields other than text, blocks and attachments (`unfurl_links` …). */
  readonly settings: Readonly<Record<string, unknown>>
}

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
}

export interface Slack {
  readonly webhookPath: string
  messages(): readonly SlackMessage[]
  refusals(): readonly SlackRefusal[]
}

const payload = z.looseObject({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  attachments: z.array(z.unknown()).optional(),
})

type Verdict =
  | { readonly taken: Omit<SlackMessage, 'at' | 'ts' | 'channel'> }
  | { readonly word: SlackWord; readonly why: readonly string[] }

/** Longer texts are cut, not refused. */
const textCharacters = 40_000

function buttonLinks(blocks: readonly Block[]): string[] {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []))
  return elements.flatMap((element) => (element.type === 'button' && element.url !== undefined ? [element.url] : []))
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

function judge(contentType: string, body: string): Verdict {
  const parsed = payload.safeParse(readPayload(contentType, body))
  if (!parsed.success) return { word: 'invalid_payload', why: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) }
  const { text = '', blocks: given, attachments = [], ...settings } = parsed.data
  if (attachments.length > 100) return { word: 'too_many_attachments', why: [`${attachments.length} attachments`] }
  if (text === '' && given === undefined && attachments.length === 0) return { word: 'no_text', why: ['neither text nor blocks'] }
  const verdict = given === undefined ? { blocks: [] } : validateBlocks(given)
  if ('word' in verdict) return verdict
  const marked = [text, ...textsOf(verdict.blocks).filter(({ type }) => type === 'mrkdwn').map((one) => one.text)]
  const pieces = marked.flatMap(readPieces)
  return {
    taken: {
      text: text.slice(0, textCharacters),
      blocks: verdict.blocks,
      pings: pieces.flatMap((piece) => (piece.kind === 'ping' ? [piece.target] : [])),
      links: [...pieces.flatMap((piece) => (piece.kind === 'link' ? [piece.url] : [])), ...buttonLinks(verdict.blocks)],
      warnings: marked.flatMap(findUnescaped),
      settings,
    },
  }
}

function say(text: string, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/html', ...headers } })
}

/** One message a second, with room for a short burst; answers how many seconds to wait, 0 for none. */
function createPace(burst: number, now: () => Date): () => number {
  let tokens = burst
  let at = now().getTime()
  return () => {
    const current = now().getTime()
    tokens = Math.min(burst, tokens + Math.max(0, current - at) / 1_000)
    at = current
    if (tokens < 1) return Math.max(1, Math.ceil(1 - tokens))
    tokens -= 1
    return 0
  }
}

/** An incoming webhook, `POST /services/T…/B…/…`, and the channel it posts to, `GET /slack`. */
export function serveSlack(app: Hono<SandboxEnv>, options: SlackOptions, stage: { now: () => Date; closing: AbortSignal }): Slack {
  const channel = options.channel ?? 'security-alerts'
  const webhookPath = `/services/${options.webhookPath ?? 'T0SANDBOX/B0SANDBOX/notasecretnotasecretnota'}`
  const messages: SlackMessage[] = []
  const refusals: SlackRefusal[] = []
  const pace = createPace(options.burst ?? 5, stage.now)
  let toldToWaitUntil = 0

  function refuse(word: SlackWord, why: readonly string[], headers: Readonly<Record<string, string>> = {}): Response {
    refusals.push({ at: stage.now(), word, why })
    return say(word, slackWords[word], headers)
  }

  function refuseForNow(seconds: number): Response {
    toldToWaitUntil = stage.now().getTime() + seconds * 1_000
    return refuse('rate_limited', [`${seconds} s`], { 'retry-after': String(seconds) })
  }

  function keep(taken: Omit<SlackMessage, 'at' | 'ts' | 'channel'>): void {
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
    const limited = strike('slackRateLimit')
    const seconds = limited?.amount ?? pace()
    if (seconds > 0) return refuseForNow(seconds)
    if (strike('slackRedirects') !== null) return say('', 302, { location: 'https://slack.com/' })
    const hang = strike('slackHang')
    if (hang !== null) {
      await holdBack(context, hang.amount, stage.closing)
      return cutConnection(context)
    }
    const verdict = judge(context.req.header('content-type') ?? '', await context.req.text())
    if ('word' in verdict) return refuse(verdict.word, verdict.why)
    keep(verdict.taken)
    const late = strike('slackAcceptsThenHangs')
    if (late !== null) await holdBack(context, late.amount, stage.closing)
    if (late !== null || strike('slackAcceptsThenCloses') !== null) return cutConnection(context)
    return say('ok', 200)
  }

  app.post('/services/:parts{.+}', post)
  app.get('/slack', () => new Response(renderChannel(channel, messages), { headers: pageHeaders }))
  app.get('/slack/messages.json', () => Response.json(messages))
  return { webhookPath, messages: () => messages, refusals: () => refusals }
}
