import type { HttpClient } from '../../contracts/http.ts'
import type { Memory } from '../../contracts/source.ts'
import { createQuota, type Quota } from './quota.ts'

export interface GithubSettings {
  readonly token: string
  readonly apiUrl: string
  readonly graphqlUrl: string
}

/** What every source on GitHub shares: addresses, credentials, and what is known of used-up limits. */
export interface GithubClient {
  readonly http: HttpClient
  readonly quota: Quota
  readonly now: () => Date
  /** Base URL of the REST API, without a slash at its end. */
  readonly apiUrl: string
  readonly graphqlUrl: string
  readonly headers: Readonly<Record<string, string>>
  /** Origin of the web pages when an answer does not tell it. */
  readonly web: string
  /** Owners that are us, lower-cased. */
  readonly own: ReadonlySet<string>
}

export interface GithubEnvironment {
  readonly http: HttpClient
  readonly now: () => Date
  readonly organizations: readonly string[]
  readonly shared?: (remote: string) => Memory
}

/** One account, one set of limits: sources that share an HTTP client and an address share what they know of them. */
const quotas = new WeakMap<HttpClient, Map<string, Quota>>()

export function openGithub(settings: GithubSettings, { http, now, organizations, shared }: GithubEnvironment): GithubClient {
  const apiUrl = settings.apiUrl.replace(/\/+$/, '')
  return {
    http,
    now,
    quota: quotaOf(http, apiUrl, () => createQuota(now, shared?.(`github ${apiUrl}`) ?? null)),
    apiUrl,
    graphqlUrl: settings.graphqlUrl,
    headers: {
      authorization: `Bearer ${settings.token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    web: webOf(apiUrl),
    own: new Set(organizations.map((owner) => owner.toLowerCase())),
  }
}

function quotaOf(http: HttpClient, apiUrl: string, create: () => Quota): Quota {
  const known = quotas.get(http) ?? new Map<string, Quota>()
  quotas.set(http, known)
  const quota = known.get(apiUrl) ?? create()
  known.set(apiUrl, quota)
  return quota
}

/** Where people read files: `api.github.com` has its pages on `github.com`, a server of one's own on itself. */
function webOf(apiUrl: string): string {
  const { origin, host } = new URL(apiUrl)
  return host.startsWith('api.') ? origin.replace('//api.', '//') : origin
}
