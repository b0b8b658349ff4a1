/** Characters of a query, operators and qualifiers not counted: https://docs.github.com/en/search-github/getting-started-with-searching-on-github/troubleshooting-search-queries */
export const longestQuery = 256
/** GitHub allows five AND, OR or NOT; an exclusion may count as one of them. */
const mostOperators = 5
/** Letters and digits; fewer find half the world. */
const shortestTerm = 3

/**
 * The term without what breaks a phrase. Quotes, backslashes and pipes are ignored by the search and make the
 * parser fail, as a leading hyphen does: https://docs.github.com/en/search-github/searching-on-github/searching-code
 */
export function phraseOf(text: string): string {
  return text.replace(/["\\|\p{Cc}]/gu, ' ').replace(/\s+/g, ' ').replace(/^[\s-]+/, '').trimEnd()
}

/** Why a phrase cannot be searched; null: it can. */
export function whyNot(phrase: string): string | null {
  const searched = phrase.match(/[\p{L}\p{N}\p{M}_-]/gu) ?? []
  if (!/[\p{L}\p{N}]/u.test(phrase)) return 'GitHub ignores every character of it'
  if (searched.length < shortestTerm) return `shorter than ${shortestTerm} characters that GitHub searches for`
  if (phrase.length > longestQuery) return `longer than the ${longestQuery} characters that GitHub takes`
  return null
}

/** A query that leaves out the owners that are us, as far as they fit; the others are dropped from the results. */
export function leaveOut(query: string, owners: readonly string[]): string {
  let longest = query
  let operators = 0
  for (const owner of owners) {
    // Anything else is no login, and could change what the query means.
    if (!/^[a-z\d](?:[a-z\d-]{0,38}[a-z\d])?$/i.test(owner) || operators === mostOperators) continue
    const longer = `${longest} -org:${owner}`
    if (longer.length > longestQuery) continue
    longest = longer
    operators += 1
  }
  return longest
}

/** Why a stem was given up after its first page: the names under it are planned one by one. */
export const notWorth = 'it has more results than searching its names one by one would take: that is what the next sweep does'
