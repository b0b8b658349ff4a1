import type { LookupFunction } from 'node:net'
import { Agent, fetch as send } from 'undici'
import type { HttpClient, HttpRequest, HttpResponse, Visit, Visited } from '../contracts/http.ts'
import { AnswerHead } from './answer-head.ts'
import { ContractBroken, NamesakeError, NotFound, Permanent, RetryLater, Transient, type WaitScope } from '../errors.ts'
import { siteOf } from './addresses.ts'
import { createGuardedConnector, strangePlace } from './guarded-connector.ts'
import { boundWait, retryAfter } from './retry-after.ts'

export interface HttpOptions {
  /** Who we are, with a contact: `namesake/1.0 (+https://example.org/contact)`. Sent with every request. */
  readonly userAgent: string
  /** The only places that may be asked: scheme, host and port of each URL given here. */
  readonly origins: readonly string[]
  readonly now: () => Date
  /** Milliseconds for a whole exchange, redirects and body included. */
  readonly timeoutMs?: number
  /** Bytes of a decoded body. */
  readonly maxBytes?: number
  /** Resolves names that content led to; absent: the system's resolver. */
  readonly lookup?: LookupFunction
  /** Goes around every exchange, where traces are on: it sees the method, and of the answer the status or what was thrown. */
  readonly traced?: TraceExchange
}

export type TraceExchange = <Answer extends { readonly status: number }>(method: string, exchange: () => Promise<Answer>) => Promise<Answer>

const defaultTimeoutMs = 30_000
/** Holds the largest answer that a batch of ours can bring: 20 files of 512,000 bytes, every byte escaped sixfold. */
const defaultMaxBytes = 64 * 1024 * 1024
const mostRedirects = 5
const connectTimeoutMs = 10_000
/** Wait after a 429 that does not say how long. Milliseconds. */
const unspecifiedWaitMs = 60_000

/**
 * The way out to the world; see the contract for what it throws. Requests, and the redirects they meet, stay inside
 * `origins`; credentials never go to another origin than the one they were meant for. Visits may leave them, to public
 * addresses only. No cookies, no cache, no proxy of the environment.
 * Error messages hold host, status and reason: no path, query, header or body, since names and secrets stand there.
 * @throws Permanent when an origin is not a URL
 */
export function createHttp(options: HttpOptions): HttpClient {
  const origins = new Set(options.origins.map(originOf))
  const agent = new Agent({ connect: { timeout: connectTimeoutMs }, headersTimeout: 0, bodyTimeout: 0 })
  // An agent of its own: a connection that was opened to a trusted place is never used for one that content named.
  const guarded = new Agent({
    connect: createGuardedConnector({ timeoutMs: connectTimeoutMs, ...(options.lookup === undefined ? {} : { lookup: options.lookup }) }),
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  // A header takes no other characters; a company may well be called by them.
  const userAgent = options.userAgent.replace(/[^\x20-\x7e]/g, '?')
  const traced = options.traced ?? ((_method, exchange) => exchange())
  const exchange = (call: Call) => traced(call.method, () => follow(call, userAgent, stayAtHome(call.url, origins, agent)))
  return {
    request: (request) => ask(request, exchange, options),
    fetch: (input, init) => answerAsFetch(input, init, exchange, options),
    visit: (request) => visit(request, (call) => traced(call.method, () => follow(call, userAgent, goAbroad(request, origins, { agent, guarded }))), options),
  }
}

/** A place that may be asked: the agent that opens the connection, and what the place is called in messages. */
interface Passage {
  readonly agent: Agent
  readonly host: string
}

/** Asked anew for every place of an exchange, the first and each that a redirect names. @throws Permanent refused */
type Admit = (place: URL, hop: number) => Passage

/** The origin of the first URL, which must be a configured one, and no other. */
function stayAtHome(url: string, origins: ReadonlySet<string>, agent: Agent): Admit {
  const home = parseUrl(url)
  const { host } = home
  return (place, hop) => {
    if (!origins.has(home.origin)) throw new Permanent(`${host}: not one of the configured hosts, nothing was sent`)
    if (hop > 0 && (place.origin !== home.origin || hasCredentials(place))) throw new Permanent(`${host}: a redirect to another origin was refused`)
    return { agent, host }
  }
}

/** The configured origins among `home` as they are; beyond them, public places inside of `within`. */
function goAbroad({ home, within }: Visit, origins: ReadonlySet<string>, { agent, guarded }: { agent: Agent; guarded: Agent }): Admit {
  const trusted = new Set(home.map(originOf).filter((origin) => origins.has(origin)))
  const sites = new Set([...trusted].map((origin) => siteOf(new URL(origin).hostname)))
  return (place) => {
    if (hasCredentials(place)) throw new Permanent(`${strangePlace} has credentials in its address, nothing was sent`)
    if (trusted.has(place.origin)) return { agent, host: place.host }
    if (place.protocol !== 'http:' && place.protocol !== 'https:') throw new Permanent(`${strangePlace} is neither http nor https, nothing was sent`)
    if (place.port !== '') throw new Permanent(`${strangePlace} is on a port of its own, nothing was sent`)
    if (within === 'site' && !sites.has(siteOf(place.hostname))) throw new Permanent(`${strangePlace} belongs to another site, nothing was sent`)
    return { agent: guarded, host: strangePlace }
  }
}

function hasCredentials({ username, password }: URL): boolean {
  return username !== '' || password !== ''
}

interface Call {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: string | null
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal | null
  /** Takes the body of a 2xx as it comes; null: it is held. */
  readonly write: ((piece: Uint8Array) => void) | null
  /** A redirect is an answer. */
  readonly redirects?: 'refuse'
  /** Statuses of redirects that are an answer when they lead to a place that is refused. */
  readonly refusedRedirects: readonly number[]
}

interface Answer {
  /** As messages call it. */
  readonly host: string
  /** Where it was found. */
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array<ArrayBuffer>
}

type Exchange = (call: Call) => Promise<Answer>

async function ask<Body>(request: HttpRequest<Body>, exchange: Exchange, options: HttpOptions): Promise<HttpResponse<Body>> {
  const headers = headersOf(request.headers, request.url)
  if (!headers.has('accept') && request.schema !== undefined) headers.set('accept', 'application/json')
  if (request.json !== undefined) headers.set('content-type', 'application/json')
  else if (request.plain !== undefined && !headers.has('content-type')) headers.set('content-type', 'text/plain')
  const answer = await exchange({
    method: request.method ?? 'GET',
    url: request.url,
    headers,
    body: request.json === undefined ? (request.plain ?? null) : JSON.stringify(request.json),
    timeoutMs: request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs,
    maxBytes: request.maxBytes ?? options.maxBytes ?? defaultMaxBytes,
    signal: null,
    write: null,
    refusedRedirects: [],
    ...(request.redirects === undefined ? {} : { redirects: request.redirects }),
  })
  const text = new TextDecoder().decode(answer.bytes)
  const ok = isGood(answer.status)
  if (!ok && request.accept?.includes(answer.status) !== true) throw refusalOf(answer, options.now())
  const body = ok && request.schema !== undefined ? parse(answer, text, request.schema) : undefined
  // The contract: without a schema, or for an accepted other status, the body is undefined.
  return { status: answer.status, headers: answer.headers, body: body as Body, text }
}

async function answerAsFetch(
  input: Parameters<typeof fetch>[0],
  init: Parameters<typeof fetch>[1],
  exchange: Exchange,
  options: HttpOptions,
): Promise<Response> {
  if (input instanceof Request) throw new Permanent('this fetch takes a URL and options, not a Request')
  const url = String(input)
  const { host } = parseUrl(url)
  const body = init?.body ?? null
  if (body !== null && typeof body !== 'string') throw new Permanent(`${host}: this fetch sends text only`)
  const answer = await exchange({
    method: init?.method ?? 'GET',
    url,
    headers: headersOf(init?.headers, url),
    body,
    timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    maxBytes: options.maxBytes ?? defaultMaxBytes,
    signal: init?.signal ?? null,
    write: null,
    refusedRedirects: [],
  })
  const bodyless = [204, 205, 304].includes(answer.status)
  return new Response(bodyless ? null : answer.bytes, { status: answer.status, headers: answer.headers })
}

async function visit(request: Visit, exchange: Exchange, options: HttpOptions): Promise<Visited> {
  const { known } = request
  const headers = new Headers({ accept: request.accept ?? '*/*' })
  for (const [name, value] of [['if-none-match', known?.etag], ['if-modified-since', known?.lastModified]] as const) {
    if (typeof value === 'string') headers.set(name, value)
  }
  const answer = await exchange({
    method: 'GET',
    url: request.url,
    headers,
    body: null,
    timeoutMs: request.timeoutMs ?? options.timeoutMs ?? defaultTimeoutMs,
    maxBytes: request.maxBytes ?? options.maxBytes ?? defaultMaxBytes,
    signal: null,
    write: request.write ?? null,
    refusedRedirects: request.statuses ?? [],
  })
  const expected = isGood(answer.status) || (answer.status === 304 && known !== undefined) || request.statuses?.includes(answer.status) === true
  if (!expected) throw refusalOf(answer, options.now(), 'job')
  return { status: answer.status, url: answer.url, headers: answer.headers, bytes: answer.bytes }
}

/** One exchange, redirects included, under one clock. */
async function follow(call: Call, userAgent: string, admit: Admit): Promise<Answer> {
  if (!URL.canParse(call.url)) throw new Permanent('what was to be asked is no URL, nothing was sent')
  let place = new URL(call.url)
  let passage = admit(place, 0)
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), call.timeoutMs)
  const signal = call.signal === null ? deadline.signal : AbortSignal.any([deadline.signal, call.signal])
  try {
    for (let redirects = 0; ; redirects += 1) {
      const { host } = passage
      const answer = await sendOnce({ ...call, url: place.href, signal }, userAgent, passage, deadline)
      if (!('location' in answer)) return answer
      if (call.redirects === 'refuse') return { host, url: place.href, status: answer.status, headers: new Headers(), bytes: new Uint8Array() }
      if (redirects === mostRedirects) throw new Permanent(`${host}: more than ${mostRedirects} redirects`)
      if (answer.status < 307 && call.method !== 'GET') throw new Permanent(`${host}: a redirect (${answer.status}) would drop what was sent`)
      if (!URL.canParse(answer.location, place.href)) throw new Permanent(`${host}: a redirect to something that is no URL`)
      const next = new URL(answer.location, place)
      const admitted = admitOr(admit, next, redirects + 1)
      if ('refusal' in admitted) {
        if (!call.refusedRedirects.includes(answer.status)) throw admitted.refusal
        return { host, url: place.href, status: answer.status, headers: new Headers({ location: next.href }), bytes: new Uint8Array() }
      }
      place = next
      passage = admitted
    }
  } catch (error) {
    const { host } = passage
    if (error instanceof NamesakeError) throw error
    // What the guard of connections refused comes wrapped.
    if (error instanceof Error && error.cause instanceof NamesakeError) throw error.cause
    if (call.signal?.aborted === true) throw new Transient(`${host}: the request was called off`)
    if (deadline.signal.aborted) throw new Transient(`${host}: no complete answer within ${call.timeoutMs} ms`)
    throw new Transient(`${host}: the exchange broke off${codeOf(error)}`)
  } finally {
    clearTimeout(timer)
  }
}

function admitOr(admit: Admit, place: URL, hop: number): Passage | { readonly refusal: unknown } {
  try {
    return admit(place, hop)
  } catch (refusal) {
    return { refusal }
  }
}

interface Redirect {
  readonly status: number
  readonly location: string
}

async function sendOnce(
  call: Call & { readonly signal: AbortSignal },
  userAgent: string,
  { agent, host }: Passage,
  deadline: AbortController,
): Promise<Answer | Redirect> {
  const headers = new Headers(call.headers)
  headers.set('user-agent', userAgent)
  const response = await send(call.url, {
    method: call.method,
    headers: [...headers],
    body: call.body,
    redirect: 'manual',
    signal: call.signal,
    dispatcher: agent,
  })
  const location = response.headers.get('location')
  if ([301, 302, 303, 307, 308].includes(response.status) && location !== null) {
    await response.body?.cancel()
    return { status: response.status, location }
  }
  const read = readAtMost(response.body, { maxBytes: call.maxBytes, write: isGood(response.status) ? call.write : null }, () => {
    deadline.abort()
    return new Permanent(`${host}: the answer is larger than ${call.maxBytes} bytes`)
  })
  const bytes = await read.catch((error: unknown) => {
    if (error instanceof NamesakeError || call.signal.aborted) throw error
    throw new Transient(`${host}: the exchange broke off${codeOf(error)}`, { cause: new AnswerHead(response.status, new Headers([...response.headers])) })
  })
  const answered = new Headers([...response.headers])
  // They describe the encoded body, which nobody sees any more.
  answered.delete('content-encoding')
  answered.delete('content-length')
  return { host, url: call.url, status: response.status, headers: answered, bytes }
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300
}

/** What counts is what came out of the decompression: a small answer that grows without bounds is cut off. */
async function readAtMost(
  body: AsyncIterable<Uint8Array> | null,
  { maxBytes, write }: { readonly maxBytes: number; readonly write: Call['write'] },
  tooLarge: () => Error,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let total = 0
  let size = 0
  for await (const chunk of body ?? []) {
    total += chunk.byteLength
    if (total > maxBytes) throw tooLarge()
    if (write !== null) {
      write(chunk)
      continue
    }
    size += chunk.byteLength
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

/** The error that an answer outside 2xx stands for. */
function refusalOf({ host, status, headers }: Answer, now: Date, scope: WaitScope = 'destination'): NamesakeError {
  const until = retryAfter(headers, now)
  if (status >= 400 && until !== null) return new RetryLater(`${host}: asks to wait (${status})`, until, scope)
  if (status === 429) return new RetryLater(`${host}: asks to wait (429), without saying how long`, boundWait(unspecifiedWaitMs, now), scope)
  if (status === 404 || status === 410) return new NotFound(`${host}: not there (${status})`)
  if (status >= 500) return new Transient(`${host}: server error (${status})`)
  if (status === 408 || status === 425) return new Transient(`${host}: asks to try again (${status})`)
  if (status >= 300 && status < 400) return new Permanent(`${host}: a redirect that leads nowhere (${status})`)
  return new Permanent(`${host}: refused (${status})`)
}

/** HTML and broken JSON come from proxies, outages and cut connections; JSON of another shape is a changed contract. */
function parse<Body>({ host, status, headers }: Answer, text: string, schema: NonNullable<HttpRequest<Body>['schema']>): Body {
  if (headers.get('content-type')?.includes('html') === true || text.trimStart().startsWith('<')) {
    throw new Transient(`${host}: HTML where JSON was promised (${status})`, { cause: new AnswerHead(status, headers) })
  }
  const head = new AnswerHead(status, headers)
  const parsed = schema.safeParse(parseJson(text, host, head))
  if (parsed.success) return parsed.data
  throw new ContractBroken(`${host}: the answer (${status}) does not have the promised form at ${pathsOf(parsed.error.issues)}`, { cause: head })
}

function parseJson(text: string, host: string, head: AnswerHead): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text.
    throw new Transient(`${host}: the answer (${head.status}) is no complete JSON`, { cause: head })
  }
}

/** Where it went wrong, without any value: at most five paths; parts that are no plain key become `*`. */
function pathsOf(issues: readonly { readonly path: readonly PropertyKey[] }[]): string {
  const paths = issues.slice(0, 5).map(({ path }) =>
    path.length === 0 ? 'its root' : path.map((part) => (/^\w{1,40}$/.test(String(part)) ? String(part) : '*')).join('.'),
  )
  return [...new Set(paths)].join(', ')
}

function headersOf(given: ConstructorParameters<typeof Headers>[0] | Readonly<Record<string, string>>, url: string): Headers {
  try {
    return new Headers(given)
  } catch {
    // The original message quotes the value, which may be a token.
    throw new Permanent(`${parseUrl(url).host}: a header holds characters that cannot be sent`)
  }
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url)) throw new Permanent('what was to be asked is no URL, nothing was sent')
  const parsed = new URL(url)
  if (hasCredentials(parsed)) throw new Permanent(`${parsed.host}: a URL with credentials in it, nothing was sent`)
  return parsed
}

function originOf(url: string): string {
  const { origin, protocol } = parseUrl(url)
  if (protocol !== 'http:' && protocol !== 'https:') throw new Permanent('an allowed origin is neither http nor https')
  return origin
}

/** The system's word for what happened (`ECONNREFUSED`), which holds nothing of ours. */
function codeOf(error: unknown): string {
  for (const one of [error, error instanceof Error ? error.cause : null]) {
    if (typeof one === 'object' && one !== null && 'code' in one && typeof one.code === 'string' && /^[A-Z0-9_]{3,40}$/.test(one.code)) {
      return ` (${one.code})`
    }
  }
  return ''
}
