import type { SandboxContext } from '../door.ts'
import { shuffle } from '../random.ts'
import { compileNeedle, findNeedle, foldCase } from './find-words.ts'
import { parseSearch, type Search } from './parse-search.ts'
import { failure, type Answer, type Site } from './site.ts'

const documentation = 'https://docs.github.com/v3/search/'
const reachable = 1_000

/** Unlike code search, a page that is no number is the first, and a page size that is none is 30. */
export function parsePositive(text: string | null, fallback: number): number {
  return text !== null && /^\d{1,9}$/.test(text) && Number(text) > 0 ? Number(text) : fallback
}

/** Prev, next, last, first; no `last` on the last page: every list but code search has it so. */
export function linkHeader(url: string, asked: URLSearchParams, page: number, last: number): Record<string, string> {
  if (last <= 1) return {}
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(asked)
    query.set('page', String(to))
    return `<${url}?${query}>; rel="${rel}"`
  }
  const links: string[] = []
  if (page > 1) links.push(link(page - 1, 'prev'))
  if (page < last) links.push(link(page + 1, 'next'), link(last, 'last'))
  if (page > 1) links.push(link(1, 'first'))
  return { link: links.join(', ') }
}

/** True for text that holds every term, as the sandbox's search finds words. */
export function holdsTerms(site: Site, search: Search, text: string): boolean {
  const folded = foldCase(Buffer.from(text, 'utf8'))
  return search.terms.every((term) => {
    const needle = compileNeedle(term, site.tokenisation)
    return needle === null || findNeedle(folded, needle, 0, 0, folded.length) !== null
  })
}

/** Owners and repositories of the query that do not exist, or that nobody may see. */
function hasUnknownScope(site: Site, { qualifiers }: Search, negatedToo: boolean): boolean {
  return qualifiers.some(({ name, value, negated }) => {
    if (negated && !negatedToo) return false
    if (name === 'user' || name === 'org') return site.catalogue.account(value) === null
    return name === 'repo' && site.catalogue.named(value) === null
  })
}

/**
 * The answer of a search of issues, commits or repositories, with the paging and the refusals that they share.
 * `find` gives everything that matches, `describe` one item of the page.
 */
export async function answerSearch<Found>(
  site: Site, context: SandboxContext,
  { find, describe, extra = {} }: { find(search: Search): readonly Found[]; describe(found: Found, search: Search): unknown | Promise<unknown>; readonly extra?: Readonly<Record<string, unknown>> },
): Promise<Answer> {
  const url = new URL(context.req.url)
  const parameters = url.searchParams
  const strike = context.get('strike')
  const q = parameters.get('q')?.trim() ?? ''
  if (q === '') return failure(422, 'Validation Failed', documentation, { errors: [{ resource: 'Search', field: 'q', code: 'missing' }] })
  const perPage = Math.min(100, parsePositive(parameters.get('per_page'), 30))
  const page = parsePositive(parameters.get('page'), 1)
  if ((page - 1) * perPage >= reachable) return failure(422, 'Only the first 1000 search results are available', documentation)
  const search = parseSearch(q)
  if (hasUnknownScope(site, search, strike('unknownOwnerRefused') !== null)) {
    const message = 'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.'
    return failure(422, 'Validation Failed', documentation, { errors: [{ message, resource: 'Search', field: 'q', code: 'invalid' }] })
  }
  if (strike('searchTimesOut') !== null) return failure(503, 'Sorry, your search timed out. Please try again.', documentation)
  let found = find(search)
  const partial = strike('incompleteResults')
  if (partial !== null) found = found.filter(() => partial.random() >= 1 / 3).slice(0, Math.max(0, found.length - 1))
  const unstable = strike('unstableOrder')
  if (unstable !== null) found = shuffle(found, unstable.random)
  const drift = strike('totalCountDrifts')
  const total = Math.round(found.length * (drift === null ? 1 : 1 + (drift.random() * 2 - 1) * drift.amount))
  const items = await Promise.all(found.slice(0, reachable).slice((page - 1) * perPage, page * perPage).map((one) => describe(one, search)))
  const incomplete = partial !== null || strike('incompleteFlag') !== null
  return {
    status: 200,
    json: { ...extra, total_count: total, incomplete_results: incomplete, items },
    headers: { 'cache-control': 'no-cache', ...linkHeader(`${site.addresses.apiUrl}${url.pathname}`, parameters, page, Math.ceil(Math.min(total, reachable) / perPage)) },
  }
}
