import type { Hono } from 'hono'
import { z } from 'zod'
import { cutConnection, failOnTheWire, holdBack, type SandboxContext, type SandboxEnv } from '../door.ts'
import { judge, type Posting } from './message.ts'
import type { SocketDoor } from './socket.ts'
import { modal } from './validate-view.ts'
import type { WorkspaceMessage, WorkspaceState } from './workspace.ts'
import { apiWords, type ApiWord } from './words.ts'

type Fields = Readonly<Record<string, unknown>>
type Answer = { readonly ok: true } & Fields
type Refusal = { readonly ok?: undefined; readonly error: string; readonly more?: Fields }
function isRefusal(verdict: Answer | Refusal): verdict is Refusal {
  return verdict['ok'] === undefined
}
type Method = (fields: Fields, workspace: WorkspaceState) => Answer | Refusal

const message = z.looseObject({ channel: z.string(), thread_ts: z.string().optional(), reply_broadcast: z.boolean().optional(), metadata: z.unknown().optional() })
const metadataSchema = z.looseObject({ event_type: z.string().min(1).max(255), event_payload: z.record(z.string(), z.unknown()) }).optional()

/** Fields of a message that are no part of what is shown. */
const addressing = ['channel', 'ts', 'thread_ts', 'reply_broadcast', 'metadata']

function postingOf(fields: Fields): { readonly posting: Posting } | Refusal {
  const shown = Object.fromEntries(Object.entries(fields).filter(([key]) => !addressing.includes(key)))
  const verdict = judge(shown)
  if ('taken' in verdict) return { posting: verdict.taken }
  return { error: verdict.word === 'invalid_payload' ? 'invalid_arguments' : verdict.word, more: { response_metadata: { messages: verdict.why } } }
}

function post(fields: Fields, workspace: WorkspaceState): Answer | Refusal {
  const parsed = message.safeParse(fields)
  if (!parsed.success) return { error: 'invalid_arguments' }
  const { channel: room, thread_ts: threadTs = null, reply_broadcast: broadcast = false, metadata } = parsed.data
  if (!workspace.channels.has(room)) return { error: 'channel_not_found' }
  if (threadTs !== null && workspace.find(room, threadTs) === null) return { error: 'thread_not_found' }
  if (!metadataSchema.safeParse(metadata).success) return { error: 'invalid_metadata_format' }
  const posting = postingOf(fields)
  if ('error' in posting) return posting
  const kept = workspace.keep(posting.posting, { room, threadTs, broadcast, metadata: metadata ?? null })
  return { ok: true, channel: room, ts: kept.ts, message: shownOf(kept, true) }
}

function update(fields: Fields, workspace: WorkspaceState): Answer | Refusal {
  const parsed = message.extend({ ts: z.string() }).safeParse(fields)
  if (!parsed.success) return { error: 'invalid_arguments' }
  const { channel: room, ts, metadata } = parsed.data
  if (!workspace.channels.has(room)) return { error: 'channel_not_found' }
  if (workspace.find(room, ts) === null) return { error: 'message_not_found' }
  const posting = postingOf(fields)
  if ('error' in posting) return posting
  workspace.change(room, ts, posting.posting, metadata ?? null)
  return { ok: true, channel: room, ts, text: posting.posting.text }
}

function shownOf({ ts, text, blocks, threadTs, broadcast, metadata }: WorkspaceMessage, withMetadata: boolean): Fields {
  return {
    type: 'message', ts, text, blocks,
    ...(threadTs === null ? {} : { thread_ts: threadTs, ...(broadcast ? { subtype: 'thread_broadcast' } : {}) }),
    ...(withMetadata && metadata !== null ? { metadata } : {}),
  }
}

const page = z.looseObject({
  channel: z.string(), ts: z.string().optional(), oldest: z.string().optional(), latest: z.string().optional(), cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(999).default(100), include_all_metadata: z.string().optional(),
})

function list(which: 'history' | 'replies'): Method {
  return (fields, workspace) => {
    const parsed = page.safeParse(fields)
    if (!parsed.success) return { error: 'invalid_arguments' }
    const { channel: room, ts, oldest = '0', latest = '9999999999.999999', cursor = '0', limit, include_all_metadata: metadata } = parsed.data
    if (!workspace.channels.has(room)) return { error: 'channel_not_found' }
    const all = workspace.messages(room)
    if (which === 'replies' && (ts === undefined || !all.some((one) => one.ts === ts))) return { error: 'thread_not_found' }
    const wanted = which === 'replies'
      ? all.filter((one) => one.ts === ts || one.threadTs === ts)
      : all.filter((one) => one.threadTs === null || one.broadcast).toReversed()
    // A thread always begins with its message.
    const inTime = wanted.filter((one) => (which === 'replies' && one.ts === ts) || (Number(one.ts) > Number(oldest) && Number(one.ts) < Number(latest)))
    const from = Number(cursor)
    const messages = inTime.slice(from, from + limit).map((one) => shownOf(one, metadata === 'true'))
    const more = from + limit < inTime.length
    return { ok: true, messages, has_more: more, response_metadata: { next_cursor: more ? String(from + limit) : '' } }
  }
}

function whisper(fields: Fields, workspace: WorkspaceState): Answer | Refusal {
  const parsed = z.looseObject({ channel: z.string(), user: z.string(), text: z.string().min(1) }).safeParse(fields)
  if (!parsed.success) return { error: 'no_text' }
  const { channel: room, user, text } = parsed.data
  if (!workspace.channels.has(room)) return { error: 'channel_not_found' }
  workspace.whisper({ room, user, text })
  return { ok: true, message_ts: '0.0' }
}

function openView(fields: Fields, workspace: WorkspaceState): Answer | Refusal {
  const parsed = z.looseObject({ trigger_id: z.string(), view: modal }).safeParse(fields)
  if (!parsed.success) return { error: 'invalid_arguments', more: { response_metadata: { messages: parsed.error.issues.map(({ message: why }) => why) } } }
  const open = workspace.openView(parsed.data.trigger_id, parsed.data.view)
  return open === null ? { error: 'expired_trigger_id' } : { ok: true, view: { id: open.id } }
}

const methods: Readonly<Record<string, Method>> = {
  'auth.test': (_, { teamId }) => ({ ok: true, url: 'https://sandbox.slack.com/', team: 'Sandbox', team_id: teamId, user: 'namesake', user_id: 'U0NAMESAKE', bot_id: 'B0NAMESAKE' }),
  'chat.postMessage': post,
  'chat.update': update,
  'chat.postEphemeral': whisper,
  'conversations.history': list('history'),
  'conversations.replies': list('replies'),
  'views.open': openView,
}
/** Methods that put something into a channel for everybody: of these Slack takes one a second. */
const posting = ['chat.postMessage', 'chat.update']

export interface WebApiStage {
  readonly closing: AbortSignal
  /** Seconds to wait for a channel; 0: none. */
  pace(room: string): number
  readonly socket: SocketDoor
}

/** Slack's Web API at `/slack-api/<method>`, and the addresses that clicks bring, `/slack-actions/…`. */
export function serveWebApi(app: Hono<SandboxEnv>, workspace: WorkspaceState, stage: WebApiStage): void {
  const refuse = (error: string, more: Fields = {}) => Response.json({ ok: false, error, ...more })

  function admit(context: SandboxContext, method: string): Response | null {
    const authorization = context.req.header('authorization')
    if (authorization === undefined) return refuse('not_authed')
    const wanted = method === 'apps.connections.open' ? workspace.appToken : workspace.botToken
    if (authorization === `Bearer ${wanted}`) return null
    return refuse(authorization === `Bearer ${workspace.appToken}` || authorization === `Bearer ${workspace.botToken}` ? 'not_allowed_token_type' : 'invalid_auth')
  }

  async function answer(context: SandboxContext): Promise<Response> {
    const strike = context.get('strike')
    const broken = await failOnTheWire(context, stage.closing)
    if (broken !== null) return broken
    const method = context.req.param('method') ?? ''
    const fields = await fieldsOf(context)
    const refused = admit(context, method)
    if (refused !== null) return refused
    for (const word of Object.keys(apiWords)) {
      // The keys of the table are its words.
      if (strike(`slack-api:${word as ApiWord}`) !== null) return refuse(word)
    }
    const room = typeof fields['channel'] === 'string' ? fields['channel'] : ''
    if (posting.includes(method)) workspace.pace(room)
    const seconds = strike('slackRateLimit')?.amount ?? (posting.includes(method) ? stage.pace(room) : 0)
    if (seconds > 0) return new Response(JSON.stringify({ ok: false, error: 'ratelimited' }), { status: 429, headers: { 'content-type': 'application/json', 'retry-after': String(seconds) } })
    if (strike('slackRedirects') !== null) return new Response('', { status: 302, headers: { location: 'https://slack.com/' } })
    const hang = strike('slackHang')
    if (hang !== null) {
      await holdBack(context, hang.amount, stage.closing)
      return cutConnection(context)
    }
    if (method === 'apps.connections.open') return Response.json({ ok: true, url: stage.socket.newUrl() })
    const known = methods[method]
    if (known === undefined) return refuse('unknown_method')
    const verdict = known(fields, workspace)
    const late = strike('slackAcceptsThenHangs')
    if (late !== null) await holdBack(context, late.amount, stage.closing)
    if (late !== null || strike('slackAcceptsThenCloses') !== null) return cutConnection(context)
    if (strike('slackAcceptsThenFails') !== null) return refuse('fatal_error')
    return isRefusal(verdict)
      ? refuse(verdict.error, verdict.more)
      : Response.json(verdict, { headers: method === 'auth.test' ? { 'x-oauth-scopes': workspace.scopes.join(',') } : {} })
  }

  app.all('/slack-api/:method', answer)
  app.post('/slack-actions/:rest{.+}', async (context) => {
    const broken = await failOnTheWire(context, stage.closing)
    if (broken !== null) return broken
    const body = z.record(z.string(), z.unknown()).safeParse(parseJson(await context.req.text()))
    const word = body.success ? workspace.respond(new URL(context.req.url).pathname, body.data) : 'invalid_payload'
    return word === null ? Response.json({ ok: true }) : new Response(word, { status: 404 })
  })
}

/** Reading methods take a query, writing ones JSON. */
async function fieldsOf(context: SandboxContext): Promise<Fields> {
  const query = Object.fromEntries(new URL(context.req.url).searchParams)
  if (context.req.method === 'GET') return query
  const type = context.req.header('content-type') ?? ''
  const text = await context.req.text()
  if (type.startsWith('application/x-www-form-urlencoded')) return { ...query, ...Object.fromEntries(new URLSearchParams(text)) }
  const body = z.record(z.string(), z.unknown()).safeParse(parseJson(text))
  return body.success ? { ...query, ...body.data } : query
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
