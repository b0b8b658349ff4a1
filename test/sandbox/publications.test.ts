import { describe, expect, test } from 'vitest'
import type { ConversationSource } from '../../src/sandbox/publications.ts'
import { ask, commit, graphql, member, openSandbox, useShelf } from './open-sandbox.ts'

const now = new Date('2026-11-22T12:00:00Z')
const main = '2026-11-20T10:00:00Z'
const shelf = useShelf({
  'ann/app': [
    commit({ 'a.txt': 'one\n' }, { date: '2026-11-19T10:00:00Z', message: 'begin\n' }),
    commit({ 'a.txt': 'two\n', 'b.txt': 'needle\n' }, { date: main, message: 'use hay-needle\n' }),
    commit({ 'c.txt': 'three\n' }, { date: '2026-11-21T10:00:00Z', branch: 'wip', message: 'branch\n' }),
  ],
  'bob/fork': [commit({ 'a.txt': 'one\n' })],
  'bob/empty': [],
})

function issue(more: Partial<ConversationSource> = {}): ConversationSource {
  return { kind: 'issue', repository: 'ann/app', number: 1, title: 'It breaks', body: 'with hay-needle 1.0', author: 'ann', createdAt: '2026-11-01T00:00:00Z', ...more }
}

async function open(more: Parameters<typeof openSandbox>[1] = {}) {
  return openSandbox(shelf, { now: () => now, repositories: [shelf.source('ann/app', { topics: ['needlework'] }), shelf.source('bob/fork', { forkOf: 'ann/app', description: 'hay-needle' }), shelf.source('bob/empty')], ...more })
}

interface Item { readonly number?: number; readonly sha?: string; readonly full_name?: string; readonly text_matches?: readonly { readonly object_type: string }[] }
type Box = Awaited<ReturnType<typeof open>>

async function found(sandbox: Box, path: string): Promise<{ total: number; items: readonly Item[]; status: number; body: unknown }> {
  const response = await ask(sandbox, path, { headers: { accept: 'application/vnd.github.text-match+json' } })
  // The test reads what it needs; a wrong shape fails its expectation.
  const body = (await response.json()) as { total_count: number; items: readonly Item[] }
  return { total: body.total_count, items: body.items, status: response.status, body }
}

const search = (kind: string, q: string, more = '') => `/search/${kind}?q=${encodeURIComponent(q)}${more}`

describe('the search of issues', () => {
  test('finds titles, bodies and comments, says which, and shows at most two', async () => {
    await using sandbox = await open()
    sandbox.publish({ conversations: [
      issue({ comments: [{ author: 'bob', body: 'hay-needle too', createdAt: '2026-11-02T00:00:00Z' }, { author: 'bob', body: 'hay-needle again', createdAt: '2026-11-03T00:00:00Z' }] }),
      issue({ number: 2, body: 'x', kind: 'pull', comments: [{ author: 'bob', body: 'try hay-needle', createdAt: '2026-11-02T00:00:00Z' }] }),
      issue({ number: 3, kind: 'discussion' }),
    ] })
    const { total, items } = await found(sandbox, search('issues', '"hay-needle"'))
    expect(total).toBe(2)
    expect(items.map(({ text_matches }) => text_matches?.map(({ object_type }) => object_type))).toEqual([['Issue', 'IssueComment'], ['IssueComment']])
    expect((await found(sandbox, search('issues', '"hay-needle" is:pr'))).items.map(({ number }) => number)).toEqual([2])
  })

  test('cuts by date, both ends inclusive, and leaves owners out', async () => {
    await using sandbox = await open()
    sandbox.publish({ conversations: [issue({ createdAt: '2026-11-01T00:00:00Z' }), issue({ number: 2, createdAt: '2026-11-01T00:00:01Z' })] })
    const numbers = async (q: string) => (await found(sandbox, search('issues', `"hay-needle" ${q}`))).items.map(({ number }) => number)
    expect(await numbers('created:<=2026-11-01T00:00:00Z')).toEqual([1])
    expect(await numbers('created:>=2026-11-01T00:00:01Z')).toEqual([2])
    expect(await numbers('created:2026-11-01T00:00:00Z..2026-11-01T00:00:01Z')).toEqual([1, 2])
    expect(await numbers('-org:ann')).toEqual([])
    expect(await numbers('-org:bob')).toEqual([1, 2])
  })

  test('joins several owners with "or", in advanced search with "and"', async () => {
    await using sandbox = await open()
    sandbox.publish({ conversations: [issue()] })
    expect((await found(sandbox, search('issues', 'needle user:ann user:bob'))).total).toBe(1)
    expect((await found(sandbox, search('issues', 'needle user:ann user:bob', '&advanced_search=true'))).total).toBe(0)
  })

  test('refuses owners that do not exist, those that are left out only by a fault', async () => {
    await using sandbox = await open()
    expect((await found(sandbox, search('issues', 'needle user:nobody-at-all'))).status).toBe(422)
    expect((await found(sandbox, search('issues', 'needle -user:nobody-at-all'))).status).toBe(200)
    sandbox.setFaults({ unknownOwnerRefused: true })
    expect((await found(sandbox, search('issues', 'needle -user:nobody-at-all'))).status).toBe(422)
  })

  test('a conversation that is published again is edited', async () => {
    await using sandbox = await open()
    sandbox.publish({ conversations: [issue()] })
    sandbox.publish({ conversations: [issue({ body: 'nothing' })] })
    expect((await found(sandbox, search('issues', '"hay-needle"'))).total).toBe(0)
  })

  test('comments are listed in pages, remarks on lines by themselves', async () => {
    await using sandbox = await open()
    const said = Array.from({ length: 3 }, (_, index) => ({ author: 'bob', body: `comment ${index}`, createdAt: `2026-11-02T00:00:0${index}Z` }))
    sandbox.publish({ conversations: [issue({ kind: 'pull', comments: said, reviewComments: said.slice(0, 1) })] })
    const list = async (path: string) => (await (await ask(sandbox, path)).json()) as { body: string }[]
    expect((await list('/repos/ann/app/issues/1/comments?per_page=2&page=2')).map(({ body }) => body)).toEqual(['comment 2'])
    expect(await list('/repos/ann/app/pulls/1/comments')).toHaveLength(1)
    expect((await ask(sandbox, '/repos/ann/app/issues/7/comments')).status).toBe(404)
  })
})

describe('the other searches', () => {
  test('commits: messages on default branches, each with its repository', async () => {
    await using sandbox = await open()
    const { items, total } = await found(sandbox, search('commits', '"hay-needle"'))
    expect(total).toBe(1)
    expect(items[0]).toMatchObject({ commit: { message: 'use hay-needle', author: { email: 'ann@example.org' } }, repository: { full_name: 'ann/app' } })
    expect((await found(sandbox, search('commits', 'branch'))).total).toBe(0)
    expect((await found(sandbox, search('commits', '"hay-needle" committer-date:<2026-11-20'))).total).toBe(0)
  })

  test('repositories: topics too, forks on request', async () => {
    await using sandbox = await open()
    expect((await found(sandbox, search('repositories', 'needlework'))).items.map(({ full_name }) => full_name)).toEqual(['ann/app'])
    expect((await found(sandbox, search('repositories', '"hay-needle"'))).total).toBe(0)
    expect((await found(sandbox, search('repositories', '"hay-needle" fork:true'))).total).toBe(1)
  })

  test('discussions: by GraphQL, with comments and replies', async () => {
    await using sandbox = await open()
    sandbox.publish({ conversations: [issue({ kind: 'discussion', number: 5, body: '', comments: [{ author: 'bob', body: 'one', createdAt: main, replies: [{ author: 'ann', body: 'hay-needle', createdAt: main }] }] })] })
    const body = await graphql(sandbox, `query($q:String!){ search(query:$q,type:DISCUSSION,first:5){ discussionCount nodes { ...on Discussion { id title repository { nameWithOwner } comments(first:3){ totalCount nodes { body url author { login } replies(first:2){ nodes { body } } } } } } } }`, { q: '"hay-needle"' })
    expect(body.errors).toBeUndefined()
    expect(body.data?.['search']).toMatchObject({ discussionCount: 1, nodes: [{ title: 'It breaks', repository: { nameWithOwner: 'ann/app' }, comments: { totalCount: 1, nodes: [{ body: 'one', replies: { nodes: [{ body: 'hay-needle' }] } }] } }] })
    const { nodes } = member(body, 'search') as { nodes?: readonly { id: string }[] }
    const first = nodes?.[0]
    expect((await graphql(sandbox, 'query($id:ID!){ node(id:$id){ ...on Discussion { title } } }', { id: first?.id })).data).toEqual({ node: { title: 'It breaks' } })
  })
})

describe('gists', () => {
  const gist = { owner: 'ann', id: 'a'.repeat(32), description: 'notes', files: { 'big.txt': 'x'.repeat(1_000_001), 'small.txt': 'hi' }, createdAt: main }

  test('are listed without content, and shown with at most a megabyte a file', async () => {
    await using sandbox = await open()
    sandbox.publish({ gists: [gist] })
    const list = (await (await ask(sandbox, '/users/ann/gists')).json()) as { files: Record<string, unknown> }[]
    expect(list).toMatchObject([{ id: gist.id, files: { 'small.txt': { size: 2 } } }])
    expect(list[0]?.files['small.txt']).not.toHaveProperty('content')
    const one = (await (await ask(sandbox, `/gists/${gist.id}`)).json()) as { files: Record<string, { truncated: boolean; content: string }> }
    expect(one.files['big.txt']).toMatchObject({ truncated: true })
    expect(one.files['big.txt']?.content).toHaveLength(1_000_000)
    expect((await ask(sandbox, '/gists/nope')).status).toBe(404)
  })

  test('a blocked one is forbidden, and that is no limit', async () => {
    await using sandbox = await open()
    sandbox.publish({ gists: [{ ...gist, blocked: true }] })
    const response = await ask(sandbox, `/gists/${gist.id}`)
    expect([response.status, response.headers.get('x-ratelimit-remaining') === '0']).toEqual([403, false])
  })
})

describe('what people do', () => {
  interface Event { readonly id: string; readonly type: string; readonly payload: Record<string, unknown> }
  const events = async (sandbox: Box, query = '') => (await (await ask(sandbox, `/users/ann/events/public${query}`)).json()) as Event[]

  test('is told from the history: pushes without commits, new branches from nothing, the last 30 days', async () => {
    await using sandbox = await open()
    const told = await events(sandbox)
    expect(told.map(({ type, payload }) => [type, payload['ref'], payload['before'] === '0'.repeat(40)])).toEqual([
      ['CreateEvent', 'wip', false], ['PushEvent', 'refs/heads/wip', true],
      ['PushEvent', 'refs/heads/main', false],
      ['CreateEvent', 'main', false], ['PushEvent', 'refs/heads/main', true],
    ])
    expect(Object.keys(told[2]?.payload ?? {}).sort()).toEqual(['before', 'head', 'push_id', 'ref', 'repository_id'])
    sandbox.setNow(() => new Date('2027-01-22T12:00:00Z'))
    expect(await events(sandbox)).toEqual([])
  })

  test('is seen late', async () => {
    await using sandbox = await open({ now: () => new Date('2026-11-21T10:00:29Z') })
    expect(await events(sandbox)).toHaveLength(3)
    sandbox.setNow(() => new Date('2026-11-21T10:00:30Z'))
    expect(await events(sandbox)).toHaveLength(5)
    sandbox.setFaults({ eventsLate: true })
    expect(await events(sandbox)).toHaveLength(3)
  })

  test('comes with an ETag and a poll interval; what is known costs nothing', async () => {
    await using sandbox = await open()
    const first = await ask(sandbox, '/users/ann/events/public')
    expect(first.headers.get('x-poll-interval')).toBe('60')
    const again = await ask(sandbox, '/users/ann/events/public', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect([again.status, again.headers.get('x-ratelimit-used'), again.headers.get('x-poll-interval')]).toEqual([304, first.headers.get('x-ratelimit-used'), '60'])
    sandbox.publish({ events: [{ type: 'WatchEvent', actor: 'ann', repository: 'ann/app', at: main }] })
    expect((await ask(sandbox, '/users/ann/events/public', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })).status).toBe(200)
  })

  test('ends after 300 events', async () => {
    await using sandbox = await open()
    sandbox.publish({ events: Array.from({ length: 310 }, (_, index) => ({ type: 'WatchEvent' as const, actor: 'ann', repository: 'ann/app', at: new Date(Date.parse(main) - index * 1_000).toISOString() })) })
    expect(await events(sandbox, '?per_page=100&page=3')).toHaveLength(100)
    expect((await ask(sandbox, '/users/ann/events/public?per_page=100&page=4')).status).toBe(422)
  })

  test('two commits are compared; from nothing, from another history or in an empty repository they are not', async () => {
    await using sandbox = await open()
    const pushes = (await events(sandbox)).filter(({ type }) => type === 'PushEvent').map(({ payload }) => `${String(payload['before'])}...${String(payload['head'])}`)
    const compared = await ask(sandbox, `/repos/ann/app/compare/${pushes[1]}`)
    expect(await compared.json()).toMatchObject({ status: 'ahead', total_commits: 1, commits: [{ commit: { message: 'use hay-needle' } }], files: [{ filename: 'a.txt', status: 'modified' }, { filename: 'b.txt', status: 'added' }] })
    expect((await ask(sandbox, `/repos/ann/app/compare/${pushes[2]}`)).status).toBe(404)
    expect((await ask(sandbox, `/repos/ann/app/compare/${'1'.repeat(40)}...${'2'.repeat(40)}`)).status).toBe(404)
    expect((await ask(sandbox, '/repos/bob/empty/compare/a...b')).status).toBe(409)
  })

  test('a tree has every file, unless it is truncated', async () => {
    await using sandbox = await open()
    const tree = async () => (await (await ask(sandbox, '/repos/ann/app/git/trees/HEAD?recursive=1')).json()) as { truncated: boolean; tree: { path: string }[] }
    expect(await tree()).toMatchObject({ truncated: false, tree: [{ path: 'a.txt', type: 'blob' }, { path: 'b.txt' }] })
    sandbox.setFaults({ treeTruncated: true })
    expect(await tree()).toMatchObject({ truncated: true, tree: [{ path: 'a.txt' }] })
  })
})
