import type { paths } from '@octokit/openapi-types'
import type { Hono } from 'hono'
import type { SandboxContext, SandboxEnv } from '../door.ts'
import type { Strike } from '../faults.ts'
import { shuffle } from '../random.ts'
import { compileNeedle, type Needle } from './find-words.ts'
import { parseQuery, type CodeQuery, type QueryFault } from './parse-query.ts'
import type { IndexedFile, SearchResult } from './search-index.ts'
import { contentsUrl, describeCodeHit } from './shapes.ts'
import { admit, failure, type Answer, type Site } from './site.ts'
import { describeTextMatches, type IndexUnit } from './text-matches.ts'

/** The body of a 200 of `GET /search/code`, by GitHub's own description. */
export type CodeSearchBody = paths['/search/code']['get']['responses'][200]['content']['application/json']
type Item = CodeSearchBody['items'][number]

/** The first so many results can be read, whatever total_count says. */
const reachable = 1_000
const largestPage = 100
const defaultPage = 30
const documentation = 'https://docs.github.com/rest/search/search#search-code'

interface Asked {
  readonly q: string
  readonly page: number
  readonly perPage: number
}

/** A number as the Rust front end reads it, or the words with which it refuses. */
function parseU32(text: string): number | string {
  if (text === '') return 'cannot parse integer from empty string'
  if (!/^\+?\d+$/.test(text)) return 'invalid digit found in string'
  const number = Number(text)
  return number > 4_294_967_295 ? 'number too large to fit in target type' : number
}

/** The query string, or the text of the 400. Only these three parameters are read; the rest is ignored. */
function parseParameters(parameters: URLSearchParams): Asked | string {
  const seen = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (name !== 'q' && name !== 'page' && name !== 'per_page') continue
    if (seen.has(name)) return `Failed to deserialize query string: duplicate field \`${name}\``
    seen.set(name, value)
  }
  const numbers: Record<'page' | 'per_page', number> = { page: 1, per_page: defaultPage }
  for (const name of ['page', 'per_page'] as const) {
    const text = seen.get(name)
    if (text === undefined) continue
    const number = parseU32(text)
    if (typeof number === 'string') return `Failed to deserialize query string: ${name}: ${number}`
    numbers[name] = number
  }
  const perPage = numbers.per_page === 0 ? defaultPage : Math.min(numbers.per_page, largestPage)
  return { q: seen.get('q') ?? '', page: Math.max(1, numbers.page), perPage }
}

function missingQuery(): Answer {
  return failure(422, 'Validation Failed', 'https://docs.github.com/v3/search', { errors: [{ resource: 'Search', field: 'q', code: 'missing' }] })
}

const faultMessages: Readonly<Record<Exclude<QueryFault, 'unparseable'>, string>> = {
  'too-long': 'The search is longer than 256 characters.',
  'too-many-operators': 'More than five AND / OR / NOT operators were used.',
}

function refuseQuery(fault: QueryFault): Answer {
  if (fault === 'unparseable') return failure(422, 'ERROR_TYPE_QUERY_PARSING_FATAL unable to parse query!', documentation)
  const errors = [{ message: faultMessages[fault], resource: 'Search', field: 'q', code: 'invalid' }]
  return failure(422, 'Validation Failed', 'https://docs.github.com/v3/search', { errors })
}

/** Code search's own rules: next, prev, first, last; `last` on every page, even when that page is refused. */
function linkHeader(site: Site, asked: Asked, total: number): string | null {
  const last = Math.ceil(Math.min(total, reachable) / asked.perPage)
  if (last <= 1) return null
  const url = (page: number, rel: string) => {
    const query = new URLSearchParams({ q: asked.q, per_page: String(asked.perPage), page: String(page) })
    return `<${site.addresses.apiUrl}/search/code?${query}>; rel="${rel}"`
  }
  const links: string[] = []
  if (asked.page < last) links.push(url(asked.page + 1, 'next'))
  if (asked.page > 1) links.push(url(asked.page - 1, 'prev'))
  links.push(url(1, 'first'), url(last, 'last'))
  return links.join(', ')
}

/** The terms of a query as they are looked for in one file. */
function needlesOf(site: Site, query: CodeQuery): Needle[] {
  const terms = query.alternatives.flat().filter(({ negated }) => !negated)
  return terms.map(({ text }) => compileNeedle(text, site.tokenisation)).filter((needle) => needle !== null)
}

async function withTextMatches(site: Site, context: SandboxContext, files: readonly IndexedFile[], items: Item[], query: CodeQuery): Promise<Item[]> {
  const strike = context.get('strike')
  const unit: IndexUnit = strike('indicesInBytes') !== null ? 'bytes' : strike('indicesInCodePoints') !== null ? 'codepoints' : 'utf16'
  const emptyPath = strike('emptyTextMatches') !== null
  const needles = needlesOf(site, query)
  const shown: Item[] = []
  for (const [index, item] of items.entries()) {
    const file = files[index]
    const blob = file === undefined ? null : await site.objects.read(file.repository.gitDir, file.oid)
    if (file === undefined || blob === null) {
      shown.push({ ...item, text_matches: [] })
      continue
    }
    const subject = { bytes: blob.bytes, path: file.path, url: contentsUrl(file, site.addresses) }
    shown.push({ ...item, text_matches: describeTextMatches(subject, needles, { unit, emptyPath }) })
  }
  return shown
}

/** The announced future: attribution on code search is null, whatever the published types say. */
function withoutAttribution(item: Item): unknown {
  const { repository } = item
  return { ...item, repository: { ...repository, description: null, owner: { ...repository.owner, type: null, node_id: null } } }
}

interface Page {
  readonly files: readonly IndexedFile[]
  readonly total: number
  readonly incomplete: boolean
}

function leaveOut<Thing>(things: readonly Thing[], share: number, { random }: Strike): Thing[] {
  const kept = things.filter(() => random() >= share)
  return kept.length === things.length ? kept.slice(1) : kept
}

/** Cuts one page out of a result, with what the faults do to it. */
function cutPage(context: SandboxContext, result: SearchResult, asked: Asked): Page {
  const strike = context.get('strike')
  let { files } = result
  const partial = strike('incompleteResults')
  if (partial !== null) files = leaveOut(files, 1 / 3, partial)
  const unstable = strike('unstableOrder')
  if (unstable !== null) files = shuffle(files, unstable.random)
  const start = (asked.page - 1) * asked.perPage
  let page = files.slice(0, reachable).slice(start, start + asked.perPage)
  const before = files[start - 1]
  if (before !== undefined && page.length > 0 && strike('duplicateAcrossPages') !== null) page = [before, ...page.slice(0, asked.perPage - 1)]
  const missing = page.length === 0 ? null : strike('missingThenBack')
  if (missing !== null) page = leaveOut(page, missing.amount, missing)
  const drift = strike('totalCountDrifts')
  const factor = drift === null ? 1 : 1 + (drift.random() * 2 - 1) * drift.amount
  const flagged = strike('incompleteFlag') !== null
  return { files: page, total: Math.round(files.length * factor), incomplete: result.unresolvable || partial !== null || flagged }
}

/** Pages of one query come one after the other: the last results are kept, as long as the index is the same. */
function rememberResults(site: Site, capacity = 32) {
  const results = new Map<string, Promise<SearchResult>>()
  let index = site.index()
  return (q: string, query: CodeQuery): Promise<SearchResult> => {
    if (index !== site.index()) results.clear()
    index = site.index()
    const found = results.get(q) ?? index.search(query, site.tokenisation)
    results.delete(q)
    results.set(q, found)
    const oldest = results.keys().next().value
    if (results.size > capacity && oldest !== undefined) results.delete(oldest)
    return found
  }
}

/** `GET /search/code`. */
export function serveCodeSearch(app: Hono<SandboxEnv>, site: Site): void {
  const resultOf = rememberResults(site)

  async function answer(context: SandboxContext, asked: Asked): Promise<Answer> {
    if (asked.q.trim() === '') return missingQuery()
    if (asked.page * asked.perPage > reachable) return failure(422, 'Cannot access beyond the first 1000 results', documentation)
    const parsed = parseQuery(asked.q)
    if ('fault' in parsed) return refuseQuery(parsed.fault)
    if (context.get('strike')('searchTimesOut') !== null) {
      return failure(503, 'Sorry, your search timed out. Please try again.', documentation)
    }
    const page = cutPage(context, await resultOf(asked.q, parsed.query), asked)
    let items = page.files.map((file) => describeCodeHit(file, site.addresses))
    if (context.req.header('accept')?.includes('text-match') === true) items = await withTextMatches(site, context, page.files, items, parsed.query)
    const body: CodeSearchBody = { total_count: page.total, incomplete_results: page.incomplete, items }
    const link = linkHeader(site, asked, page.total)
    return {
      status: 200,
      json: context.get('strike')('nullAttribution') === null ? body : { ...body, items: items.map(withoutAttribution) },
      headers: link === null ? {} : { link },
    }
  }

  app.get('/search/code', (context) =>
    admit(site, context, { bucket: 'code_search', endpoint: 'search/code', versioned: false }, async (caller) => {
      if (caller === null) return failure(401, 'Requires authentication', documentation)
      const asked = parseParameters(new URL(context.req.url).searchParams)
      if (typeof asked === 'string') return { status: 400, text: asked, headers: { 'content-type': 'text/plain; charset=utf-8' } }
      const result = await answer(context, asked)
      return { ...result, headers: { 'cache-control': 'no-cache', ...result.headers, 'content-type': 'application/json' } }
    }),
  )
}
