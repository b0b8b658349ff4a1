import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { describeError, Invalid } from '../errors.ts'
import { guardDoor, type SandboxEnv } from './door.ts'
import { createFaults, type Faults } from './faults.ts'
import { createObjectReader } from './git/read-objects.ts'
import { createCatalogue } from './github/catalogue.ts'
import { serveCodeSearch } from './github/code-search.ts'
import type { Tokenisation } from './github/find-words.ts'
import { defaultActivity, serveActivity, type ActivityOptions } from './github/activity.ts'
import { serveCommitSearch } from './github/commit-search.ts'
import { serveGists } from './github/gists.ts'
import { serveGraphql } from './github/graphql.ts'
import { serveIssueSearch } from './github/issue-search.ts'
import { createLimits, createSecondaryLimits, type BucketSizes } from './github/limits.ts'
import { servePages } from './github/pages.ts'
import { serveRepositorySearch } from './github/repository-search.ts'
import { serveRest } from './github/rest.ts'
import { buildIndex } from './github/search-index.ts'
import type { Addresses } from './github/shapes.ts'
import { notFound, admit, type Credential, type Site } from './github/site.ts'
import { demoNews, serveHackerNews, type NewsItem } from './hacker-news/serve.ts'
import { demoAds, type Ad } from './job-boards/ads.ts'
import { serveJobBoards } from './job-boards/serve.ts'
import { createJournal, type RecordedRequest } from './journal.ts'
import { servePagerduty, type PagerdutyReceiver } from './receivers/pagerduty.ts'
import { serveTeams, type TeamsReceiver } from './receivers/teams.ts'
import { serveWebhook, type WebhookReceiver } from './receivers/webhook.ts'
import { createPublications, type Publications } from './publications.ts'
import type { Stock } from './registries/packages.ts'
import { serveRegistries, type SandboxRegistries } from './registries/serve.ts'
import { findRepositories, type AccountSource, type RepositorySource } from './repositories.ts'
import { siteApp } from './site/serve.ts'
import { demoPosts } from './stack-exchange/posts.ts'
import { serveStackExchange, type StackExchangeOptions, type StackExchangeSite } from './stack-exchange/serve.ts'
import type { SocketDoor } from './slack/socket.ts'
import type { Workspace } from './slack/workspace.ts'
import { serveSlack, type SlackOptions, type SlackRefusal } from './slack/channel.ts'
import type { SlackMessage } from './slack/message.ts'

export interface TokenSource {
  readonly token: string
  readonly login: string
  readonly userId: number
  /** As the header x-oauth-scopes would list them. Default none. */
  readonly scopes?: string
}

export interface SandboxOptions {
  /** 0 or absent: any free port. Always loopback. */
  readonly port?: number
  /** Repositories, or a folder of them (see `findRepositories`). */
  readonly repositories: readonly RepositorySource[] | string
  /** People and organizations besides those that `sandbox.json` of a folder describes. */
  readonly accounts?: readonly AccountSource[]
  /** Default: one token of one user without scopes. */
  readonly tokens?: readonly TokenSource[]
  readonly limits?: { readonly codeSearchPerMinute?: number; readonly graphqlPerHour?: number; readonly corePerHour?: number; readonly searchPerMinute?: number }
  readonly tokenisation?: Tokenisation
  /** How late events are seen, and how often a client may ask for them. */
  readonly activity?: Partial<ActivityOptions>
  readonly faults?: Partial<Faults>
  readonly seed?: number
  readonly now?: () => Date
  readonly slack?: SlackOptions
  /** Ads by the name of the board; default: the make-believe company's. */
  readonly ads?: Readonly<Record<string, readonly Ad[]>>
  readonly stackExchange?: StackExchangeOptions
  /** Stories and comments of Hacker News. */
  readonly news?: readonly NewsItem[]
  /** What the package registries hold. Default: nothing. */
  readonly stock?: Stock
}

export interface Sandbox extends AsyncDisposable {
  readonly url: string
  /** `token` is the first of the tokens. */
  readonly github: Addresses & { readonly token: string }
  readonly slack: {
    readonly webhookUrl: string
    /** A page for people that shows what arrived. */
    readonly pageUrl: string
    messages(): readonly SlackMessage[]
    refusals(): readonly SlackRefusal[]
    /** Base URL of the Web API. */
    readonly apiUrl: string
    /** Origin of the addresses that clicks bring. */
    readonly responseUrl: string
    /** What the Web API has, and people who click. */
    readonly workspace: Workspace
    /** Socket Mode. */
    readonly socket: SocketDoor
  }
  /** Where other channels post to; paths are of this origin. */
  readonly receivers: { readonly webhook: WebhookReceiver; readonly teams: TeamsReceiver; readonly pagerduty: PagerdutyReceiver }
  readonly registries: SandboxRegistries
  /** The company's own web site, with careers and scripts; an origin of its own. */
  readonly site: { readonly url: string }
  readonly stackExchange: StackExchangeSite
  /** What the search index holds: files, and bytes of text in memory. */
  readonly index: { readonly files: number; readonly bytes: number }
  requests(): readonly RecordedRequest[]
  clearRequests(): void
  setFaults(faults: Partial<Faults>): void
  setNow(now: () => Date): void
  /** Makes conversations, gists and events public, beside those of `sandbox.json`. */
  readonly publish: Publications['publish']
  readonly unpublish: Publications['remove']
  /**
   * What GitHub has from now on instead of the repositories so far: deleted, renamed (same `id`), made anew (another
   * one), private, blocked. Search shows the repositories as they were until `reindex`.
   */
  setRepositories(repositories: readonly RepositorySource[]): void
  /** Reads the indexed revisions again. Until then search shows the repositories as they were. */
  reindex(): Promise<void>
  close(): Promise<void>
}

const defaultTokens: readonly TokenSource[] = [{ token: 'sandbox-token', login: 'namesake-crawler', userId: 90_000_001 }]
/** Without a token: requests an hour. */
const anonymousPerHour = 60

function bucketSizes(limits: SandboxOptions['limits']): BucketSizes {
  return {
    core: limits?.corePerHour ?? 5_000,
    search: limits?.searchPerMinute ?? 30,
    code_search: limits?.codeSearchPerMinute ?? 10,
    graphql: limits?.graphqlPerHour ?? 5_000,
  }
}

async function listen(app: Hono<SandboxEnv>, port: number) {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new Invalid([{ where: 'sandbox', key: 'port', value: String(port), expected: 'must be a free port' }], { cause })))
    server.listen(port, '127.0.0.1', resolve)
  })
  // A server that listens on TCP has an address with a port.
  return { server, port: (server.address() as AddressInfo).port }
}

/**
 * Starts a replica of the public internet on loopback: GitHub's search, REST and GraphQL over real git repositories,
 * and a Slack channel. Without faults it behaves as the documents say on a good day, limits included.
 * Memory is about the distinct text of the indexed revisions.
 * @throws Invalid when the repositories cannot be read or the port is taken
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  let now = options.now ?? (() => new Date())
  const clock = () => now()
  const closing = new AbortController()
  const faults = createFaults(options.seed ?? 1, options.faults)
  const journal = createJournal(clock)
  const code = typeof options.repositories === 'string' ? await findRepositories(options.repositories) : { repositories: options.repositories, accounts: [], conversations: [], gists: [] }
  const tokens = options.tokens ?? defaultTokens
  const holders = tokens.map(({ login, userId }): AccountSource => ({ login, id: userId }))
  const catalogueOf = (repositories: readonly RepositorySource[]) =>
    createCatalogue({ ...code, repositories, accounts: [...code.accounts, ...(options.accounts ?? [])] }, holders)
  let catalogue = catalogueOf(code.repositories)
  const publications = createPublications()
  publications.publish(code)
  const objects = createObjectReader()
  let index = await buildIndex(catalogue, objects)

  const credentials = new Map<string, Credential>()
  for (const { token, login, scopes } of tokens) {
    const account = catalogue.account(login)
    if (account !== null) credentials.set(token, { token, account, scopes: scopes ?? '', revoked: false })
  }
  const sizes = bucketSizes(options.limits)
  const app = new Hono<SandboxEnv>()
  app.use('*', guardDoor({ faults, journal, now: clock }))
  const { server, port } = await listen(app, options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  const site: Site = {
    get catalogue() { return catalogue },
    publications, objects, credentials,
    activity: { ...defaultActivity, ...options.activity },
    limits: createLimits((holder, bucket) => (holder === 'anonymous' ? anonymousPerHour : sizes[bucket]), clock),
    secondary: createSecondaryLimits(clock),
    addresses: { apiUrl: url, graphqlUrl: `${url}/graphql`, htmlUrl: url },
    tokenisation: options.tokenisation ?? 'tokens',
    now: clock,
    closing: closing.signal,
    index: () => index,
  }
  const slack = serveSlack(app, options.slack ?? {}, { now: clock, closing: closing.signal, url: () => url })
  const receivers = { webhook: serveWebhook(app, clock), teams: serveTeams(app), pagerduty: servePagerduty(app) }
  server.on('upgrade', (request, socket) => slack.socket.upgrade(request, socket))
  const stackExchange = serveStackExchange(app, { posts: demoPosts, ...options.stackExchange, now: clock, closing: closing.signal })
  serveJobBoards(app, { ads: options.ads ?? demoAds, closing: closing.signal, origin: url })
  serveHackerNews(app, { items: options.news ?? demoNews, closing: closing.signal })
  const registries = serveRegistries(app, options.stock ?? {}, { url, now: clock, closing: closing.signal })
  serveCodeSearch(app, site)
  serveRepositorySearch(app, site)
  serveIssueSearch(app, site)
  serveCommitSearch(app, site)
  serveGists(app, site)
  serveActivity(app, site)
  serveGraphql(app, site)
  serveRest(app, site)
  servePages(app, site)
  app.onError((error) => Response.json({ message: `The sandbox failed: ${describeError(error)}` }, { status: 500 }))
  app.notFound((context) => admit(site, context, { bucket: 'core', endpoint: 'unknown' }, () => notFound()))

  let siteUrl = ''
  const web = await listen(siteApp({ faults, journal, now: clock, closing: closing.signal, origin: () => siteUrl }), 0)
  siteUrl = `http://127.0.0.1:${web.port}`

  async function close(): Promise<void> {
    closing.abort()
    slack.socket.close()
    await Promise.all([server, web.server].map((one) => new Promise<void>((resolve) => {
      one.close(() => resolve())
      if ('closeAllConnections' in one) one.closeAllConnections()
    })))
    await objects.close()
  }

  return {
    url,
    github: { ...site.addresses, token: tokens[0]?.token ?? '' },
    receivers,
    slack: { webhookUrl: `${url}${slack.webhookPath}`, pageUrl: `${url}/slack`, messages: slack.messages, refusals: slack.refusals, apiUrl: `${url}/slack-api`, responseUrl: url, workspace: slack.workspace, socket: slack.socket },
    registries,
    site: { url: siteUrl },
    stackExchange,
    get index() { return { files: index.files, bytes: index.bytes } },
    requests: journal.all,
    clearRequests: journal.clear,
    setFaults: faults.set,
    setNow(next) {
      now = next
    },
    publish: publications.publish,
    unpublish: publications.remove,
    setRepositories(repositories) {
      catalogue = catalogueOf(repositories)
    },
    async reindex() {
      index = await buildIndex(catalogue, objects)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
