import type { HttpClient } from '../../contracts/http.ts'
import type { Json } from '../../contracts/json.ts'
import type { SearchPage } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { documentOfFound } from './document.ts'
import { pageToken, searchAnswer, searchInput } from './schema.ts'

export interface HackerNews {
  readonly http: HttpClient
  /** Without a slash at its end. */
  readonly apiUrl: string
}

/** Hits in one answer; no query shows more than 1,000 in all. */
const perPage = 1_000
/** The monthly threads that are read whole: a year of "Who is hiring?" and its two sisters. */
const threads = 36

/**
 * One page, newest first. The search shows 1,000 hits of a query, whatever it counts: the next page asks for what is
 * not newer than the last hit, so that no cap is met, and ends when an answer is not full. The search takes
 * hyphens, slashes and @ for spaces and forgives mistypings: every hit is matched again on its own text.
 * https://hn.algolia.com/api
 */
export async function searchPage({ http, apiUrl }: HackerNews, input: Json, page: string | null): Promise<SearchPage> {
  const parsed = searchInput.safeParse(input)
  if (!parsed.success || (page !== null && !pageToken.safeParse(page).success)) throw new Permanent('Hacker News: the stored query or page is not one that this version can ask for')
  if ('hiring' in parsed.data) return hiringThreads({ http, apiUrl })
  const { body } = await http.request({
    url: `${apiUrl}/search_by_date?${new URLSearchParams({
      query: `"${parsed.data.phrase}"`,
      typoTolerance: 'false',
      advancedSyntax: 'true',
      tags: '(story,comment,job,poll,pollopt)',
      hitsPerPage: String(perPage),
      ...(page === null ? {} : { numericFilters: `created_at_i<=${page}` }),
    })}`,
    schema: searchAnswer,
  })
  const oldest = body.read.reduce((least, { created_at_i }) => Math.min(least, created_at_i), Infinity)
  const full = body.delivered >= perPage
  // A thousand hits of one second cannot be walked past.
  const stuck = full && (oldest === Infinity || String(oldest) === page)
  const reasons = [
    ...(body.unreadable > 0 ? ['Hacker News delivered hits in a form that cannot be read'] : []),
    ...(stuck ? ['Hacker News has more hits of one second than it shows'] : []),
    ...(!full && body.delivered < Math.min(body.total, perPage) ? ['Hacker News delivered fewer hits than it counted'] : []),
  ]
  return {
    hits: [],
    documents: body.read.map(documentOfFound),
    next: full && !stuck ? String(oldest) : null,
    counted: page === null ? body.total : null,
    shortfall: reasons.length === 0 ? null : reasons.join('; '),
  }
}

/** The monthly threads, each to be fetched whole: that asks for no name of ours. */
async function hiringThreads({ http, apiUrl }: HackerNews): Promise<SearchPage> {
  const { body } = await http.request({
    url: `${apiUrl}/search_by_date?${new URLSearchParams({ tags: 'story,author_whoishiring', hitsPerPage: String(threads) })}`,
    schema: searchAnswer,
  })
  return {
    hits: body.read.map(({ objectID }) => ({ ref: `thread/${objectID}`, contentHash: null, locator: objectID, container: 'Hacker News', path: null })),
    documents: [],
    next: null,
    counted: null,
    shortfall: body.unreadable > 0 ? 'Hacker News delivered hits in a form that cannot be read' : null,
  }
}
