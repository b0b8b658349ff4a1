import type { RateLimit } from '../../contracts/source.ts'
import type { Resource } from './quota.ts'

/** What asks GitHub: the places that are searched, and what looks again at what was found. */
export const places = ['code', 'issues', 'commits', 'repositories', 'gists', 'roster'] as const
export type Place = (typeof places)[number]

/**
 * How the account's limits are split, in parts of what the settings allow; the defaults are the parts, so that they
 * read as requests (of `search` a minute, of the others an hour). The split is static: a source keeps to its part
 * whatever the others do, no process needs to ask another one, and what a source leaves is a reserve.
 *
 * | limit         | counts                                             | a part goes to                                    |
 * | ------------- | -------------------------------------------------- | ------------------------------------------------- |
 * | `search`      | issue, commit and repository searches              | the three, issues most: they are written most     |
 * | `core`        | every other REST request                           | the roster, since it is the fast path; lists of   |
 * |               |                                                    | gists; comments; whole files                      |
 * | `graphql`     | GraphQL points; each of our requests costs about 1 | files of code search and of pushes; discussions   |
 *
 * `later` is for looking again at what was found (who wrote it, is it still there). Code search has a limit of its
 * own, which it shares with nobody. Sums are tested to be what the settings allow.
 */
export const shares = {
  search: { issues: 10, commits: 8, repositories: 8 },
  core: { code: 200, issues: 600, gists: 400, roster: 2_400, later: 600 },
  graphql: { code: 1_800, issues: 1_000, roster: 800, later: 600 },
} as const satisfies Partial<Record<Resource, Partial<Record<Place | 'later', number>>>>

/**
 * How the queues that look again split `graphql.later`: by what there is to ask. Files have a history, a blame and
 * facts; the others one or two requests each. Gists are rechecked by REST, on their own part of `core`.
 */
const laterParts = {
  code: { attribute: 0.3, recheck: 0.3 },
  issues: { attribute: 0.1, recheck: 0.1 },
  commits: { attribute: 0.05, recheck: 0.05 },
  gists: { attribute: 0.1, recheck: 0 },
} as const
export const laterPartsSum = Object.values(laterParts).reduce((sum, { attribute, recheck }) => sum + attribute + recheck, 0)

/** Limits of the queues that look again at what a source found. */
export function laterPart(place: keyof typeof laterParts, { fetchesPerHour, requestsPerHour }: { readonly fetchesPerHour: number; readonly requestsPerHour: number }): { readonly attribute: RateLimit; readonly recheck: RateLimit } {
  const perHour = (max: number): RateLimit => ({ max, perMs: 3_600_000 })
  const graphql = shareOf('graphql', 'later', perHour(fetchesPerHour))
  const core = shareOf('core', 'later', perHour(requestsPerHour))
  const { attribute, recheck } = laterParts[place]
  // Now and then it asks by REST instead.
  return { attribute: partOf(graphql, attribute), recheck: recheck === 0 ? partOf(core, 0.2) : lowerOf(partOf(graphql, recheck), partOf(core, recheck)) }
}

/** One user's part of a limit, at least one request. `allowed`: what the settings allow all of them together. */
export function shareOf<Limit extends keyof typeof shares>(limit: Limit, user: keyof (typeof shares)[Limit], allowed: RateLimit): RateLimit {
  const parts: Partial<Record<PropertyKey, number>> = shares[limit]
  const all = Object.values(parts).reduce<number>((sum, part) => sum + (part ?? 0), 0)
  return { max: Math.max(1, Math.floor((allowed.max * (parts[user] ?? 0)) / all)), perMs: allowed.perMs }
}

/** A queue whose requests may count against either limit keeps to the lower one. */
export function lowerOf(one: RateLimit, other: RateLimit): RateLimit {
  return one.max * other.perMs < other.max * one.perMs ? one : other
}

/** Part of a part: the queues of one source that share its part of a limit. @param share from 0 to 1 */
export function partOf({ max, perMs }: RateLimit, share: number): RateLimit {
  return { max: Math.max(1, Math.floor(max * share)), perMs }
}
