import { describe, expect, test } from 'vitest'
import { fixedClock } from '../support/clock.ts'
import { ask, commit, graphql, openSandbox, postGraphql, searchPath, useShelf } from './open-sandbox.ts'

const shelf = useShelf({ 'ann/app': [commit({ 'a.txt': 'acme\n' })] })
const start = '2026-03-01T09:00:00.400Z'

function rateOf(response: Response): string {
  const of = (name: string) => response.headers.get(`x-ratelimit-${name}`) ?? '-'
  return `${of('resource')} ${of('used')}+${of('remaining')}=${of('limit')}`
}
const resetOf = (response: Response) => Number(response.headers.get('x-ratelimit-reset'))

describe('the primary limit', () => {
  test('of code search is 10 in 60 seconds, in a window that the first use opens', async () => {
    const clock = fixedClock(start)
    await using sandbox = await openSandbox(shelf, { now: clock.now })
    clock.advance(5_000)
    const first = await ask(sandbox, searchPath('acme'))
    expect(rateOf(first)).toBe('code_search 1+9=10')
    expect(resetOf(first)).toBe(Date.parse('2026-03-01T09:01:06Z') / 1_000)
    for (let n = 2; n <= 10; n += 1) expect(rateOf(await ask(sandbox, searchPath('acme')))).toBe(`code_search ${n}+${10 - n}=10`)
    const eleventh = await ask(sandbox, searchPath('acme'))
    expect([eleventh.status, rateOf(eleventh), resetOf(eleventh)]).toEqual([403, 'code_search 10+0=10', resetOf(first)])
  })

  test('is not moved by hammering, and opens again when the window is over', async () => {
    const clock = fixedClock(start)
    await using sandbox = await openSandbox(shelf, { now: clock.now, limits: { codeSearchPerMinute: 1 } })
    const reset = resetOf(await ask(sandbox, searchPath('acme')))
    for (let n = 0; n < 5; n += 1) {
      clock.advance(10_000)
      expect(resetOf(await ask(sandbox, searchPath('acme')))).toBe(reset)
    }
    clock.advance(reset * 1_000 - clock.now().getTime() - 1)
    expect((await ask(sandbox, searchPath('acme'))).status).toBe(403)
    clock.advance(1)
    const later = await ask(sandbox, searchPath('acme'))
    expect([later.status, resetOf(later)]).toEqual([200, reset + 60])
  })

  test('says so with 403, remaining 0 and the long message; requests sent all the same are marked', async () => {
    await using sandbox = await openSandbox(shelf, { now: fixedClock(start).now, limits: { codeSearchPerMinute: 1 }, tokens: [{ token: 't', login: 'crawler', userId: 77 }] })
    await ask(sandbox, searchPath('acme'))
    const response = await ask(sandbox, searchPath('acme'))
    const body: unknown = await response.json()
    expect(body).toMatchObject({ status: '403', message: expect.stringMatching(/^API rate limit exceeded for user ID 77\. .* request ID \S+ and timestamp 2026-03-01 09:00:00 UTC\./) })
    expect(JSON.stringify(body)).toContain(response.headers.get('x-github-request-id') ?? 'none')
    expect(sandbox.requests().map(({ status, sentWhileExhausted }) => [status, sentWhileExhausted])).toEqual([[200, false], [403, true]])
  })

  test('is answered with 429 where that is switched on', async () => {
    await using sandbox = await openSandbox(shelf, { limits: { codeSearchPerMinute: 1 }, faults: { primaryLimitAs429: true } })
    await ask(sandbox, searchPath('acme'))
    expect((await ask(sandbox, searchPath('acme'))).status).toBe(429)
  })

  test('is one for all tokens of a user, and another for another user', async () => {
    const tokens = [{ token: 'one', login: 'ann', userId: 1 }, { token: 'two', login: 'ann', userId: 1 }, { token: 'three', login: 'bob', userId: 2 }]
    await using sandbox = await openSandbox(shelf, { tokens })
    expect(rateOf(await ask(sandbox, searchPath('acme'), { token: 'one' }))).toBe('code_search 1+9=10')
    expect(rateOf(await ask(sandbox, searchPath('acme'), { token: 'two' }))).toBe('code_search 2+8=10')
    expect(rateOf(await ask(sandbox, searchPath('acme'), { token: 'three' }))).toBe('code_search 1+9=10')
  })

  test.each([
    ['404', '/repos/no/no', 404, 'core 1+4999=5000'],
    ['an unknown route', '/nothing', 404, 'core 1+4999=5000'],
    ['a trailing slash', '/rate_limit/', 404, 'core 1+4999=5000'],
    ['422', '/search/code?q=', 422, 'code_search 1+9=10'],
    ['400 of code search', '/search/code?q=a&page=x', 400, 'code_search 1+9=10'],
    ['the search of repositories', '/search/repositories?q=app', 200, 'search 1+29=30'],
  ])('counts %s', async (_what, target, status, rate) => {
    await using sandbox = await openSandbox(shelf)
    const response = await ask(sandbox, target)
    expect([response.status, rateOf(response)]).toEqual([status, rate])
  })

  test('does not count /rate_limit and 304', async () => {
    await using sandbox = await openSandbox(shelf)
    await ask(sandbox, '/rate_limit')
    const first = await ask(sandbox, '/repos/ann/app')
    const again = await ask(sandbox, '/repos/ann/app', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect([again.status, rateOf(again), await again.text()]).toEqual([304, 'core 1+4999=5000', ''])
  })

  test('of nobody in particular is 60 an hour, and its message has another form', async () => {
    await using sandbox = await openSandbox(shelf)
    expect(rateOf(await ask(sandbox, '/repos/ann/app', { token: null }))).toBe('core 1+59=60')
    for (let n = 2; n <= 60; n += 1) await ask(sandbox, '/users/ann', { token: null })
    const response = await ask(sandbox, '/users/ann', { token: null })
    expect([response.status, response.headers.get('server')]).toEqual([403, 'Varnish'])
    expect(await response.json()).toEqual({ message: expect.stringMatching(/^API rate limit exceeded for 127\.0\.0\.1\./), documentation_url: expect.stringContaining('resources-in-the-rest-api#rate-limiting') })
  })

  test('of GraphQL is a 200 with RATE_LIMIT, or with the older RATE_LIMITED', async () => {
    await using sandbox = await openSandbox(shelf, { limits: { graphqlPerHour: 1 } })
    await graphql(sandbox, '{ rateLimit { remaining } }')
    const response = await postGraphql(sandbox, '{ rateLimit { remaining } }')
    expect([response.status, rateOf(response)]).toEqual([200, 'graphql 1+0=1'])
    expect(await response.json()).toEqual({ errors: [{ type: 'RATE_LIMIT', code: 'graphql_rate_limit', message: 'API rate limit already exceeded for user ID 90000001.' }] })
    sandbox.setFaults({ graphqlRateLimitedOldType: true })
    expect(await graphql(sandbox, '{ rateLimit { remaining } }')).toEqual({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 90000001.' }] })
  })
})

describe('/rate_limit', () => {
  const body = async (response: Response) => (await response.json()) as { rate?: unknown; resources: Record<string, { limit: number; used: number; remaining: number }> }

  test('shows all buckets; rate is gone in the newer version', async () => {
    await using sandbox = await openSandbox(shelf)
    await ask(sandbox, searchPath('acme'))
    const old = await body(await ask(sandbox, '/rate_limit'))
    expect(old.resources['code_search']).toMatchObject({ limit: 10, used: 1, remaining: 9 })
    expect(old.rate).toMatchObject({ limit: 5_000 })
    expect(await body(await ask(sandbox, '/rate_limit', { headers: { 'x-github-api-version': '2026-03-10' } }))).not.toHaveProperty('rate')
  })

  test('may disagree with the headers', async () => {
    await using sandbox = await openSandbox(shelf, { faults: { rateLimitPageFresh: true } })
    await ask(sandbox, searchPath('acme'))
    expect((await body(await ask(sandbox, '/rate_limit'))).resources['code_search']).toMatchObject({ used: 0, remaining: 10 })
  })
})

describe('the secondary limit', () => {
  test.each([
    ['secondaryLimit403', 403, '60'], ['secondaryLimit429', 429, '60'], ['secondaryLimitSilent', 403, null],
  ] as const)('%s: %i with retry-after %s although something remains, until it is over', async (fault, status, retryAfter) => {
    const clock = fixedClock(start)
    await using sandbox = await openSandbox(shelf, { now: clock.now, faults: { [fault]: { calls: [1] } } })
    const refused = await ask(sandbox, searchPath('acme'))
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('x-ratelimit-remaining')]).toEqual([status, retryAfter, '10'])
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('secondary rate limit') })
    clock.advance(20_000)
    const impatient = await ask(sandbox, searchPath('acme'))
    expect([impatient.status, impatient.headers.get('retry-after')]).toEqual([status, retryAfter === null ? null : '40'])
    clock.advance(40_000)
    expect((await ask(sandbox, searchPath('acme'))).status).toBe(200)
    expect(sandbox.requests().map(({ sentWhileExhausted }) => sentWhileExhausted)).toEqual([false, true, false])
  })

  test('strikes more than 100 requests at once, REST and GraphQL together', async () => {
    await using sandbox = await openSandbox(shelf, { limits: { codeSearchPerMinute: 1_000 }, faults: { slow: { amount: 1_500 } } })
    const rest = Array.from({ length: 70 }, () => ask(sandbox, '/repos/ann/app').then(({ status }) => status))
    const queries = Array.from({ length: 40 }, () => postGraphql(sandbox, '{ rateLimit { cost } }').then(({ status }) => status))
    const statuses = await Promise.all([...rest, ...queries])
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.filter((status) => status === 403)).toHaveLength(10)
  })

  test('strikes more than 900 requests a minute to one endpoint', async () => {
    const clock = fixedClock(start)
    await using sandbox = await openSandbox(shelf, { now: clock.now })
    const statuses = new Set<number>()
    for (let n = 0; n < 900; n += 1) statuses.add((await ask(sandbox, '/rate_limit')).status)
    expect([...statuses]).toEqual([200])
    expect((await ask(sandbox, '/rate_limit')).status).toBe(403)
    clock.advance(60_000)
    expect((await ask(sandbox, '/rate_limit')).status).toBe(200)
  })

  test('can be a 200 of GraphQL without a type', async () => {
    await using sandbox = await openSandbox(shelf, { faults: { graphqlSecondaryAs200: true } })
    const response = await postGraphql(sandbox, '{ rateLimit { cost } }')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ errors: [{ message: expect.stringContaining('secondary rate limit') }] })
  })
})
