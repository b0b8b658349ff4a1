import type { ZodType } from 'zod'

export interface HttpRequest<Body> {
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is, in place of `json`; as plain text where the headers name no other content type. */
  readonly plain?: string
  /** Parses the JSON body of a 2xx answer; what does not fit is ContractBroken. Absent: the text is returned. */
  readonly schema?: ZodType<Body>
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs?: number
  /** Bytes of the decoded body; more is Permanent. */
  readonly maxBytes?: number
  /** `refuse`: a redirect is an answer like others, and is not followed. Absent: within the origin it is. */
  readonly redirects?: 'refuse'
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

/** A GET of something that public content may have named: a page, what it links to, the source map of a script. */
export interface Visit {
  readonly url: string
  /**
   * Configured URLs that the visit belongs to. Their origins are trusted as configured: a private address, another port.
   * Every other place, redirects included, must be http(s) on its default port and at a public address.
   */
  readonly home: readonly string[]
  /** Where it may lead besides: to the sites (registrable domains) of `home`, or to anywhere in the public internet. */
  readonly within: 'site' | 'public'
  /** The Accept header; absent: anything. */
  readonly accept?: string
  /** Statuses (other than 2xx) that the caller reads by itself; 3xx: of redirects to where this visit may not go. */
  readonly statuses?: readonly number[]
  /** Validators of what is known already: then 304 is an answer too. */
  readonly known?: Validators
  readonly timeoutMs?: number
  /** Bytes of the decoded body; more is Permanent. */
  readonly maxBytes?: number
  /** Takes the decoded body of a 2xx piece by piece, as it comes, instead of having it held; `bytes` is empty then. */
  readonly write?: (piece: Uint8Array) => void
}

/** What a server said a version of a thing can be recognised by (RFC 9110, section 8.8). */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
}

export interface Visited {
  /** 2xx, or one of `statuses`; 304 only for a visit with `known`. */
  readonly status: number
  /** Where it was found, after redirects. */
  readonly url: string
  readonly headers: Headers
  /** The decoded body, not decoded into text (see `net/decode-text.ts`). */
  readonly bytes: Uint8Array
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
  /**
   * Goes where content leads, and nowhere else than `visit.within` says. No credentials, no cookies. A wait that one of
   * these servers asks for is a wait of that job only: no stranger stops a whole source. Messages name configured hosts
   * only. @throws as `request`; Permanent too for places that are refused
   */
  visit(visit: Visit): Promise<Visited>
}
