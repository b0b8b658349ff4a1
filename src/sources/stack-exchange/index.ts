import { createHash } from 'node:crypto'
import type { OpenSource, PlannedQuery, SearchTerm, Source, SourceEnvironment, Unsearchable } from '../../contracts/source.ts'
import type { SourceSettings } from '../settings.ts'
import { ask } from './ask.ts'
import { hostOf } from './document.ts'
import { batchSize, fetchHits } from './fetch.ts'
import { createGate } from './gate.ts'
import { recheckPlace } from './recheck.ts'
import { excerpt } from './schema.ts'
import { searchPage } from './search.ts'

/** Only the API is asked: the pages of the sites are closed to programs by their robots.txt. */
export const stackExchange = {
  id: 'stack-exchange',
  title: 'Stack Exchange',
  docs: 'https://api.stackexchange.com/docs',
  discloses: 'Stack Exchange learns the searched names, stems and prefixes, and which posts are read.',
  blindSpots: [
    'names that were edited out of a post, unless another of our names still stands in it',
    'comments on posts that have none of our names, and comments that were written after a post was read last',
    'deleted posts, chat, and copies elsewhere',
    'how the search takes names apart is not documented: a name inside of a longer word may not be found',
  ],
  open: ({ stackexchange }, environment) => (stackexchange === undefined ? null : open(stackexchange, environment)),
} satisfies Source<SourceSettings>

/** Letters and digits; fewer find half the world. */
const shortestPhrase = 3
const longestPhrase = 200

function open(settings: NonNullable<SourceSettings['stackexchange']>, { http, memory, now }: SourceEnvironment): OpenSource {
  const key = settings.key ?? null
  const remote = { http, memory, now, gate: createGate(memory, now, key !== null), apiUrl: settings.apiUrl.replace(/\/+$/, ''), key, keyIn: settings.keyIn }
  const limit = { max: settings.requestsPerMinute, perMs: 60_000 }
  return {
    destination: new URL(remote.apiUrl).host,
    schedule: settings.schedule,
    limits: { search: limit, fetch: limit, recheck: limit },
    batch: batchSize,
    plan: ({ terms }) => planQueries(terms, settings.sites),
    search: (input, page) => searchPage(remote, input, page),
    fetch: (hits) => fetchHits(remote, hits),
    recheck: (place) => recheckPlace(remote, place),
    check: async () => {
      const [site = 'stackoverflow'] = settings.sites
      await ask(remote, 'search', 'search/excerpts', { site, q: '"dependency confusion"', pagesize: '1', page: '1' }, excerpt)
      return [key === null ? 'Stack Exchange answers; without a key it allows 300 requests a day' : 'Stack Exchange accepts the key']
    },
  }
}

/** A watch for each site and term: every site costs requests of its own. */
function planQueries(terms: readonly SearchTerm[], sites: readonly string[]): { readonly queries: readonly PlannedQuery[]; readonly unsearchable: readonly Unsearchable[] } {
  const queries = new Map<string, PlannedQuery>()
  const unsearchable: Unsearchable[] = []
  for (const { text, covers } of terms) {
    const phrases = spellingsOf(text)
    const [phrase = ''] = phrases
    const reason = whyNot(phrase)
    if (reason !== null) {
      unsearchable.push({ covers, reason })
      continue
    }
    for (const site of sites) {
      const key = `${site}:${createHash('sha256').update(phrase).digest('hex').slice(0, 32)}`
      queries.set(key, { key, input: { site, phrases }, text: `${hostOf(site)}: ${phrases.map((one) => `"${one}"`).join(', then ')}`, covers: [...(queries.get(key)?.covers ?? []), ...covers] })
    }
  }
  return { queries: [...queries.values()], unsearchable }
}

/** As it is, and with spaces for its marks. */
function spellingsOf(text: string): string[] {
  const phrase = text.replace(/["\\\p{Cc}]/gu, ' ').replace(/\s+/g, ' ').trim()
  const words = phrase.replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ').trim()
  return [...new Set([phrase, words])]
}

function whyNot(phrase: string): string | null {
  if ((phrase.match(/[\p{L}\p{N}]/gu) ?? []).length < shortestPhrase) return `shorter than ${shortestPhrase} letters and digits`
  return phrase.length > longestPhrase ? `longer than ${longestPhrase} characters` : null
}
