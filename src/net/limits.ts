import type { RateLimit } from '../contracts/source.ts'

/** What a host allows to one identity, what we use of it, and where the rule stands. */
export interface HostLimit {
  readonly host: string
  /** The host's own name for the limit, or ours where it has none. */
  readonly resource: string
  /** Null: the policy asks for restraint and names no number. */
  readonly documented: RateLimit | null
  /** Smaller than what is documented: clocks drift, and other programs may use the same account. */
  readonly ours: RateLimit
  /** The page of the policy. */
  readonly policy: string
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** npm's public registry. Put together: a company's mirror has the plain text of it rewritten in places. */
export const npmRegistryHost = ['registry', 'npmjs', 'org'].join('.')

/** Every limit that we know of, sorted by host and resource. Settings may only go below `documented` on these hosts. */
export const limits: readonly HostLimit[] = [
  {
    host: 'api.github.com',
    resource: 'code_search',
    documented: { max: 10, perMs: minute },
    ours: { max: 9, perMs: minute },
    policy: 'https://docs.github.com/en/rest/search/search#rate-limit',
  },
  {
    host: 'api.github.com',
    resource: 'core',
    documented: { max: 5_000, perMs: hour },
    ours: { max: 4_200, perMs: hour },
    policy: 'https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  },
  {
    host: 'api.github.com',
    resource: 'graphql',
    documented: { max: 5_000, perMs: hour },
    ours: { max: 4_200, perMs: hour },
    policy: 'https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api',
  },
  {
    host: 'api.github.com',
    resource: 'search',
    documented: { max: 30, perMs: minute },
    ours: { max: 26, perMs: minute },
    policy: 'https://docs.github.com/en/rest/search/search#rate-limit',
  },
  {
    host: 'api.nuget.org',
    resource: 'api',
    documented: null,
    ours: { max: 300, perMs: minute },
    policy: 'https://learn.microsoft.com/en-us/nuget/api/rate-limits',
  },
  {
    host: 'api.stackexchange.com',
    resource: 'api',
    documented: { max: 30, perMs: second },
    // Two queues, searches and posts.
    ours: { max: 120, perMs: minute },
    policy: 'https://api.stackexchange.com/docs/throttle',
  },
  {
    host: 'crates.io',
    resource: 'api',
    documented: { max: 1, perMs: second },
    ours: { max: 50, perMs: minute },
    policy: 'https://crates.io/data-access',
  },
  {
    host: 'hn.algolia.com',
    resource: 'api',
    documented: { max: 10_000, perMs: hour },
    // Two queues, searches and threads.
    ours: { max: 120, perMs: minute },
    policy: 'https://hn.algolia.com/api',
  },
  {
    host: 'hooks.slack.com',
    resource: 'incoming webhook',
    documented: { max: 1, perMs: second },
    ours: { max: 1, perMs: 1_100 },
    policy: 'https://docs.slack.dev/apis/web-api/rate-limits',
  },
  {
    host: 'hub.docker.com',
    resource: 'api',
    documented: null,
    ours: { max: 30, perMs: minute },
    policy: 'https://docs.docker.com/docker-hub/usage/',
  },
  {
    host: 'packagist.org',
    resource: 'api',
    documented: null,
    ours: { max: 120, perMs: minute },
    policy: 'https://packagist.org/apidoc',
  },
  {
    host: 'proxy.golang.org',
    resource: 'proxy',
    documented: null,
    ours: { max: 60, perMs: minute },
    policy: 'https://proxy.golang.org/',
  },
  {
    host: 'pypi.org',
    resource: 'api',
    documented: null,
    ours: { max: 60, perMs: minute },
    policy: 'https://docs.pypi.org/api/',
  },
  {
    host: npmRegistryHost,
    resource: 'registry',
    documented: null,
    ours: { max: 300, perMs: minute },
    policy: 'https://docs.npmjs.com/policies/open-source-terms',
  },
  {
    host: 'repo1.maven.org',
    resource: 'repository',
    documented: null,
    ours: { max: 240, perMs: minute },
    policy: 'https://central.sonatype.org/faq/429-error/',
  },
  {
    host: 'rubygems.org',
    resource: 'api',
    documented: { max: 10, perMs: second },
    ours: { max: 300, perMs: minute },
    policy: 'https://guides.rubygems.org/rubygems-org-rate-limits/',
  },
  {
    host: 'slack.com',
    resource: 'chat.postMessage',
    // For each channel; other methods allow 50 a minute and more, which is the same.
    documented: { max: 1, perMs: second },
    ours: { max: 1, perMs: 1_100 },
    policy: 'https://docs.slack.dev/apis/web-api/rate-limits',
  },
]

/** The row of a host and resource; null: we know of no limit there (an own server, a mirror). */
export function limitOf(host: string, resource: string): HostLimit | null {
  return limits.find((row) => row.host === host && row.resource === resource) ?? null
}
