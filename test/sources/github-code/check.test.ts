import { describe, expect, test } from 'vitest'
import { ContractBroken, Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { htmlPage, startScript, type Scripted } from '../../net/scripted-server.ts'
import { failure } from '../failure.ts'
import { limits, now, open, refused, token } from './github-answers.ts'

const bucket = (limit: number) => ({ limit, remaining: limit, used: 0, reset: 1 })

function told(headers: Record<string, string> = {}, resources: Record<string, unknown> = {}): Scripted {
  return {
    headers: { date: now.toUTCString(), 'content-type': 'application/json; charset=utf-8', ...headers },
    body: { resources: { core: bucket(5000), search: bucket(30), code_search: bucket(10), graphql: bucket(5000), ...resources } },
  }
}

describe('doctor asks GitHub', () => {
  test('once, at no cost, and tells in words what it learnt', async () => {
    const server = await startScript(told({ 'x-oauth-scopes': '' }))
    expect(await open(server).check()).toEqual([
      'GitHub accepts the token',
      'code search: 10 requests a minute allowed, 9 used at most',
      'REST: 5000 requests an hour allowed',
      'GraphQL: 5000 points an hour allowed',
      'scopes: none, as it should be',
      'clock: agrees with that of GitHub',
    ])
    expect(server.seen.map(({ path }) => path)).toEqual(['/rate_limit'])
    expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${token}`)
  })

  test('and warns of a token with scopes', async () => {
    const server = await startScript(told({ 'x-oauth-scopes': 'repo, read:org' }))
    expect(await open(server).check()).toContain('warning: the token has scopes (repo, read:org); use a dedicated account and a token without any')
  })

  test('a token that does not tell its scopes is said to be such', async () => {
    const server = await startScript(told())
    expect((await open(server).check()).find((line) => line.startsWith('scopes'))).toContain('not told')
  })

  test.each([
    [95_000, 'behind'],
    [-95_000, 'ahead of'],
  ])('a clock that differs by %d ms is told', async (skewMs, words) => {
    const server = await startScript(told({ date: new Date(now.getTime() + skewMs).toUTCString() }))
    expect(await open(server).check()).toContain(`warning: the clock of this machine is 95 s ${words} that of GitHub; waits are corrected for it`)
  })

  test('more searches than GitHub allows are warned of', async () => {
    const server = await startScript(told({}, { code_search: bucket(5) }))
    expect(await open(server).check()).toContain('warning: sources.github.searchesPerMinute is 9, more than GitHub allows')
  })

  test('buckets that a server does not have are no failure', async () => {
    const server = await startScript(told({}, { code_search: undefined, graphql: undefined }))
    expect(await open(server).check()).toContain('code search: no limit told')
  })

  test('an own server with its limits switched off is no failure', async () => {
    const server = await startScript(refused(404, 'Rate limiting is not enabled.', { date: now.toUTCString(), 'x-oauth-scopes': '' }))
    expect(await open(server).check()).toEqual(['GitHub accepts the token', 'this server has no rate limits', 'scopes: none, as it should be', 'clock: agrees with that of GitHub'])
  })

  test.each<[string, Scripted, new (...args: never[]) => Error]>([
    ['a wrong token', refused(401, 'Bad credentials', {}), Permanent],
    ['a wrong address', refused(404, 'Not Found'), Permanent],
    ['another web site', htmlPage(200), Transient],
    ['an outage', htmlPage(502), Transient],
    ['a limit', refused(403, 'You have exceeded a secondary rate limit.', limits('core')), RetryLater],
    ['another service', { body: { ok: true } }, ContractBroken],
  ])('%s is a failure, never a "works"', async (_, answer, errorClass) => {
    const server = await startScript(answer)
    expect((await failure(open(server).check(), [token])).constructor).toBe(errorClass)
  })
})
