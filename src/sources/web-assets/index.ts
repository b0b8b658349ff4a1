import type { Document } from '../../contracts/document.ts'
import type { Visited } from '../../contracts/http.ts'
import type { Fetched, Hit, OpenSource, PlannedQuery, SearchPage, Source, SourceEnvironment } from '../../contracts/source.ts'
import { ContractBroken, NotFound, Permanent, RetryLater } from '../../errors.ts'
import { asUtf8, decodeText } from '../../net/decode-text.ts'
import { readReferences } from '../../remotes/html/read-references.ts'
import { canonical, digestOf, isInside, isMedia } from '../../remotes/web/addresses.ts'
import { createCrawler, forbidden, validatorsOf, type Crawler, type CrawlVisit } from '../../remotes/web/crawler.ts'
import { createFrontier, type Frontier } from '../../remotes/web/frontier.ts'
import { createYields, type Yields } from '../../remotes/web/yields.ts'
import type { SourceSettings } from '../settings.ts'
import { createGatherer } from './gather.ts'
import { readFileReferences, readManifest } from './read-file.ts'
import { createMapReader, isThirdParty, pathOf, type SourceMap } from './read-map.ts'
import { assetsInput, kinds, locator, nowhere, type Kind, type Led, type Locator } from './schema.ts'

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

const pageBytes = 10 * 1024 * 1024
/** Bundles of tens of megabytes, and maps of twice that, are common. */
const fileBytes = 64 * 1024 * 1024
const mapBytes = 128 * 1024 * 1024
/** Milliseconds for one large file. */
const patienceMs = 180_000
/** Where bundlers leave lists of what they made, besides the pages. */
const usualManifests = ['asset-manifest.json', '.vite/manifest.json']

function open(settings: Settings, { http, memory, now }: SourceEnvironment): OpenSource {
  const context: AssetsContext = { settings, crawler: createCrawler({ http, memory, now }), frontier: createFrontier(memory, now), yields: createYields(memory), now }
  const limit = { max: settings.requestsPerMinute, perMs: 60_000 }
  return {
    destination: [...new Set(settings.sites.map((site) => new URL(site).host))].join(', '),
    schedule: settings.schedule,
    limits: { search: limit, fetch: limit },
    batch: 1,
    plan: ({ everything }) => ({ queries: everything.length === 0 ? [] : settings.sites.map((site) => queryOf(site, everything)), unsearchable: [] }),
    search: (input, token) => search(context, input, token),
    fetch: (hits) => fetchOne(context, hits),
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
  const read = readPage(visited, canonical(site) ?? site)
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
    if (outcome.outcome === 'forbidden') return at.kind === 'page' || isGuess(at.kind) ? { absent: [{ ref: hit.ref, reason: 'robots.txt forbids it' }] } : { unreadable: [{ ref: hit.ref, reason: forbidden }] }
    const { visited } = outcome
    if (notPublic.includes(visited.status)) return { absent: [{ ref: hit.ref, reason: 'not public' }] }
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

/** Nothing names it: if it is not there, nothing is missing. */
function isGuess(kind: Kind): boolean {
  return kind === 'hidden-map' || kind === 'manifest'
}

type Taken = { readonly documents: readonly Document[]; readonly led: Led; readonly shortfall: string | null } | { readonly unreadable: string }
interface Taking {
  readonly visit: Pick<CrawlVisit, 'maxBytes' | 'write' | 'timeoutMs' | 'accept'>
  read(visited: Visited, at: Locator): Taken
}

/** How each kind of file is taken in: a page as a whole, code into memory that grows in place, a map piece by piece. */
function takingOf(kind: Kind): Taking {
  if (kind === 'page') return { visit: { maxBytes: pageBytes, accept: 'text/html,*/*;q=0.5' }, read: takePage }
  if (kind === 'manifest') return { visit: { maxBytes: pageBytes }, read: takeManifest }
  if (kind === 'map' || kind === 'hidden-map') {
    const reader = createMapReader()
    return {
      visit: { maxBytes: mapBytes, timeoutMs: patienceMs, write: (piece) => reader.write(piece) },
      read: (_visited, at) => {
        const map = reader.end()
        return map === null ? { unreadable: 'a source map is broken' } : { ...documentsOf(map, at, at.url), led: nowhere }
      },
    }
  }
  const gatherer = createGatherer(fileBytes)
  return {
    visit: { maxBytes: fileBytes, timeoutMs: patienceMs, write: (piece) => gatherer.write(piece) },
    read: (visited, at) => takeFile(asUtf8(gatherer.take(), visited.headers.get('content-type')), visited, at),
  }
}

function takePage(visited: Visited, at: Locator): Taken {
  if (!isMarkup(visited)) return { documents: [], led: nowhere, shortfall: null }
  const { document, references } = readPage(visited, at.url)
  return { documents: [document], led: ledBy(references, visited.url), shortfall: null }
}

function readPage(visited: Visited, ref: string) {
  const text = decodeText(visited.bytes, visited.headers.get('content-type'))
  return { text, document: documentOf({ ref, url: visited.url, path: pathIn(ref, 'index.html'), text: new TextEncoder().encode(text), own: true }), references: readReferences(text, visited.url) }
}

function ledBy({ links, scripts, styles, inline }: ReturnType<typeof readReferences>, url: string): Led {
  const named = inline.flatMap(({ text }) => readFileReferences(new TextEncoder().encode(text), url).files)
  return { ...nowhere, page: links, file: [...scripts, ...styles, ...named] }
}

function takeFile(bytes: Uint8Array, { url, headers }: Visited, at: Locator): Taken {
  const { map, inlineMaps, files } = readFileReferences(bytes, url)
  const named = headers.get('sourcemap') ?? headers.get('x-sourcemap') ?? map
  // A bundler can leave the map beside the script without naming it ("hidden").
  const { origin, pathname } = new URL(url)
  const hidden = named === null && inlineMaps.length === 0 && /\.(?:m?js|css)$/.test(pathname) ? [`${origin}${pathname}.map`] : []
  const inner = inlineMaps.map((one, index) => documentsOf(one, at, `${at.url}#${index}`))
  return {
    documents: bytes.byteLength === 0 ? [] : [documentOf({ ref: at.url, url, path: pathIn(at.url, 'script.js'), text: bytes, own: false }), ...inner.flatMap(({ documents }) => documents)],
    led: {
      ...nowhere,
      file: files.filter((file) => !file.endsWith('.map')),
      map: [...(named === null ? [] : [canonical(named, url)]), ...files.filter((file) => file.endsWith('.map'))].filter((one) => one !== null),
      'hidden-map': hidden,
    },
    shortfall: inner.find(({ shortfall }) => shortfall !== null)?.shortfall ?? null,
  }
}

function takeManifest(visited: Visited, at: Locator): Taken {
  const files = readManifest(decodeText(visited.bytes, visited.headers.get('content-type')), visited.url)
  if (files === undefined) return { unreadable: 'a list of files is broken' }
  const document = documentOf({ ref: at.url, url: visited.url, path: pathIn(at.url, 'manifest.json'), text: visited.bytes, own: true })
  return { documents: [document], led: { ...nowhere, file: files.filter((file) => !file.endsWith('.map')), map: files.filter((file) => file.endsWith('.map')) }, shortfall: null }
}

/** A document per file of the map, under its own path, and one with every name that the map has. */
function documentsOf({ sources, names, dropped }: SourceMap, at: Locator, ref: string): { readonly documents: readonly Document[]; readonly shortfall: string | null } {
  const used = new Set<string>()
  const documents = sources.map(({ name, text }, index) => {
    const path = pathOf(name)
    const own = `${ref}#${name}`
    const distinct = used.has(own) ? `${own}#${index}` : own
    used.add(distinct)
    return documentOf({ ref: distinct, url: at.url, path, text, own: !isThirdParty(path) })
  })
  const listed = names === '' ? [] : [documentOf({ ref: `${ref}#names`, url: at.url, path: null, text: new TextEncoder().encode(names), own: false })]
  return { documents: [...documents, ...listed], shortfall: dropped === 0 ? null : 'a source map has more files than are read' }
}

function documentOf({ ref, url, path, text, own }: Pick<Document, 'ref' | 'url' | 'path' | 'text'> & { readonly own: boolean }): Document {
  const { host, pathname } = new URL(url)
  return {
    source: 'web-assets',
    ref,
    revision: '',
    contentHash: digestOf(text),
    url,
    lineAnchor: '',
    title: `${host}${pathname}${path === null || pathname.endsWith(path) ? '' : ` (${path})`}`.slice(0, 500),
    container: { id: host, name: host, owner: null },
    path,
    text,
    truncated: false,
    author: null,
    publishedAt: null,
    own,
  }
}

function pathIn(address: string, index: string): string {
  const path = new URL(address).pathname.replace(/^\/+/, '')
  return path === '' || path.endsWith('/') ? `${path}${index}` : path
}

function isMarkup({ bytes, headers }: Visited): boolean {
  return /\bhtml\b/i.test(headers.get('content-type') ?? '') || /^\s*(?:<!doctype html|<html)/i.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1'))
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
