import { ContractBroken, Permanent, RetryLater, Transient, type NamesakeError } from '../../errors.ts'
import { headOf } from '../../net/answer-head.ts'
import { boundWait, retryAfter } from '../../net/retry-after.ts'
import { resetOf, unspecifiedWaitMs, type Quota, type Resource } from './quota.ts'
import type { GraphqlError } from './schema.ts'

/** An answer that is no success, whatever it was asked for. */
export interface Refusal {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** Statuses that GitHub gives a meaning of its own; the rest means what it means everywhere. */
export const ownStatuses = [400, 401, 403, 404, 410, 422, 429] as const

/**
 * What a refusal of GitHub means; remembers limits that are used up. Which rule wins is documented:
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
export function refusalOf(refusal: Refusal, resource: Resource, quota: Quota, now: Date): NamesakeError {
  const { status } = refusal
  if (status === 401) return new Permanent('GitHub refused the token (401): it is wrong, expired or revoked')
  if (status === 403 || status === 429) return limitOf(refusal, resource, quota, now) ?? new Permanent('GitHub forbids it (403), and it is no rate limit')
  if (status === 422) return new Permanent(unprocessable(refusal.text))
  if (status === 400) return new Permanent('GitHub cannot read the request (400)')
  if (status >= 500) return new Transient(`GitHub: server error (${status})`)
  return new Permanent(`GitHub has nothing at this address (${status}): is the configured URL that of its API?`)
}

/**
 * The rate limit that a 403 or 429 stands for; null when it is none. Primary: nothing remains, open again at the
 * reset. Secondary: a message, with or without Retry-After, while something remains. The longest wait wins.
 */
export function limitOf({ status, headers, text }: Refusal, resource: Resource, quota: Quota, now: Date): RetryLater | null {
  const reset = resetOf(headers, now)
  const asked = retryAfter(headers, now)
  const secondary = saysSecondary(text)
  if (reset === null && asked === null && !secondary && status !== 429) return null
  const unspecified = asked === null && (secondary || reset === null) ? boundWait(unspecifiedWaitMs, now) : null
  const until = latest([reset, asked, unspecified], now)
  const primary = reset !== null && !secondary
  quota.block(primary ? resource : 'all', until)
  return new RetryLater(primary ? `GitHub: the limit of ${resource} is used up (${status})` : `GitHub: secondary rate limit (${status})`, until)
}

/** A repository or gist that the site itself took away: usually 451, sometimes 403 with a block in it. */
export function isBlocked({ status, text }: Pick<Refusal, 'status' | 'text'>): boolean {
  return status === 451 || (status === 403 && /"block"\s*:|access blocked/.test(text.slice(0, 1_000)))
}

/**
 * What an error tells of limits, remembered: whether it is one, or is about an answer of which only the head came.
 * Call it in every catch around a request.
 */
export function learnFrom(error: unknown, resource: Resource, quota: Quota, now: Date): void {
  if (error instanceof RetryLater) quota.block(resource, error.until)
  const head = headOf(error)
  if (head === null) return
  quota.note(resource, head.headers)
  const asked = retryAfter(head.headers, now)
  if (asked !== null && (head.status === 403 || head.status === 429)) quota.block('all', asked)
}

/** Words of GitHub's own, in any answer to any request. */
function saysSecondary(text: string): boolean {
  return /\bsecondary rate\b|\babuse detection\b/i.test(text.slice(0, 10_000))
}

function latest(moments: readonly (Date | null)[], now: Date): Date {
  let last = now
  for (const moment of moments) if (moment !== null && moment > last) last = moment
  return last
}

function unprocessable(text: string): string {
  const start = text.slice(0, 10_000).toLowerCase()
  if (start.includes('first 1000')) return 'GitHub gives nothing beyond the first 1,000 results (422)'
  if (start.includes('query_parsing') || start.includes('parse query')) return 'GitHub cannot parse the query (422)'
  if (start.includes('cannot be searched')) return 'GitHub cannot search one of the owners in the query (422)'
  return 'GitHub refuses the query as invalid (422)'
}

/** What the errors of a GraphQL answer say, whichever data came with them. */
export type GraphqlMeaning = 'absent' | 'forbidden' | 'too-large' | 'limit' | 'secondary-limit' | 'token' | 'too-heavy' | 'query' | 'unknown'

/** https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
export function meaningOf({ type, code, message, extensions }: GraphqlError): GraphqlMeaning {
  const words = (message ?? '').slice(0, 10_000)
  if (saysSecondary(words)) return 'secondary-limit'
  // Both names are in use, and the code stays when the type is absent.
  if (type === 'RATE_LIMIT' || type === 'RATE_LIMITED' || code === 'graphql_rate_limit' || /\bAPI rate limit\b/i.test(words)) return 'limit'
  if (type === 'NOT_FOUND') return 'absent'
  if (type === 'FORBIDDEN') return 'forbidden'
  if (/\bover 10 ?mb\b/i.test(words)) return 'too-large'
  if (type === 'RESOURCE_LIMITS_EXCEEDED' || /something went wrong while executing|timeout/i.test(words)) return 'too-heavy'
  if (/\bbad credentials\b/i.test(words)) return 'token'
  if (type === 'MAX_NODE_LIMIT_EXCEEDED' || (extensions?.code ?? null) !== null) return 'query'
  return 'unknown'
}

/** The error of a GraphQL answer that brought nothing; `until`: when a used-up limit is open again. */
export function failureOf(meanings: readonly GraphqlMeaning[], until: Date): NamesakeError {
  if (meanings.includes('secondary-limit')) return new RetryLater('GitHub GraphQL: secondary rate limit', until)
  if (meanings.includes('limit')) return new RetryLater('GitHub GraphQL: the limit is used up', until)
  if (meanings.includes('token')) return new Permanent('GitHub refused the token: it is wrong, expired or revoked')
  if (meanings.includes('query')) return new ContractBroken('GitHub GraphQL refuses the query: the schema or its limits have changed')
  return new Transient('GitHub GraphQL brought nothing')
}
