import type { ZodType } from 'zod'

export interface HttpRequest<Body> {
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Parses the JSON body of a 2xx answer; what does not fit is ContractBroken. Absent: the text is returned. */
  readonly schema?: ZodType<Body>
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs?: number
  /** Bytes of the decoded body; more is Permanent. */
  readonly maxBytes?: number
  /** Statuses (other than 2xx) that the caller reads by itself instead of getting an error. */
  readonly accept?: readonly number[]
}

export interface HttpResponse<Body> {
  readonly status: number
  readonly headers: Headers
  /** The schema's output for a 2xx; undefined for an accepted other status or without a schema. */
  readonly body: Body
  /** The body as text, at most `maxBytes`. */
  readonly text: string
}

/**
 * The way out to the world. `net/` implements it and is the only caller of fetch.
 * @throws RetryLater (429, Retry-After) | Transient (network, timeout, 5xx, HTML where JSON was promised)
 *   | NotFound (404, 410) | Permanent (other 4xx, body over the cap) | ContractBroken (schema)
 */
export interface HttpClient {
  request<Body = undefined>(request: HttpRequest<Body>): Promise<HttpResponse<Body>>
  /**
   * A fetch with the same guards (origins, timeout, byte cap, User-Agent) for libraries that want one.
   * It answers every status; only network failures throw (Transient).
   */
  readonly fetch: typeof fetch
}
