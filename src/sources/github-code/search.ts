import type { Json } from '../../contracts/json.ts'
import type { Hit, SearchPage, StemFacts } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import type { GithubClient } from '../../remotes/github/client.ts'
import { learnFrom, ownStatuses, refusalOf } from '../../remotes/github/errors.ts'
import type { Locator } from '../../remotes/github/files/schema.ts'
import { notWorth } from '../../remotes/github/phrase.ts'
import { searchAnswer, searchInput, type SearchItem } from './schema.ts'
import { cutQuery, queryOf } from './slices.ts'

const perPage = 100
/** GitHub gives the first 1,000 results and refuses page 11, although its own `Link` header may offer it. */
const lastPage = 10
const mostResults = perPage * lastPage
/** More is half the world: cutting it would use up the budget of days. It is told as out of reach. */
const mostCut = 20_000
/** For the planner. The documented ignored characters; hyphen and underscore are not among them. */
export const stemFacts: StemFacts = { separators: '.,:;/\\`\'"=*!?#$&+^|~<>(){}[]@', perPage, cap: mostResults }

/**
 * One page of code search. The end is found by counting, never by `Link`. What the answer itself does not prove to
 * be complete becomes the page's shortfall; the reasons are fixed sentences, so that pages repeat the same ones.
 * A query with more results than GitHub shows is cut instead of read. https://docs.github.com/en/rest/search/search#search-code
 */
export async function searchPage(client: GithubClient, input: Json, page: string | null): Promise<SearchPage> {
  const parsed = searchInput.safeParse(input)
  const number = page === null ? 1 : Number(page)
  if (!parsed.success || !Number.isInteger(number) || number < 1 || number > lastPage) {
    throw new Permanent('GitHub: the stored query or page is not one that this version can ask for')
  }
  const { total, incomplete, delivered, readable } = await ask(client, queryOf(parsed.data), number)
  const { worth } = parsed.data
  if (worth !== undefined && Math.ceil(total / perPage) > worth) return stopAt(total, notWorth)
  const slices = number === 1 && total > mostResults && total <= mostCut ? cutQuery(parsed.data, total, readable) : null
  // The parts bring what this page has, too.
  if (slices !== null) return { hits: [], documents: [], next: null, counted: total, shortfall: null, slices }
  const promised = Math.min(perPage, Math.max(0, total - (number - 1) * perPage))
  const reasons: string[] = []
  if (incomplete) reasons.push('GitHub says itself that its answer is incomplete')
  if (total > mostResults && number === lastPage) reasons.push(unreachable(total))
  if (delivered < promised) reasons.push('GitHub delivered fewer results than it counted')
  if (readable.length < delivered) reasons.push('GitHub delivered results in a form that cannot be read')
  // More than promised means that the count is too low: then an empty page is the end.
  const more = delivered > 0 && (total > number * perPage || delivered > promised)
  if (more && number === lastPage && total <= mostResults) reasons.push('GitHub delivered more results than it counted')
  return {
    hits: hitsOf(readable, client),
    documents: [],
    next: more && number < lastPage ? String(number + 1) : null,
    counted: total,
    shortfall: reasons.length === 0 ? null : reasons.join('; '),
  }
}

function stopAt(counted: number, shortfall: string): SearchPage {
  return { hits: [], documents: [], next: null, counted, shortfall }
}

/** Coverage debt: what no cut makes reachable. */
function unreachable(total: number): string {
  return `${(total - mostResults).toLocaleString('en')} of ${total.toLocaleString('en')} results of a query that cannot be cut ${total > mostCut ? 'in reasonable time' : 'further'} are out of reach: GitHub gives only the first 1,000`
}

async function ask(client: GithubClient, q: string, page: number) {
  const { http, quota, now, apiUrl, headers } = client
  await quota.admit('code_search')
  const url = `${apiUrl}/search/code?${new URLSearchParams({ q, per_page: String(perPage), page: String(page) })}`
  try {
    const answer = await http.request({ url, headers, schema: searchAnswer, accept: ownStatuses, maxBytes: 16 * 1024 * 1024 })
    // A good answer may have been the last one: then the next request must wait, this page must not.
    quota.note('code_search', answer.headers)
    if (answer.status < 200 || answer.status >= 300) throw refusalOf(answer, 'code_search', quota, now())
    return answer.body
  } catch (error) {
    learnFrom(error, 'code_search', quota, now())
    throw error
  }
}

/** Results of other owners, each once. Private repositories are not public; our own are no leak. Neither is a gap. */
function hitsOf(items: readonly SearchItem[], client: GithubClient): readonly Hit[] {
  const hits = new Map<string, Hit>()
  for (const item of items) {
    const owner = item.name.slice(0, item.name.indexOf('/')).toLowerCase()
    if (item.isPrivate || client.own.has(owner)) continue
    const hit = hitOf(item, client.web)
    // The same file in two states is two hits; the same state twice is one.
    hits.set(`${hit.ref}\n${item.oid}`, hit)
  }
  return [...hits.values()]
}

function hitOf(item: SearchItem, web: string): Hit {
  const place: Omit<Locator, 'source'> = {
    nodeId: item.nodeId,
    repositoryId: item.repositoryId,
    name: item.name,
    oid: item.oid,
    commit: item.commit,
    path: item.path,
    web: item.web ?? web,
    whole: item.nodeId === null,
  }
  // The number survives renames and transfers, and never changed its format, as node ids did.
  return { ref: `${item.repositoryId}:${item.path}`, contentHash: item.oid, locator: { ...place }, container: item.name, path: item.path }
}
