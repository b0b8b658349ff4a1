import { z } from 'zod'
import type { HttpClient, Validators, Visit, Visited } from '../../contracts/http.ts'
import type { Memory } from '../../contracts/source.ts'
import { RetryLater } from '../../errors.ts'
import { decodeText } from '../../net/decode-text.ts'
import { readRobots, robotsBytes, type Robots } from './robots.ts'

/** What a crawler needs of a source's environment. */
export interface CrawlerContext {
  readonly http: HttpClient
  readonly memory: Memory
  readonly now: () => Date
}

/** A visit of a crawl: `home` is the configured place that it started from. */
export interface CrawlVisit extends Pick<Visit, 'url' | 'accept' | 'known' | 'statuses' | 'maxBytes' | 'write' | 'timeoutMs'> {
  readonly home: string
}

/**
 * What became of a visit:
 * - `visited`: an answer: 2xx, 304, one of `statuses`
 * - `ask-again`: the one request was spent on the robots.txt of the place
 * - `forbidden`: robots.txt does not want us there
 * - `elsewhere`: it redirects out of the site
 */
export type Outcome =
  | { readonly outcome: 'visited'; readonly visited: Visited }
  | { readonly outcome: 'ask-again' }
  | { readonly outcome: 'forbidden' }
  | { readonly outcome: 'elsewhere' }

export interface Crawler {
  /**
   * One request to where a crawl leads, inside the site of its home, by the rules of the place's robots.txt.
   * @throws RetryLater while its Crawl-delay lasts, and what a visit throws
   */
  visit(visit: CrawlVisit): Promise<Outcome>
  /** The robots.txt of a place as it is known; null: not known, or over a day old. */
  robots(url: string): Promise<Robots | null>
}

const hour = 60 * 60_000
/** RFC 9309, section 2.4: no copy is used for longer. */
const robotsAgeMs = 24 * hour
const redirects = [301, 302, 303, 307, 308]
/** All 4xx but 429 mean that there is no robots.txt, whatever the reason (section 2.3.1.3). */
const unavailable = Array.from({ length: 100 }, (_, at) => 400 + at).filter((status) => status !== 429)

const storedRobots = z.object({ text: z.string(), at: z.number() })
const storedTurn = z.object({ next: z.number() })

/** The key under which a source remembers the robots.txt of an origin. */
export function robotsKey(origin: string): string {
  return `robots ${origin}`
}

/** A polite crawler for one source. Rules are kept in its memory, so that all processes share them. */
export function createCrawler({ http, memory, now }: CrawlerContext): Crawler {
  const read = new Map<string, { readonly at: number; readonly robots: Robots }>()

  async function robots(url: string): Promise<Robots | null> {
    const { origin } = new URL(url)
    const held = read.get(origin)
    if (held !== undefined && isFresh(held.at)) return held.robots
    const stored = storedRobots.safeParse(await memory.get(robotsKey(origin)))
    if (!stored.success || !isFresh(stored.data.at)) return null
    return hold(origin, stored.data)
  }

  function isFresh(at: number): boolean {
    const age = now().getTime() - at
    return age >= 0 && age < robotsAgeMs
  }

  function hold(origin: string, { text, at }: { readonly text: string; readonly at: number }): Robots {
    const robots = readRobots(origin, text)
    read.set(origin, { at, robots })
    return robots
  }

  /** 5xx, timeouts and refusals are thrown: what cannot be read forbids everything for now (section 2.3.1.4). */
  async function fetchRobots(origin: string, home: string): Promise<void> {
    const pieces: Uint8Array[] = []
    let size = 0
    const visited = await http.visit({
      url: `${origin}/robots.txt`,
      home: [home],
      // Section 2.3.1.2: redirects are followed, even to another authority.
      within: 'public',
      accept: 'text/plain',
      statuses: unavailable,
      write: (piece) => {
        if (size < robotsBytes) pieces.push(piece)
        size += piece.byteLength
      },
    })
    const isThere = visited.status >= 200 && visited.status < 300
    const text = isThere ? decodeText(Buffer.concat(pieces).subarray(0, robotsBytes), 'text/plain; charset=utf-8') : ''
    const stored = { text: text.replaceAll('\0', ''), at: now().getTime() }
    await memory.set(robotsKey(origin), stored)
    hold(origin, stored)
  }

  /** One request per delay, over all processes; two that ask in the same moment may both go. */
  async function takeTurn(origin: string, delayMs: number): Promise<void> {
    if (delayMs === 0) return
    const key = `turn ${origin}`
    const stored = storedTurn.safeParse(await memory.get(key))
    const at = now().getTime()
    // A clock that was set back must not stop the crawl.
    if (stored.success && at < stored.data.next && stored.data.next - at <= delayMs) {
      throw new RetryLater('robots.txt asks for a delay between requests', new Date(stored.data.next))
    }
    await memory.set(key, { next: at + delayMs })
  }

  return {
    robots,
    async visit({ home, url, statuses = [], ...how }) {
      const { origin } = new URL(url)
      const rules = await robots(url)
      if (rules === null) {
        await fetchRobots(origin, home)
        return { outcome: 'ask-again' }
      }
      if (!rules.allows(url)) return { outcome: 'forbidden' }
      await takeTurn(origin, rules.delayMs)
      const visited = await http.visit({ ...how, url, home: [home], within: 'site', statuses: [...redirects, ...statuses] })
      if (redirects.includes(visited.status)) return { outcome: 'elsewhere' }
      // A redirect may end where we may not look.
      if (visited.url !== url && (await robots(visited.url))?.allows(visited.url) === false) return { outcome: 'forbidden' }
      return { outcome: 'visited', visited }
    },
  }
}

/** For people, with the way out. */
export const forbidden = 'robots.txt forbids reading it; on a site of your own, allow it for the user agent "namesake"'

/** What a later conditional request needs of an answer; null when the server gave nothing to go by. */
export function validatorsOf(headers: Headers): Validators | null {
  const etag = headers.get('etag')
  const lastModified = headers.get('last-modified')
  return etag === null && lastModified === null ? null : { etag, lastModified }
}
