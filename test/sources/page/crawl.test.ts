import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Fetched, Hit, OpenSource, SearchPage } from '../../../src/contracts/source.ts'
import { ContractBroken, Permanent, RetryLater } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { page } from '../../../src/sources/page/index.ts'
import { sourceSettings } from '../../../src/sources/settings.ts'
import { failure } from '../failure.ts'

interface Answer { readonly status?: number; readonly type?: string; readonly body?: string | Uint8Array; readonly headers?: Readonly<Record<string, string>> }
type Site = Readonly<Record<string, Answer | string>>

/** A web site by path; what is not in it is 404. A text is a page. */
async function serve(site: Site) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const found = site[path]
    const { status = 200, type = 'text/html', body = '', headers = {} } = typeof found === 'string' ? { body: found } : (found ?? { status: 404 })
    const isKnown = headers['etag'] !== undefined && request.headers['if-none-match'] === headers['etag']
    response.writeHead(isKnown ? 304 : status, { 'content-type': type, ...headers }).end(isKnown ? undefined : typeof body === 'string' ? body.replaceAll('ORIGIN', origin) : body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  // A server that listens on TCP has an address with a port.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, asked }
}

const memoryOf = () => createForgetfulMemory()

function open(origin: string, place: Record<string, unknown> = {}, memory = memoryOf()): OpenSource {
  const now = () => new Date('2026-11-22T12:00:00Z')
  const settings = sourceSettings.parse({ pages: { sites: [{ url: `${origin}/careers`, ...place }] } })
  const source = page.open(settings, { http: createHttp({ userAgent: 'namesake/test', origins: [origin], now, timeoutMs: 2_000 }), now, memory, organizations: [] })
  if (source === null) throw new Error('the source did not open')
  return source
}

async function begin(source: OpenSource, origin: string): Promise<SearchPage> {
  const input = { start: `${origin}/careers` }
  // The first request is for robots.txt.
  return source.search(input, null).catch((error: unknown) => {
    if (error instanceof RetryLater) return source.search(input, null)
    throw error
  })
}

/** Everything that a run would fetch, each ref once. */
async function crawl(source: OpenSource, origin: string): Promise<{ texts: Map<string, string>; told: string[]; answers: Fetched[] }> {
  const first = await begin(source, origin)
  const texts = new Map(first.documents.map((one) => [one.ref.replace(origin, ''), Buffer.from(one.text).toString()]))
  const told = first.shortfall === null ? [] : [first.shortfall]
  const answers: Fetched[] = []
  const waiting: Hit[] = [...first.hits]
  const met = new Set(waiting.map(({ ref }) => ref))
  for (let hit = waiting.shift(); hit !== undefined; hit = waiting.shift()) {
    const fetched = await source.fetch([hit])
    answers.push(fetched)
    for (const one of fetched.documents) texts.set(one.ref.replace(origin, ''), Buffer.from(one.text).toString())
    if (fetched.shortfall !== undefined) told.push(fetched.shortfall)
    for (const next of fetched.further ?? []) {
      if (!met.has(next.ref)) waiting.push(next)
      met.add(next.ref)
    }
  }
  return { texts, told, answers }
}

const links = (...paths: string[]) => paths.map((path) => `<p>x <a href="${path}">link</a>`).join('')

describe('a crawl', () => {
  test('reads each page once, however links go in circles', async () => {
    const { origin, asked } = await serve({ '/careers': links('/careers/a', '/careers#x', '/careers?utm_source=y'), '/careers/a': links('/careers', '/careers/b', '/careers/a'), '/careers/b': links('/careers/a') })
    const { texts, told } = await crawl(open(origin), origin)
    expect([[...texts.keys()], told]).toEqual([['/careers', '/careers/a', '/careers/b'], []])
    expect(asked.toSorted()).toEqual(['/careers', '/careers/a', '/careers/b', '/robots.txt', '/sitemap.xml'])
  })

  test('ends at the depth that is configured, and tells it', async () => {
    const { origin } = await serve({ '/careers': links('/1'), '/1': links('/2'), '/2': links('/3', '/1') })
    const { texts, told } = await crawl(open(origin, { depth: 2 }), origin)
    expect([[...texts.keys()], told]).toEqual([['/careers', '/1', '/2'], ['pages more than 2 links from the start were not read (depth)']])
  })

  test('ends at so many pages, those below its own path first, and tells it', async () => {
    const { origin } = await serve({ '/careers': links('/a', '/b', '/careers/1', '/careers/2'), '/careers/1': 'one', '/careers/2': 'two', '/a': 'a', '/b': 'b' })
    const { texts, told } = await crawl(open(origin, { maxPages: 2 }), origin)
    expect([[...texts.keys()], told]).toEqual([['/careers', '/careers/1', '/careers/2'], ['more than 2 pages, the rest was not read (maxPages)']])
  })

  test.each([['path', ['/careers', '/careers/1']], ['host', ['/careers', '/careers/1', '/other']]])('stays within the %s', async (within, expected) => {
    const { origin } = await serve({ '/careers': links('/careers/1', '/other', 'https://elsewhere.example/', 'http://10.0.0.1/'), '/careers/1': 'x', '/other': 'y' })
    expect([...(await crawl(open(origin, { within }), origin)).texts.keys()]).toEqual(expected)
  })

  test('takes pages from sitemaps: an index, gzip that is not told, a plain list, a circle', async () => {
    const { origin } = await serve({
      '/robots.txt': { type: 'text/plain', body: 'Sitemap: ORIGIN/map.xml\nSitemap: /list.txt' },
      '/careers': 'hello',
      '/map.xml': { type: 'text/xml', body: '<x:sitemapindex xmlns:x="s"><x:sitemap><x:loc>ORIGIN/map.xml</x:loc></x:sitemap><x:sitemap><x:loc>ORIGIN/jobs.xml.gz</x:loc></x:sitemap></x:sitemapindex>' },
      '/jobs.xml.gz': { type: 'application/gzip', body: gzipSync('<urlset><url><loc>/careers/1</loc></url></urlset>') },
      '/list.txt': { type: 'text/plain', body: 'ORIGIN/careers/2\nORIGIN/careers/3?a=1&b=2\n' },
      '/careers/1': 'one', '/careers/2': 'two', '/careers/3?a=1&b=2': 'three',
    })
    const { texts, told } = await crawl(open(origin), origin)
    expect([[...texts.keys()].toSorted(), told]).toEqual([['/careers', '/careers/1', '/careers/2', '/careers/3?a=1&b=2'], []])
  })

  test('a sitemap that is broken is loud; a front page in its place is none', async () => {
    const broken = await serve({ '/careers': 'x', '/sitemap.xml': { type: 'text/xml', body: '{"no": "sitemap"}' } })
    expect(await failure(crawl(open(broken.origin), broken.origin))).toBeInstanceOf(ContractBroken)
    const front = await serve({ '/careers': 'x', '/sitemap.xml': '<!doctype html><title>Acme</title>' })
    expect((await crawl(open(front.origin), front.origin)).told).toEqual([])
  })

  test('a page that robots.txt forbids is a gap where it was asked for, and none elsewhere', async () => {
    const { origin, asked } = await serve({ '/robots.txt': { type: 'text/plain', body: 'User-agent: *\nDisallow: /careers/secret\nDisallow: /admin' }, '/careers': links('/careers/secret', '/admin') })
    const { answers } = await crawl(open(origin), origin)
    expect(answers.flatMap(({ unreadable }) => unreadable.map(({ ref, reason }) => [ref.replace(origin, ''), reason.slice(0, 18)]))).toEqual([['/careers/secret', 'robots.txt forbids']])
    expect(asked.filter((path) => /secret|admin/.test(path))).toEqual([])
  })

  test('what is gone is absent, what redirects away is absent, a page without text is loud', async () => {
    const { origin } = await serve({ '/careers': links('/gone', '/away', '/pdf'), '/away': { status: 302, headers: { location: 'https://elsewhere.example/' } }, '/pdf': { type: 'application/pdf', body: '%PDF' } })
    const { answers, texts } = await crawl(open(origin), origin)
    expect([...texts.keys()]).toEqual(['/careers'])
    expect(answers.flatMap(({ absent }) => absent.map(({ reason }) => reason)).toSorted()).toEqual(['a file without text', 'it redirects to another site', 'not there', 'not there'])
    const empty = await serve({ '/careers': links('/app'), '/app': '<title>Acme</title><div id="root"></div><script src="/app.js"></script>' })
    expect((await failure(crawl(open(empty.origin), empty.origin))).message).toContain('webAssets')
  })

  test('what did not change says so, with what it brought and where it led', async () => {
    const { origin } = await serve({ '/careers': links('/careers/a'), '/careers/a': { body: links('/careers/b'), headers: { etag: '"1"' } }, '/careers/b': { body: 'b', headers: { etag: '"2"' } } })
    const memory = memoryOf()
    await crawl(open(origin, {}, memory), origin)
    const { answers, texts } = await crawl(open(origin, {}, memory), origin)
    expect([...texts.keys()]).toEqual(['/careers'])
    const [a, b] = answers.flatMap(({ unchanged }) => unchanged ?? [])
    expect([a, b].map((one) => one?.documents.map(({ ref }) => ref.replace(origin, '')))).toEqual([['/careers/a'], ['/careers/b']])
    // Asked in full, it is a document again.
    const inFull = await open(origin, {}, memory).fetch(a === undefined ? [] : [a.hit])
    expect(inFull.documents).toHaveLength(1)
  })

  test('a place that is not configured any more is not asked', async () => {
    const { origin, asked } = await serve({ '/careers': links('/careers/a'), '/careers/a': 'a' })
    const { hits } = await begin(open(origin), origin)
    const before = asked.length
    const other = open('http://127.0.0.1:9')
    expect((await other.fetch(hits.slice(0, 1))).unreadable).toHaveLength(1)
    expect(await failure(other.search({ start: `${origin}/careers` }, null))).toBeInstanceOf(Permanent)
    expect(asked).toHaveLength(before)
  })

  test('a start that is gone, or redirects to another site, fails: it is never "nothing there"', async () => {
    for (const careers of [{ status: 404 }, { status: 301, headers: { location: 'https://boards.example/acme' } }, { status: 301, headers: { location: 'http://localhost/' } }]) {
      const { origin } = await serve({ '/careers': careers })
      expect(await failure(begin(open(origin), origin), [origin])).toBeInstanceOf(Permanent)
    }
  })
})

describe('the document of a page', () => {
  const documentOf = async (body: string, type = 'text/html') => {
    const { origin } = await serve({ '/careers': { body, type } })
    const [document] = (await begin(open(origin), origin)).documents
    return { ...document, text: Buffer.from(document?.text ?? []).toString() }
  }
  const posting = (date: string) => `<script type="application/ld+json">{"@type":"JobPosting","title":"T ${date}","datePosted":"${date}"}</script>`

  test('has what a reader sees, comments, descriptions and where links go', async () => {
    const { text, title } = await documentOf('<title>Jobs</title><meta name=description content="about Orion"><p>We use <b>Hermes</b>Builder</p><!-- old: acme-x --><noscript>y</noscript><a href="https://git.acme-corp.com">z</a>')
    for (const words of ['Jobs', 'about Orion', 'We use HermesBuilder', 'old: acme-x', 'y', 'https://git.acme-corp.com']) expect(text).toContain(words)
    expect(title).toBe('Jobs')
  })

  test('has the date of its one posting; of several the latest, as a lower bound; none from the future', async () => {
    expect(await documentOf(`x${posting('2026-09-01')}`)).toMatchObject({ title: 'T 2026-09-01', publishedAt: new Date('2026-09-01'), publishedAtIsLowerBound: false })
    expect(await documentOf(`x${posting('2026-09-01')}${posting('2026-08-01')}`)).toMatchObject({ publishedAt: new Date('2026-09-01'), publishedAtIsLowerBound: true })
    expect(await documentOf(`x${posting('2027-09-01')}`)).toMatchObject({ publishedAt: null })
  })

  test('is the company\'s own only where that is configured: on its careers page it is', async () => {
    expect((await documentOf('x')).own).toBe(false)
    const { origin } = await serve({ '/careers': 'x' })
    const now = () => new Date('2026-11-22T12:00:00Z')
    const careers = page.open(sourceSettings.parse({ jobs: { boards: [{ type: 'page', url: `${origin}/careers` }] } }), { http: createHttp({ userAgent: 'namesake/test', origins: [origin], now }), now, memory: memoryOf(), organizations: [] })
    if (careers === null) throw new Error('the source did not open')
    expect((await begin(careers, origin)).documents[0]?.own).toBe(true)
  })

  test('of plain text is that text', async () => {
    expect((await documentOf('a\n  <b>', 'text/plain; charset=utf-8')).text).toBe('a\n  <b>')
  })
})
