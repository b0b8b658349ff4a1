import type { HttpClient, HttpResponse } from '../contracts/http.ts'
import { Permanent, Transient } from '../errors.ts'
import { refuse, refusalOf, type Refusal } from './refusal.ts'

export interface Post {
  /** As messages call the destination: `the webhook`. */
  readonly called: string
  /** Not in any error. */
  readonly url: string
  /** JSON, as it is sent. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses that say "taken"; absent: every 2xx. */
  readonly taken?: readonly number[]
  /** What a status refuses, where it is not what it says: 400, 413 and 422 the message, other 4xx and 3xx the destination. */
  readonly refusals?: Readonly<Record<number, Refusal>>
}

/** Read here, because the status decides what was refused; 429, 408, 425 and outages keep the client's own errors. */
const readStatuses = [...between(300, 407), ...between(409, 424), ...between(426, 428), ...between(430, 499)]
/** Milliseconds. Standard Webhooks: 15 to 30 s. */
const timeoutMs = 20_000
/** Bytes. What stands in an answer is of no interest. */
const maxBytes = 256 * 1024

/**
 * One POST of JSON; resolves only when the destination took it. Redirects are not followed.
 * @throws RetryLater (429, Retry-After) | Transient (network, timeout, 5xx, a 2xx that does not say "taken") | Permanent, refused
 */
export async function post(http: HttpClient, { called, url, body, headers = {}, taken, refusals = {} }: Post): Promise<void> {
  const { status } = await exchange(http, url, body, headers)
  if (status >= 200 && status < 300) {
    if (taken === undefined || taken.includes(status)) return
    throw new Transient(`the answer of ${called} (${status}) does not acknowledge the message`)
  }
  const refusal = refusals[status] ?? (status === 400 || status === 413 || status === 422 ? 'message' : 'destination')
  if (status < 400) throw refuse(refusal, `${called} answers with a redirect (${status}), which is not followed`)
  if (refusal === 'message') throw refuse(refusal, `${called} refused the message (${status})`)
  throw refuse(refusal, status === 410 ? `${called} is gone (410)` : `${called} refused us (${status})`)
}

async function exchange(http: HttpClient, url: string, body: string, headers: Readonly<Record<string, string>>): Promise<HttpResponse<undefined>> {
  try {
    return await http.request({
      method: 'POST', url, plain: body, headers: { ...headers, 'content-type': 'application/json' }, timeoutMs, maxBytes, accept: readStatuses, redirects: 'refuse',
    })
  } catch (error) {
    // Not a configured host, or an answer at a length that no destination has: the address is not the one that was meant.
    if (error instanceof Permanent && refusalOf(error) === null) throw refuse('destination', error.message)
    throw error
  }
}

function between(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
