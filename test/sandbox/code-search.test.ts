import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ask, commit, openSandbox, places, search, searchPath, useSandbox, useShelf, type Files } from './open-sandbox.ts'

const many: Files = Object.fromEntries(Array.from({ length: 1_030 }, (_, n) => [`f${String(n).padStart(4, '0')}.txt`, `needle number${n}\n`]))

const shelf = useShelf({
  'ann/app': [
    commit({ 'package.json': '{"dependencies":{"acme-corp-auth-client":"1.0.0"}}\n', 'src/index.ts': "import 'acme-corp-auth-client'\n", 'docs/auth.md': 'dynatrace-mcp and auth\n' }),
  ],
  'ann/tool': [commit({ 'tool.py': 'ACME_CORP.auth: client\n', 'deep/er/tool.py': 'acme corp\n', 'bin.dat': new Uint8Array([0, 97, 99, 109, 101]) })],
  'bob/many': [commit(many)],
  'bob/fork': [commit({ 'package.json': '{"dependencies":{"acme-corp-auth-client":"1.0.0"}}\n' })],
  'bob/popular-fork': [commit({ 'only-here.json': 'acme-corp-auth-client\n' })],
  'bob/sizes': [commit({ 'below.txt': `marker${'x'.repeat(384 * 1024 - 7)}`, 'at.txt': `marker${'x'.repeat(384 * 1024 - 6)}` })],
  'bob/branches': [commit({ 'README.md': 'nothing\n' }), commit({ 'secret.txt': 'branchonly\n' }, { branch: 'wip' })],
  'bob/empty': [],
  'bob/unicode': [commit({ 'é.txt': 'ééé — naïve 😀 acme-corp-auth-client\r\nnext\r\n' })],
})

function sources() {
  return shelf.sources().map((source) => {
    if (source.name === 'fork') return { ...source, forkOf: 'ann/app' }
    if (source.name === 'popular-fork') return { ...source, forkOf: 'ann/app', stars: 5 }
    return source
  })
}

const settings = () => ({ repositories: sources(), limits: { codeSearchPerMinute: 1_000 } })
const shared = useSandbox(shelf, settings)

describe('a code search', () => {
  test('finds a file by the words in it, and points at the indexed commit and blob', async () => {
    const { sandbox } = shared
    const body = await search(sandbox, '"acme-corp-auth-client" repo:ann/app filename:package.json')
    expect(body).toMatchObject({ total_count: 1, incomplete_results: false })
    const [item] = body.items
    expect(item).toMatchObject({ name: 'package.json', path: 'package.json', score: 1, repository: { full_name: 'ann/app', private: false, fork: false } })
    const ref = /^(?<url>.*)\?ref=(?<ref>[0-9a-f]{40})$/.exec(item?.url ?? '')?.groups
    expect(ref?.['url']).toBe(`${sandbox.github.apiUrl}/repositories/${item?.repository.id}/contents/package.json`)
    expect(item?.html_url).toBe(`${sandbox.github.htmlUrl}/ann/app/blob/${ref?.['ref']}/package.json`)
    expect(item?.git_url).toBe(`${sandbox.github.apiUrl}/repositories/${item?.repository.id}/git/blobs/${item?.sha}`)
    expect(item?.repository).not.toHaveProperty('stargazers_count')
    const blob = await ask(sandbox, item?.git_url ?? '')
    expect(await blob.json()).toMatchObject({ sha: item?.sha, encoding: 'base64' })
  })

  test.each([
    ['acme-corp-auth-client', ['ann/app package.json', 'ann/app src/index.ts', 'ann/tool tool.py', 'bob/unicode é.txt']],
    ['ACME-CORP-AUTH-CLIENT', ['ann/app package.json', 'ann/app src/index.ts', 'ann/tool tool.py', 'bob/unicode é.txt']],
    ['@acme.corp/auth:client', ['ann/app package.json', 'ann/app src/index.ts', 'ann/tool tool.py', 'bob/unicode é.txt']],
    ['acme-corp-auth-client -user:ann', ['bob/unicode é.txt']],
    ['acme-corp-auth-client NOT dependencies', ['ann/app src/index.ts', 'ann/tool tool.py', 'bob/unicode é.txt']],
    ['acme-corp-auth-client user:ann user:bob extension:json', ['ann/app package.json']],
    ['acme-corp-auth-client org:bob', ['bob/unicode é.txt']],
    ['acme-corp-auth-client path:src', ['ann/app src/index.ts']],
    ['acme path:deep/er', ['ann/tool deep/er/tool.py']],
    ['acme path:deep/e', []],
    ['acme-corp-auth-client path:/ user:ann', ['ann/app package.json', 'ann/tool tool.py']],
    ['acme-corp-auth-client language:typescript', ['ann/app src/index.ts']],
    ['acme-corp-auth-client language:klingon', []],
    ['acme-corp-auth-client size:<40', ['ann/app src/index.ts', 'ann/tool tool.py']],
    ['acme-corp-auth-client size:30..50', ['ann/app src/index.ts']],
    ['auth in:path', ['ann/app docs/auth.md']],
    ['auth in:file user:ann', ['ann/app docs/auth.md', 'ann/app package.json', 'ann/app src/index.ts', 'ann/tool tool.py']],
    ['dynatrace OR tool', ['ann/app docs/auth.md', 'ann/tool deep/er/tool.py', 'ann/tool tool.py']],
    ['filename:package.json', ['ann/app package.json']],
    ['acme-corp-auth-client fork:only', ['bob/popular-fork only-here.json']],
    ['acme-corp-auth-client fork:true extension:json', ['ann/app package.json', 'bob/popular-fork only-here.json']],
    ['"@"', []],
  ])('%s', async (q, expected) => {
    const { sandbox } = shared
    expect(places(await search(sandbox, q, { per_page: '100' }))).toEqual(expected)
  })

  test.each([
    ['symbol:client', 'a symbol'],
    ['/acme|corp/', 'a regular expression'],
    ['path:**/*.ts acme', 'a glob in path'],
    ['filename:*.json', 'a glob in filename'],
  ])('%s finds nothing, silently: %s is the new engine\'s language', async (q) => {
    const { sandbox } = shared
    expect(await search(sandbox, q)).toEqual({ total_count: 0, incomplete_results: false, items: [] })
  })

  test.each([
    ['tokens', 'trace-mcp', []],
    ['substring', 'trace-mcp', ['ann/app docs/auth.md']],
    ['literal', 'dynatrace-m', ['ann/app docs/auth.md']],
    ['compounds', 'acme-corp', []],
    ['compounds', 'acme-corp-auth-client', ['ann/app package.json', 'ann/app src/index.ts', 'bob/unicode é.txt']],
    ['literal', 'acme corp', ['ann/tool deep/er/tool.py']],
    ['tokens', 'acme corp', ['ann/app package.json', 'ann/app src/index.ts', 'ann/tool deep/er/tool.py', 'ann/tool tool.py', 'bob/unicode é.txt']],
  ] as const)('with the tokenisation %s, "%s" finds what that engine would', async (tokenisation, q, expected) => {
    await using sandbox = await openSandbox(shelf, { ...settings(), tokenisation })
    expect(places(await search(sandbox, `"${q}"`))).toEqual(expected)
  })

  test.each([
    ['another branch than the default', 'branchonly', []],
    ['a file of 384 KiB', 'marker in:file', ['bob/sizes below.txt']],
    ['a fork with fewer stars than its parent', '"acme-corp-auth-client" repo:bob/fork fork:true', []],
    ['a binary file', 'acme extension:dat', []],
  ].map(([what, q, expected]) => ({ what, q: String(q), expected })))('the index leaves out $what', async ({ q, expected }) => {
    await using sandbox = await openSandbox(shelf, { ...settings(), tokenisation: 'substring' })
    expect(places(await search(sandbox, q))).toEqual(expected)
  })

  test('answers a repository nobody can see with 200, nothing, and incomplete_results', async () => {
    const { sandbox } = shared
    expect(await search(sandbox, 'acme repo:nobody/nothing')).toEqual({ total_count: 0, incomplete_results: true, items: [] })
    expect(await search(sandbox, 'acme repo:nobody/nothing repo:ann/tool')).toMatchObject({ incomplete_results: false, total_count: 2 })
  })

  test('gives the same hits in the same order every time, and every hit once over its pages', async () => {
    const { sandbox } = shared
    const pages = await Promise.all(['1', '2', '3'].map((page) => search(sandbox, 'needle', { per_page: '100', page })))
    const again = await search(sandbox, 'needle', { per_page: '100', page: '2' })
    expect(again).toEqual(pages[1])
    expect(new Set(pages.flatMap(places)).size).toBe(300)
    expect(pages[0]?.total_count).toBe(1_030)
  })

  test('ignores sort, order and unknown parameters, and does not read the API version', async () => {
    const { sandbox } = shared
    const plain = await search(sandbox, 'acme user:ann')
    const odd = await ask(sandbox, searchPath('acme user:ann', { sort: 'abc', order: 'abc', shoe: 'size' }), { headers: { 'x-github-api-version': 'garbage' } })
    expect(odd.status).toBe(200)
    expect(odd.headers.has('x-github-api-version-selected')).toBe(false)
    expect(await odd.json()).toEqual(plain)
  })

  test('is JSON without a charset and without an ETag', async () => {
    const { sandbox } = shared
    const response = await ask(sandbox, searchPath('acme'))
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.has('etag')).toBe(false)
  })
})

describe('paging of code search', () => {
  test.each([['100', '10'], ['30', '33'], ['7', '142'], ['1000', '10']])('per_page %s reaches page %s', async (perPage, page) => {
    expect((await ask(shared.sandbox, searchPath('needle', { per_page: perPage, page }))).status).toBe(200)
  })

  test.each([['100', '11'], ['30', '34'], ['7', '143'], ['1000', '11']])('per_page %s does not reach page %s', async (perPage, page) => {
    const response = await ask(shared.sandbox, searchPath('needle', { per_page: perPage, page }))
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      message: 'Cannot access beyond the first 1000 results', documentation_url: 'https://docs.github.com/rest/search/search#search-code', status: '422',
    })
  })

  test('with 30 a page, Link offers page 34, which is refused', async () => {
    const { sandbox } = shared
    const response = await ask(sandbox, searchPath('needle', { page: '33' }))
    const link = response.headers.get('link') ?? ''
    expect([...link.matchAll(/page=(\d+)>; rel="(\w+)"/g)].map(([, page, rel]) => `${rel} ${page}`)).toEqual(['next 34', 'prev 32', 'first 1', 'last 34'])
    const next = /<([^>]+)>; rel="next"/.exec(link)?.[1] ?? ''
    expect((await ask(sandbox, next)).status).toBe(422)
  })

  test('the last page still has first and last; one page has no Link at all', async () => {
    const { sandbox } = shared
    const last = (await ask(sandbox, searchPath('needle', { per_page: '100', page: '10' }))).headers.get('link') ?? ''
    expect([...last.matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel)).toEqual(['prev', 'first', 'last'])
    expect((await ask(sandbox, searchPath('acme user:ann'))).headers.has('link')).toBe(false)
  })

  test('a page size of 0 is 30, above 100 it is 100, and URLs carry what was applied', async () => {
    const { sandbox } = shared
    expect((await search(sandbox, 'needle', { per_page: '0' })).items).toHaveLength(30)
    expect((await search(sandbox, 'needle', { per_page: '00050' })).items).toHaveLength(50)
    expect((await ask(sandbox, searchPath('needle', { per_page: '5000' }))).headers.get('link')).toContain('per_page=100&page=2')
  })

  test('an empty page inside the range is a 200 without items', async () => {
    const { sandbox } = shared
    expect(await search(sandbox, 'acme user:ann', { page: '20' })).toMatchObject({ items: [], total_count: 4 })
  })
})

describe('what code search refuses', () => {
  test.each([
    ['per_page=abc', 'per_page: invalid digit found in string'],
    ['page=-1', 'page: invalid digit found in string'],
    ['page=1.5', 'page: invalid digit found in string'],
    ['page=', 'page: cannot parse integer from empty string'],
    ['per_page=4294967296', 'per_page: number too large to fit in target type'],
    ['q=b', 'duplicate field `q`'],
    ['page=1&page=1', 'duplicate field `page`'],
  ])('%s is a 400 in plain text', async (parameter, words) => {
    const { sandbox } = shared
    const response = await ask(sandbox, `/search/code?q=a&${parameter}`)
    expect([response.status, response.headers.get('content-type'), await response.text()])
      .toEqual([400, 'text/plain; charset=utf-8', `Failed to deserialize query string: ${words}`])
  })

  test.each(['', '   '])('the query "%s" is missing', async (q) => {
    const { sandbox } = shared
    const response = await ask(sandbox, searchPath(q))
    expect(response.status).toBe(422)
    expect(await response.json()).toEqual({
      message: 'Validation Failed', documentation_url: 'https://docs.github.com/v3/search', status: '422',
      errors: [{ resource: 'Search', field: 'q', code: 'missing' }],
    })
  })

  test.each([
    '(acme OR corp) -path:vendor', '--acme', '"acme\\|corp"', 'filename:a.json OR filename:b.json',
  ])('%s cannot be parsed', async (q) => {
    const { sandbox } = shared
    const response = await ask(sandbox, searchPath(q))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('ERROR_TYPE_QUERY_PARSING_FATAL') })
  })

  test.each([
    ['x'.repeat(257), 'The search is longer than 256 characters.'],
    ['a OR b OR c OR d OR e OR f OR g', 'More than five AND / OR / NOT operators were used.'],
  ])('a query over the documented size', async (q, message) => {
    const { sandbox } = shared
    const response = await ask(sandbox, searchPath(q))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ errors: [{ message, code: 'invalid' }] })
  })

  test('qualifiers do not count towards the 256 characters', async () => {
    const { sandbox } = shared
    const excluded = Array.from({ length: 20 }, (_, n) => `-repo:some-owner/some-repository-${n}`).join(' ')
    expect((await ask(sandbox, searchPath(`acme ${excluded}`))).status).toBe(200)
  })

  test('the query string is read before the query, the query before the depth, the depth before repositories', async () => {
    const { sandbox } = shared
    const status = async (target: string, token?: string) => (await ask(sandbox, target, token === undefined ? {} : { token })).status
    expect(await status('/search/code?q=&page=x', 'wrong')).toBe(401)
    expect(await status('/search/code?q=&page=x')).toBe(400)
    expect(await (await ask(sandbox, '/search/code?q=&page=99')).json()).toMatchObject({ message: 'Validation Failed' })
    expect(await (await ask(sandbox, '/search/code?q=a+repo:no/no&page=99')).json()).toMatchObject({ message: 'Cannot access beyond the first 1000 results' })
  })
})

test('no query breaks the search: the answer is a 200 or a 422', async () => {
  const piece = constantFrom('acme', '"', '-', '--', '(', ')', ' ', ':', 'repo:', 'size:', '>', '..', '*', 'OR', 'NOT', 'path:', '\\', '/', '\n', '\0', 'é', '😀', 'in:', 'fork:', '@', '%')
  await assert(asyncProperty(array(piece, { maxLength: 12 }), async (pieces) => {
    const response = await ask(shared.sandbox, searchPath(pieces.join('')), { headers: { accept: 'application/vnd.github.text-match+json' } })
    await response.arrayBuffer()
    expect([200, 422]).toContain(response.status)
  }), { numRuns: 150 })
})

describe('text matches', () => {
  const accept = { accept: 'application/vnd.github.text-match+json' }
  const q = '"acme-corp-auth-client" repo:bob/unicode'

  test('come only when they are asked for', async () => {
    const { sandbox } = shared
    expect((await search(sandbox, q)).items[0]).not.toHaveProperty('text_matches')
  })

  test.each([
    ['UTF-16 units', {}, (fragment: string, text: string) => fragment.indexOf(text)],
    ['bytes', { indicesInBytes: true }, (fragment: string, text: string) => Buffer.from(fragment).indexOf(text)],
    ['code points', { indicesInCodePoints: true }, (fragment: string, text: string) => Array.from(fragment.slice(0, fragment.indexOf(text))).length],
  ])('count in %s', async (_unit, faults, position) => {
    const { sandbox } = shared
    sandbox.setFaults(faults)
    const [match] = (await search(sandbox, q, {}, accept)).items[0]?.text_matches ?? []
    const start = position(match?.fragment ?? '', 'acme-corp-auth-client')
    expect(start).toBeGreaterThan(10)
    expect(match).toMatchObject({ property: 'content', matches: [{ text: 'acme-corp-auth-client', indices: [start, start + 21] }] })
  })

  test('show at most two fragments of a file, and mention the path', async () => {
    const { sandbox } = shared
    const [both] = (await search(sandbox, 'auth repo:ann/app extension:md', {}, accept)).items
    expect(both?.text_matches).toMatchObject([
      { property: 'content', matches: [{ text: 'auth' }] },
      { property: 'path', fragment: 'docs/auth.md', matches: [{ text: 'auth', indices: [5, 9] }] },
    ])
  })

  test('of a path can come as content without matches', async () => {
    const { sandbox } = shared
    sandbox.setFaults({ emptyTextMatches: true })
    const [hit] = (await search(sandbox, 'deep', {}, accept)).items
    expect(hit?.text_matches).toMatchObject([{ property: 'content', fragment: 'acme corp\n', matches: [] }])
  })
})
