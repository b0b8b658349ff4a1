import { createHash } from 'node:crypto'
import type { Json } from '../../contracts/json.ts'
import type { PlannedQuery, SearchTerm, Unsearchable } from '../../contracts/source.ts'

/** Characters of a query, operators and qualifiers not counted: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/troubleshooting-search-queries */
const longestQuery = 256
/** GitHub allows five AND, OR or NOT; an exclusion may count as one of them. */
const mostOperators = 5
/** Letters and digits; fewer find half the world. */
const shortestTerm = 3

/**
 * One query per term: the term as a phrase, without the owners that are us as far as they fit. Owners that do not
 * fit are dropped from the results instead.
 */
export function planQueries(
  terms: readonly SearchTerm[],
  organizations: readonly string[],
): { readonly queries: readonly PlannedQuery[]; readonly unsearchable: readonly Unsearchable[] } {
  const queries = new Map<string, PlannedQuery>()
  const unsearchable: Unsearchable[] = []
  for (const { text, covers, worth } of terms) {
    const phrase = phraseOf(text)
    const reason = whyNot(phrase)
    if (reason !== null) {
      unsearchable.push({ covers, reason })
      continue
    }
    const q = queryOf(phrase, organizations)
    // Two terms may differ in nothing that GitHub reads.
    const key = `phrase:${createHash('sha256').update(phrase).digest('hex').slice(0, 32)}`
    const same = queries.get(key)
    const input: Json = worth === undefined || same !== undefined ? { q } : { q, worth }
    queries.set(key, { key, input, text: q, covers: [...(same?.covers ?? []), ...covers], term: same?.term ?? text })
  }
  return { queries: [...queries.values()], unsearchable }
}

/**
 * The term without what breaks a phrase. Quotes, backslashes and pipes are ignored by the search and make the
 * parser fail, as a leading hyphen does: https://docs.github.com/en/search-github/searching-on-github/searching-code
 */
function phraseOf(text: string): string {
  return text.replace(/["\\|\p{Cc}]/gu, ' ').replace(/\s+/g, ' ').replace(/^[\s-]+/, '').trimEnd()
}

function whyNot(phrase: string): string | null {
  const searched = phrase.match(/[\p{L}\p{N}\p{M}_-]/gu) ?? []
  if (!/[\p{L}\p{N}]/u.test(phrase)) return 'GitHub ignores every character of it'
  if (searched.length < shortestTerm) return `shorter than ${shortestTerm} characters that GitHub searches for`
  if (phrase.length > longestQuery) return `longer than the ${longestQuery} characters that GitHub takes`
  return null
}

function queryOf(phrase: string, organizations: readonly string[]): string {
  let query = `"${phrase}"`
  let operators = 0
  for (const owner of organizations) {
    // Anything else is no login, and could change what the query means.
    if (!/^[a-z\d](?:[a-z\d-]{0,38}[a-z\d])?$/i.test(owner) || operators === mostOperators) continue
    const longer = `${query} -org:${owner}`
    if (longer.length > longestQuery) continue
    query = longer
    operators += 1
  }
  return query
}
