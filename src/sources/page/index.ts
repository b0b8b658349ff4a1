import type { Visited } from '../../contracts/http.ts'
import type { Fetched, Hit, OpenSource, PlannedQuery, SearchPage, Source, SourceEnvironment } from '../../contracts/source.ts'
import { NotFound, Permanent, RetryLater } from '../../errors.ts'
import { digestOf, canonical, isBelow, isInside, isMedia, type Extent } from '../../remotes/web/addresses.ts'
import { createCrawler, forbidden, validatorsOf, type Crawler, type Outcome } from '../../remotes/web/crawler.ts'
import { createFrontier, type Frontier } from '../../remotes/web/frontier.ts'
import { createYields, type Yields } from '../../remotes/web/yields.ts'
import type { SourceSettings } from '../settings.ts'
import { pageBytes, readPage, type ReadPage } from './read-page.ts'
import { recheckPage } from './recheck.ts'
import { locator, pageInput, type Locator } from './schema.ts'
import { readSitemap, sitemapBytes } from './sitemap.ts'

/**
 * Career pages and any other page: a small crawl from a configured address along its links and sitemaps. Everything is
 * matched locally, so its watches cover every name and nobody is told any.
 */
export const page = {
  id: 'page',
  title: 'Career pages and other pages',
  docs: 'https://schema.org/JobPosting',
  discloses: 'The web site sees which of its pages are read, as of any visitor; it is sent no name of ours.',
  blindSpots: [
    'what a page shows only after its scripts ran or somebody logged in',
    'pages that neither a link nor a sitemap inside the configured extent leads to, and pages beyond the caps on depth and number',
    'pages that robots.txt forbids',
    'PDF files, images, video',
    'former versions of a page',
  ],
  open: (settings, environment) => {
    const places = placesOf(settings)
    return places.length === 0 ? null : open(places, settings, environment)
  },
} satisfies Source<SourceSettings>

export interface PagePlace {
  readonly url: string
  readonly within: Extent
  readonly depth: number
  readonly maxPages: number
  readonly own: boolean
}

export interface PageContext {
  readonly places: ReadonlyMap<string, PagePlace>
  readonly crawler: Crawler
  readonly frontier: Frontier
  readonly yields: Yields
  readonly now: () => Date
}

function placesOf({ jobs, pages }: SourceSettings): readonly PagePlace[] {
  // What stands on a careers page the company published itself.
  const boards = (jobs?.boards ?? []).flatMap((board) => (board.type === 'page' ? [{ ...board, own: true }] : []))
  return [...boards, ...(pages?.sites ?? [])]
}

function open(places: readonly PagePlace[], settings: SourceSettings, { http, memory, now }: SourceEnvironment): OpenSource {
  const context: PageContext = {
    places: new Map(places.map((place) => [place.url, place])),
    crawler: createCrawler({ http, memory, now }),
    frontier: createFrontier(memory, now),
    yields: createYields(memory),
    now,
  }
  const { requestsPerMinute, schedule } = settings.pages ?? { requestsPerMinute: 60, schedule: undefined }
  const limit = { max: requestsPerMinute, perMs: 60_000 }
  return {
    destination: [...new Set(places.map(({ url }) => new URL(url).host))].join(', '),
    schedule: schedule ?? settings.jobs?.schedule ?? '0 6 * * *',
    limits: { search: limit, fetch: limit, recheck: limit },
    batch: 1,
    plan: ({ everything }) => ({ queries: everything.length === 0 ? [] : places.map((place) => queryOf(place, everything)), unsearchable: [] }),
    search: (input, token) => search(context, input, token),
    fetch: (hits) => fetchOne(context, hits),
    recheck: (place) => recheckPage(context, place),
    check: async () => {
      const told: string[] = []
      for (const { url } of context.places.values()) {
        const visited = await http.visit({ url, home: [url], within: 'site', maxBytes: pageBytes })
        readStart(visited, { ref: url, start: url, own: true, now: now() })
        told.push(`${new URL(url).host} answers with a page that can be read`)
      }
      return told
    },
  }
}

function queryOf({ url }: PagePlace, everything: readonly string[]): PlannedQuery {
  return { key: `page:${digestOf(url).slice(0, 32)}`, input: { start: url }, text: `every page from ${url}`, covers: everything }
}

/** The start itself: when it cannot be read, nothing is known of the whole place, and the run fails. */
async function search(context: PageContext, input: unknown, token: string | null): Promise<SearchPage> {
  const parsed = pageInput.safeParse(input)
  const place = parsed.success ? context.places.get(parsed.data.start) : undefined
  if (place === undefined || token !== null) throw new Permanent('the stored query is not one that is configured')
  const outcome = await visitStart(context, place)
  const nothing: SearchPage = { hits: [], documents: [], next: null, counted: null, shortfall: null }
  // Not a page of the answer: a run that read nothing but robots.txt has failed.
  if (outcome.outcome === 'ask-again') throw new RetryLater('robots.txt was read first', context.now(), 'job')
  if (outcome.outcome === 'forbidden') throw new Permanent(`the configured page: ${forbidden}`)
  if (outcome.outcome === 'elsewhere') throw new Permanent('the configured page redirects to another site: configure where it leads, if that is yours')
  const { visited } = outcome
  const read = readStart(visited, { ref: refOf(place.url), start: place.url, own: place.own, now: context.now() })
  const crawl = await context.frontier.begin(place.url)
  const robots = await context.crawler.robots(place.url)
  const sitemaps = robots === null || robots.sitemaps.length === 0 ? [`${new URL(place.url).origin}/sitemap.xml`] : robots.sitemaps
  const at: Omit<Locator, 'kind' | 'url'> = { start: place.url, depth: 0, crawl, whole: false }
  const linked = await admit(context, place, { ...at, depth: 1 }, visited.url, read.links)
  return {
    ...nothing,
    documents: [read.document],
    hits: [...sitemapHits(place, at, sitemaps), ...linked.hits],
    shortfall: joined(read.shortfall, linked.shortfall, sitemaps.every((one) => isInside(one, place.url, 'site')) ? null : 'a sitemap on another site was not read'),
  }
}

/** What is configured must be a page for people; what it leads to may be any text. */
function readStart(visited: Visited, place: Parameters<typeof readPage>[1]): ReadPage {
  const isData = /\b(?:json|yaml)\b/.test(visited.headers.get('content-type') ?? '')
  const read = isData ? null : readPage(visited, place)
  if (read === null) throw new Permanent('a configured address leads to no page of text')
  return read
}

async function visitStart({ crawler }: PageContext, { url }: PagePlace): Promise<Outcome> {
  try {
    return await crawler.visit({ url, home: url, accept: acceptPages, maxBytes: pageBytes })
  } catch (error) {
    // A page that links lead to may be gone; the configured one must be there.
    if (error instanceof NotFound) throw new Permanent(`${error.message}: the configured page`)
    throw error
  }
}

const acceptPages = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5'
/** Indexes of indexes of sitemaps: more is a circle. */
const deepestSitemap = 3

async function fetchOne(context: PageContext, hits: readonly Hit[]): Promise<Fetched> {
  const [hit, ...rest] = hits
  const nothing: Fetched = { documents: [], absent: [], retry: rest, unreadable: [] }
  if (hit === undefined) return nothing
  const parsed = locator.safeParse(hit.locator)
  const place = parsed.success ? context.places.get(parsed.data.start) : undefined
  if (!parsed.success || place === undefined) return { ...nothing, unreadable: [{ ref: hit.ref, reason: 'it belongs to a place that is not configured any more' }] }
  const fetched = await fetchPlace(context, place, hit, parsed.data)
  return { ...nothing, ...fetched, retry: [...(fetched.retry ?? []), ...rest] }
}

async function fetchPlace(context: PageContext, place: PagePlace, hit: Hit, at: Locator): Promise<Partial<Fetched>> {
  const known = at.whole ? null : await context.yields.recall(hit.ref)
  const isSitemap = at.kind === 'sitemap'
  try {
    const outcome = await context.crawler.visit({
      url: at.url, home: at.start, accept: isSitemap ? '*/*' : acceptPages, maxBytes: isSitemap ? sitemapBytes : pageBytes,
      ...(known === null ? {} : { known: known.validators }),
    })
    if (outcome.outcome === 'ask-again') return { retry: [hit] }
    if (outcome.outcome === 'forbidden') return notAllowed(place, hit, at)
    if (outcome.outcome === 'elsewhere') return { absent: [{ ref: hit.ref, reason: 'it redirects to another site' }] }
    const { visited } = outcome
    if (visited.status === 304 && known !== null) {
      const [pages = [], sitemaps = []] = known.led
      const full: Hit = { ...hit, locator: { ...at, whole: true } }
      return { unchanged: [{ hit: full, documents: known.documents }], ...(await leadFurther(context, place, at, at.url, { pages, sitemaps, shortfall: null })) }
    }
    return isSitemap ? await takeSitemap(context, place, hit, at, visited) : await takePage(context, place, hit, at, visited)
  } catch (error) {
    if (error instanceof NotFound) return { absent: [{ ref: hit.ref, reason: 'not there' }] }
    throw error
  }
}

/** What the operator asked for by its path and robots.txt forbids is a gap; other forbidden corners of the site are not. */
function notAllowed(place: PagePlace, { ref }: Hit, { kind, url }: Locator): Partial<Fetched> {
  const isAskedFor = kind === 'page' && isBelow(new URL(url).pathname, new URL(place.url).pathname)
  return isAskedFor ? { unreadable: [{ ref, reason: forbidden }] } : { absent: [{ ref, reason: 'robots.txt forbids it' }] }
}

async function takeSitemap(context: PageContext, place: PagePlace, hit: Hit, at: Locator, visited: Visited): Promise<Partial<Fetched>> {
  // Sites answer what they do not have with their front page.
  if (isMarkup(visited)) return { absent: [{ ref: hit.ref, reason: 'a page, no sitemap' }] }
  const { pages, sitemaps } = await readSitemap(visited.bytes, visited.headers.get('content-type'))
  await context.yields.remember(hit.ref, { validators: validatorsOf(visited.headers), documents: [], led: [pages, sitemaps] })
  // It brought no document; it was read, and there is nothing more to say of it.
  return { absent: [{ ref: hit.ref, reason: 'a sitemap, not a document' }], ...(await leadFurther(context, place, at, visited.url, { pages, sitemaps, shortfall: null })) }
}

async function takePage(context: PageContext, place: PagePlace, hit: Hit, at: Locator, visited: Visited): Promise<Partial<Fetched>> {
  const read = readPage(visited, { ref: hit.ref, start: place.url, own: place.own, now: context.now() })
  if (read === null) return { absent: [{ ref: hit.ref, reason: 'a file without text' }] }
  await context.yields.remember(hit.ref, { validators: validatorsOf(visited.headers), documents: [read.document], led: [read.links, []] })
  return { documents: [read.document], ...(await leadFurther(context, place, at, visited.url, { pages: read.links, sitemaps: [], shortfall: read.shortfall })) }
}

function isMarkup({ bytes }: Visited): boolean {
  return /^\s*(?:<!doctype html|<html)/i.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1'))
}

interface Led {
  readonly pages: readonly string[]
  readonly sitemaps: readonly string[]
  readonly shortfall: string | null
}

async function leadFurther(context: PageContext, place: PagePlace, at: Locator, base: string, led: Led): Promise<Pick<Fetched, 'further' | 'shortfall'>> {
  // What a sitemap lists is one step from the start, however deep the sitemap lies.
  const depth = at.kind === 'sitemap' ? 1 : at.depth + 1
  const linked = await admit(context, place, { ...at, depth }, base, led.pages)
  const maps = at.depth < deepestSitemap ? sitemapHits(place, { ...at, depth: at.depth + 1 }, led.sitemaps) : []
  const shortfall = joined(led.shortfall, linked.shortfall, led.sitemaps.length > 0 && at.depth >= deepestSitemap ? 'sitemaps lead to sitemaps without end' : null)
  return { further: [...maps, ...linked.hits], ...(shortfall === null ? {} : { shortfall }) }
}

/** Links that belong to the crawl, those below the start's own path first: when a cap cuts, it cuts the rest. */
async function admit(
  context: PageContext,
  place: PagePlace,
  at: Omit<Locator, 'kind' | 'url'>,
  base: string,
  links: readonly string[],
): Promise<{ readonly hits: readonly Hit[]; readonly shortfall: string | null }> {
  const start = new URL(place.url)
  const urls = new Set<string>()
  for (const link of links) {
    const url = canonical(link, base)
    // The start was read already, by the search.
    if (url !== null && url !== refOf(place.url) && isInside(url, place.url, place.within) && !isMedia(url)) urls.add(url)
  }
  const sorted = [...urls].sort((a, b) => Number(isBelow(new URL(b).pathname, start.pathname)) - Number(isBelow(new URL(a).pathname, start.pathname)))
  if (at.depth > place.depth) {
    // Links of the last pages are mostly those of the pages before them: only new ones are a gap.
    const { hits } = await context.frontier.admit({ key: place.url, token: at.crawl, cap: 0 }, sorted.map((url) => hitOf({ ...at, kind: 'page', url, whole: false })))
    const isDeeper = hits.length < sorted.length
    return { hits: [], shortfall: isDeeper ? `pages more than ${place.depth} links from the start were not read (depth)` : null }
  }
  const hits = sorted.map((url) => hitOf({ ...at, kind: 'page', url, whole: false }))
  const taken = await context.frontier.admit({ key: place.url, token: at.crawl, cap: place.maxPages }, hits)
  return { hits: taken.hits, shortfall: taken.cut ? `more than ${place.maxPages} pages, the rest was not read (maxPages)` : null }
}

function sitemapHits(place: PagePlace, at: Omit<Locator, 'kind' | 'url'>, sitemaps: readonly string[]): Hit[] {
  return sitemaps.flatMap((one) => {
    const url = canonical(one, place.url)
    return url !== null && isInside(url, place.url, 'site') ? [hitOf({ ...at, kind: 'sitemap', url, whole: false })] : []
  })
}

function hitOf(at: Locator): Hit {
  return { ref: at.kind === 'page' ? refOf(at.url) : `sitemap ${at.url}`, contentHash: null, locator: { ...at }, container: new URL(at.url).host, path: null }
}

/** Two starts may lead to one page: it is one document. */
function refOf(url: string): string {
  return canonical(url) ?? url
}

function joined(...reasons: readonly (string | null)[]): string | null {
  const told = reasons.filter((reason) => reason !== null)
  return told.length === 0 ? null : told.join('; ')
}
