import type { Json } from '../../contracts/json.ts'
import type { Hit, SearchPage } from '../../contracts/source.ts'
import { Permanent } from '../../errors.ts'
import { ask, type StackExchange } from './ask.ts'
import { hostOf } from './document.ts'
import { excerpt, searchInput, type Locator } from './schema.ts'

const perPage = 100
/** Pages of one phrase. Without a key no more are shown; who needs more asks for a name that half the world uses. */
const mostPages = 25

/**
 * One page of the search for one spelling. How it takes names apart is not documented: each phrase is asked for as it
 * is and with spaces for its marks, and all that comes is only a candidate. https://api.stackexchange.com/docs/excerpt-search
 */
export async function searchPage(remote: StackExchange, input: Json, page: string | null): Promise<SearchPage> {
  const parsed = searchInput.safeParse(input)
  const at = /^(?<spelling>\d{1,2})\.(?<page>\d{1,2})$/.exec(page ?? '0.1')?.groups
  const spelling = Number(at?.['spelling'])
  const number = Number(at?.['page'])
  const phrase = parsed.success ? parsed.data.phrases[spelling] : undefined
  if (!parsed.success || phrase === undefined || !(number >= 1)) throw new Permanent('Stack Exchange: the stored query or page is not one that this version can ask for')
  const { site, phrases } = parsed.data
  const answer = await ask(remote, 'search', 'search/excerpts', { site, q: `"${phrase}"`, sort: 'creation', order: 'desc', pagesize: String(perPage), page: String(number) }, excerpt)
  const cut = answer.hasMore && number >= mostPages
  const reasons = [
    ...(cut ? [`more than ${mostPages * perPage} results, of which no more are read`] : []),
    ...(answer.unreadable > 0 ? ['Stack Exchange delivered results in a form that cannot be read'] : []),
  ]
  return {
    hits: answer.read.map(({ post, revision }) => hitOf({ site, kind: 'post', post }, revision)),
    documents: [],
    next: answer.hasMore && !cut ? `${spelling}.${number + 1}` : spelling + 1 < phrases.length ? `${spelling + 1}.1` : null,
    // The total is not told, unless one pays for it.
    counted: null,
    shortfall: reasons.length === 0 ? null : reasons.join('; '),
  }
}

export function hitOf(what: Pick<Locator, 'site' | 'kind' | 'post'> & Partial<Locator>, revision: string | null = null): Hit {
  const where: Locator = { page: 1, alone: false, ...what }
  return { ref: refOf(where), contentHash: null, revision, locator: where, container: hostOf(where.site), path: null }
}

/** Questions and answers share one row of numbers on a site. */
function refOf({ site, kind, post, page, alone }: Locator): string {
  return `${site}/${post}${kind === 'post' ? '' : `/${kind}`}${alone ? `/${page}` : ''}`
}
