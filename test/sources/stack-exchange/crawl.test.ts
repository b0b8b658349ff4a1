import { describe, expect, test } from 'vitest'
import type { Document } from '../../../src/contracts/document.ts'
import type { Hit, Memory, OpenSource, SearchPage } from '../../../src/contracts/source.ts'
import { Permanent, RetryLater } from '../../../src/errors.ts'
import { compile } from '../../../src/matching/compile.ts'
import { createHttp } from '../../../src/net/http.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { demoPosts, type SandboxPost } from '../../../src/sandbox/stack-exchange/posts.ts'
import type { StackExchangeOptions } from '../../../src/sandbox/stack-exchange/serve.ts'
import { startSandbox } from '../../../src/sandbox/start.ts'
import { sourceSettings } from '../../../src/sources/settings.ts'
import { stackExchange } from '../../../src/sources/stack-exchange/index.ts'

const lines = [
  { form: 'prefix', kind: 'package', ecosystem: 'npm', text: '@acme-corp/' },
  { form: 'prefix', kind: 'group', ecosystem: 'maven', text: 'com.acmecorp.' },
  { form: 'prefix', kind: 'package', ecosystem: 'pypi', text: 'acmecorp-' },
  { form: 'name', kind: 'host', ecosystem: null, text: 'artifactory.acme-corp.com' },
  { form: 'name', kind: 'codename', ecosystem: null, text: 'HermesBuilder', near: ['acme'] },
] as const
const matcher = compile(lines.map((line, id) => ({ near: [], ...line, id: String(id), team: null, disclose: 'name', publicOnPurpose: false, where: '' })))
const terms = [
  { text: '@acme-corp', covers: ['0'] },
  { text: 'com.acmecorp', covers: ['1'] },
  { text: 'artifactory.acme-corp.com', covers: ['3'] },
]

async function openOn(options: StackExchangeOptions & { withKey?: string; keyIn?: 'header' | 'query'; memory?: Memory; sites?: string[]; start?: string } = {}) {
  let now = new Date(options.start ?? '2026-11-22T12:00:00Z')
  const clock = (): Date => now
  const sandbox = await startSandbox({ repositories: [], now: clock, stackExchange: options })
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now: clock })
  const settings = sourceSettings.parse({
    stackexchange: { apiUrl: `${sandbox.url}/stack-exchange/2.3`, sites: options.sites ?? ['stackoverflow', 'devops'], keyIn: options.keyIn ?? 'header', ...(options.withKey === undefined ? {} : { key: options.withKey }) },
  })
  const memory = options.memory ?? createForgetfulMemory()
  const open = (): OpenSource => {
    const source: OpenSource | null = stackExchange.open(settings, { http, now: clock, organizations: [], memory })
    if (source === null) throw new Error('it does not open')
    return source
  }
  return { sandbox, source: open(), open, waitUntil: (moment: Date) => (now = moment) }
}

type Opened = Awaited<ReturnType<typeof openOn>>

/** The jobs in small: a request after the other, a wait where one is demanded, and a new process after each wait. */
async function crawl(opened: Opened) {
  const documents = new Map<string, Document>()
  const fetched = new Set<string>()
  const absent: string[] = []
  let { source } = opened
  let waits = 0
  const patiently = async <T>(request: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await request()
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error
        waits += 1
        if (waits > 200) throw new Error('it waits for ever', { cause: error })
        opened.waitUntil(error.until)
        source = opened.open()
      }
    }
  }
  let hits: Hit[] = []
  for (const { input } of source.plan({ terms, everything: [] }).queries) {
    for (let page: string | null = null, first = true; first || page !== null; first = false) {
      const asked: string | null = page
      const answer: SearchPage = await patiently(() => source.search(input, asked))
      hits.push(...answer.hits)
      page = answer.next
    }
  }
  while (hits.length > 0) {
    const batch = hits.filter(({ ref }) => !fetched.has(ref)).slice(0, source.batch)
    if (batch.length === 0) break
    const answer = await patiently(() => source.fetch(batch))
    const again = new Set(answer.retry.map(({ ref }) => ref))
    for (const { ref } of batch) if (!again.has(ref)) fetched.add(ref)
    absent.push(...answer.absent.map(({ ref }) => ref))
    for (const document of answer.documents) documents.set(document.ref, document)
    const matched = new Set(answer.documents.filter(({ text }) => matcher.find(text).length > 0).map(({ ref }) => ref))
    const followers = (answer.onMatch ?? []).filter(({ ref }) => matched.has(ref)).flatMap((one) => one.hits)
    hits = [...hits.filter(({ ref }) => !fetched.has(ref)), ...followers, ...(answer.further ?? [])]
  }
  const found = [...documents.values()].flatMap(({ ref, text }) => matcher.find(text).map(({ name }) => `${ref} ${name}`))
  return { documents, absent, waits, found: [...new Set(found)].toSorted() }
}

const planted = [
  'stackoverflow/79012345 @acme-corp/auth-client',
  'stackoverflow/79012345/comments#501 acmecorp-ledger',
  'stackoverflow/79012399 artifactory.acme-corp.com',
  'stackoverflow/79020000 artifactory.acme-corp.com',
  'stackoverflow/79020000/history artifactory.acme-corp.com',
  'stackoverflow/79020000/history com.acmecorp.billing',
].toSorted()

describe('a sweep of Stack Exchange', () => {
  test('finds what stands in a question, an answer only, a comment only, and what was edited out; and no decoy', async () => {
    const opened = await openOn()
    await using _ = opened.sandbox
    const { found, waits } = await crawl(opened)
    expect(found).toEqual(planted)
    expect(waits).toBe(0)
    expect(opened.sandbox.stackExchange.violations()).toEqual([])
  })

  test.each([
    ['a rest after every answer', { backoffEvery: 1 }],
    ['a rest after every third answer', { backoffEvery: 3 }],
    ['a violation that names twenty hours', { throttle: { at: 4, seconds: 72_000 } }],
    ['a violation in the middle of fetching', { throttle: { at: 9, seconds: 600 } }],
    ['a network in front of it that wants to be left alone', { cloudflareAt: [1, 2, 5, 9] }],
    ['a quota that is used up on the first day', { quota: 40 }],
    ['all of it together', { backoffEvery: 2, throttle: { at: 5, seconds: 3_600 }, cloudflareAt: [3, 8], quota: 45 }],
  ] satisfies [string, StackExchangeOptions][])('with %s makes no request that the rules forbid, goes on, and finds the same', async (_sentence, options) => {
    const opened = await openOn(options)
    await using _ = opened.sandbox
    const { found, waits } = await crawl(opened)
    expect(opened.sandbox.stackExchange.violations()).toEqual([])
    expect(found).toEqual(planted)
    expect(waits).toBeGreaterThan(0)
  })

  test('keeps a reserve of the day for what is known already', async () => {
    const opened = await openOn({ quota: 31 })
    await using _ = opened.sandbox
    const [first, second] = opened.source.plan({ terms, everything: [] }).queries
    if (first === undefined || second === undefined) throw new Error('no queries')
    await opened.source.search(first.input, null)
    await expect(opened.source.search(second.input, null)).rejects.toMatchObject({ until: new Date('2026-11-23T00:01:00Z') })
    // Looking again is allowed: the first request makes the filter, the second fetches.
    const hit: Hit = { ref: 'stackoverflow/79012399', contentHash: null, locator: { site: 'stackoverflow', kind: 'post', post: 79_012_399 }, container: 'stackoverflow.com', path: null }
    await opened.source.fetch([hit])
    expect((await opened.source.fetch([hit])).documents).toHaveLength(1)
  })

  test('sends the key as a header and never in an address', async () => {
    const opened = await openOn({ withKey: 'se-key', key: 'se-key' })
    await using _ = opened.sandbox
    await crawl(opened)
    const requests = opened.sandbox.requests()
    expect(requests.length).toBeGreaterThan(5)
    expect(JSON.stringify(requests.map(({ path, query }) => [path, query]))).not.toContain('se-key')
  })

  test('a refused key fails with a reason that a person understands, and does not name it', async () => {
    const opened = await openOn({ withKey: 'wrong-key', key: 'se-key' })
    await using _ = opened.sandbox
    await expect(opened.source.check()).rejects.toThrow('refused the key (402)')
    await expect(opened.source.check()).rejects.toBeInstanceOf(Permanent)
    await expect(opened.source.check()).rejects.not.toThrow('wrong-key')
  })

  test('a site that does not exist fails, and is no empty site', async () => {
    const opened = await openOn({ sites: ['nowhere'] })
    await using _ = opened.sandbox
    await expect(crawl(opened)).rejects.toBeInstanceOf(Permanent)
  })
})

describe('a post', () => {
  const fetchPost = async (opened: Opened, post: number, more: object = {}) => {
    const hit: Hit = { ref: `stackoverflow/${post}`, contentHash: null, locator: { site: 'stackoverflow', kind: 'post', post, ...more }, container: 'stackoverflow.com', path: null }
    const first = await opened.source.fetch([hit])
    return first.retry.length > 0 ? opened.source.fetch([hit]) : first
  }

  test('comes with its author, its date, its licence, and its code as it was written', async () => {
    const opened = await openOn()
    await using _ = opened.sandbox
    const [document] = (await fetchPost(opened, 79_012_345)).documents
    expect(document).toMatchObject({
      author: 'mira', publishedAt: new Date('2026-06-01T10:00:00Z'), url: 'https://stackoverflow.com/q/79012345',
      title: 'npm install fails for "@acme-corp/auth-client" & friends',
      licence: 'mira on stackoverflow.com, https://stackoverflow.com/q/79012345, CC BY-SA 4.0',
    })
    expect(new TextDecoder().decode(document?.text)).toContain('    {\n      "dependencies"')
  })

  test('that is deleted is absent, and so is its recheck', async () => {
    const opened = await openOn()
    await using _ = opened.sandbox
    const fetched = await fetchPost(opened, 79_040_000)
    expect(fetched.absent).toEqual([{ ref: 'stackoverflow/79040000', reason: 'the post is deleted' }])
    const place = { ref: 'stackoverflow/79040000', revision: '', contentHash: '', path: null, lines: [], formerHashes: [], locator: { site: 'stackoverflow', kind: 'post', post: 79_040_000 } }
    expect(await opened.source.recheck?.(place, false)).toEqual({ state: 'absent', status: 'gone', reason: 'it is deleted' })
  })

  test('one of several that were all left out is never believed to be deleted', async () => {
    const opened = await openOn()
    await using _ = opened.sandbox
    const hits = [1, 2].map((post): Hit => ({ ref: `stackoverflow/${post}`, contentHash: null, locator: { site: 'stackoverflow', kind: 'post', post }, container: 'stackoverflow.com', path: null }))
    await opened.source.fetch(hits)
    await expect(opened.source.fetch(hits)).rejects.toThrow('left out every post')
  })

  test('whose revision is known before the fetch tells the same revision after it', async () => {
    const opened = await openOn()
    await using _ = opened.sandbox
    const { hits } = await opened.source.search({ site: 'stackoverflow', phrases: ['auth-client'] }, null)
    const hit = hits.find(({ ref }) => ref === 'stackoverflow/79012345')
    const [document] = (await fetchPost(opened, 79_012_345)).documents
    expect(hit?.revision).toBe(document?.revision)
    expect(hit?.revision).not.toBe('')
  })

  test('with more comments than fit on a page has them all', async () => {
    const comments = Array.from({ length: 250 }, (_, at) => ({ id: 1_000 + at, author: 'a', text: at === 249 ? 'it is acmecorp-ledger' : 'hm' }))
    const posts: SandboxPost[] = [...demoPosts.filter(({ id }) => id !== 79_012_345), { id: 79_012_345, site: 'stackoverflow', title: '@acme-corp/auth-client', author: 'mira', createdAt: '2026-06-01T10:00:00Z', revisions: ['x'], comments }]
    const opened = await openOn({ posts })
    await using _ = opened.sandbox
    const { documents, found } = await crawl(opened)
    expect([...documents.keys()].filter((ref) => ref.includes('#'))).toHaveLength(250)
    expect(found).toContain('stackoverflow/79012345/comments#1249 acmecorp-ledger')
  })
})

describe('a recheck', () => {
  test.each([
    ['a post', { site: 'stackoverflow', kind: 'post', post: 79_012_345 }, '@acme-corp/auth-client'],
    ['a comment', { site: 'stackoverflow', kind: 'comments', post: 79_012_345, comment: 501 }, 'acmecorp-ledger'],
    ['a history', { site: 'stackoverflow', kind: 'history', post: 79_020_000 }, 'com.acmecorp'],
  ])('of %s that is there brings it as it is now', async (_sentence, locator, name) => {
    const opened = await openOn()
    await using _ = opened.sandbox
    const place = { ref: 'r', revision: '', contentHash: '', path: null, lines: [], formerHashes: [], locator }
    expect(await opened.source.recheck?.(place, false)).toMatchObject({ state: 'unknown' })
    const recheck = await opened.source.recheck?.(place, false)
    expect(recheck).toMatchObject({ state: 'present' })
    expect(recheck?.state === 'present' ? new TextDecoder().decode(recheck.document?.text) : '').toContain(name)
  })
})
