import { get } from 'node:http'
import { describe, expect, test } from 'vitest'
import { ask, commit, search, useSandbox, useShelf } from './open-sandbox.ts'

const long = `${'0123456789'.repeat(30)}\n`
const shelf = useShelf({
  'ann/app': [
    commit({ 'a file.txt': 'first\n', 'docs/long.txt': long }, { date: '2024-01-01T00:00:00Z' }),
    commit({ 'a file.txt': 'first\nsecond\n' }, { date: '2024-02-01T00:00:00Z', author: { name: 'Bob', email: '7+bob@users.noreply.github.com' } }),
  ],
  'ann/empty': [],
  'ann/gone': [commit({ 'x.txt': 'lost one\n' })],
  'ann/private': [commit({ 'x.txt': 'private one\n' })],
  'ann/dmca': [commit({ 'x.txt': 'blocked one\n' })],
  'ann/tos': [commit({ 'x.txt': 'blocked one again\n' })],
  'ann/behind': [commit({ 'old.txt': 'ancient word\n' }), commit({ 'old.txt': null, 'new.txt': 'modern word\n' })],
  'new-owner/moved': [commit({ 'x.txt': 'moved one\n' })],
  'old-owner/taken': [commit({ 'x.txt': 'squatter\n' })],
  'new-owner/taken': [commit({ 'x.txt': 'rightful one\n' })],
})
const world = useSandbox(shelf, () => ({
  limits: { codeSearchPerMinute: 1_000, corePerHour: 100_000 },
  accounts: [
    { login: 'bob', name: 'Bob' }, { login: 'org', type: 'Organization' },
    { login: 'insider', organizations: [{ login: 'org', public: true }] }, { login: 'shy', organizations: [{ login: 'org', public: false }] },
  ],
  tokens: [{ token: 'crawler', login: 'crawler', userId: 5, scopes: 'public_repo' }, { token: 'shy', login: 'shy', userId: 6 }],
  repositories: [
    shelf.source('ann/app', { description: 'an app', stars: 3 }),
    shelf.source('ann/empty'),
    shelf.source('ann/gone', { state: 'gone' }),
    shelf.source('ann/private', { state: 'private' }),
    shelf.source('ann/dmca', { state: 'blocked-451' }),
    shelf.source('ann/tos', { state: 'blocked-403' }),
    shelf.source('ann/behind', { indexedRevision: 'HEAD~1' }),
    shelf.source('new-owner/moved', { renamedFrom: ['old-owner/moved'], indexedAs: 'old-owner/moved' }),
    shelf.source('old-owner/taken'),
    shelf.source('new-owner/taken', { renamedFrom: ['old-owner/taken'] }),
  ],
}))

const json = async (target: string, options?: Parameters<typeof ask>[2]) => {
  const response = await ask(world.sandbox, target, options)
  // The expectation says what must be in it.
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> }
}

describe('credentials', () => {
  test('nobody may search code: 401, counted on core', async () => {
    const { status, headers, body } = await json('/search/code?q=a', { token: null })
    expect([status, body['message'], body['status'], headers.get('x-ratelimit-resource'), headers.get('x-ratelimit-limit')]).toEqual([401, 'Requires authentication', '401', 'core', '60'])
  })

  test.each(['/search/code?q=a', '/repos/ann/app', '/rate_limit'])('a token that is not known is 401 Bad credentials without rate headers on %s', async (target) => {
    const { status, headers, body } = await json(target, { token: 'nonsense' })
    expect([status, body['message']]).toEqual([401, 'Bad credentials'])
    expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
  })

  test('a token is good until it is revoked, and then for good', async () => {
    const { sandbox } = world
    sandbox.setFaults({ tokenRevoked: { calls: [2] } })
    const statuses: number[] = []
    for (let n = 0; n < 3; n += 1) statuses.push((await ask(sandbox, '/users/bob', { token: 'shy' })).status)
    sandbox.setFaults({})
    statuses.push((await ask(sandbox, '/users/bob', { token: 'shy' })).status, (await ask(sandbox, '/users/bob')).status)
    expect(statuses).toEqual([200, 401, 401, 401, 200])
  })

  test('tokens may be sent as token or bearer; their scopes are shown', async () => {
    const { sandbox } = world
    const response = await ask(sandbox, '/repos/ann/app', { token: null, headers: { authorization: 'token crawler' } })
    expect([response.status, response.headers.get('x-oauth-scopes')]).toEqual([200, 'public_repo'])
  })

  test('a request without a User-Agent is refused', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      get(`${world.sandbox.github.apiUrl}/repos/ann/app`, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
    expect(status).toBe(403)
  })

  test('secrets are not kept in the journal', async () => {
    const { sandbox } = world
    await ask(sandbox, '/repos/ann/app')
    expect(sandbox.requests()).toMatchObject([{ method: 'GET', path: '/repos/ann/app', login: 'crawler', status: 200 }])
    expect(JSON.stringify(sandbox.requests())).not.toContain('Bearer')
  })
})

describe('versions of the API', () => {
  test('the chosen version is echoed; an unknown one is a 400 whose errors is a text', async () => {
    expect((await json('/repos/ann/app')).headers.get('x-github-api-version-selected')).toBe('2022-11-28')
    const { status, headers, body } = await json('/repos/ann/app', { headers: { 'x-github-api-version': '1999-01-01' } })
    expect([status, body['message'], body['errors'], headers.has('x-github-api-version-selected')]).toEqual([400, 'Bad Request', expect.stringContaining('"1999-01-01", is not a supported version'), false])
  })

  test('JSON has a charset everywhere but on code search', async () => {
    expect((await json('/repos/ann/app')).headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
})

describe('repositories', () => {
  test('are described by name and by id', async () => {
    const { body } = await json('/repos/ann/app')
    expect(body).toMatchObject({ full_name: 'ann/app', description: 'an app', default_branch: 'main', stargazers_count: 3, created_at: '2024-01-01T00:00:00Z', pushed_at: '2024-02-01T00:00:00Z', archived: false })
    expect((await json(`/repositories/${String(body['id'])}`)).body).toEqual(body)
  })

  test('names are compared without regard to case', async () => {
    expect((await json('/repos/ANN/App')).body).toMatchObject({ full_name: 'ann/app' })
  })

  test.each([
    ['ann/gone', 404, { message: 'Not Found', status: '404' }],
    ['ann/private', 404, { message: 'Not Found', status: '404' }],
    ['ann/never', 404, { message: 'Not Found', status: '404' }],
    ['ann/dmca', 451, { message: 'Repository access blocked', block: { reason: 'dmca' } }],
    ['ann/tos', 403, { message: 'Repository access blocked', block: { reason: 'tos' } }],
  ])('%s answers %i, and so does everything in it', async (name, status, body) => {
    for (const rest of ['', '/contents/x.txt', `/git/blobs/${'a'.repeat(40)}`, '/commits']) {
      const answer = await json(`/repos/${name}${rest}`)
      expect(answer.status).toBe(status)
      expect(answer.body).toMatchObject(body)
    }
  })

  test('are still found by search when they can no longer be read', async () => {
    const found = await search(world.sandbox, 'one', { per_page: '100' })
    expect(found.items.map(({ repository }) => repository.full_name).sort())
      .toEqual(['ann/dmca', 'ann/gone', 'ann/private', 'ann/tos', 'new-owner/taken', 'old-owner/moved'])
  })

  test('that moved answer 301 to their id, with the rest of the path', async () => {
    const { status, headers, body } = await json('/repos/old-owner/moved/contents/x.txt')
    expect(status).toBe(301)
    expect(body).toMatchObject({ message: 'Moved Permanently', url: headers.get('location') })
    expect((await json(headers.get('location') ?? '')).body).toMatchObject({ name: 'x.txt' })
  })

  test('whose old name was taken by somebody else answer with the other one', async () => {
    const { status, body } = await json('/repos/old-owner/taken')
    const { body: rightful } = await json('/repos/new-owner/taken')
    expect([status, body['full_name']]).toEqual([200, 'old-owner/taken'])
    expect(body['id']).not.toBe(rightful['id'])
  })

  test('that are empty answer 409 for git data and 404 for contents', async () => {
    expect((await json('/repos/ann/empty')).status).toBe(200)
    for (const rest of ['/commits', '/commits/HEAD', `/git/blobs/${'a'.repeat(40)}`]) {
      expect(await json(`/repos/ann/empty${rest}`)).toMatchObject({ status: 409, body: { message: 'Git Repository is empty.' } })
    }
    expect(await json('/repos/ann/empty/contents/x')).toMatchObject({ status: 404, body: { message: 'This repository is empty.' } })
  })

  test('are searched as they were indexed, and read as they are', async () => {
    const found = await search(world.sandbox, 'ancient')
    const [hit] = found.items
    expect(hit?.path).toBe('old.txt')
    expect((await json('/repos/ann/behind/contents/old.txt')).status).toBe(404)
    expect((await json(hit?.url ?? '')).status).toBe(200)
    expect((await search(world.sandbox, 'modern')).total_count).toBe(0)
  })
})

describe('files', () => {
  test('come as base64 in lines, or raw when asked for', async () => {
    const { body } = await json('/repos/ann/app/contents/docs/long.txt')
    expect(body).toMatchObject({ type: 'file', encoding: 'base64', size: 301, path: 'docs/long.txt' })
    const content = String(body['content'])
    expect(Math.max(...content.split('\n').map((line) => line.length))).toBe(60)
    expect(Buffer.from(content, 'base64').toString()).toBe(long)
    const raw = await ask(world.sandbox, '/repos/ann/app/contents/docs/long.txt', { headers: { accept: 'application/vnd.github.raw+json' } })
    expect(await raw.text()).toBe(long)
  })

  test('are read at a revision, with any character in their path', async () => {
    const old = await json('/repos/ann/app/contents/a%20file.txt?ref=main~1')
    expect(Buffer.from(String(old.body['content']), 'base64').toString()).toBe('first\n')
  })

  test.each([
    '/repos/ann/app/contents/nothing', '/repos/ann/app/contents/a%20file.txt?ref=nowhere', '/repos/ann/app/contents/%E0%A4%A',
    '/repos/ann/app/contents/./a', '/repos/ann/app/contents/a%0AHEAD', `/repos/ann/app/git/blobs/${'0'.repeat(40)}`, '/repos/ann/app/git/blobs/HEAD', '/repos/ann/app/git/nothing',
  ])('%s is a 404, and the next request is answered', async (target) => {
    expect((await json(target)).status).toBe(404)
    expect((await json('/repos/ann/app/contents/a%20file.txt')).status).toBe(200)
  })

  test('of a folder are listed', async () => {
    const response = await ask(world.sandbox, '/repos/ann/app/contents')
    expect(await response.json()).toMatchObject([{ type: 'file', path: 'a file.txt', size: 13 }, { type: 'dir', path: 'docs', size: 0 }])
  })

  test('have a history', async () => {
    const response = await ask(world.sandbox, '/repos/ann/app/commits?path=docs/long.txt')
    expect(await response.json()).toMatchObject([{ commit: { author: { name: 'Ann', date: '2024-01-01T00:00:00Z' } }, author: null }])
    const { body } = await json('/repos/ann/app/commits/main')
    expect(body).toMatchObject({ author: { login: 'bob' }, commit: { message: 'change' } })
  })
})

describe('people', () => {
  test('outsiders see public members, members see all', async () => {
    const logins = async (token: string) => {
      const response = await ask(world.sandbox, '/orgs/org/members', { token })
      // The expectation compares all of it.
      return ((await response.json()) as { login: string }[]).map(({ login }) => login)
    }
    expect(await logins('crawler')).toEqual(['insider'])
    expect((await json('/orgs/bob/members')).status).toBe(404)
    expect((await json('/users/nobody-at-all')).status).toBe(404)
  })
})

describe('the search of repositories', () => {
  test('refuses the page that starts past 1,000, in its own words', async () => {
    expect((await json('/search/repositories?q=app&per_page=30&page=34')).status).toBe(200)
    expect(await json('/search/repositories?q=app&per_page=30&page=35')).toMatchObject({
      status: 422, body: { message: 'Only the first 1000 search results are available', documentation_url: 'https://docs.github.com/v3/search/', status: '422' },
    })
  })

  test('swallows pages that are no numbers, and refuses owners that nobody can see', async () => {
    expect(await json('/search/repositories?q=app&page=abc&per_page=x')).toMatchObject({ status: 200, body: { total_count: 1, items: [{ full_name: 'ann/app' }] } })
    expect(await json('/search/repositories?q=app+user:nobody-at-all')).toMatchObject({ status: 422, body: { message: 'Validation Failed', errors: [{ code: 'invalid' }] } })
  })

  test('has links in its own order, without last on the last page', async () => {
    const rels = async (page: string) => [...((await json(`/search/repositories?q=taken&per_page=1&page=${page}`)).headers.get('link') ?? '').matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel)
    expect(await rels('1')).toEqual(['next', 'last'])
    expect(await rels('2')).toEqual(['prev', 'first'])
  })
})

describe('pages for people', () => {
  test('show a file with numbered lines, escaped, without scripts', async () => {
    const { sandbox } = world
    const response = await ask(sandbox, '/ann/app/blob/main/a%20file.txt', { token: null })
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await response.text()).toContain('<span id="L2"><a href="#L2">2</a>second')
  })

  test.each(['/ann/gone/blob/main/x.txt', '/ann/app/blob/main/none.txt', '/no/no/blob/main/x', '/ann/none'])('%s is not found', async (target) => {
    expect((await ask(world.sandbox, target, { token: null })).status).toBe(404)
  })
})
