import { describe, expect, test } from 'vitest'
import { ask, commit, graphql, member, postGraphql, search, useSandbox, useShelf, type GraphqlBody } from './open-sandbox.ts'

const bob = { name: 'Bob', email: '7+bob@users.noreply.github.com' }
const carol = { name: 'Carol', email: 'carol@example.org' }
/** 512,000 bytes end in the middle of the two bytes of é. */
const cutInside = `${'a'.repeat(511_999)}é and more`

const shelf = useShelf({
  'ann/app': [
    commit({ 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' }, { date: '2024-01-01T00:00:00Z', author: bob, message: 'first\n\nbody\n' }),
    commit({ 'a.txt': 'one\nTWO\nthree\nfour\n' }, { date: '2024-03-01T12:00:00Z', author: carol }),
    commit({ 'b.txt': 'bb\n' }, { date: '2024-06-01T12:00:00Z' }),
  ],
  'ann/blobs': [commit({
    'cut.txt': cutInside, 'whole.txt': 'a'.repeat(512_000), 'binary.dat': new Uint8Array([1, 0, 2]), 'huge.txt': 'x'.repeat(10 * 1024 * 1024 + 1),
    'latin.txt': new Uint8Array([0x63, 0x61, 0x66, 0xe9]), 'pointer.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n', 'empty.txt': '',
  })],
  'ann/empty': [],
  'ann/gone': [commit({ 'x.txt': 'x\n' })],
  'ann/blocked': [commit({ 'x.txt': 'x\n' })],
  'new/moved': [commit({ 'x.txt': 'x\n' })],
})
const world = useSandbox(shelf, () => ({
  limits: { codeSearchPerMinute: 1_000, graphqlPerHour: 100_000 },
  accounts: [
    { login: 'bob', name: 'Bob', company: 'Acme', organizations: [{ login: 'org', public: true }, { login: 'secret', public: false }] },
    { login: 'org', type: 'Organization', name: 'The Org' }, { login: 'secret', type: 'Organization' },
    { login: 'carol', emails: ['Carol@example.org'] },
  ],
  repositories: shelf.sources().map((source) => {
    if (source.name === 'gone') return { ...source, state: 'gone' as const }
    if (source.name === 'blocked') return { ...source, state: 'blocked-451' as const }
    if (source.name === 'moved') return { ...source, renamedFrom: ['old/moved'] }
    return source
  }),
}))

const run = (query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphqlBody> => graphql(world.sandbox, query, variables)
const blobQuery = 'query($e:String!){ f0: repository(owner:"ann",name:"blobs") { object(expression:$e) { __typename oid ... on Blob { byteSize isBinary isTruncated text } } } }'
const blob = async (path: string) => {
  const body = await run(blobQuery, { e: `HEAD:${path}` })
  // The expectation says what must be in it.
  return { object: member(body, 'f0')['object'] as Record<string, unknown> | null, errors: body.errors }
}

describe('blobs', () => {
  test('come whole up to 512,000 bytes', async () => {
    expect((await blob('whole.txt')).object).toMatchObject({ byteSize: 512_000, isTruncated: false, isBinary: false, text: 'a'.repeat(512_000) })
  })

  test('above it are cut at exactly that byte, inside a character if need be, without an error', async () => {
    const { object, errors } = await blob('cut.txt')
    expect(object).toMatchObject({ byteSize: 512_010, isTruncated: true, isBinary: false })
    expect(object?.['text']).toBe(`${'a'.repeat(511_999)}\ufffd`)
    expect(errors).toBeUndefined()
  })

  test('above 10 MiB cannot be resolved', async () => {
    const { errors } = await blob('huge.txt')
    expect(errors).toMatchObject([{ message: 'Could not resolve file over 10mb.' }, {}])
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['f0.object.isBinary', 'f0.object.text'])
  })

  test.each([
    ['binary.dat', { isBinary: true, text: null, byteSize: 3 }],
    ['empty.txt', { isBinary: false, text: '', byteSize: 0 }],
    ['latin.txt', { isBinary: false, text: 'caf\ufffd' }],
    ['pointer.bin', { isBinary: false, text: expect.stringMatching(/^version https:\/\/git-lfs/) }],
  ])('%s', async (path, expected) => {
    expect((await blob(path)).object).toMatchObject(expected)
  })

  test.each(['nothing.txt', './cut.txt', 'a\nHEAD:whole.txt', '../x'])('object is null without an error for %j, and the next one is answered', async (path) => {
    expect(await blob(path)).toEqual({ object: null, errors: undefined })
    expect((await blob('empty.txt')).object).toMatchObject({ byteSize: 0 })
  })

  test.each([':whole.txt', ':/change', 'HEAD^{/change}', '', 'no-such-branch:x', `${'0'.repeat(40)} blob 5`])('expression %j is null without an error', async (expression) => {
    const { data, errors } = await run('query($e:String!){ repository(owner:"ann",name:"blobs") { object(expression:$e) { oid } } }', { e: expression })
    expect({ data, errors }).toEqual({ data: { repository: { object: null } }, errors: undefined })
  })

  test('are read by the oid and node id that code search gave', async () => {
    const [hit] = (await search(world.sandbox, 'TWO filename:a.txt')).items
    const query = 'query ByOid($id:ID!,$oid:GitObjectID!) { node(id:$id) { ... on Repository { nameWithOwner object(oid:$oid) { ... on Blob { oid text } } } } }'
    expect(await run(query, { id: hit?.repository.node_id, oid: hit?.sha })).toEqual({ data: { node: { nameWithOwner: 'ann/app', object: { oid: hit?.sha, text: 'one\nTWO\nthree\nfour\n' } } } })
    expect(await run(query, { id: hit?.repository.node_id, oid: 'main' })).toEqual({ data: { node: { nameWithOwner: 'ann/app', object: null } } })
  })

  test.each([
    ['blobIsBinaryNull', { isBinary: null, text: 'a'.repeat(3) }],
    ['blobVanished', null],
  ] as const)('with %s', async (fault, expected) => {
    world.sandbox.setFaults({ [fault]: true })
    const { object } = await blob('whole.txt')
    expect(object === null ? null : { isBinary: object['isBinary'], text: String(object['text']).slice(0, 3) }).toEqual(expected)
  })
})

describe('a batch', () => {
  test('answers every alias for itself', async () => {
    const { data, errors } = await run(`{
      rateLimit { cost limit remaining used nodeCount }
      f0: repository(owner:"ann",name:"app") { nameWithOwner }
      f1: repository(owner:"ann",name:"gone") { nameWithOwner }
      f2: repository(owner:"no",name:"no") { nameWithOwner }
      f3: repository(owner:"ann",name:"blocked") { nameWithOwner }
      f4: repository(owner:"ann",name:"empty") { isEmpty object(expression:"HEAD:a") { oid } defaultBranchRef { name } }
    }`)
    expect(data).toMatchObject({
      rateLimit: { cost: 1, nodeCount: 0 }, f0: { nameWithOwner: 'ann/app' }, f1: null, f2: null, f3: null, f4: { isEmpty: true, object: null, defaultBranchRef: null },
    })
    expect(errors).toEqual([
      { type: 'NOT_FOUND', path: ['f1'], locations: [{ line: 4, column: 7 }], message: "Could not resolve to a Repository with the name 'ann/gone'." },
      { type: 'NOT_FOUND', path: ['f2'], locations: [{ line: 5, column: 7 }], message: "Could not resolve to a Repository with the name 'no/no'." },
      { type: 'FORBIDDEN', path: ['f3'], locations: [{ line: 6, column: 7 }], message: 'Repository access blocked' },
    ])
  })

  test('follows renames unless told not to', async () => {
    const { data, errors } = await run('{ a: repository(owner:"old",name:"moved") { nameWithOwner } b: repository(owner:"old",name:"moved",followRenames:false) { nameWithOwner } }')
    expect([data, errors?.map(({ type }) => type)]).toEqual([{ a: { nameWithOwner: 'new/moved' }, b: null }, ['NOT_FOUND']])
  })

  test('of node ids answers null for those that are not there', async () => {
    const { id } = member(await run('{ repository(owner:"ann",name:"app") { id } }'), 'repository')
    const { data, errors } = await run('query($ids:[ID!]!) { nodes(ids:$ids) { __typename id } }', { ids: [id, 'R_nonsense', id] })
    expect(data).toEqual({ nodes: [{ __typename: 'Repository', id }, null, { __typename: 'Repository', id }] })
    expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }])
  })

  test.each([
    ['graphqlForbidden', 'FORBIDDEN', ['f1'], { extensions: { saml_failure: false } }],
    ['graphqlResourceLimits', 'RESOURCE_LIMITS_EXCEEDED', ['f1', 'object'], {}],
  ] as const)('loses one part to %s', async (fault, type, path, more) => {
    world.sandbox.setFaults({ [fault]: { calls: [2] } })
    const aliases = [0, 1, 2].map((n) => `f${n}: repository(owner:"ann",name:"app") { object(expression:"HEAD:a.txt") { oid } }`)
    const { data, errors } = await run(`{ ${aliases.join(' ')} }`)
    expect(errors).toMatchObject([{ type, path, ...more }])
    expect(Object.values(data ?? {}).filter((one) => JSON.stringify(one)?.includes('oid'))).toHaveLength(2)
  })
})

describe('history and blame', () => {
  test('of a file name commits, authors and linked accounts', async () => {
    const { data } = await run(`{ repository(owner:"ann",name:"app") { object(expression:"HEAD") { ... on Commit {
      history(path:"a.txt", first:1) { totalCount pageInfo { hasNextPage endCursor } nodes { authoredDate messageHeadline author { name email date user { login databaseId } } } } } } } }`)
    expect(data).toMatchObject({ repository: { object: { history: {
      totalCount: 2, pageInfo: { hasNextPage: true },
      nodes: [{ authoredDate: '2024-03-01T12:00:00Z', author: { name: 'Carol', email: 'carol@example.org', user: { login: 'carol' } } }],
    } } } })
  })

  test('are paged by cursor; an empty cursor is the first page again, a wrong one an error', async () => {
    const query = 'query($c:String){ repository(owner:"ann",name:"app") { object(expression:"HEAD") { ... on Commit { history(first:2, after:$c) { pageInfo { hasNextPage endCursor } nodes { messageHeadline author { user { login } } } } } } } }'
    type Page = { repository: { object: { history: { pageInfo: { endCursor: string; hasNextPage: boolean }; nodes: { author: { user: { login: string } | null } }[] } } } }
    // The shape is that of the query above.
    const page = async (c: string | null) => ((await run(query, { c })).data as unknown as Page).repository.object.history
    const first = await page(null)
    expect([first.pageInfo.hasNextPage, (await page('')).nodes]).toEqual([true, first.nodes])
    const second = await page(first.pageInfo.endCursor)
    expect([second.pageInfo.hasNextPage, second.nodes.map(({ author }) => author.user?.login)]).toEqual([false, ['bob']])
    expect((await run(query, { c: 'garbage' })).errors).toMatchObject([{ type: 'INVALID_CURSOR_ARGUMENTS' }])
  })

  test('blame has ranges of lines, 1-based and inclusive, with the commit that wrote them', async () => {
    const { data } = await run('{ repository(owner:"ann",name:"app") { object(expression:"HEAD") { ... on Commit { blame(path:"a.txt") { ranges { startingLine endingLine age commit { author { name } } } } } } } }')
    expect(data).toMatchObject({ repository: { object: { blame: { ranges: [
      { startingLine: 1, endingLine: 1, age: 10, commit: { author: { name: 'Bob' } } },
      { startingLine: 2, endingLine: 2, age: 1, commit: { author: { name: 'Carol' } } },
      { startingLine: 3, endingLine: 3, age: 10, commit: { author: { name: 'Bob' } } },
      { startingLine: 4, endingLine: 4, age: 1, commit: { author: { name: 'Carol' } } },
    ] } } } })
  })

  test('blame of a path that is not there is an error', async () => {
    const { errors } = await run('{ repository(owner:"ann",name:"app") { object(expression:"HEAD") { ... on Commit { blame(path:"no.txt") { ranges { age } } } } } }')
    expect(errors).toMatchObject([{ type: 'NOT_FOUND', path: ['repository', 'object', 'blame'] }])
  })

  test('trees list their entries', async () => {
    const { data } = await run('{ repository(owner:"ann",name:"app") { object(expression:"HEAD:") { ... on Tree { entries { name type size mode object { __typename } } } } } }')
    expect(data).toMatchObject({ repository: { object: { entries: [{ name: 'a.txt', type: 'blob', size: 19, mode: 0o100644, object: { __typename: 'Blob' } }, { name: 'b.txt' }] } } })
  })
})

describe('attribution', () => {
  test('of repositories and owners by node id', async () => {
    const [hit] = (await search(world.sandbox, 'TWO filename:a.txt')).items
    const { data, errors } = await run(`query Repos($ids:[ID!]!) { rateLimit { cost remaining resetAt used nodeCount limit }
      nodes(ids:$ids) { __typename ... on Repository {
        id databaseId nameWithOwner url description visibility isPrivate isFork isArchived archivedAt isDisabled
        isEmpty isLocked lockReason isMirror isTemplate isInOrganization forkCount stargazerCount
        pushedAt createdAt updatedAt diskUsage primaryLanguage { name } licenseInfo { spdxId }
        parent { id nameWithOwner owner { __typename login } } templateRepository { nameWithOwner }
        defaultBranchRef { name target { oid ... on Commit { committedDate } } }
        owner { __typename id login
          ... on User { databaseId name company userEmail: email createdAt }
          ... on Organization { databaseId name orgEmail: email isVerified websiteUrl } } } } }`, { ids: [hit?.repository.node_id] })
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({ rateLimit: { cost: 1 }, nodes: [{
      databaseId: hit?.repository.id, nameWithOwner: 'ann/app', isFork: false, pushedAt: '2024-06-01T12:00:00Z', createdAt: '2024-01-01T00:00:00Z',
      defaultBranchRef: { name: 'main', target: { committedDate: '2024-06-01T12:00:00Z' } }, owner: { __typename: 'User', login: 'ann' },
    }] })
  })

  test('of people shows public memberships only', async () => {
    const { data } = await run(`{ user(login:"bob") { login name company organizations(first:10) { totalCount nodes { login } } in: organization(login:"org") { login } out: organization(login:"secret") { login } }
      organization(login:"org") { membersWithRole(first:5) { totalCount edges { role node { login } } } } }`)
    expect(data).toMatchObject({
      user: { company: 'Acme', organizations: { totalCount: 1, nodes: [{ login: 'org' }] }, in: { login: 'org' }, out: null },
      organization: { membersWithRole: { totalCount: 1, edges: [{ role: 'MEMBER', node: { login: 'bob' } }] } },
    })
  })

  test('of nobody is an error', async () => {
    expect((await run('{ user(login:"nobody") { login } }')).errors).toMatchObject([{ type: 'NOT_FOUND', message: "Could not resolve to a User with the login of 'nobody'." }])
    expect((await run('{ organization(login:"bob") { login } }')).errors).toMatchObject([{ type: 'NOT_FOUND' }])
  })
})

describe('what GraphQL refuses', () => {
  const history = (args: string) => `{ repository(owner:"ann",name:"app") { object(expression:"HEAD") { ... on Commit { history${args} { totalCount } } } } }`

  test.each([
    ['a connection without first or last', history('(path:"a.txt")'), 'MISSING_PAGINATION_BOUNDARIES'],
    ['first above 100', history('(first:101)'), 'EXCESSIVE_PAGINATION'],
    ['last above 100', history('(last:1000)'), 'EXCESSIVE_PAGINATION'],
    ['more than 500,000 nodes', '{ user(login:"bob") { organizations(first:100) { nodes { membersWithRole(first:100) { nodes { repositories(first:100) { totalCount } } } } } } }', 'MAX_NODE_LIMIT_EXCEEDED'],
  ])('%s: the schema accepts it, the server does not', async (_what, query, type) => {
    const body = await run(query)
    expect(body.data).toBeNull()
    expect(body.errors).toMatchObject([{ type }])
  })

  test('more than 100 node ids', async () => {
    const body = await run('query($ids:[ID!]!) { nodes(ids:$ids) { id } }', { ids: Array.from({ length: 101 }, () => 'x') })
    expect(body.errors).toMatchObject([{ type: 'ARGUMENT_LIMIT', message: 'You may not provide more than 100 node ids; you provided 101.' }])
  })

  test('a field that is not there, in its own words', async () => {
    expect((await run('{ repository(owner:"ann",name:"app") { contributors } }')).errors).toMatchObject([
      { extensions: { code: 'undefinedField', typeName: 'Repository', fieldName: 'contributors' }, message: "Field 'contributors' doesn't exist on type 'Repository'" },
    ])
  })

  test.each(['{ nothing', 'mutation { addStar(input:{starrableId:"x"}) { clientMutationId } }'])('%s', async (query) => {
    expect((await run(query)).errors).toHaveLength(1)
  })

  test('a field of the schema that the sandbox does not know is an error, not a null', async () => {
    expect((await run('{ repository(owner:"ann",name:"app") { hasIssuesEnabled } }')).errors).toMatchObject([{ type: 'SANDBOX_NOT_IMPLEMENTED', message: 'The sandbox does not answer Repository.hasIssuesEnabled' }])
  })

  test('a body that is no JSON, and nobody in particular', async () => {
    const { graphqlUrl, token } = world.sandbox.github
    expect((await fetch(graphqlUrl, { method: 'POST', body: '{', headers: { authorization: `Bearer ${token}` } })).status).toBe(400)
    expect((await fetch(graphqlUrl, { method: 'POST', body: '{"query":"{ viewer { login } }"}' })).status).toBe(401)
    expect((await ask(world.sandbox, '/graphql')).status).toBe(404)
  })
})

describe('what a query costs', () => {
  const rate = async (query: string) => {
    const { cost, nodeCount } = member(await run(query), 'rateLimit')
    return [cost, nodeCount]
  }

  test('is at least 1, and connections count once for every parent they may have', async () => {
    expect(await rate('{ rateLimit { cost nodeCount } }')).toEqual([1, 0])
    expect(await rate('{ rateLimit { cost nodeCount } user(login:"bob") { organizations(first:100) { nodes { membersWithRole(first:50) { totalCount } } } } }')).toEqual([1, 5_100])
    expect(await rate('{ rateLimit { cost nodeCount } user(login:"bob") { organizations(first:100) { nodes { membersWithRole(first:20) { nodes { organizations(first:5) { totalCount } } } } } } }'))
      .toEqual([21, 100 + 2_000 + 10_000])
  })

  test('is taken out of the hour', async () => {
    const remaining = async () => Number((await postGraphql(world.sandbox, '{ rateLimit { cost } }')).headers.get('x-ratelimit-remaining'))
    const before = await remaining()
    await run('{ user(login:"bob") { organizations(first:100) { nodes { membersWithRole(first:20) { nodes { organizations(first:5) { totalCount } } } } } } }')
    expect(await remaining()).toBe(before - 22)
  })

  test.each([
    ['graphqlTimeoutHtml', 502, 'text/html'], ['graphqlTimeoutJson', 502, 'application/json; charset=utf-8'], ['graphqlGatewayTimeout', 504, 'application/json; charset=utf-8'],
  ] as const)('after %s is more than it was', async (fault, status, contentType) => {
    const remaining = async () => Number((await postGraphql(world.sandbox, '{ rateLimit { cost } }')).headers.get('x-ratelimit-remaining'))
    const before = await remaining()
    world.sandbox.setFaults({ [fault]: true })
    const response = await postGraphql(world.sandbox, '{ rateLimit { cost } }')
    expect([response.status, response.headers.get('content-type')]).toEqual([status, contentType])
    expect((await response.text())).toMatch(status === 502 && contentType === 'text/html' ? /<h1>502 Bad Gateway<\/h1>/ : /^\{"data":null,"errors":\[\{"message":"Something went wrong/)
    world.sandbox.setFaults({})
    expect(await remaining()).toBe(before - 12)
  })
})
