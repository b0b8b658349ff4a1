import { schema } from '@octokit/graphql-schema'
import { buildClientSchema, parse, validate, type GraphQLSchema, type IntrospectionQuery } from 'graphql'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ContractBroken, Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import type { Fetched, Hit } from '../../../src/contracts/source.ts'
import { hang, htmlPage, resetMidBody, startScript, type Act, type Scripted, type Seen } from '../../net/scripted-server.ts'
import { failure } from '../failure.ts'
import { answered, blobId, file, hit, limits, now, open, rateLimit, refused, term, token } from './github-answers.ts'

const after = (ms: number) => new Date(now.getTime() + ms)
const secrets = [term, token, 'dotfiles']
const text = `{ "dependencies": { "${term}": "1.0.0" } }\n`
const notFound = (alias: string) => ({ type: 'NOT_FOUND', path: [alias], locations: [{ line: 1, column: 1 }], message: `Could not resolve to a node with the global id of '${term}'` })
const tooHeavy = { message: 'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `0A:1B` when reporting this issue.' }

const sentBody = z.object({ query: z.string(), variables: z.record(z.string(), z.string()) })
const sent = (seen: Seen | undefined) => sentBody.parse(JSON.parse(seen?.body ?? ''))

function many(count: number): Hit[] {
  return Array.from({ length: count }, (_, index) => hit(`file ${index}`, { path: `file-${index}` }))
}

/** GitHub's own schema. Its SDL is not valid; the introspection is. */
function publishedSchema(): GraphQLSchema {
  // The package's types do not describe its JSON.
  return buildClientSchema(schema.json as IntrospectionQuery)
}

/** An answer that has every file that was asked for. */
const answerAll: Act = (response, seen) => {
  const { variables } = sent(seen)
  const texts = new Map(many(100).map((one, index) => [one.contentHash, `file ${index}`]))
  const oids = Object.entries(variables).filter(([name]) => name.startsWith('o'))
  const data = Object.fromEntries(oids.map(([name, oid]) => [`f${name.slice(1)}`, file(texts.get(oid) ?? '')]))
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { ...data, rateLimit } }))
}

/** How many hits stand in each list, after proving that every hit stands in exactly one. */
function counts(fetched: Fetched, hits: readonly Hit[]) {
  const refs = [...fetched.documents, ...fetched.absent, ...fetched.retry, ...fetched.unreadable].map(({ ref }) => ref)
  expect(refs.toSorted()).toEqual(hits.map(({ ref }) => ref).toSorted())
  return { documents: fetched.documents.length, absent: fetched.absent.length, retry: fetched.retry.length, unreadable: fetched.unreadable.length }
}

describe('a batch of files', () => {
  test('becomes documents, in one request', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text), f1: file('ünï → 𝒜') }))
    const hits = [hit(text), hit('ünï → 𝒜', { path: 'b' })]
    const fetched = await open(server).fetch(hits)
    expect(counts(fetched, hits)).toEqual({ documents: 2, absent: 0, retry: 0, unreadable: 0 })
    expect(fetched.documents[0]).toEqual({
      source: 'github-code',
      ref: '1287077005:web/package.json',
      revision: 'c0ffee0000000000000000000000000000000001',
      contentHash: blobId(text),
      url: 'https://github.com/stranger/dotfiles/blob/c0ffee0000000000000000000000000000000001/web/package.json',
      lineAnchor: '#L',
      title: 'stranger/dotfiles/web/package.json',
      container: { id: '1287077005', name: 'stranger/dotfiles', owner: 'stranger' },
      path: 'web/package.json',
      text: new TextEncoder().encode(text),
      truncated: false,
      author: null,
      publishedAt: null,
      locator: { ...(hits[0]?.locator as object), source: 'github-code' },
    })
    expect(Buffer.from(fetched.documents[1]?.text ?? []).toString()).toBe('ünï → 𝒜')
  })

  test('is asked for by node id and blob id, as variables; the query itself holds nothing of ours', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text), f1: file('b') }))
    await open(server).fetch([hit(text), hit('b', { path: 'b' })])
    const { query, variables } = sent(server.seen[0])
    expect(variables).toEqual({ r0: 'R_1287077005', o0: blobId(text), r1: 'R_1287077005', o1: blobId('b') })
    expect(validate(publishedSchema(), parse(query))).toEqual([])
    expect(query).toContain('rateLimit { cost limit remaining resetAt used nodeCount }')
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/graphql' })
    expect(server.seen[0]?.headers).toMatchObject({ authorization: `Bearer ${token}`, 'user-agent': 'namesake/test (+https://security.example)' })
    expect(server.seen[0]?.body).not.toContain('dotfiles')
  })

  test('without hits sends nothing', async () => {
    const server = await startScript()
    expect(counts(await open(server).fetch([]), [])).toEqual({ documents: 0, absent: 0, retry: 0, unreadable: 0 })
  })

  test('a permalink has every segment encoded', async () => {
    const path = 'a b/#1?x=%41/ä&.json'
    const server = await startScript(answered({ rateLimit, f0: file(text) }))
    const { documents } = await open(server).fetch([hit(text, { path })])
    expect(documents[0]?.url).toBe('https://github.com/stranger/dotfiles/blob/c0ffee0000000000000000000000000000000001/a%20b/%231%3Fx%3D%2541/%C3%A4%26.json')
  })

  test('a renamed repository is named and linked as it is called now, and keeps its ref', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text, {}, { nameWithOwner: 'new/name' }) }))
    const { documents } = await open(server).fetch([hit(text)])
    expect(documents[0]).toMatchObject({ ref: '1287077005:web/package.json', container: { id: '1287077005', name: 'new/name', owner: 'new' } })
    expect(documents[0]?.url).toContain('https://github.com/new/name/blob/')
  })

  test('a file whose commit is unknown is linked at the head', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text) }))
    const { documents } = await open(server).fetch([hit(text, { locator: { commit: null } })])
    expect(documents[0]).toMatchObject({ revision: '', url: 'https://github.com/stranger/dotfiles/blob/HEAD/web/package.json' })
  })

  test.each([
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'],
    ['a symbolic link', '../package.json'],
    ['an empty file', ''],
  ])('%s is the text that it is', async (_, content) => {
    const server = await startScript(answered({ rateLimit, f0: file(content) }))
    const { documents } = await open(server).fetch([hit(content)])
    expect(Buffer.from(documents[0]?.text ?? [1]).toString()).toBe(content)
  })

  test('isBinary null with a text is text', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text, { isBinary: null }) }))
    expect((await open(server).fetch([hit(text)])).documents).toHaveLength(1)
  })

  test('integers above 2^53 do no harm', async () => {
    const body = JSON.stringify({ data: { rateLimit, f0: file(text, {}, { databaseId: 0 }) } }).replace('"databaseId":0', '"databaseId":9007199254740993')
    const server = await startScript({ headers: { 'content-type': 'application/json' }, body })
    const one = hit(text, { locator: { repositoryId: '9007199254740993' } })
    const fetched = await open(server).fetch([one])
    expect(fetched.documents).toMatchObject([{ container: { id: '9007199254740993' } }])
    expect(() => JSON.stringify(fetched.documents)).not.toThrow()
  })
})

describe('what one file says, with the others around it', () => {
  const cases: readonly [string, unknown, readonly unknown[] | undefined, 'absent' | 'retry' | 'unreadable', string][] = [
    ['repository gone (NOT_FOUND)', null, [notFound('f0')], 'absent', 'the repository is gone'],
    ['blob gone after a force push (null without error)', file(text, {}, { object: null }), undefined, 'absent', 'not in the repository any more'],
    ['repository private now', file(text, {}, { isPrivate: true }), undefined, 'absent', 'not public'],
    ['FORBIDDEN repository', null, [{ type: 'FORBIDDEN', path: ['f0'], extensions: { saml_failure: true }, message: '`Org` forbids access' }], 'unreadable', 'forbids'],
    ['FORBIDDEN file', file(text, {}, { object: null }), [{ type: 'FORBIDDEN', path: ['f0', 'object'], message: 'no' }], 'unreadable', 'forbids'],
    ['over 10 MB', file(text, {}, { object: null }), [{ path: ['f0', 'object', 'text'], message: 'Could not resolve file over 10mb.' }], 'unreadable', 'size'],
    ['binary', file(text, { isBinary: true, text: null }), undefined, 'unreadable', 'binary'],
    ['text null', file(text, { isBinary: null, text: null }), undefined, 'unreadable', 'binary'],
    ['a submodule entry', file(text, { type: 'Commit', byteSize: undefined, isBinary: undefined, isTruncated: undefined, text: undefined }), undefined, 'unreadable', 'no file'],
    ['another object', file(text, { oid: blobId('other') }), undefined, 'unreadable', 'no file'],
    ['another repository under the same id', file(text, {}, { databaseId: 5 }), undefined, 'unreadable', 'another repository'],
    ['another form', { databaseId: 'x' }, undefined, 'unreadable', 'form'],
    ['RESOURCE_LIMITS_EXCEEDED with a null subtree', file(text, {}, { object: null }), [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['f0', 'object'], message: 'Resource limits for this query exceeded.' }], 'retry', ''],
    ['an unknown error', null, [{ type: 'SOMETHING_NEW', path: ['f0'], message: '?' }], 'retry', ''],
    ['null without any error', null, undefined, 'retry', ''],
    ['missing altogether', undefined, undefined, 'retry', ''],
    ['null object while an error names nobody', file(text, {}, { object: null }), [{ message: 'Something else' }], 'retry', ''],
  ]
  test.each(cases)('%s', async (_, value, errors, list, words) => {
    const server = await startScript(answered({ rateLimit, f0: value, f1: file('b') }, errors))
    const hits = [hit(text), hit('b', { path: 'b' })]
    const fetched = await open(server).fetch(hits)
    expect(counts(fetched, hits)).toEqual({ documents: 1, absent: 0, retry: 0, unreadable: 0, [list]: 1 })
    const told = [...fetched.absent, ...fetched.unreadable].map(({ reason }) => reason).join()
    expect(told).toContain(words)
    expect(told).not.toContain(term)
  })

  test('an error list that is empty is no error', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text) }, []))
    expect((await open(server).fetch([hit(text)])).documents).toHaveLength(1)
  })

  test('all gone is all absent, not a failure', async () => {
    const server = await startScript(answered({ rateLimit, f0: null, f1: null }, [notFound('f0'), notFound('f1')]))
    const hits = many(2)
    expect(counts(await open(server).fetch(hits), hits)).toMatchObject({ absent: 2 })
  })

  test('a hit that another version stored is unreadable, the others are fetched', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(text) }))
    const hits = [{ ...hit('b', { path: 'b' }), locator: { v: 9 } }, hit(text)]
    expect(counts(await open(server).fetch(hits), hits)).toEqual({ documents: 1, absent: 0, retry: 0, unreadable: 1 })
  })

  test('if no file has the promised form, the contract is broken', async () => {
    const server = await startScript(answered({ rateLimit, f0: 1, f1: 'x' }))
    expect(await failure(open(server).fetch(many(2)), secrets)).toBeInstanceOf(ContractBroken)
  })
})

describe('files that GraphQL cuts off', () => {
  const cut = `x${'é'.repeat(300_000)}`
  const whole = (content: string | Uint8Array, more: Record<string, unknown> = {}): Scripted => ({
    headers: { 'content-type': 'application/json; charset=utf-8', ...limits('core') },
    body: { sha: blobId(content), node_id: 'B_1', size: Buffer.from(content).byteLength, url: 'https://api.github.com', encoding: 'base64', content: `${Buffer.from(content).toString('base64').replace(/.{60}/g, '$&\n')}\n`, ...more },
  })

  test('come back to be fetched whole, which the next call does', async () => {
    // GitHub cuts after 512,000 bytes, in the middle of a character if need be.
    const start = new TextDecoder().decode(new TextEncoder().encode(cut).subarray(0, 512_000))
    expect(start.endsWith('\ufffd')).toBe(true)
    const server = await startScript(answered({ rateLimit, f0: file(cut, { isTruncated: true, text: start, byteSize: 600_001 }, { nameWithOwner: 'new/name' }), f1: file('b') }), whole(cut))
    const source = open(server)
    const hits = [hit(cut), hit('b', { path: 'b' })]
    const first = await source.fetch(hits)
    expect(counts(first, hits)).toEqual({ documents: 1, absent: 0, retry: 1, unreadable: 0 })
    expect(first.retry[0]?.locator).toMatchObject({ whole: true })
    const second = await source.fetch(first.retry)
    expect(server.seen[1]).toMatchObject({ method: 'GET', path: `/repositories/1287077005/git/blobs/${blobId(cut)}` })
    expect(second.documents).toMatchObject([{ ref: '1287077005:web/package.json', contentHash: blobId(cut), truncated: false, container: { name: 'new/name' } }])
    expect(Buffer.from(second.documents[0]?.text ?? []).equals(Buffer.from(cut))).toBe(true)
  })

  test('over 10 MB are not fetched at all', async () => {
    const server = await startScript(answered({ rateLimit, f0: file(cut, { isTruncated: true, byteSize: 10_485_761 }) }))
    expect((await open(server).fetch([hit(cut)])).unreadable).toEqual([{ ref: '1287077005:web/package.json', reason: 'larger than 10485760 bytes' }])
  })

  test('are fetched one a call, after the others', async () => {
    const server = await startScript(answered({ rateLimit, f0: file('b') }), whole(cut), whole('d'))
    const source = open(server)
    const hits = [hit(cut, { path: 'a', locator: { whole: true } }), hit('b', { path: 'b' }), hit('d', { path: 'd', locator: { whole: true } })]
    const first = await source.fetch(hits)
    expect(counts(first, hits)).toEqual({ documents: 1, absent: 0, retry: 2, unreadable: 0 })
    const second = await source.fetch(first.retry)
    expect(counts(second, first.retry)).toEqual({ documents: 1, absent: 0, retry: 1, unreadable: 0 })
    expect(counts(await source.fetch(second.retry), second.retry)).toEqual({ documents: 1, absent: 0, retry: 0, unreadable: 0 })
  })

  const one = hit(text, { locator: { whole: true } })
  test.each<[string, Scripted, 'absent' | 'unreadable', string]>([
    ['404', refused(404, 'Not Found', limits('core')), 'absent', 'gone'],
    ['409 empty repository', refused(409, 'Git Repository is empty.', limits('core')), 'absent', 'gone'],
    ['410', refused(410, 'Gone', limits('core')), 'absent', 'gone'],
    ['451 blocked', { status: 451, body: { message: 'Repository access blocked', block: { reason: 'dmca' } } }, 'absent', 'blocks'],
    ['403 blocked', { status: 403, body: { message: 'Repository access blocked', block: { reason: 'tos' } } }, 'absent', 'blocks'],
    ['403 forbidden', refused(403, 'Resource protected by organization SAML enforcement', limits('core')), 'unreadable', 'forbids'],
    ['422 too large', refused(422, 'too large', limits('core')), 'unreadable', 'in full'],
    ['binary content', whole('a\0b'), 'unreadable', 'binary'],
    ['a redirect to another host', { status: 301, headers: { location: 'https://evil.example/x' } }, 'unreadable', 'in full'],
  ])('%s', async (_, answer, list, words) => {
    const bytes = Buffer.from('a\0b')
    const asked = list === 'unreadable' && words === 'binary' ? hit(bytes.toString(), { locator: { whole: true } }) : one
    const server = await startScript(answer)
    const fetched = await open(server).fetch([asked])
    expect(counts(fetched, [asked])).toEqual({ documents: 0, absent: 0, retry: 0, unreadable: 0, [list]: 1 })
    expect([...fetched.absent, ...fetched.unreadable][0]?.reason).toContain(words)
  })

  test('UTF-16 with its mark is text', async () => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
    const asked: Hit = { ...one, contentHash: blobId(bytes), locator: { ...(one.locator as object), oid: blobId(bytes) } }
    const server = await startScript(whole(bytes))
    expect(Buffer.from((await open(server).fetch([asked])).documents[0]?.text ?? []).equals(bytes)).toBe(true)
  })

  test('a moved repository is followed within the origin', async () => {
    const server = await startScript({ status: 301, headers: { location: '/repositories/9/git/blobs/x' } }, whole(text))
    expect((await open(server).fetch([one])).documents).toHaveLength(1)
  })

  test.each<[string, Scripted | Act, new (...args: never[]) => Error]>([
    ['content that does not hash to its id', whole(text, { content: Buffer.from('{}').toString('base64') }), Transient],
    ['a reset', resetMidBody, Transient],
    ['an outage', htmlPage(502), Transient],
    ['another encoding', whole(text, { encoding: 'none', content: '' }), ContractBroken],
    ['a revoked token', refused(401, 'Bad credentials', {}), Permanent],
    ['the primary limit', refused(403, 'API rate limit exceeded for user ID 7.', limits('core', { remaining: 0 })), RetryLater],
    ['the secondary limit', refused(403, 'You have exceeded a secondary rate limit.', limits('core')), RetryLater],
    ['429', { status: 429 }, RetryLater],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '9' } }, RetryLater],
  ])('%s is a failure of the request, not of the file', async (_, answer, errorClass) => {
    const server = await startScript(answer)
    expect((await failure(open(server).fetch([one]), secrets)).constructor).toBe(errorClass)
  })

  test('a used-up REST limit stops whole files only', async () => {
    const server = await startScript({ ...whole(text), headers: { 'content-type': 'application/json', ...limits('core', { remaining: 0 }) } }, answered({ rateLimit, f0: file('b') }))
    const source = open(server)
    expect((await source.fetch([one])).documents).toHaveLength(1)
    expect(await failure(source.fetch([one]))).toMatchObject({ until: after(41_000) })
    expect((await source.fetch([hit('b', { path: 'b' })])).documents).toHaveLength(1)
  })
})

describe('answers that bring nothing', () => {
  test.each<[string, Scripted | Act, new (...args: never[]) => Error]>([
    ['502 as HTML', htmlPage(502), Transient],
    ['504 as JSON', { status: 504, body: { data: null, errors: [tooHeavy] } }, Transient],
    ['"something went wrong" as 200', answered(null, [tooHeavy]), Transient],
    ['RESOURCE_LIMITS_EXCEEDED for everything', answered({ rateLimit, f0: null, f1: null }, [{ type: 'RESOURCE_LIMITS_EXCEEDED', path: ['f0'], message: '!' }, { type: 'RESOURCE_LIMITS_EXCEEDED', path: ['f1'], message: '!' }]), Transient],
    ['truncated JSON in a 200', { headers: { 'content-type': 'application/json' }, body: `{"data":{"f0":{"databaseId":1,"${term}` }, Transient],
    ['an empty 200', { headers: { 'content-type': 'application/json' }, body: '' }, Transient],
    ['HTML in a 200', htmlPage(200), Transient],
    ['a 200 without any type', { headers: {}, body: '{}' }, Transient],
    ['a reset in the middle of the body', resetMidBody, Transient],
    ['no answer in time', hang, Transient],
    ['data null without errors', answered(null), Transient],
    ['an empty object', { body: {} }, Transient],
    ['errors that are no list', { body: { data: null, errors: { message: term } } }, Transient],
    ['data that is no object', answered([1, 2]), ContractBroken],
    ['too many nodes', answered(null, [{ type: 'MAX_NODE_LIMIT_EXCEEDED', message: 'This query requests up to 603,360 possible nodes' }]), ContractBroken],
    ['a field that is gone', answered(undefined, [{ message: `Field '${term}' doesn't exist`, path: ['query Files'], extensions: { code: 'undefinedField' } }]), ContractBroken],
    ['401', refused(401, 'Bad credentials', {}), Permanent],
    ['403 that is no limit', refused(403, 'Resource not accessible by personal access token', limits('graphql', { remaining: 9 })), Permanent],
    ['404', refused(404, 'Not Found', {}), Permanent],
    ['a redirect to another host', { status: 302, headers: { location: `https://evil.example/${term}` } }, Permanent],
  ])('%s', async (_, answer, errorClass) => {
    const server = await startScript(answer)
    const error = await failure(open(server, { timeoutMs: 300 }).fetch(many(2)), [...secrets, 'file-0'])
    expect(error.constructor).toBe(errorClass)
  })
})

describe('a batch that is too heavy', () => {
  test('is asked again with a quarter of its files, then with one; after that the rest in larger steps', async () => {
    const server = await startScript(htmlPage(502), answered(null, [tooHeavy]), answerAll, answerAll, answerAll)
    const source = open(server)
    let hits: readonly Hit[] = many(20)
    expect(await failure(source.fetch(hits))).toBeInstanceOf(Transient)
    expect(await failure(source.fetch(hits))).toBeInstanceOf(Transient)
    const asked: number[] = []
    while (hits.length > 0) {
      const fetched = await source.fetch(hits)
      expect(counts(fetched, hits).documents).toBe(fetched.documents.length)
      asked.push(fetched.documents.length)
      hits = fetched.retry
    }
    expect(asked).toEqual([1, 4, 15])
    expect(server.seen.map((seen) => Object.keys(sent(seen).variables).length / 2)).toEqual([20, 5, 1, 4, 15])
  })

  test('of one file is left to REST, and the others are not held up', async () => {
    const server = await startScript(htmlPage(502), htmlPage(502), answerAll)
    const source = open(server)
    const hits = many(3)
    expect(await failure(source.fetch(hits))).toBeInstanceOf(Transient)
    const fetched = await source.fetch(hits)
    expect(counts(fetched, hits)).toEqual({ documents: 0, absent: 0, retry: 3, unreadable: 0 })
    expect(fetched.retry.map(({ locator }) => (locator as { whole: boolean }).whole)).toEqual([true, false, false])
    expect((await source.fetch(fetched.retry.slice(1))).documents).toHaveLength(1)
  })

  test('of which something came keeps what came, and asks less next time', async () => {
    const server = await startScript(
      answered({ rateLimit, f0: file('file 0'), f1: null, f2: null, f3: null, f4: null, f5: null, f6: null, f7: null }, Array.from({ length: 7 }, (_, index) => ({ type: 'RESOURCE_LIMITS_EXCEEDED', path: [`f${index + 1}`], message: '!' }))),
      answerAll,
    )
    const source = open(server)
    const hits = many(8)
    const first = await source.fetch(hits)
    expect(counts(first, hits)).toEqual({ documents: 1, absent: 0, retry: 7, unreadable: 0 })
    expect(counts(await source.fetch(first.retry), first.retry)).toEqual({ documents: 2, absent: 0, retry: 5, unreadable: 0 })
  })

  test('more hits than a batch come back unasked', async () => {
    const server = await startScript(answerAll)
    const source = open(server)
    const hits = many(25)
    expect(source.batch).toBe(20)
    expect(counts(await source.fetch(hits), hits)).toEqual({ documents: 20, absent: 0, retry: 5, unreadable: 0 })
  })
})

describe('limits of GraphQL', () => {
  const used = limits('graphql', { remaining: 0, reset: after(1_800_000) })

  test.each(['RATE_LIMIT', 'RATE_LIMITED'])('%s as 200 waits until the reset', async (type) => {
    const server = await startScript(answered(undefined, [{ type, message: 'Slow down.' }], used))
    const source = open(server)
    expect(await failure(source.fetch(many(2)), secrets)).toMatchObject({ until: after(1_801_000), scope: 'destination' })
    expect(await failure(source.fetch(many(2)))).toBeInstanceOf(RetryLater)
    expect(server.seen).toHaveLength(1)
  })

  test('a limit told by its code only is one too', async () => {
    const server = await startScript(answered(undefined, [{ message: 'Slow down.', code: 'graphql_rate_limit' }], used))
    expect(await failure(open(server).fetch(many(2)), secrets)).toMatchObject({ until: after(1_801_000) })
  })

  test('the primary limit without a type and without headers waits a minute', async () => {
    const server = await startScript(answered(null, [{ message: 'API rate limit exceeded for user ID 7.' }], {}))
    expect(await failure(open(server).fetch(many(1)), secrets)).toMatchObject({ until: after(60_000) })
  })

  test.each<[string, Scripted, number]>([
    ['200', answered(null, [{ message: 'You have exceeded a secondary rate limit. Please wait.' }]), 60_000],
    ['200 with Retry-After', answered(null, [{ message: 'You have exceeded a secondary rate limit.' }], { ...limits('graphql'), 'retry-after': '90' }), 90_000],
    ['403', refused(403, 'You have exceeded a secondary rate limit.', limits('graphql')), 60_000],
    ['429 with Retry-After', refused(429, 'You have exceeded a secondary rate limit.', { 'retry-after': '75' }), 75_000],
  ])('the secondary limit as %s stops everything: it counts all requests of the account', async (_, answer, waitMs) => {
    const server = await startScript(answer)
    const source = open(server)
    expect(await failure(source.fetch(many(2)), secrets)).toMatchObject({ until: after(waitMs), scope: 'destination' })
    expect(await failure(source.search({ q: 'x' }, null))).toMatchObject({ until: after(waitMs) })
    expect(await failure(source.fetch([hit(text, { locator: { whole: true } })]))).toMatchObject({ until: after(waitMs) })
    expect(server.seen).toHaveLength(1)
  })

  test('files that came before the limit struck are kept, and nothing more is sent', async () => {
    const server = await startScript(answered({ rateLimit, f0: file('file 0'), f1: null }, [{ type: 'RATE_LIMIT', path: ['f1'], message: '!' }], used))
    const source = open(server)
    const hits = many(2)
    const fetched = await source.fetch(hits)
    expect(counts(fetched, hits)).toEqual({ documents: 1, absent: 0, retry: 1, unreadable: 0 })
    expect(await failure(source.fetch(fetched.retry))).toMatchObject({ until: after(1_801_000) })
  })

  test('the last good answer is used, and nothing is sent before the reset: told by headers', async () => {
    const server = await startScript(answered({ rateLimit, f0: file('file 0') }, undefined, used))
    const source = open(server)
    expect((await source.fetch(many(1))).documents).toHaveLength(1)
    expect(await failure(source.fetch(many(1)))).toMatchObject({ until: after(1_801_000) })
  })

  test('… and told by the body only, by the clock of the server', async () => {
    const body = { rateLimit: { ...rateLimit, remaining: 0, resetAt: '2026-11-22T12:20:00Z' }, f0: file('file 0') }
    const server = await startScript(answered(body, undefined, { date: 'Sun, 22 Nov 2026 12:10:00 GMT' }))
    const source = open(server)
    expect((await source.fetch(many(1))).documents).toHaveLength(1)
    expect(await failure(source.fetch(many(1)))).toMatchObject({ until: after(600_000) })
  })

  test('a used-up search does not stop fetching', async () => {
    const server = await startScript(refused(403, 'API rate limit exceeded for user ID 7.', limits('code_search', { remaining: 0 })), answerAll)
    const source = open(server)
    await failure(source.search({ q: 'x' }, null))
    expect((await source.fetch(many(1))).documents).toHaveLength(1)
  })
})

test('nothing of the library reaches the console, not even a deprecation of the server', async () => {
  const server = await startScript(answered({ rateLimit, f0: file('file 0') }, undefined, { deprecation: 'Sat, 01 Jan 2028 00:00:00 GMT', sunset: 'x', link: '<https://x>; rel="deprecation"' }))
  const written: unknown[] = []
  const { warn } = console
  console.warn = (...words: unknown[]) => void written.push(words)
  try {
    await open(server).fetch(many(1))
  } finally {
    console.warn = warn
  }
  expect(written).toEqual([])
})
