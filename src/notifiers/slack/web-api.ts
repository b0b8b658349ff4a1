import { z, type ZodType } from 'zod'
import type { HttpClient, HttpResponse } from '../../contracts/http.ts'
import { ContractBroken, Permanent, RetryLater, Transient } from '../../errors.ts'
import { refuse, refusalOf, type Refusal } from '../refusal.ts'

/**
 * The error words of the Web API that mean something to us, with what they refuse. What is not in the table refuses the
 * message. https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const refusals: Readonly<Record<string, Refusal>> = {
  channel_not_found: 'destination',
  not_in_channel: 'destination',
  is_archived: 'destination',
  channel_is_archived: 'destination',
  restricted_action: 'destination',
  restricted_action_read_only_channel: 'destination',
  restricted_action_thread_only_channel: 'destination',
  restricted_action_non_threadable_channel: 'destination',
  restricted_action_thread_locked: 'thread',
  token_revoked: 'destination',
  token_expired: 'destination',
  account_inactive: 'destination',
  invalid_auth: 'destination',
  not_authed: 'destination',
  not_allowed_token_type: 'destination',
  no_permission: 'destination',
  missing_scope: 'destination',
  ekm_access_denied: 'destination',
  org_login_required: 'destination',
  team_access_not_granted: 'destination',
  access_denied: 'destination',
  message_not_found: 'thread',
  thread_not_found: 'thread',
  cant_update_message: 'thread',
  edit_window_closed: 'thread',
  cannot_reply_to_message: 'thread',
}

/** Slack's words for "try again": the message may have been taken or not. */
const transient = new Set(['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'])
/** Slack's words for "later": it was not taken. */
const later = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded'])

/** Milliseconds to wait when Slack says "later" without saying how long. */
const unspecifiedWaitMs = 30_000
const maxBytes = 8 * 1024 * 1024

/** Read here: 429 keeps the client's own error; everything else is judged by what it says of the message. */
const readStatuses = [...between(300, 428), ...between(430, 599)]

const envelope = z.looseObject({ ok: z.boolean(), error: z.string().optional(), needed: z.string().optional() })

export interface Call<Answer> {
  /** `chat.postMessage` */
  readonly method: string
  /** Sent as JSON; absent: the question is in `query`. */
  readonly json?: object
  readonly query?: Readonly<Record<string, string>>
  readonly schema: ZodType<Answer>
}

export interface WebApi {
  /** One request. @throws RetryLater (it was not taken) | Transient (it may have been) | Permanent (what was refused, in `refusalOf`) | ContractBroken */
  call<Answer>(call: Call<Answer>): Promise<{ readonly answer: Answer; readonly headers: Headers }>
}

export interface WebApiOptions {
  readonly apiUrl: string
  readonly token: string
  /** For a whole exchange. */
  readonly timeoutMs: number
  readonly now: () => Date
}

/** The Web API with a token of an app. Errors hold the method and Slack's word, never the token, a text or a name. */
export function openWebApi(http: HttpClient, { apiUrl, token, timeoutMs, now }: WebApiOptions): WebApi {
  return {
    async call({ method, json, query, schema }) {
      const url = new URL(`${apiUrl.replace(/\/+$/, '')}/${method}`)
      for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value)
      const response = await exchange(http, {
        method: json === undefined ? 'GET' : 'POST', url: url.href, headers: { authorization: `Bearer ${token}` }, ...(json === undefined ? {} : { json }),
        schema: envelope, timeoutMs, maxBytes, accept: readStatuses,
      })
      if (response.status !== 200) throw refusedByStatus(method, response.status)
      const { ok, error, needed } = response.body
      if (!ok) throw refusedByWord(method, { word: wordOf(error), needed: wordOf(needed) }, response.headers, now())
      const parsed = schema.safeParse(response.body)
      if (!parsed.success) throw new ContractBroken(`Slack's answer to ${method} does not have the promised form`)
      return { answer: parsed.data, headers: response.headers }
    },
  }
}

async function exchange<Body>(http: HttpClient, request: Parameters<HttpClient['request']>[0] & { readonly schema: ZodType<Body> }): Promise<HttpResponse<Body>> {
  try {
    return await http.request<Body>(request)
  } catch (error) {
    // Not allowed, redirected, or answered at a length that Slack never has: the address is not the Web API.
    if (error instanceof Permanent && refusalOf(error) === null) throw refuse('destination', error.message)
    throw error
  }
}

/** A 5xx leaves open whether the message was taken, whatever else it says. */
function refusedByStatus(method: string, status: number): Error {
  if (status >= 500 || status === 408 || status === 425 || status < 300) return new Transient(`Slack could not answer ${method} (${status})`)
  return refuse('destination', `the Web API refused ${method} (${status})`)
}

function refusedByWord(method: string, { word, needed }: { readonly word: string; readonly needed: string }, headers: Headers, now: Date): Error {
  if (later.has(word)) return new RetryLater(`Slack asks to wait (${word})`, waitOf(headers, now))
  if (transient.has(word)) return new Transient(`Slack could not complete ${method}: ${word}`)
  const refusal = Object.hasOwn(refusals, word) ? (refusals[word] ?? 'message') : 'message'
  return refuse(refusal, `Slack refused ${method}: ${word}${needed === '' ? '' : ` (needs ${needed})`}`)
}

function waitOf(headers: Headers, now: Date): Date {
  const seconds = Number(headers.get('retry-after'))
  return new Date(now.getTime() + (seconds > 0 && seconds < 86_400 ? seconds * 1_000 : unspecifiedWaitMs))
}

/** Slack's words are of letters, digits, `_`, `:` and `,`; anything else is no word, and is not repeated. */
function wordOf(text: string | undefined): string {
  if (text === undefined) return ''
  return /^[\w:,. -]{1,100}$/.test(text) ? text : 'an unknown word'
}

function between(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
