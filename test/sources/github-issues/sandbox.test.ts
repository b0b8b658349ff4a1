import { describe, expect, test } from 'vitest'
import { githubIssues } from '../../../src/sources/github-issues/index.ts'
import type { ConversationSource } from '../../../src/sandbox/publications.ts'
import type { Sandbox } from '../../../src/sandbox/start.ts'
import { commit, openSandbox, useShelf } from '../../sandbox/open-sandbox.ts'
import { drain, knownOf, textOf } from '../drain.ts'
import { openOnSandbox } from '../open-on-sandbox.ts'

const now = new Date('2026-11-22T12:00:00Z')
const name = '@acme-corp/auth-client'
const terms = [{ text: name, covers: ['1'] }]
const shelf = useShelf({ 'ann/app': [commit({ 'a.txt': 'a\n' })], 'acme-corp/own': [commit({ 'a.txt': 'a\n' })], 'bob/private': [commit({ 'a.txt': 'a\n' })] })
const at = '2026-11-02T00:00:00Z'
const comment = (body: string, createdAt = at) => ({ author: 'bob', body, createdAt })

function issue(more: Partial<ConversationSource> = {}): ConversationSource {
  return { kind: 'issue', repository: 'ann/app', number: 1, title: 'It breaks', body: 'no idea', author: 'ann', createdAt: '2026-11-01T00:00:00Z', ...more }
}

async function boxOf(...conversations: readonly ConversationSource[]): Promise<Sandbox> {
  const sandbox = await openSandbox(shelf, {
    now: () => now, repositories: [shelf.source('ann/app'), shelf.source('acme-corp/own'), shelf.source('bob/private', { state: 'private' })],
    limits: { searchPerMinute: 1_000 },
  })
  sandbox.publish({ conversations })
  return sandbox
}

const open = (sandbox: Sandbox, organizations?: readonly string[]) =>
  openOnSandbox(githubIssues, sandbox, { place: 'issues', now: () => now, ...(organizations === undefined ? {} : { organizations }) })
const pass = (sandbox: Sandbox, known?: ReadonlyMap<string, string>) =>
  drain(open(sandbox), { terms, names: [name], ...(known === undefined ? {} : { known }) })
/** Texts with content, in order. */
const said = (documents: Parameters<typeof knownOf>[0]) => documents.map(textOf).filter((text) => text !== '').sort()

describe('issues and pull requests', () => {
  test('come whole with the search: title and body, who wrote it, when, and where', async () => {
    await using sandbox = await boxOf(issue({ body: `npm ERR! 404 ${name}` }))
    const { documents, shortfalls } = await pass(sandbox)
    expect(shortfalls).toEqual([])
    expect(documents[0]).toMatchObject({
      source: 'github-issues', author: 'ann', publishedAt: new Date('2026-11-01T00:00:00Z'), revision: '2026-11-01T00:00:00Z',
      url: `${sandbox.url}/ann/app/issues/1`, title: 'ann/app: It breaks', container: { name: 'ann/app', owner: 'ann' }, path: null,
    })
    expect(said(documents)).toEqual([`It breaks\n\nnpm ERR! 404 ${name}`])
  })

  test('a comment that matched is fetched, with those around it, each a document of its own', async () => {
    await using sandbox = await boxOf(issue({ comments: [comment('first'), comment(`try ${name}`, '2026-11-03T00:00:00Z')] }))
    const { documents } = await pass(sandbox)
    expect(said(documents)).toEqual(['It breaks\n\nno idea', 'first', `try ${name}`])
    const [leak] = documents.filter((one) => textOf(one) === `try ${name}`)
    expect(leak).toMatchObject({ author: 'bob', publishedAt: new Date('2026-11-03T00:00:00Z') })
    expect(leak?.url).toMatch(/\/ann\/app\/issues\/1#issuecomment-\d+$/)
  })

  test('comments under a body with one of our names are fetched too, remarks on the lines of a pull request as well', async () => {
    await using sandbox = await boxOf(issue({ kind: 'pull', body: name, comments: [comment('hm')], reviewComments: [comment('here too')] }))
    expect(said((await pass(sandbox)).documents)).toEqual([`It breaks\n\n${name}`, 'here too', 'hm'])
  })

  test('comments under a near miss are left alone', async () => {
    await using sandbox = await boxOf(issue({ body: 'acme corp auth client, the anvil shop', comments: [comment('hm')] }))
    const { documents, fetches } = await pass(sandbox)
    expect([said(documents).length, fetches]).toEqual([1, 0])
  })

  test('what was read is not fetched again until somebody writes or edits', async () => {
    await using sandbox = await boxOf(issue({ comments: [comment(name)] }))
    const first = await pass(sandbox)
    expect(first.fetches).toBe(1)
    expect((await pass(sandbox, knownOf(first.documents))).fetches).toBe(0)
    sandbox.publish({ conversations: [issue({ comments: [comment(name), comment('more', '2026-11-20T00:00:00Z')] })] })
    const third = await pass(sandbox, knownOf(first.documents))
    expect(third.fetches).toBe(1)
    expect(said(third.documents)).toContain('more')
  })

  test('an edited body is another revision of the same document', async () => {
    await using sandbox = await boxOf(issue({ body: name }))
    const [before] = (await pass(sandbox)).documents
    sandbox.publish({ conversations: [issue({ body: `${name} 2`, updatedAt: '2026-11-21T00:00:00Z' })] })
    const [after] = (await pass(sandbox)).documents
    expect(after?.ref).toBe(before?.ref)
    expect([before?.revision, after?.revision]).toEqual(['2026-11-01T00:00:00Z', '2026-11-21T00:00:00Z'])
  })

  test('more comments than a page are read to the end', async () => {
    const many = Array.from({ length: 205 }, (_, index) => comment(`${name} ${index}`, new Date(Date.parse(at) + index * 1_000).toISOString().replace('.000', '')))
    await using sandbox = await boxOf(issue({ comments: many }))
    const { documents, fetches } = await pass(sandbox)
    expect(said(documents)).toHaveLength(206)
    expect(fetches).toBe(3)
  })

  test('our own repositories and private ones are no leak', async () => {
    await using sandbox = await boxOf(issue({ repository: 'acme-corp/own', body: name }), issue({ repository: 'bob/private', body: name }))
    expect((await pass(sandbox)).documents).toEqual([])
    const [request] = sandbox.requests().filter(({ path }) => path === '/search/issues')
    expect(request?.query).toMatchObject({ q: `"${name}" is:public -org:acme-corp`, advanced_search: 'true' })
  })

  test('an own organisation that GitHub does not know (any more) does not make the search fail: it is asked again without', async () => {
    await using sandbox = await boxOf(issue({ body: name }), issue({ repository: 'acme-corp/own', number: 2, body: name }))
    sandbox.setFaults({ unknownOwnerRefused: true })
    const { documents, shortfalls } = await drain(open(sandbox, ['acme-corp', 'renamed-long-ago']), { terms, names: [name] })
    expect(said(documents)).toHaveLength(1)
    expect(shortfalls).toEqual([])
  })

  test('a conversation that is gone when its comments are asked for is absent, not a failure', async () => {
    await using sandbox = await boxOf(issue({ comments: [comment(name)] }))
    const source = open(sandbox)
    const page = await source.search(source.plan({ terms, everything: [] }).queries[0]?.input ?? null, null)
    sandbox.publish({ conversations: [issue({ kind: 'discussion' })] })
    expect((await source.fetch(page.hits)).absent).toHaveLength(1)
  })
})

describe('discussions', () => {
  const discussion = (more: Partial<ConversationSource> = {}) => issue({ kind: 'discussion', number: 9, ...more })

  test('come whole by GraphQL, with comments and answers, and are not fetched again before they change', async () => {
    await using sandbox = await boxOf(discussion({ comments: [{ ...comment('see below'), replies: [comment(`use ${name}`)] }] }))
    const first = await pass(sandbox)
    expect(first.shortfalls).toEqual([])
    expect(said(first.documents)).toEqual(['It breaks\n\nno idea', 'see below', `use ${name}`])
    expect(first.documents.find((one) => textOf(one).startsWith('use'))).toMatchObject({ author: 'bob', container: { name: 'ann/app' } })
    expect((await pass(sandbox, knownOf(first.documents))).fetches).toBe(0)
    sandbox.publish({ conversations: [discussion({ comments: [{ ...comment('see below'), replies: [comment(`use ${name}`)] }, comment('late but backdated')] })] })
    expect(said((await pass(sandbox, knownOf(first.documents))).documents)).toContain('late but backdated')
  })

  test('more comments than a page are read to the end; more answers than are shown are told', async () => {
    const many = Array.from({ length: 150 }, (_, index) => comment(`c${index}`))
    await using sandbox = await boxOf(discussion({ body: name, comments: [...many, { ...comment('busy'), replies: Array.from({ length: 60 }, (_, index) => comment(`r${index}`)) }] }))
    const { documents, shortfalls, fetches } = await pass(sandbox)
    expect([said(documents).length, fetches]).toEqual([1 + 151 + 50, 2])
    expect(shortfalls).toEqual(['a comment of a discussion has more than 50 answers'])
  })
})

test('more results than GitHub shows are cut by time, without a gap and without an overlap', async () => {
  const minutes = Array.from({ length: 1_234 }, (_, index) => issue({ number: index + 1, body: name, createdAt: new Date(Date.parse('2026-01-01T00:00:00Z') + index * 60_000).toISOString().replace('.000', '') }))
  await using sandbox = await boxOf(...minutes)
  const { documents, shortfalls, searches } = await pass(sandbox)
  expect(shortfalls).toEqual([])
  expect(new Set(documents.map(({ ref }) => ref)).size).toBe(1_234)
  expect(searches).toBeLessThan(60)
})

test('more than 1,000 in one second cannot be cut, and that is told', async () => {
  const crowd = Array.from({ length: 1_001 }, (_, index) => issue({ number: index + 1, body: name }))
  await using sandbox = await boxOf(...crowd)
  const { documents, shortfalls } = await pass(sandbox)
  expect(new Set(documents.map(({ ref }) => ref)).size).toBe(1_000)
  expect(shortfalls).toEqual(['more than 1,000 results, of which GitHub gives only the first 1,000'])
})

test.each(['incompleteResults', 'incompleteFlag'] as const)('an answer that is incomplete by its own word (%s) proves nothing', async (fault) => {
  await using sandbox = await boxOf(issue({ body: name }), issue({ number: 2, body: name }))
  sandbox.setFaults({ [fault]: true })
  expect((await pass(sandbox)).shortfalls).toContain('GitHub says itself that its answer is incomplete')
})
