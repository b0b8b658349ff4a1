import { describe, expect, test } from 'vitest'
import { NotFound, Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { createCrawler } from '../../../src/remotes/web/crawler.ts'
import { readRobots } from '../../../src/remotes/web/robots.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { startScript, type Act, type Scripted } from '../../net/scripted-server.ts'
import { failure } from '../../sources/failure.ts'

const origin = 'https://acme-corp.com'
const allows = (text: string, path: string) => readRobots(origin, text).allows(`${origin}${path}`)

describe('robots.txt, by RFC 9309', () => {
  test.each<[string, string, string, boolean]>([
    ['nothing allows everything', '', '/a', true],
    ['an empty Disallow allows', 'User-agent: *\nDisallow:', '/a', true],
    ['the longest match wins', 'User-agent: *\nDisallow: /a\nAllow: /a/b', '/a/b/c', true],
    ['whatever the order', 'User-agent: *\nAllow: /a/b\nDisallow: /a', '/a/c', false],
    ['Allow wins a tie', 'User-agent: *\nDisallow: /a\nAllow: /a', '/a', true],
    ['our own group replaces the one of everybody', 'User-agent: *\nDisallow: /\n\nUser-agent: namesake\nDisallow: /x', '/a', true],
    ['our name in any case', 'User-agent: NameSake\nDisallow: /', '/a', false],
    ['groups that name us are merged', 'User-agent: namesake\nDisallow: /a\n\nUser-agent: other\nDisallow: /b\n\nUser-agent: namesake\nDisallow: /c', '/c', false],
    ['a group for several', 'User-agent: other\nUser-agent: namesake\nDisallow: /a', '/a', false],
    ['another one\'s group says nothing to us', 'User-agent: googlebot\nDisallow: /', '/a', true],
    ['a star stands for anything', 'User-agent: *\nDisallow: /*.js$', '/a/b.js', false],
    ['a dollar for the end', 'User-agent: *\nDisallow: /*.js$', '/a/b.js?x', true],
    ['percent-encoding makes no difference', 'User-agent: *\nDisallow: /caf%c3%a9', '/café', false],
    ['comments and blanks', '\u{feff}# hi\nUser-agent : * # us\n  Disallow:/a#b', '/a', false],
    ['robots.txt itself is always allowed', 'User-agent: *\nDisallow: /', '/robots.txt', true],
    ['a page of HTML is no rule', '<html>Disallow: /</html>', '/a', true],
  ])('%s', (_, text, path, expected) => {
    expect(allows(text, path)).toBe(expected)
  })

  test('about another origin it says nothing, which is no permission', () => {
    expect(readRobots(origin, '').allows('https://www.acme-corp.com/')).toBe(false)
  })

  test.each([['5', 5_000], ['0.5', 500], ['99999', 60_000], ['-1', 0], ['soon', 0]])('Crawl-delay %s is %d ms', (delay, ms) => {
    expect(readRobots(origin, `User-agent: *\nCrawl-delay: ${delay}`).delayMs).toBe(ms)
  })

  test('sitemaps are absolute addresses', () => {
    expect(readRobots(origin, 'Sitemap: /a.xml\nsitemap: https://cdn.acme-corp.com/b.xml\nSitemap:').sitemaps).toEqual([`${origin}/a.xml`, 'https://cdn.acme-corp.com/b.xml'])
  })

  test('a rule that is too long forbids more, never less', () => {
    const long = `/a${'x'.repeat(2_000)}`
    expect(allows(`User-agent: *\nDisallow: ${long}`, `${long.slice(0, 1_500)}`)).toBe(false)
    expect(allows(`User-agent: *\nDisallow: /\nAllow: ${long}`, long)).toBe(false)
  })
})

async function crawl(...answers: readonly (Scripted | Act)[]) {
  const server = await startScript(...answers)
  const clock = { now: new Date('2026-11-22T12:00:00Z') }
  const now = () => clock.now
  const memory = createForgetfulMemory()
  const open = () => createCrawler({ http: createHttp({ userAgent: 'namesake/test', origins: [server.url], now, timeoutMs: 1_000 }), memory, now })
  const crawler = open()
  const visit = (path = '/a', by = crawler) => by.visit({ home: server.url, url: `${server.url}${path}` })
  return { server, clock, visit, open }
}
const text = (body: string, status = 200): Scripted => ({ status, headers: { 'content-type': 'text/plain' }, body })

describe('a crawler', () => {
  test('asks for robots.txt first, once, and shares it with other processes by memory', async () => {
    const { server, visit, open } = await crawl(text(''), text('page'), text('page'))
    expect(await visit()).toEqual({ outcome: 'ask-again' })
    expect(await visit()).toMatchObject({ outcome: 'visited', visited: { status: 200 } })
    expect(await visit('/b', open())).toMatchObject({ outcome: 'visited' })
    expect(server.seen.map(({ path }) => path)).toEqual(['/robots.txt', '/a', '/b'])
  })

  test.each([400, 401, 403, 404, 410, 451])('%d means that there is none: everything is allowed', async (status) => {
    const { visit } = await crawl(text('Disallow: /', status), text('page'))
    await visit()
    expect(await visit()).toMatchObject({ outcome: 'visited' })
  })

  test.each([
    [500, Transient], [503, Transient], [429, RetryLater],
  ])('%d means that nobody knows: nothing is fetched, and it is asked again', async (status, errorClass) => {
    const { server, visit } = await crawl(text('', status), text('', status))
    expect(await failure(visit())).toBeInstanceOf(errorClass)
    expect(await failure(visit())).toBeInstanceOf(errorClass)
    expect(server.seen.map(({ path }) => path)).toEqual(['/robots.txt', '/robots.txt'])
  })

  test('does not go where it is forbidden, nor where a redirect leads there', async () => {
    const { server, visit } = await crawl(text('User-agent: *\nDisallow: /secret'), { status: 302, headers: { location: '/secret/x' } }, text('x'))
    await visit()
    expect(await visit('/secret')).toEqual({ outcome: 'forbidden' })
    expect(await visit('/open')).toEqual({ outcome: 'forbidden' })
    expect(server.seen.map(({ path }) => path)).not.toContain('/secret')
  })

  test('reads robots.txt anew after a day', async () => {
    const { clock, server, visit } = await crawl(text(''), text('User-agent: *\nDisallow: /'))
    await visit()
    clock.now = new Date(clock.now.getTime() + 24 * 3_600_000)
    expect(await visit()).toEqual({ outcome: 'ask-again' })
    expect(await visit()).toEqual({ outcome: 'forbidden' })
    expect(server.seen).toHaveLength(2)
  })

  test('waits between requests as long as robots.txt wants, in all processes together', async () => {
    const { clock, server, visit, open } = await crawl(text('User-agent: *\nCrawl-delay: 10'), text('a'), text('b'))
    await visit()
    await visit()
    const error = await failure(visit('/b', open()))
    expect(error).toMatchObject({ until: new Date(clock.now.getTime() + 10_000) })
    clock.now = new Date(clock.now.getTime() + 10_000)
    expect(await visit('/b')).toMatchObject({ outcome: 'visited' })
    expect(server.seen.map(({ path }) => path)).toEqual(['/robots.txt', '/a', '/b'])
  })

  test('reads the first 500 KiB of a robots.txt without end', async () => {
    const { visit } = await crawl(text(`User-agent: *\nDisallow: /a\n${'# x\n'.repeat(500_000)}Disallow: /b\n`), text('b'))
    await visit()
    expect([(await visit('/a')).outcome, (await visit('/b')).outcome]).toEqual(['forbidden', 'visited'])
  })

  test('tells a redirect to another site, what is gone, and what is refused apart', async () => {
    const { visit } = await crawl(text(''), { status: 301, headers: { location: 'https://elsewhere.example/' } }, { status: 302, headers: { location: 'http://169.254.169.254/' } }, text('', 404), text('', 403))
    await visit()
    expect(await visit()).toEqual({ outcome: 'elsewhere' })
    expect(await visit()).toEqual({ outcome: 'elsewhere' })
    expect(await failure(visit())).toBeInstanceOf(NotFound)
    expect(await failure(visit())).toBeInstanceOf(Permanent)
  })
})
