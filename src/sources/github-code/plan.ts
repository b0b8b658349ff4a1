import { createHash } from 'node:crypto'
import type { Json } from '../../contracts/json.ts'
import type { PlannedQuery, SearchTerm, Unsearchable } from '../../contracts/source.ts'
import { leaveOut, phraseOf, whyNot } from '../../remotes/github/phrase.ts'

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
    const q = leaveOut(`"${phrase}"`, organizations)
    // Two terms may differ in nothing that GitHub reads.
    const key = `phrase:${createHash('sha256').update(phrase).digest('hex').slice(0, 32)}`
    const same = queries.get(key)
    const input: Json = worth === undefined || same !== undefined ? { q } : { q, worth }
    queries.set(key, { key, input, text: q, covers: [...(same?.covers ?? []), ...covers], term: same?.term ?? text })
  }
  return { queries: [...queries.values()], unsearchable }
}
