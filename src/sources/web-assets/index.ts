import type { Visited } from '../../contracts/http.ts'
import type { Place, Recheck } from '../../contracts/place.ts'
import type { Fetched, Hit, OpenSource, PlannedQuery, SearchPage, Source, SourceEnvironment } from '../../contracts/source.ts'
import { ContractBroken, NotFound, Permanent, RetryLater } from '../../errors.ts'
import { canonical, digestOf, isInside, isMedia } from '../../remotes/web/addresses.ts'
import { createCrawler, forbidden, validatorsOf, type Crawler } from '../../remotes/web/crawler.ts'
import { createFrontier, type Frontier } from '../../remotes/web/frontier.ts'
import { createYields, type Yields } from '../../remotes/web/yields.ts'
import type { SourceSettings } from '../settings.ts'
import { assetsInput, documentLocator, kinds, locator, type Kind, type Led, type Locator } from './schema.ts'
import { isMarkup, ledBy, pageBytes, pathIn, readPage, takingOf } from './take.ts'

type Settings = NonNullable<SourceSettings['webAssets']>

/**
 * What the company's own web sites serve to every browser: scripts, their source maps, the lists of their parts. The
 * names that fed the first dependency-confusion attacks came from there.
 */
export const webAssets = {
  id: 'web-assets',
  title: 'Scripts and source maps of our own sites',
  docs: 'https://tc39.es/ecma426/',
  discloses: 'The web site sees which of its files are read, among them source maps that nothing links to; it is sent no name of ours.',
  blindSpots: [
    'files on another registrable domain than the site (a content network): configure it as a site of its own',
    'scripts that a page loads only after somebody logged in or acted, when neither a page nor another file names them',
    'source maps over 128 MB and other files over 64 MB, WebAssembly, mobile apps',
    'files that robots.txt forbids, and files beyond the cap on their number',
    'former versions of a file',
  ],
  open: (settings, environment) => (settings.webAssets === undefined || settings.webAssets.sites.length === 0 ? null : open(settings.webAssets, environment)),
} satisfies Source<SourceSettings>

interface AssetsContext {
  readonly settings: Settings
  readonly crawler: Crawler
  readonly frontier: Frontier
  readonly yields: Yields
  readonly now: () => Date
}

/** Where bundlers leave lists of what they made, besides the pages. */
const usualManifests = ['asset-manifest.json', '.vite/manifest.json']

function open(settings: Settings, { http, memory, now }: SourceEnvironment): OpenSource {
  const context: AssetsContext = { settings, crawler: createCrawler({ http, memory, now }), frontier: createFrontier(memory, now), yields: createYields(memory), now }
  const limit = { max: settings.requestsPerMinute, perMs: 60_000 }
  return {
    destination: [...new Set(settings.sites.map((site) => new URL(site).host))].join(', '),
    schedule: settings.schedule,
    limits: { search: limit, fetch: limit, recheck: limit },
    batch: 1,
    plan: ({ everything }) => ({ queries: everything.length === 0 ? [] : settings.sites.map((site) => queryOf(site, everything)), unsearchable: [] }),
    search: (input, token) => search(context, input, token),
    fetch: (hits) => fetchOne(context, hits),
    recheck: (place) => recheck(context, place),
    check: async () => {
      const told: string[] = []
      for (const site of settings.sites) {
        const { scripts, inline } = readStart(await http.visit({ url: site, home: [site], within: 'site', maxBytes: pageBytes }), site).references
        told.push(`${new URL(site).host} answers with a page of ${scripts.length + inline.length} scripts`)
      }
      return told
    },
  }
}

function queryOf(site: string, everything: readonly string[]): PlannedQuery {
  return { key: `site:${digestOf(site).slice(0, 32)}`, input: { site }, text: `every script and source map of ${site}`, covers: everything }
}

/** The front page: when it cannot be read, nothing is known of the whole site, and the run fails. */
async function search(context: AssetsContext, input: unknown, token: string | null): Promise<SearchPage> {
  const parsed = assetsInput.safeParse(input)
  const site = parsed.success ? context.settings.sites.find((one) => one === parsed.data.site) : undefined
  if (site === undefined || token !== null) throw new Permanent('the stored query is not one that is configured')
  const outcome = await context.crawler.visit({ url: site, home: site, maxBytes: pageBytes }).catch((error: unknown) => {
    // Something that is linked may be gone; the configured page must be there.
    throw error instanceof NotFound ? new Permanent(`${error.message}: the configured page`) : error
  })
  const nothing: SearchPage = { hits: [], documents: [], next: null, counted: null, shortfall: null }
  // Not a page of the answer: a run that read nothing but robots.txt has failed.
  if (outcome.outcome === 'ask-again') throw new RetryLater('robots.txt was read first', context.now(), 'job')
  if (outcome.outcome === 'forbidden') throw new Permanent(`the configured page: ${forbidden}`)
  if (outcome.outcome === 'elsewhere') throw new Permanent('the configured page redirects to another site: configure where it leads, if that is yours')
  const { document, references } = readStart(outcome.visited, site)
  const crawl = Math.max(await context.frontier.begin(`${site} page`), await context.frontier.begin(`${site} file`))
  const at: Locator = { kind: 'page', url: site, site, depth: 0, crawl, whole: false }
  const led = await leadFurther(context, at, ledBy(references, outcome.visited.url))
  const guesses = usualManifests.flatMap((name) => hitOf({ ...at, kind: 'manifest', url: new URL(`/${name}`, site).href }) ?? [])
  return { ...nothing, documents: [document], hits: [...led.hits, ...guesses], shortfall: led.shortfall }
}

function readStart(visited: Visited, site: string) {
  const read = readPage(visited, canonical(site) ?? site, site)
  const { references, text } = read
  const isEmpty = references.scripts.length + references.inline.length + references.links.length === 0 && text.replace(/<title>[^<]*<\/title>/i, '').replaceAll(/<[^>]*>/g, '').trim() === ''
  if (!isMarkup(visited) || isEmpty) throw new ContractBroken('a configured site does not answer with a page')
  return read
}

async function fetchOne(context: AssetsContext, hits: readonly Hit[]): Promise<Fetched> {
  const [hit, ...rest] = hits
  const nothing: Fetched = { documents: [], absent: [], retry: rest, unreadable: [] }
  if (hit === undefined) return nothing
  const parsed = locator.safeParse(hit.locator)
  if (!parsed.success || !context.settings.sites.includes(parsed.data.site)) return { ...nothing, unreadable: [{ ref: hit.ref, reason: 'it belongs to a site that is not configured any more' }] }
  const fetched = await fetchFile(context, hit, parsed.data)
  return { ...nothing, ...fetched, retry: [...(fetched.retry ?? []), ...rest] }
}

async function fetchFile(context: AssetsContext, hit: Hit, at: Locator): Promise<Partial<Fetched>> {
  const known = at.whole ? null : await context.yields.recall(hit.ref)
  const taking = takingOf(at.kind)
  try {
    const outcome = await context.crawler.visit({ url: at.url, home: at.site, statuses: notPublic, ...taking.visit, ...(known === null ? {} : { known: known.validators }) })
    if (outcome.outcome === 'ask-again') return { retry: [hit] }
    if (outcome.outcome === 'elsewhere') return { absent: [{ ref: hit.ref, reason: 'it redirects to another site' }] }
    if (outcome.outcome === 'forbidden') return at.kind === 'page' || isGuess(at.kind) ? { absent: [{ ref: hit.ref, reason: reasons.forbidden }] } : { unreadable: [{ ref: hit.ref, reason: forbidden }] }
    const { visited } = outcome
    if (notPublic.includes(visited.status)) return { absent: [{ ref: hit.ref, reason: reasons.notPublic }] }
    if (visited.status === 304 && known !== null) {
      const led = Object.fromEntries(kinds.map((kind, place) => [kind, known.led[place] ?? []])) as Record<Kind, string[]> // one list for each kind
      return { unchanged: [{ hit: { ...hit, locator: { ...at, whole: true } }, documents: known.documents }], ...toldOf(await leadFurther(context, at, led)) }
    }
    // Sites answer what they do not have with their front page.
    if (at.kind !== 'page' && isMarkup(visited)) return { absent: [{ ref: hit.ref, reason: 'a page, not the file' }] }
    const taken = taking.read(visited, at)
    if ('unreadable' in taken) return isGuess(at.kind) ? { absent: [{ ref: hit.ref, reason: 'not such a file' }] } : { unreadable: [{ ref: hit.ref, reason: taken.unreadable }] }
    const { documents, led, shortfall } = taken
    await context.yields.remember(hit.ref, { validators: validatorsOf(visited.headers), documents, led: kinds.map((kind) => led[kind]) })
    const further = await leadFurther(context, at, led)
    const told = toldOf({ ...further, shortfall: [shortfall, further.shortfall].filter((one) => one !== null).join('; ') || null })
    return documents.length === 0 ? { absent: [{ ref: hit.ref, reason: 'without text' }], ...told } : { documents, ...told }
  } catch (error) {
    if (error instanceof NotFound) return { absent: [{ ref: hit.ref, reason: 'not there' }] }
    throw error
  }
}

/** Stores of files answer 403 for what they do not have, so that nobody can try names. */
const notPublic = [401, 403]

const reasons = { forbidden: 'robots.txt forbids it', notPublic: 'not public' } as const
/** Nothing of what a crawl needs; whether it is gone they do not tell. */
const unclear: readonly string[] = Object.values(reasons)

/** Nothing names it: if it is not there, nothing is missing. */
function isGuess(kind: Kind): boolean {
  return kind === 'hidden-map' || kind === 'manifest'
}

/** The file that brought the document is read again, in full: what it holds no more is gone. */
async function recheck(context: AssetsContext, { ref, locator: stored }: Place): Promise<Recheck> {
  const parsed = documentLocator.safeParse(stored)
  if (!parsed.success || !context.settings.sites.includes(parsed.data.site)) return { state: 'unknown', reason: 'it belongs to a site that is not configured any more' }
  const at: Locator = { ...parsed.data, depth: context.settings.depth, crawl: 0, whole: true }
  // It leads nowhere: a crawl that goes on at the same time is not to be disturbed.
  const alone = { ...context, frontier: { ...context.frontier, admit: () => Promise.resolve({ hits: [], cut: false }) } }
  const { documents = [], retry = [], unreadable = [], absent = [] } = await fetchFile(alone, { ref: at.url, contentHash: null, locator: { ...at }, container: new URL(at.url).host, path: null }, at)
  if (retry.length > 0) throw new RetryLater('robots.txt was read first', context.now(), 'job')
  const [broken] = unreadable
  if (broken !== undefined) return { state: 'unknown', reason: broken.reason }
  const document = documents.find((one) => one.ref === ref)
  if (document !== undefined) return { state: 'present', document, missing: [] }
  const [gone] = absent
  return gone !== undefined && unclear.includes(gone.reason) ? { state: 'unknown', reason: gone.reason } : { state: 'absent', status: 'gone', reason: gone?.reason ?? 'the file has no such part any more' }
}

interface Further {
  readonly hits: readonly Hit[]
  readonly shortfall: string | null
}

function toldOf({ hits, shortfall }: Further): Pick<Fetched, 'further' | 'shortfall'> {
  return { further: hits, ...(shortfall === null ? {} : { shortfall }) }
}

/** Pages stay on the host and near the front page, they only lead to files; files may lie anywhere in the site. */
async function leadFurther({ frontier, settings }: AssetsContext, at: Locator, led: Led): Promise<Further> {
  const next = { site: at.site, crawl: at.crawl, whole: false }
  const pages = at.depth < settings.depth ? led.page.flatMap((one) => hitOf({ ...next, kind: 'page', url: one, depth: at.depth + 1 }) ?? []) : []
  const files = (['file', 'map', 'hidden-map', 'manifest'] as const).flatMap((kind) => led[kind].flatMap((one) => hitOf({ ...next, kind, url: one, depth: at.depth }) ?? []))
  const admittedPages = await frontier.admit({ key: `${at.site} page`, token: at.crawl, cap: settings.maxPages }, pages)
  const admittedFiles = await frontier.admit({ key: `${at.site} file`, token: at.crawl, cap: settings.maxFiles }, files)
  // A page too many is no gap of its own: nearly all pages of a site load the same files.
  return { hits: [...admittedFiles.hits, ...admittedPages.hits], shortfall: admittedFiles.cut ? `more than ${settings.maxFiles} files, the rest was not read (maxFiles)` : null }
}

/** Null: not of the site, or nothing to read. */
function hitOf(at: Locator): Hit | null {
  const url = canonical(at.url)
  if (url === null || isMedia(url) || url === canonical(at.site) || !isInside(url, at.site, at.kind === 'page' ? 'host' : 'site')) return null
  return { ref: url, contentHash: null, locator: { ...at, url }, container: new URL(url).host, path: at.kind === 'page' ? null : pathIn(url, 'script.js') }
}
