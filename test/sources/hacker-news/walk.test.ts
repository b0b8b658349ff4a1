import { describe, expect, test } from 'vitest'
import type { Document } from '../../../src/contracts/document.ts'
import type { OpenSource } from '../../../src/contracts/source.ts'
import { createHttp } from '../../../src/net/http.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { demoNews, type NewsItem } from '../../../src/sandbox/hacker-news/serve.ts'
import { startSandbox } from '../../../src/sandbox/start.ts'
import { hackerNews } from '../../../src/sources/hacker-news/index.ts'
import { sourceSettings } from '../../../src/sources/settings.ts'

const now = () => new Date('2026-11-22T12:00:00Z')

async function openOn(news: readonly NewsItem[]) {
  const sandbox = await startSandbox({ repositories: [], now, news })
  const settings = sourceSettings.parse({ hackerNews: { apiUrl: `${sandbox.url}/hacker-news/api/v1` } })
  const http = createHttp({ userAgent: 'namesake/test', origins: [sandbox.url], now })
  const source: OpenSource | null = hackerNews.open(settings, { http, now, organizations: [], memory: createForgetfulMemory() })
  if (source === null) throw new Error('it does not open')
  return { sandbox, source }
}

async function walk(source: OpenSource, phrase: string) {
  const documents: Document[] = []
  const counted: (number | null)[] = []
  const shortfalls: string[] = []
  let requests = 0
  for (let page: string | null = null; requests === 0 || page !== null; requests += 1) {
    const answer = await source.search({ phrase }, page)
    documents.push(...answer.documents)
    counted.push(answer.counted)
    if (answer.shortfall !== null) shortfalls.push(answer.shortfall)
    page = answer.next
  }
  return { documents, counted, shortfalls, requests, refs: new Set(documents.map(({ ref }) => ref)) }
}

const thread: NewsItem = { id: 42_000_010, kind: 'story', author: 'a', title: 'a thread', createdAt: '2025-12-31T00:00:00Z' }
const comments = (count: number, secondsApart: number): NewsItem[] =>
  Array.from({ length: count }, (_, at) => ({
    id: 1_000 + at, kind: 'comment', author: 'a', parent: 42_000_010, text: 'acme-corp-auth is ours', createdAt: new Date(Date.parse('2026-01-01T00:00:00Z') + at * secondsApart * 1000).toISOString(),
  }))

describe('a phrase', () => {
  test('with 2,500 hits is walked past the 1,000 that the search shows, without a gap', async () => {
    const { sandbox, source } = await openOn([thread, ...comments(2_500, 60)])
    await using _ = sandbox
    const { refs, counted, shortfalls, requests } = await walk(source, 'acme-corp-auth')
    expect(refs.size).toBe(2_500)
    expect(counted[0]).toBe(2_500)
    expect(shortfalls).toEqual([])
    expect(requests).toBe(3)
  })

  test('with more hits of one second than are shown says so instead of going in a circle', async () => {
    const { sandbox, source } = await openOn([thread, ...comments(1_200, 0)])
    await using _ = sandbox
    const { shortfalls, requests } = await walk(source, 'acme-corp-auth')
    expect(shortfalls).toEqual(['Hacker News has more hits of one second than it shows'])
    expect(requests).toBe(2)
  })

  test('that nobody wrote is an empty, complete answer', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    expect(await walk(source, 'zeta-nothing')).toMatchObject({ documents: [], shortfalls: [], counted: [0] })
  })

  test('finds text with entities decoded and tags taken off, with its date and its author', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    const [document] = (await walk(source, '@acme-corp/auth-client')).documents
    expect(new TextDecoder().decode(document?.text)).toBe('We pinned @acme-corp/auth-client in that repo.')
    expect(document).toMatchObject({ ref: '42000011', author: 'mira', url: 'https://news.ycombinator.com/item?id=42000011', publishedAt: new Date('2026-09-01T09:00:00Z') })
  })
})

describe('the monthly hiring threads', () => {
  test('are read whole, below deleted comments too, and no name of ours is sent for it', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    const { hits, shortfall } = await source.search({ hiring: true }, null)
    expect(shortfall).toBeNull()
    const { documents, unreadable } = await source.fetch(hits)
    expect(unreadable).toEqual([])
    expect(documents.map(({ ref }) => ref).toSorted()).toEqual(['42000001', '42000002', '42000003', '42000004'])
    expect(new TextDecoder().decode(documents.find(({ ref }) => ref === '42000004')?.text)).toContain('acmecorp-ledger')
    expect(sandbox.requests()).toHaveLength(2)
    expect(JSON.stringify(sandbox.requests())).not.toMatch(/acme|hermes/i)
  })

  test('that are gone are absent', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    const fetched = await source.fetch([{ ref: 'thread/1', contentHash: null, locator: '1', container: 'Hacker News', path: null }])
    expect(fetched.absent).toEqual([{ ref: 'thread/1', reason: 'the thread is gone' }])
  })

  test('prove nothing about the rest of the place', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    const { queries } = source.plan({ terms: [{ text: 'acme-corp-auth', covers: ['1'] }], everything: ['1', '2'] })
    expect(queries.find(({ key }) => key === 'hiring')?.covers).toEqual([])
  })
})

describe('a recheck', () => {
  const place = (locator: string | number) => ({ ref: String(locator), revision: '', contentHash: '', path: null, lines: [1], formerHashes: [], locator })

  test('brings the comment as the search brought it', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    const [found] = (await walk(source, '@acme-corp/auth-client')).documents
    expect(await source.recheck?.(place('42000011'), false)).toMatchObject({ state: 'present', document: { contentHash: found?.contentHash } })
  })

  test.each([
    ['that is deleted is gone', '42000003', { state: 'absent', status: 'gone' }],
    ['that is not there is gone', '1', { state: 'absent', status: 'gone' }],
    ['that another version stored is unknown', 7, { state: 'unknown' }],
  ])('of a comment %s', async (_sentence, locator, answer) => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    expect(await source.recheck?.(place(locator), false)).toMatchObject(answer)
  })

  test('that meets an error is no answer', async () => {
    const { sandbox, source } = await openOn(demoNews)
    await using _ = sandbox
    sandbox.setFaults({ badGatewayHtml: true })
    await expect(source.recheck?.(place('42000011'), false)).rejects.toThrow('server error (502)')
  })
})
