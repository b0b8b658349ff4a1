import { createRandom, hashText, type Random } from './random.ts'
import { apiWords, slackWords, type ApiWord, type SlackWord } from './slack/words.ts'

/** The doors of the sandbox. A fault strikes only on the doors named in its row. */
export const routes = ['code-search', 'rest', 'graphql', 'slack', 'registry', 'site'] as const
export type Route = (typeof routes)[number]

interface FaultRow {
  readonly routes: readonly Route[]
  /** What a client sees when it strikes. */
  readonly effect: string
  /** Default of the fault's number, where it has one; the unit is in the effect. */
  readonly amount?: number
}

const github = ['code-search', 'rest', 'graphql'] as const
/** Every search. What only code search does is in rows of its own. */
const search = ['code-search', 'rest'] as const
const codeSearch = ['code-search'] as const
const graphql = ['graphql'] as const
const registry = ['registry'] as const
const site = ['site'] as const

/** Every trap that can be switched on. All are off by default; the sandbox without faults is the documented API on a good day. */
const rows = {
  // The wire, on every route.
  connectionDropped: { routes, effect: 'the connection is reset before a byte of the answer' },
  connectionReset: { routes, effect: 'the head and half of the body are sent, then the connection is reset' },
  hang: { routes, amount: 120_000, effect: 'no answer for `amount` ms, then the connection is closed' },
  slow: { routes, amount: 2_000, effect: 'the answer comes `amount` ms late' },
  serverError: { routes, effect: '500 with a JSON message (Slack: a text)' },
  badGatewayHtml: { routes, effect: '502 with an HTML page of a proxy' },
  unavailable: { routes, amount: 5, effect: '503 with Retry-After: `amount` seconds' },
  truncatedJson: { routes: [...github, 'registry'], effect: '200 whose JSON ends in the middle; the HTTP message itself is whole' },
  hugeNumbers: { routes: github, effect: 'a member with an integer above 2^53 stands in the JSON answer' },
  clockSkew: { routes, amount: -90_000, effect: 'the Date header is `amount` ms away from the clock that the windows obey' },

  // Credentials.
  tokenRevoked: { routes: github, effect: '401 Bad credentials without rate headers, from that request on for that token' },

  // Limits.
  primaryLimit: { routes: github, effect: 'the bucket of this request is used up at once' },
  primaryLimitAs429: { routes: github, effect: 'exhaustion of a REST bucket is answered with 429 instead of 403' },
  secondaryLimit403: { routes: github, amount: 60, effect: '403, secondary limit, retry-after: `amount` seconds, remaining above 0' },
  secondaryLimit429: { routes: github, amount: 60, effect: '429, secondary limit, retry-after: `amount` seconds, remaining above 0' },
  secondaryLimitSilent: { routes: github, amount: 60, effect: '403, secondary limit without retry-after; holds for `amount` seconds' },
  rateLimitPageFresh: { routes: ['rest'], effect: '/rate_limit shows full buckets whatever the headers say' },

  // Code search.
  incompleteResults: { routes: search, effect: 'incomplete_results is true and a third of the hits is missing, total_count included' },
  incompleteFlag: { routes: search, effect: 'incomplete_results is true although nothing is missing' },
  totalCountDrifts: { routes: search, amount: 0.2, effect: 'total_count is an estimate, off by up to `amount` of itself, another one on each page' },
  unstableOrder: { routes: search, effect: 'the hits come in another order than on the call before' },
  duplicateAcrossPages: { routes: codeSearch, effect: 'the first hit of a page is the last of the page before' },
  missingThenBack: { routes: codeSearch, amount: 0.1, effect: 'a share `amount` of the page\'s hits is left out on this call' },
  nullAttribution: { routes: codeSearch, effect: 'repository.description, owner.type and owner.node_id are null' },
  searchTimesOut: { routes: search, effect: '503 with GitHub\'s JSON message' },
  indicesInBytes: { routes: codeSearch, effect: 'indices of text matches count bytes (otherwise UTF-16 units)' },
  indicesInCodePoints: { routes: codeSearch, effect: 'indices of text matches count code points' },
  emptyTextMatches: { routes: codeSearch, effect: 'hits on the path come as a content fragment without matches' },

  // Other searches, and what people do.
  unknownOwnerRefused: { routes: ['rest'], effect: '422 for a search that leaves out an owner who does not exist' },
  eventsLate: { routes: ['rest'], amount: 6 * 3_600_000, effect: 'events are seen only `amount` ms after they happened' },
  eventsMissing: { routes: ['rest'], amount: 0.1, effect: 'a share `amount` of the events is left out on this call' },
  eventsShift: { routes: ['rest'], effect: 'the first event of a page is the last of the page before' },
  pollIntervalGrows: { routes: ['rest'], amount: 300, effect: 'X-Poll-Interval is `amount` seconds' },
  treeTruncated: { routes: ['rest'], effect: 'a tree is truncated after half of its entries' },

  // GraphQL.
  graphqlForbidden: { routes: graphql, effect: 'a repository is null with an error FORBIDDEN at its path' },
  graphqlResourceLimits: { routes: graphql, effect: 'an object is null with an error RESOURCE_LIMITS_EXCEEDED at its path' },
  graphqlRateLimitedOldType: { routes: graphql, effect: 'exhaustion has the type RATE_LIMITED instead of RATE_LIMIT' },
  graphqlSecondaryAs200: { routes: graphql, amount: 60, effect: '200 with an error without type that names the secondary rate limit; holds for `amount` seconds' },
  graphqlTimeoutHtml: { routes: graphql, amount: 10, effect: '502 with nginx\'s HTML; `amount` points are deducted' },
  graphqlTimeoutJson: { routes: graphql, amount: 10, effect: '502 with the JSON message of a timeout; `amount` points are deducted' },
  graphqlGatewayTimeout: { routes: graphql, amount: 10, effect: '504 with the JSON message of a timeout; `amount` points are deducted' },
  blobVanished: { routes: graphql, effect: 'object is null without an error, as after a force push' },
  blobIsBinaryNull: { routes: graphql, effect: 'isBinary is null' },

  // Package registries.
  registryLimit: { routes: registry, amount: 1, effect: '429 with Retry-After: `amount` seconds' },
  registryUnauthorized: { routes: registry, effect: '401' },
  registryForbidden: { routes: registry, effect: '403 with a text' },
  registryPage: { routes: registry, effect: '200 with the HTML page of a proxy' },
  registryMissingPage: { routes: registry, effect: '404 with the HTML page of a proxy' },
  dockerLimitAs404: { routes: registry, effect: 'Docker Hub only: 404 as for a repository that does not exist' },

  // Slack.
  slackRateLimit: { routes: ['slack'], amount: 1, effect: '429 rate_limited, Retry-After: `amount` seconds' },
  slackHang: { routes: ['slack'], amount: 120_000, effect: 'the message is not taken; no answer for `amount` ms' },
  slackAcceptsThenHangs: { routes: ['slack'], amount: 120_000, effect: 'the message is taken; no answer for `amount` ms' },
  slackAcceptsThenCloses: { routes: ['slack'], effect: 'the message is taken; the connection is closed without an answer' },
  slackAcceptsThenFails: { routes: ['slack'], effect: 'Web API only: the message is taken; the answer is ok: false, fatal_error' },
  // The company's web site.
  robotsMissing: { routes: site, effect: '/robots.txt is answered with 404' },
  robotsUnavailable: { routes: site, effect: '/robots.txt is answered with 502' },
  robotsForbidsAll: { routes: site, effect: '/robots.txt forbids everything to everybody' },
  robotsDelay: { routes: site, amount: 2, effect: '/robots.txt has a Crawl-delay of `amount` seconds' },
  siteBlocks: { routes: site, effect: '403 with the page of a bot protection' },
  siteEdited: { routes: site, effect: 'the platform posting has lost its codename' },
  siteAnswersAll: { routes: site, effect: 'what is not there is answered with 200 and an empty application' },

  slackRedirects: { routes: ['slack'], effect: '302 to another address' },
} satisfies Record<string, FaultRow>

type SlackRefusal = `slack:${SlackWord}` | `slack-api:${ApiWord}`
export type FaultName = keyof typeof rows | SlackRefusal

function slackRows(): Record<SlackRefusal, FaultRow> {
  const built = Object.entries(slackWords).map(([word, status]): [string, FaultRow] =>
    [`slack:${word}`, { routes: ['slack'], effect: `${status} with the text ${word}` }])
  for (const word of Object.keys(apiWords)) built.push([`slack-api:${word}`, { routes: ['slack'], effect: `Web API: ok: false, ${word}` }])
  // One row for each word of the table: these are the names of the type.
  return Object.fromEntries(built) as Record<SlackRefusal, FaultRow>
}

/** Name, doors, effect and default number of every fault. */
export const faultTable: Readonly<Record<FaultName, FaultRow>> = { ...rows, ...slackRows() }

/**
 * When a fault strikes. Of the calls on its doors (or only on `routes`): the ordinals in `calls` (1-based), all from
 * `from` to `to`, and of these a `share` from 0 to 1. Left out means no restriction.
 */
export interface Schedule {
  readonly share?: number
  readonly calls?: readonly number[]
  readonly from?: number
  readonly to?: number
  readonly routes?: readonly Route[]
  readonly amount?: number
}

/** true: always; false: never; a number: a share of the calls, 0 to 1. */
export type FaultSetting = boolean | number | Schedule
export type Faults = { readonly [Name in FaultName]: FaultSetting }

/** One strike: the fault's number, and a generator for what else is left to chance. */
export interface Strike {
  readonly amount: number
  readonly random: Random
}

export interface FaultBox {
  /** Replaces all settings; counts begin again at 1. */
  set(faults: Partial<Faults>): void
  /** Counts one call and tells whether the fault strikes it. */
  strikes(name: FaultName, route: Route): Strike | null
}

function scheduleOf(setting: FaultSetting): Schedule {
  if (typeof setting === 'number') return { share: setting }
  if (typeof setting === 'boolean') return { share: setting ? 1 : 0 }
  return setting
}

/** Each fault draws from a stream of its own: switching one on does not move the others. */
export function createFaults(seed: number, initial: Partial<Faults> = {}): FaultBox {
  let settings = initial
  let counts = new Map<FaultName, number>()
  return {
    set(faults) {
      settings = faults
      counts = new Map()
    },
    strikes(name, route) {
      const setting = settings[name]
      if (setting === undefined || setting === false) return null
      const row = faultTable[name]
      const schedule = scheduleOf(setting)
      if (!row.routes.includes(route) || (schedule.routes !== undefined && !schedule.routes.includes(route))) return null
      const ordinal = (counts.get(name) ?? 0) + 1
      counts.set(name, ordinal)
      if (schedule.calls !== undefined && !schedule.calls.includes(ordinal)) return null
      if (ordinal < (schedule.from ?? 1) || ordinal > (schedule.to ?? Infinity)) return null
      const random = createRandom(hashText(`${seed} ${name} ${ordinal}`))
      if (random() >= (schedule.share ?? 1)) return null
      return { amount: schedule.amount ?? row.amount ?? 0, random }
    },
  }
}

/** A bad day: now and then something fails, everything succeeds when asked again. */
const light: Partial<Faults> = {
  connectionReset: 0.01,
  slow: { share: 0.05, amount: 300 },
  serverError: 0.01,
  badGatewayHtml: 0.02,
  truncatedJson: 0.01,
  secondaryLimit403: { share: 0.01, amount: 5 },
  incompleteResults: 0.05,
  totalCountDrifts: 0.3,
  unstableOrder: 0.3,
  duplicateAcrossPages: 0.2,
  missingThenBack: 0.1,
  graphqlTimeoutHtml: 0.02,
  registryLimit: 0.05,
  registryMissingPage: 0.02,
  dockerLimitAs404: 0.05,
  slackRateLimit: 0.1,
}

/** A bad week: every documented trap, often, in its less convenient form. */
const heavy: Partial<Faults> = {
  connectionDropped: 0.03,
  connectionReset: 0.03,
  hang: { share: 0.01, amount: 60_000 },
  slow: { share: 0.1, amount: 1_000 },
  serverError: 0.03,
  badGatewayHtml: 0.05,
  unavailable: 0.02,
  truncatedJson: 0.04,
  hugeNumbers: 0.2,
  clockSkew: true,
  primaryLimitAs429: 0.5,
  secondaryLimit403: { share: 0.02, amount: 5 },
  secondaryLimit429: { share: 0.02, amount: 5 },
  secondaryLimitSilent: { share: 0.01, amount: 5 },
  rateLimitPageFresh: true,
  incompleteResults: 0.15,
  incompleteFlag: 0.05,
  totalCountDrifts: 0.8,
  unstableOrder: 0.8,
  duplicateAcrossPages: 0.5,
  missingThenBack: 0.3,
  nullAttribution: 0.5,
  searchTimesOut: 0.03,
  indicesInBytes: 0.5,
  graphqlForbidden: 0.03,
  graphqlResourceLimits: 0.03,
  graphqlRateLimitedOldType: 0.5,
  graphqlSecondaryAs200: { share: 0.02, amount: 5 },
  graphqlTimeoutHtml: 0.03,
  graphqlTimeoutJson: 0.03,
  graphqlGatewayTimeout: 0.02,
  blobIsBinaryNull: 0.1,
  registryLimit: 0.1,
  registryUnauthorized: 0.03,
  registryForbidden: 0.03,
  registryPage: 0.05,
  registryMissingPage: 0.05,
  dockerLimitAs404: 0.15,
  slackRateLimit: 0.3,
  slackAcceptsThenCloses: 0.05,
  'slack:rollup_error': 0.05,
}

export const faultPresets = { light, heavy } as const
