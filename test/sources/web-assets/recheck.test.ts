import { describe, expect, test } from 'vitest'
import type { Place, Recheck } from '../../../src/contracts/place.ts'
import type { Source } from '../../../src/contracts/source.ts'
import { Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { robotsKey } from '../../../src/remotes/web/crawler.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { page } from '../../../src/sources/page/index.ts'
import { sourceSettings, type SourceSettings } from '../../../src/sources/settings.ts'
import { webAssets } from '../../../src/sources/web-assets/index.ts'
import { startScript, type Act, type Scripted } from '../../net/scripted-server.ts'
import { failure } from '../failure.ts'

const now = () => new Date('2026-11-22T12:00:00Z')

async function recheck(source: Source<SourceSettings>, ref: string, locator: (origin: string) => Place['locator'], answer: Scripted | Act, robots = ''): Promise<Recheck> {
  const server = await startScript(...(robots === '' ? [answer] : []))
  const memory = createForgetfulMemory()
  await memory.set(robotsKey(server.url), { text: robots, at: now().getTime() })
  const settings = sourceSettings.parse({ pages: { sites: [{ url: `${server.url}/careers` }] }, webAssets: { sites: [`${server.url}/`] } })
  const open = source.open(settings, { http: createHttp({ userAgent: 'namesake/test', origins: [server.url], now, timeoutMs: 2_000 }), now, memory, organizations: [] })
  if (open?.recheck === undefined) throw new Error('the source cannot recheck')
  return open.recheck({ ref: `${server.url}${ref}`, revision: '', contentHash: 'x', path: null, locator: locator(server.url), lines: [], formerHashes: [] }, false)
}

const ofPage = (answer: Scripted | Act, robots = '') => recheck(page, '/careers/1', (origin) => ({ start: `${origin}/careers` }), answer, robots)
const map = { version: 3, sources: ['src/a.js'], sourcesContent: ['a'], mappings: '' }
const ofMap = (answer: Scripted | Act, robots = '') => recheck(webAssets, '/a.js.map#src/a.js', (origin) => ({ kind: 'map', url: `${origin}/a.js.map`, site: `${origin}/` }), answer, robots)

describe.each([
  ['a page', ofPage, { headers: { 'content-type': 'text/html' }, body: '<p>hello' }],
  ['a file of a source map', ofMap, { headers: { 'content-type': 'application/json' }, body: map }],
] as const)('%s that is looked at again', (_, look, good) => {
  test('is present, as it is now', async () => {
    expect(await look(good)).toMatchObject({ state: 'present', document: { contentHash: expect.stringMatching(/^[0-9a-f]{64}$/) }, missing: [] })
  })

  test.each([404, 410])('is gone by %d, or when it redirects to another site', async (status) => {
    expect(await look({ status })).toMatchObject({ state: 'absent', status: 'gone' })
    expect(await look({ status: 302, headers: { location: 'https://elsewhere.example/' } })).toMatchObject({ state: 'absent', status: 'gone' })
  })

  test.each<[string, Scripted]>([['500', { status: 500 }], ['429', { status: 429 }]])('%s tells nothing', async (_status, answer) => {
    const error = await failure(look(answer))
    expect([Transient, RetryLater].some((one) => error instanceof one)).toBe(true)
  })

  test('robots.txt that forbids it now tells nothing', async () => {
    expect(await look(good, 'User-agent: *\nDisallow: /')).toMatchObject({ state: 'unknown' })
  })
})

test('a source map that lost the file: the file is gone; one that is broken or forbidden tells nothing', async () => {
  expect(await ofMap({ body: { ...map, sources: ['src/b.js'] } })).toMatchObject({ state: 'absent', status: 'gone' })
  expect(await ofMap({ headers: { 'content-type': 'application/json' }, body: '{"sources":[' })).toMatchObject({ state: 'unknown' })
  expect(await ofMap({ status: 403 })).toMatchObject({ state: 'unknown' })
  expect(await failure(ofPage({ status: 403 }))).toBeInstanceOf(Permanent)
})

test('what is not configured any more is not asked', async () => {
  const server = await startScript()
  expect(await recheck(page, '/x', () => ({ start: 'https://other.example/' }), { body: 'x' }, 'User-agent: x')).toMatchObject({ state: 'unknown' })
  expect(await recheck(webAssets, '/x', () => null, { body: 'x' }, 'User-agent: x')).toMatchObject({ state: 'unknown' })
  expect(server.seen).toEqual([])
})
