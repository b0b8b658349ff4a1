import { limitOf } from '../../net/limits.ts'
import { serverDate } from '../../net/retry-after.ts'
import type { GithubClient } from './client.ts'
import { ownStatuses, refusalOf } from './errors.ts'
import { rateLimits } from './schema.ts'

/** Clocks that differ by more are worth a word; the header counts whole seconds. Milliseconds. */
const noticeableSkewMs = 5_000

/**
 * Proves the token and says what it may do. `/rate_limit` counts against no limit; what it says of the remaining
 * requests is known to disagree with the headers of real answers, so that only the sizes are told.
 * @param searchesPerMinute code searches that are used; null: another source, which needs no more than the token
 * @throws Permanent (the token) | RetryLater | Transient | ContractBroken
 */
export async function checkAccess(client: GithubClient, searchesPerMinute: number | null): Promise<readonly string[]> {
  const { http, quota, now, apiUrl, headers } = client
  const answer = await http.request({ url: `${apiUrl}/rate_limit`, headers, schema: rateLimits, accept: ownStatuses })
  // GitHub Enterprise Server says so when its limits are switched off.
  if (answer.status === 404 && answer.text.slice(0, 1_000).includes('Rate limiting is not enabled')) {
    return ['GitHub accepts the token', 'this server has no rate limits', describeScopes(answer.headers.get('x-oauth-scopes')), describeClock(answer.headers, now())]
  }
  if (answer.status !== 200) throw refusalOf(answer, 'core', quota, now())
  const { code_search, core, graphql } = answer.body.resources
  const access = [describeScopes(answer.headers.get('x-oauth-scopes')), describeClock(answer.headers, now())]
  if (searchesPerMinute === null) return ['GitHub accepts the token', ...access]
  const documented = limitOf(new URL(apiUrl).host, 'code_search')?.documented?.max ?? null
  const allowed = code_search?.limit ?? documented
  return [
    'GitHub accepts the token',
    allowed === null ? 'code search: no limit told' : `code search: ${allowed} requests a minute allowed, ${searchesPerMinute} used at most`,
    ...(allowed !== null && searchesPerMinute > allowed ? [`warning: sources.github.searchesPerMinute is ${searchesPerMinute}, more than GitHub allows`] : []),
    `REST: ${core.limit} requests an hour allowed`,
    ...(graphql === undefined ? [] : [`GraphQL: ${graphql.limit} points an hour allowed`]),
    ...access,
  ]
}

/** Searches with scopes would bring private code of the account into the results. */
function describeScopes(header: string | null): string {
  if (header === null) return 'scopes: not told (a fine-grained or app token); give it no access to private repositories'
  const scopes = header.split(',').map((scope) => scope.trim()).filter((scope) => /^[a-z][a-z:_-]{0,40}$/.test(scope))
  if (scopes.length === 0) return 'scopes: none, as it should be'
  return `warning: the token has scopes (${scopes.join(', ')}); use a dedicated account and a token without any`
}

function describeClock(headers: Headers, now: Date): string {
  const theirs = serverDate(headers)
  if (theirs === null) return 'clock: GitHub did not tell the time'
  const skewMs = now.getTime() - theirs.getTime()
  if (Math.abs(skewMs) < noticeableSkewMs) return 'clock: agrees with that of GitHub'
  return `warning: the clock of this machine is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of GitHub; waits are corrected for it`
}
