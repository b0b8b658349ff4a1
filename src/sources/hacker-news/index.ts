import { createHash } from 'node:crypto'
import type { OpenSource, PlannedQuery, SearchTerm, Source, SourceEnvironment, Unsearchable } from '../../contracts/source.ts'
import type { SourceSettings } from '../settings.ts'
import { fetchThread } from './fetch-thread.ts'
import { recheckItem } from './recheck.ts'
import { searchPage } from './search.ts'

export const hackerNews = {
  id: 'hacker-news',
  title: 'Hacker News',
  docs: 'https://hn.algolia.com/api',
  discloses: 'Algolia, which runs the search of Hacker News, learns the searched names, stems and prefixes.',
  blindSpots: ['names that are never disclosed, outside of the monthly hiring threads', 'comments that were deleted', 'the pages that stories link to'],
  open: ({ hackerNews: settings }, environment) => (settings === undefined ? null : open(settings, environment)),
} satisfies Source<SourceSettings>

/** Characters of a phrase; the search takes no longer query (512 bytes), and no name of ours is near. */
const longestPhrase = 200
/** Letters and digits; fewer find half the world. */
const shortestPhrase = 3

function open(settings: NonNullable<SourceSettings['hackerNews']>, { http }: SourceEnvironment): OpenSource {
  const remote = { http, apiUrl: settings.apiUrl.replace(/\/+$/, '') }
  const limit = { max: settings.requestsPerMinute, perMs: 60_000 }
  return {
    destination: new URL(remote.apiUrl).host,
    schedule: settings.schedule,
    limits: { search: limit, fetch: limit, recheck: limit },
    batch: 1,
    plan: ({ terms }) => planQueries(terms),
    search: (input, page) => searchPage(remote, input, page),
    fetch: async ([hit]) => (hit === undefined ? { documents: [], absent: [], retry: [], unreadable: [] } : fetchThread(remote, hit)),
    recheck: (place) => recheckItem(remote, place),
    check: async () => {
      const { hits } = await searchPage(remote, { hiring: true }, null)
      return [`Hacker News answers: ${hits.length} monthly hiring threads`]
    },
  }
}

/** A phrase for each term, and the hiring threads, which are read whole and prove nothing about the rest of the place. */
function planQueries(terms: readonly SearchTerm[]): { readonly queries: readonly PlannedQuery[]; readonly unsearchable: readonly Unsearchable[] } {
  const queries = new Map<string, PlannedQuery>()
  const unsearchable: Unsearchable[] = []
  for (const { text, covers } of terms) {
    const phrase = text.replace(/["\\\p{Cc}]/gu, ' ').replace(/\s+/g, ' ').trim()
    const reason = whyNot(phrase)
    if (reason !== null) {
      unsearchable.push({ covers, reason })
      continue
    }
    const key = `phrase:${createHash('sha256').update(phrase).digest('hex').slice(0, 32)}`
    queries.set(key, { key, input: { phrase }, text: `"${phrase}"`, covers: [...(queries.get(key)?.covers ?? []), ...covers] })
  }
  if (terms.length > 0) queries.set('hiring', { key: 'hiring', input: { hiring: true }, text: 'the monthly hiring threads', covers: [] })
  return { queries: [...queries.values()], unsearchable }
}

function whyNot(phrase: string): string | null {
  if ((phrase.match(/[\p{L}\p{N}]/gu) ?? []).length < shortestPhrase) return `shorter than ${shortestPhrase} letters and digits`
  return phrase.length > longestPhrase ? `longer than ${longestPhrase} characters` : null
}
