import { randomBytes } from 'node:crypto'
import { failOnTheWire, type SandboxContext } from '../door.ts'
import type { ObjectReader } from '../git/read-objects.ts'
import type { Publications } from '../publications.ts'
import type { ActivityOptions } from './activity.ts'
import type { Account, Catalogue } from './catalogue.ts'
import type { Tokenisation } from './find-words.ts'
import type { Bucket, Limits, Rate, Refusal, SecondaryLimits } from './limits.ts'
import type { SearchIndex } from './search-index.ts'
import type { Addresses } from './shapes.ts'

/** A token and the account that holds it. Limits are the account's, whatever the number of its tokens. */
export interface Credential {
  readonly token: string
  readonly account: Account
  readonly scopes: string
  /** From then on every request with it is answered with Bad credentials. */
  revoked: boolean
}

/** Everything the routes of GitHub share. */
export interface Site {
  readonly catalogue: Catalogue
  readonly publications: Publications
  readonly activity: ActivityOptions
  readonly objects: ObjectReader
  readonly credentials: ReadonlyMap<string, Credential>
  readonly limits: Limits
  readonly secondary: SecondaryLimits
  readonly addresses: Addresses
  readonly tokenisation: Tokenisation
  readonly now: () => Date
  /** Aborted when the sandbox closes: whoever waits stops waiting. */
  readonly closing: AbortSignal
  index(): SearchIndex
}

/** Who asks: null is nobody in particular, who shares the anonymous windows. */
export type Caller = Credential | null

export function holderOf(caller: Caller): string {
  return caller === null ? 'anonymous' : `user ${caller.account.id}`
}

/** An answer before faults: `json` is serialised, `text` goes as it is. */
export interface Answer {
  readonly status: number
  readonly json?: unknown
  readonly text?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export interface Doorway {
  readonly bucket: Bucket
  /** For the secondary limit of points a minute per endpoint. */
  readonly endpoint: string
  /** Default true. */
  readonly counted?: boolean
  /** `/search/code` and GraphQL do not read the API version. Default true. */
  readonly versioned?: boolean
  /** Answers when the bucket is empty or a secondary limit struck; REST's own unless given. */
  readonly exhausted?: (site: Site, context: SandboxContext, caller: Caller) => Answer
  readonly refused?: (refusal: Refusal) => Answer
}

const docs = 'https://docs.github.com'
const versions = ['2022-11-28', '2026-03-10'] as const
const policy = 'For more on scraping GitHub and how it may affect your rights, please review our Terms of Service (https://docs.github.com/en/site-policy/github-terms/github-terms-of-service)'

/** Lines like `A1B2:3C4D5:6E7F8:9A0B1:5F3759DF`. */
function requestId(): string {
  return randomBytes(14).toString('hex').toUpperCase().replace(/(.{4})(.{6})(.{6})(.{6})(.{6})/, '$1:$2:$3:$4:$5')
}

export function failure(status: number, message: string, documentation: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  return { status, json: { message, ...more, documentation_url: documentation, status: String(status) } }
}

export function notFound(documentation = `${docs}/rest`): Answer {
  return failure(404, 'Not Found', documentation)
}

function rateHeaders(rate: Rate): Record<string, string> {
  return {
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-used': String(rate.used),
    'x-ratelimit-reset': String(rate.reset),
    'x-ratelimit-resource': rate.bucket,
  }
}

/** `undefined`: a credential was sent and is not valid. */
function callerOf(site: Site, context: SandboxContext): Caller | undefined {
  const header = context.req.header('authorization')
  if (header === undefined) return null
  const { token } = /^(?:token|bearer) +(?<token>\S+)$/i.exec(header)?.groups ?? {}
  const credential = site.credentials.get(token ?? '')
  if (credential !== undefined && context.get('strike')('tokenRevoked') !== null) credential.revoked = true
  return credential === undefined || credential.revoked ? undefined : credential
}

function badVersion(version: string): Answer {
  return failure(400, 'Bad Request', `${docs}/rest`, {
    errors: `The version you specified in the "X-GitHub-API-Version" request header, "${version}", is not a supported version. The following versions are currently supported: "2026-03-10" (most recent) and "2022-11-28".`,
  })
}

/** The documented message of an empty bucket; 403, or 429 where that is switched on. */
function restExhausted(site: Site, context: SandboxContext, caller: Caller): Answer {
  const status = context.get('strike')('primaryLimitAs429') === null ? 403 : 429
  if (caller === null) {
    const message = 'API rate limit exceeded for 127.0.0.1. (But here\'s the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)'
    return { status, json: { message, documentation_url: `${docs}/rest/overview/resources-in-the-rest-api#rate-limiting` }, headers: { server: 'Varnish' } }
  }
  const id = requestId()
  const stamp = site.now().toISOString().slice(0, 19).replace('T', ' ')
  const message = `API rate limit exceeded for user ID ${caller.account.id}. If you reach out to GitHub Support for help, please include the request ID ${id} and timestamp ${stamp} UTC. ${policy}`
  const answer = failure(status, message, `${docs}/en/rest/using-the-rest-api/getting-started-with-the-rest-api#rate-limiting`)
  return { ...answer, headers: { 'x-github-request-id': id } }
}

export const secondaryMessage = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to GitHub Support for help, please include the request ID.'

function restRefused(refusal: Refusal): Answer {
  return failure(refusal.status, secondaryMessage, `${docs}/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits`)
}

/** The secondary limit, as it is or as a fault makes it. */
function refusalOf(site: Site, context: SandboxContext, holder: string, endpoint: string): Refusal | null {
  const strike = context.get('strike')
  const refusal = site.secondary.enter(holder, endpoint)
  if (refusal !== null) return refusal
  const as403 = strike('secondaryLimit403')
  if (as403 !== null) return site.secondary.refuse(holder, as403.amount, { status: 403, silent: false })
  const as429 = strike('secondaryLimit429')
  if (as429 !== null) return site.secondary.refuse(holder, as429.amount, { status: 429, silent: false })
  const silent = strike('secondaryLimitSilent')
  if (silent !== null) return site.secondary.refuse(holder, silent.amount, { status: 403, silent: true })
  const as200 = strike('graphqlSecondaryAs200')
  return as200 === null ? null : site.secondary.refuse(holder, as200.amount, { status: 200, silent: true })
}

/** Serialises, with what a fault does to JSON. */
function bodyOf(context: SandboxContext, answer: Answer): string | Buffer {
  if (answer.text !== undefined) return answer.text
  const json = JSON.stringify(answer.json)
  const huge = context.get('strike')('hugeNumbers') === null || !json.startsWith('{"')
  const text = huge ? json : `{"sequence":9223372036854775807,${json.slice(1)}`
  const truncated = answer.status === 200 && context.get('strike')('truncatedJson') !== null
  return truncated ? text.slice(0, Math.floor(text.length * 0.6)) : text
}

function respond(context: SandboxContext, caller: Caller, answer: Answer, headers: Readonly<Record<string, string>>): Response {
  const body = bodyOf(context, answer)
  const merged = {
    ...(caller === null ? {} : { 'x-oauth-scopes': caller.scopes, 'x-accepted-oauth-scopes': '' }),
    'x-github-request-id': requestId(),
    'x-github-media-type': 'github.v3; format=json',
    ...(answer.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...headers,
    ...answer.headers,
  }
  const withoutBody = answer.status === 304 || answer.status === 204
  return new Response(withoutBody ? null : new Uint8Array(Buffer.from(body)), { status: answer.status, headers: merged })
}

async function answerCounted(
  site: Site, context: SandboxContext, doorway: Doorway, caller: Caller, handle: (caller: Caller) => Promise<Answer> | Answer,
): Promise<Response> {
  const holder = holderOf(caller)
  const bucket = caller === null ? 'core' : doorway.bucket
  const refusal = refusalOf(site, context, holder, doorway.endpoint)
  if (refusal !== null) {
    context.get('entry').sentWhileExhausted = refusal.impatient
    const wait: Record<string, string> = refusal.announced === null ? {} : { 'retry-after': String(refusal.announced) }
    return respond(context, caller, (doorway.refused ?? restRefused)(refusal), { ...rateHeaders(site.limits.rate(holder, bucket)), ...wait })
  }
  const broken = await failOnTheWire(context, site.closing)
  if (broken !== null) return broken
  const version = context.req.header('x-github-api-version') ?? versions[0]
  const versioned = doorway.versioned ?? true
  const selected: Record<string, string> = versioned ? { 'x-github-api-version-selected': version } : {}
  const wasEmpty = site.limits.rate(holder, bucket).remaining === 0
  if (context.get('strike')('primaryLimit') !== null) site.limits.exhaust(holder, bucket)
  const counted = doorway.counted ?? true
  if (counted && !site.limits.take(holder, bucket, 1)) {
    context.get('entry').sentWhileExhausted = wasEmpty
    const answer = (doorway.exhausted ?? restExhausted)(site, context, caller)
    return respond(context, caller, answer, { ...rateHeaders(site.limits.rate(holder, bucket)), ...selected })
  }
  const supported = versions.some((one) => one === version)
  const answer = versioned && !supported ? badVersion(version) : await handle(caller)
  if (answer.status === 304) site.limits.refund(holder, bucket)
  return respond(context, caller, answer, { ...rateHeaders(site.limits.rate(holder, bucket)), ...(supported ? selected : {}) })
}

/**
 * One request to the API: credential, secondary limits, version, primary limit, then the answer with the headers
 * that GitHub puts on all of them. What `handle` answers has been counted, whatever its status.
 */
export async function admit(
  site: Site, context: SandboxContext, doorway: Doorway, handle: (caller: Caller) => Promise<Answer> | Answer,
): Promise<Response> {
  if ((context.req.header('user-agent') ?? '') === '') {
    return new Response('Request forbidden by administrative rules. Please make sure your request has a User-Agent header.', { status: 403 })
  }
  const caller = callerOf(site, context)
  if (caller === undefined) return respond(context, null, failure(401, 'Bad credentials', `${docs}/rest`), {})
  context.get('entry').login = caller?.account.login ?? null
  try {
    return await answerCounted(site, context, doorway, caller, handle)
  } finally {
    site.secondary.leave(holderOf(caller))
  }
}
