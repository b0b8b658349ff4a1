import parser from 'robots-parser'

// Its types tell of a default export; to an ES module, the CommonJS module is the function itself.
const robotsParser = parser as unknown as typeof parser.default

/** What a robots.txt allows us on its origin. */
export interface Robots {
  allows(url: string): boolean
  /** Milliseconds between two requests; 0: it does not say. */
  readonly delayMs: number
  readonly sitemaps: readonly string[]
}

/** Our product token, as a robots.txt names us: `User-agent: namesake`. */
export const productToken = 'namesake'
/** What RFC 9309, section 2.5 wants read at least; the rest of a longer file is not. Bytes. */
export const robotsBytes = 500 * 1024
/** No rule needs more; a longer one is cut, which makes it forbid more and allow less. */
const ruleCharacters = 1_000
/** Longest delay that is obeyed: beyond it a site of a thousand pages would take more than a day. */
const longestDelayMs = 60_000
const mostSitemaps = 50

/**
 * The rules of a robots.txt for us, by RFC 9309: the longest match wins, Allow wins a tie, groups that name us are
 * merged and replace `*`. `Crawl-delay` and `Sitemap` are extensions that are honoured. An empty text allows everything.
 */
export function readRobots(origin: string, text: string): Robots {
  const rules = robotsParser(`${origin}/robots.txt`, text.split(/\r\n|\r|\n/).map(cutRule).join('\n'))
  const delay = rules.getCrawlDelay(productToken) ?? 0
  return {
    // Undefined: an address of another origin, about which this file says nothing and its own was not asked.
    allows: (url) => new URL(url).pathname === '/robots.txt' || rules.isAllowed(url, productToken) === true,
    delayMs: Number.isFinite(delay) && delay > 0 ? Math.min(delay * 1_000, longestDelayMs) : 0,
    sitemaps: rules.getSitemaps().slice(0, mostSitemaps).flatMap((one) => (URL.canParse(one, origin) ? [new URL(one, origin).href] : [])),
  }
}

/** An Allow that is cut would allow more than it says: it is dropped. */
function cutRule(line: string): string {
  if (line.length <= ruleCharacters) return line
  return /^\s*allow\s*:/i.test(line) ? '' : line.slice(0, ruleCharacters)
}
