import { describe, expect, test } from 'vitest'
import { ContractBroken, Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { hang, htmlPage, resetMidBody, startScript, type Act, type Scripted } from '../../net/scripted-server.ts'
import { failure } from '../failure.ts'
import { found, input, item, items, limits, now, open, refused, term, token } from './github-answers.ts'

const after = (ms: number) => new Date(now.getTime() + ms)
const secrets = [term, token]
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
const primary = 'API rate limit exceeded for user ID 7. If you reach out to GitHub Support for help, please include the request ID 0000'

describe('a search', () => {
  test('asks for hundred results a page, with the token and our name', async () => {
    const server = await startScript(found(0, []))
    await open(server).search(input, null)
    const [seen] = server.seen
    expect(seen?.url.pathname).toBe('/search/code')
    expect(Object.fromEntries(seen?.url.searchParams ?? [])).toEqual({ q: `"${term}"`, per_page: '100', page: '1' })
    expect(seen?.headers).toMatchObject({ authorization: `Bearer ${token}`, 'user-agent': 'namesake/test (+https://security.example)' })
  })

  test('makes a hit of a result: keyed on the id that survives renames, with all that fetching needs', async () => {
    const result = item({ path: 'a dir/päckage#1.json' })
    const server = await startScript(found(1, [result]))
    expect(await open(server).search(input, null)).toEqual({
      hits: [
        {
          ref: '1287077005:a dir/päckage#1.json',
          contentHash: result['sha'],
          container: 'stranger/dotfiles',
          path: 'a dir/päckage#1.json',
          locator: {
            nodeId: 'R_1287077005',
            repositoryId: '1287077005',
            name: 'stranger/dotfiles',
            oid: result['sha'],
            commit: 'c0ffee0000000000000000000000000000000001',
            path: 'a dir/päckage#1.json',
            web: 'https://github.com',
            whole: false,
          },
        },
      ],
      documents: [],
      next: null,
      counted: 1,
      shortfall: null,
    })
  })

  test('that finds nothing, completely, is a proven zero', async () => {
    const server = await startScript(found(0, []))
    expect(await open(server).search(input, null)).toEqual({ hits: [], documents: [], next: null, counted: 0, shortfall: null })
  })

  test('announced nulls (description, type and node id of the owner) change nothing', async () => {
    const result = item()
    const repository = { ...(result['repository'] as object), description: null, owner: { login: 'stranger', id: 7, node_id: null, type: null } }
    const server = await startScript(found(1, [{ ...result, repository }]))
    expect(await open(server).search(input, null)).toMatchObject({ hits: [{ ref: '1287077005:web/package.json' }], shortfall: null })
  })

  test('a result without node id is fetched whole, by its number', async () => {
    const server = await startScript(found(2, [item({ nodeId: null, path: 'a' }), item({ nodeId: '', path: 'b' })]))
    const { hits } = await open(server).search(input, null)
    expect(hits.map(({ locator }) => locator)).toMatchObject([{ nodeId: null, whole: true }, { nodeId: null, whole: true }])
  })

  test('the commit is read from `url` when `html_url` does not tell it, and may be unknown', async () => {
    const { html_url: _, ...bare } = item()
    const server = await startScript(found(2, [bare, { ...item({ path: 'b' }), html_url: 'javascript:alert(1)', url: 7 }]))
    const { hits } = await open(server).search(input, null)
    expect(hits.map(({ locator }) => locator)).toMatchObject([
      { commit: 'c0ffee0000000000000000000000000000000001', web: server.url },
      { commit: null, web: server.url },
    ])
  })
})

describe('our own code and private code are no leaks', () => {
  test('results of our owners are dropped, whatever the case, without being a gap', async () => {
    const results = [item({ name: 'Acme-Corp/app' }), item({ name: 'acme-corp-fan/app', path: 'b' })]
    const server = await startScript(found(2, results))
    expect(await open(server, { organizations: ['ACME-corp'] }).search(input, null)).toMatchObject({
      hits: [{ container: 'acme-corp-fan/app' }],
      counted: 2,
      shortfall: null,
    })
  })

  test('a private repository that the token may read is not public', async () => {
    const server = await startScript(found(1, [item({ private: true })]))
    expect(await open(server).search(input, null)).toMatchObject({ hits: [], shortfall: null })
  })

  test('a page of own results only does not end the paging', async () => {
    const own = items(100).map((result) => ({ ...result, repository: { ...(result['repository'] as object), full_name: 'acme-corp/app' } }))
    const server = await startScript(found(150, own))
    expect(await open(server, { organizations: ['acme-corp'] }).search(input, null)).toMatchObject({ hits: [], next: '2' })
  })
})

describe('paging counts by itself', () => {
  test('and goes on while results are promised', async () => {
    const server = await startScript(found(250, items(100)), found(250, items(100, 100)), found(250, items(50, 200)))
    const source = open(server)
    const first = await source.search(input, null)
    const second = await source.search(input, first.next)
    const third = await source.search(input, second.next)
    expect([first.next, second.next, third.next]).toEqual(['2', '3', null])
    expect(third.hits).toHaveLength(50)
    expect(server.seen.map(({ url }) => url.searchParams.get('page'))).toEqual(['1', '2', '3'])
  })

  test('a Link header that offers more is not followed', async () => {
    const link = '<https://api.github.com/search/code?q=x&page=2>; rel="next", <https://api.github.com/search/code?q=x&page=34>; rel="last"'
    const server = await startScript(found(100, items(100), { headers: { ...limits('code_search'), link } }))
    expect(await open(server).search(input, null)).toMatchObject({ next: null, shortfall: null })
  })

  test('page 10 is the last one: page 11 is never asked for, and the rest is a shortfall', async () => {
    const server = await startScript(found(4_321, items(100)))
    const page = await open(server).search(input, '10')
    expect(page).toMatchObject({ next: null, counted: 4_321, shortfall: '3,321 of 4,321 results of a query that cannot be cut further are out of reach: GitHub gives only the first 1,000' })
  })

  test('exactly 1,000 results are all there are', async () => {
    const server = await startScript(found(1_000, items(100)))
    expect(await open(server).search(input, '10')).toMatchObject({ next: null, shortfall: null })
  })

  test.each(['0', '11', '-1', '1.5', 'x', ''])('a stored page "%s" is refused, nothing is sent', async (page) => {
    const server = await startScript()
    expect(await failure(open(server).search(input, page), secrets)).toBeInstanceOf(Permanent)
  })

  test('a stored query of another form is refused, nothing is sent', async () => {
    const server = await startScript()
    expect(await failure(open(server).search([term], null), secrets)).toBeInstanceOf(Permanent)
  })

  test('a short page that is not the last is a shortfall, and the rest is read all the same', async () => {
    const server = await startScript(found(250, items(98)))
    expect(await open(server).search(input, null)).toMatchObject({ next: '2', shortfall: 'GitHub delivered fewer results than it counted' })
  })

  test('a short last page is a shortfall too: what was counted was not all seen', async () => {
    const server = await startScript(found(250, items(49, 200)))
    expect(await open(server).search(input, '3')).toMatchObject({ next: null, shortfall: 'GitHub delivered fewer results than it counted' })
  })

  test('an empty page ends the paging; with results promised it is a shortfall', async () => {
    const server = await startScript(found(250, []))
    expect(await open(server).search(input, '2')).toMatchObject({ next: null, hits: [], shortfall: 'GitHub delivered fewer results than it counted' })
  })

  test('an empty page after a count that shrank meanwhile is a clean end', async () => {
    const server = await startScript(found(100, []))
    expect(await open(server).search(input, '2')).toMatchObject({ next: null, shortfall: null })
  })

  test('an estimate that is too low does not end the paging', async () => {
    const server = await startScript(found(40, items(100)), found(40, []))
    const source = open(server)
    const { next, shortfall } = await source.search(input, null)
    expect([next, shortfall]).toEqual(['2', null])
    expect(await source.search(input, next)).toMatchObject({ next: null, shortfall: null })
  })

  test('an estimate that is too low on page 10 is a shortfall: there may be more behind it', async () => {
    const server = await startScript(found(930, items(100)))
    expect(await open(server).search(input, '10')).toMatchObject({ next: null, shortfall: 'GitHub delivered more results than it counted' })
  })

  test('a result that comes twice on a page is one hit', async () => {
    const server = await startScript(found(3, [item(), item({ path: 'b' }), item()]))
    expect((await open(server).search(input, null)).hits.map(({ ref }) => ref)).toEqual(['1287077005:web/package.json', '1287077005:b'])
  })
})

describe('what GitHub does not prove is not claimed', () => {
  test('incomplete_results with items: they are used, the page is a shortfall', async () => {
    const server = await startScript(found(2, items(2), { incomplete: true }))
    const page = await open(server).search(input, null)
    expect(page.hits).toHaveLength(2)
    expect(page.shortfall).toBe('GitHub says itself that its answer is incomplete')
  })

  test('200 with no results and incomplete_results (an unknown repository or owner) is not "nothing there"', async () => {
    const server = await startScript(found(0, [], { incomplete: true }))
    expect((await open(server).search(input, null)).shortfall).toBe('GitHub says itself that its answer is incomplete')
  })

  test.each<[string, unknown]>([
    ['no object', 'text'],
    ['no path', { ...item(), path: undefined }],
    ['no blob id', { ...item(), sha: 'HEAD' }],
    ['no repository', { ...item(), repository: null }],
    ['a repository id above 2^53', { ...item(), repository: { ...(item()['repository'] as object), id: 2 ** 60 } }],
    ['a name that is no owner/name', { ...item(), repository: { ...(item()['repository'] as object), full_name: 'a/b/../c' } }],
  ])('a result that cannot be read (%s) is a shortfall, the others are used', async (_, broken) => {
    const server = await startScript(found(2, [broken, item({ path: 'good' })]))
    const page = await open(server).search(input, null)
    expect(page.hits.map(({ ref }) => ref)).toEqual(['1287077005:good'])
    expect(page.shortfall).toBe('GitHub delivered results in a form that cannot be read')
  })

  test('reasons are joined', async () => {
    const server = await startScript(found(999, [null], { incomplete: true }))
    expect((await open(server).search(input, null)).shortfall?.split('; ')).toHaveLength(3)
  })

  test.each<[string, unknown]>([
    ['an empty object', {}],
    ['a list', []],
    ['null', null],
    ['no count', { incomplete_results: false, items: [] }],
    ['no word on completeness', { total_count: 0, items: [] }],
    ['a negative count', { total_count: -1, incomplete_results: false, items: [] }],
    ['items that are no list', { total_count: 1, incomplete_results: false, items: { 0: item() } }],
  ])('%s where the envelope was promised is a broken contract', async (_, body) => {
    const server = await startScript({ body, headers: limits('code_search') })
    expect(await failure(open(server).search(input, null), secrets)).toBeInstanceOf(ContractBroken)
  })

  test.each<[string, Scripted | Act]>([
    ['500', refused(500, `oops ${term}`)],
    ['502 as HTML', htmlPage(502)],
    ['200 as HTML', htmlPage(200)],
    ['truncated JSON in a 200', { headers: { 'content-type': 'application/json' }, body: '{"total_count":0,"incomplete_results":false,"items":[' }],
    ['an empty 200', { body: '' }],
    ['an empty 204', { status: 204 }],
    ['a reset in the middle of the body', resetMidBody],
    ['no answer in time', hang],
  ])('%s is tried again, never "no results"', async (_, answer) => {
    const server = await startScript(answer)
    const error = await failure(open(server, { timeoutMs: 300 }).search(input, null), secrets)
    expect(error).toBeInstanceOf(Transient)
  })
})

describe('refusals', () => {
  test.each<[string, Scripted, string]>([
    ['401 without any rate limit headers', refused(401, 'Bad credentials', {}), 'GitHub refused the token (401)'],
    ['401 anonymous', refused(401, 'Requires authentication', limits('core')), 'GitHub refused the token (401)'],
    ['403 that is no limit', refused(403, 'Resource not accessible by personal access token'), 'forbids'],
    ['404', refused(404, 'Not Found'), 'is the configured URL that of its API?'],
    ['410', refused(410, 'Gone'), 'is the configured URL that of its API?'],
    ['422 beyond 1,000 on code', refused(422, 'Cannot access beyond the first 1000 results'), 'nothing beyond the first 1,000'],
    ['422 beyond 1,000 elsewhere', refused(422, 'Only the first 1000 search results are available'), 'nothing beyond the first 1,000'],
    ['422 for a query that cannot be parsed', refused(422, 'ERROR_TYPE_QUERY_PARSING_FATAL unable to parse query!'), 'cannot parse the query'],
    ['422 for owners that cannot be searched', refused(422, `The listed users and repositories cannot be searched: ${term}`), 'cannot search one of the owners'],
    ['422 Validation Failed', refused(422, 'Validation Failed'), 'refuses the query as invalid'],
    ['400 as plain text', { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'Failed to deserialize query string: duplicate field `q`' }, 'cannot read the request'],
  ])('%s is given up, with words for it', async (_, answer, words) => {
    const server = await startScript(answer)
    const error = await failure(open(server).search(input, null), secrets)
    expect(error).toBeInstanceOf(Permanent)
    expect(error.message).toContain(words)
  })

  test('a token revoked in the middle of a run gives up, it is not an empty page', async () => {
    const server = await startScript(found(250, items(100)), refused(401, 'Bad credentials', {}))
    const source = open(server)
    const { next } = await source.search(input, null)
    expect(await failure(source.search(input, next), secrets)).toBeInstanceOf(Permanent)
  })
})

describe('rate limits', () => {
  test.each([403, 429])('primary limit as %d: wait until the reset and a second', async (status) => {
    const server = await startScript(refused(status, primary, limits('code_search', { remaining: 0, reset: after(37_000) })))
    const error = await failure(open(server).search(input, null), secrets)
    expect(error).toMatchObject({ until: after(38_000), scope: 'destination' })
  })

  test.each([
    ['ahead', 10 * 60_000],
    ['behind', -10 * 60_000],
  ])('the reset is read by the clock of the server: one that is ten minutes %s changes nothing', async (_, skewMs) => {
    const headers = limits('code_search', { remaining: 0, reset: after(skewMs + 37_000), date: after(skewMs) })
    const server = await startScript(refused(403, primary, headers))
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(38_000) })
  })

  test('a reset that is over already waits a second, not into the past', async () => {
    const server = await startScript(refused(403, primary, limits('code_search', { remaining: 0, reset: after(-600_000) })))
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(1_000) })
  })

  test('a reset that cannot be read waits a minute', async () => {
    const headers = { ...limits('code_search', { remaining: 0 }), 'x-ratelimit-reset': 'soon' }
    const server = await startScript(refused(403, primary, headers))
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(60_000) })
  })

  test.each([403, 429])('secondary limit as %d with Retry-After: wait so long', async (status) => {
    const server = await startScript(refused(status, secondary, { ...limits('code_search', { remaining: 7 }), 'retry-after': '95' }))
    const error = await failure(open(server).search(input, null), secrets)
    expect(error).toBeInstanceOf(RetryLater)
    expect(error).toMatchObject({ until: after(95_000), scope: 'destination' })
  })

  test.each([403, 429])('secondary limit as %d without Retry-After: wait a minute at least', async (status) => {
    const server = await startScript(refused(status, secondary, limits('code_search', { remaining: 7 })))
    expect(await failure(open(server).search(input, null), secrets)).toMatchObject({ until: after(60_000) })
  })

  test('429 without a word and without headers waits a minute', async () => {
    const server = await startScript({ status: 429 })
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(60_000) })
  })

  test('both at once: the longer wait wins', async () => {
    const headers = { ...limits('code_search', { remaining: 0, reset: after(10_000) }), 'retry-after': '120' }
    const server = await startScript(refused(403, secondary, headers), refused(403, primary, { ...limits('code_search', { remaining: 0, reset: after(50_000) }), 'retry-after': '5' }))
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(120_000) })
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(51_000) })
  })

  test('503 with Retry-After waits, and nothing is sent meanwhile', async () => {
    const server = await startScript({ status: 503, headers: { 'retry-after': '30' } })
    const source = open(server)
    expect(await failure(source.search(input, null))).toMatchObject({ until: after(30_000) })
    expect(await failure(source.search(input, null))).toMatchObject({ until: after(30_000) })
  })

  test('a good answer that was the last one is returned, and nothing is sent before the reset', async () => {
    const clock = { now }
    const server = await startScript(found(150, items(100), { headers: limits('code_search', { remaining: 0, reset: after(20_000) }) }))
    const source = open(server, { clock })
    const page = await source.search(input, null)
    expect(page).toMatchObject({ next: '2', shortfall: null })
    expect(page.hits).toHaveLength(100)
    const error = await failure(source.search(input, page.next), secrets)
    expect(error).toMatchObject({ until: after(21_000), scope: 'destination' })
    clock.now = after(20_999)
    expect(await failure(source.search(input, page.next))).toBeInstanceOf(RetryLater)
    expect(server.seen).toHaveLength(1)
    clock.now = after(21_000)
    server.script(found(150, items(50, 100)))
    expect(await source.search(input, page.next)).toMatchObject({ next: null, shortfall: null })
  })

  test('hammering against a known limit sends nothing', async () => {
    const server = await startScript(refused(403, primary, limits('code_search', { remaining: 0 })))
    const source = open(server)
    for (let attempt = 0; attempt < 20; attempt += 1) expect(await failure(source.search(input, null))).toBeInstanceOf(RetryLater)
    expect(server.seen).toHaveLength(1)
  })

  test('422 and 404 count too: the last request may be one of them', async () => {
    const server = await startScript(refused(422, 'Validation Failed', limits('code_search', { remaining: 0 })))
    const source = open(server)
    expect(await failure(source.search(input, null))).toBeInstanceOf(Permanent)
    expect(await failure(source.search(input, null))).toBeInstanceOf(RetryLater)
  })

  test('a limit of another bucket does not stop the search', async () => {
    const server = await startScript(found(0, [], { headers: limits('core', { remaining: 0 }) }), found(0, []))
    const source = open(server)
    await source.search(input, null)
    expect(await source.search(input, null)).toMatchObject({ counted: 0 })
  })

  test('a limit that an answer of yesterday told does not last longer than a day', async () => {
    const server = await startScript(refused(403, primary, limits('code_search', { remaining: 0, reset: after(1_000 * 3_600_000) })))
    expect(await failure(open(server).search(input, null))).toMatchObject({ until: after(24 * 3_600_000 + 1_000) })
  })
})
