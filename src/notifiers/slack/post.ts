import type { HttpClient, HttpResponse } from '../../contracts/http.ts'
import { Permanent, Transient } from '../../errors.ts'
import { refuse, refusalOf, type Refusal } from '../refusal.ts'

/**
 * The words of a webhook that mean something to us, with what they refuse. Their statuses vary; the word decides.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
const refusals = {
  no_service: 'destination',
  no_service_id: 'destination',
  no_active_hooks: 'destination',
  no_team: 'destination',
  team_disabled: 'destination',
  invalid_token: 'destination',
  channel_not_found: 'destination',
  channel_is_archived: 'destination',
  action_prohibited: 'destination',
  posting_to_general_channel_denied: 'destination',
  user_not_found: 'destination',
  invalid_payload: 'message',
  invalid_blocks: 'message',
  invalid_blocks_format: 'message',
  no_text: 'message',
  too_many_attachments: 'message',
  msg_too_long: 'message',
  msg_blocks_too_long: 'message',
} as const satisfies Record<string, Refusal>
type Word = keyof typeof refusals

/** Slack's own word for "try again", whatever the status. */
const transient = ['rollup_error', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']

/** Read here, because the word behind them decides; 429 and outages keep the client's own errors. */
const readStatuses = [...between(300, 428), ...between(430, 500)]

/** Bytes. An answer is one word; a proxy's page is not worth reading to its end. */
const maxBytes = 256 * 1024

export interface Webhook {
  readonly webhookUrl: string
  /** For a whole exchange. */
  readonly timeoutMs: number
}

export interface Answer {
  /** The known word that it was refused with; null: accepted, or no word we know. */
  readonly word: Word | null
  /** Null: acknowledged with 200 and `ok`. */
  readonly refused: Permanent | null
}

/**
 * One POST. Acknowledged is only status 200 with the body `ok`: everything else is an error or a refusal.
 * @throws RetryLater (429) | Transient (network, timeout, 5xx, an answer that is not Slack's)
 */
export async function post(http: HttpClient, { webhookUrl, timeoutMs }: Webhook, message: object): Promise<Answer> {
  const { status, text } = await exchange(http, { webhookUrl, timeoutMs }, message)
  const word = text.trim()
  if (status === 200 && word === 'ok') return { word: null, refused: null }
  if (isKnown(word)) return { word, refused: refuse(refusals[word], `Slack refused the ${refusals[word]}: ${word}`) }
  if (word === 'rate_limited' || word === 'ratelimited' || transient.includes(word)) throw new Transient(`Slack could not take the message (${status})`)
  return { word: null, refused: refusedByStatus(status) }
}

async function exchange(http: HttpClient, { webhookUrl, timeoutMs }: Webhook, message: object): Promise<HttpResponse<undefined>> {
  try {
    return await http.request({ method: 'POST', url: webhookUrl, json: message, timeoutMs, maxBytes, accept: readStatuses, redirects: 'refuse' })
  } catch (error) {
    // Not allowed, redirected, or answered at a length that Slack never has: the address is not the webhook.
    if (error instanceof Permanent && refusalOf(error) === null) throw refuse('destination', error.message)
    throw error
  }
}

/** The answer holds no word of Slack's: a proxy, another service, or a word that is new. */
function refusedByStatus(status: number): Permanent {
  if (status < 300) throw new Transient(`the answer (${status}) does not acknowledge the message`)
  if (status >= 500 || status === 408 || status === 425) throw new Transient(`Slack could not take the message (${status})`)
  if (status < 400) return refuse('destination', `the webhook answers with a redirect (${status})`)
  if (status === 400 || status === 413 || status === 422) return refuse('message', `Slack refused the message (${status})`)
  return refuse('destination', `the webhook refused us (${status})`)
}

function isKnown(word: string): word is Word {
  return Object.hasOwn(refusals, word)
}

function between(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
