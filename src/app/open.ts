import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Config } from '../config.ts'
import type { HttpClient } from '../contracts/http.ts'
import type { Notice, OpenNotifier } from '../contracts/notifier.ts'
import type { Memory } from '../contracts/source.ts'
import { createAskRule } from '../planning/claims.ts'
import { registries } from '../registries/all.ts'
import { openOsv } from '../registries/osv/index.ts'
import { openDatabase, pingDatabase, type Database } from '../db/client.ts'
import { openEmbedded } from '../db/embedded.ts'
import { assertMigrated, migrate } from '../db/migrate.ts'
import { compileIgnore } from '../inventory/ignore.ts'
import type { JobContext } from '../jobs/context.ts'
import { cacheByInventory, createMatcherCache } from '../jobs/matcher-cache.ts'
import { createLog, type Log } from '../log.ts'
import { createHttp, type TraceExchange } from '../net/http.ts'
import { notifiers } from '../notifiers/all.ts'
import { createGuard } from '../planning/terms.ts'
import { openQueues, type Queues, type RetryTuning } from '../queue/open.ts'
import { createForgetfulMemory, createSourceMemory } from '../runs/source-memory.ts'
import { sources } from '../sources/all.ts'
import { readRouting } from './read-routing.ts'
import { version } from './version.ts'

/** A process of namesake with everything it needs open. Close it once; what was opened is closed in reverse order. */
export interface App extends JobContext {
  readonly id: string
  readonly config: Config
  readonly database: Database
  readonly queues: Queues
  readonly http: HttpClient
  close(): Promise<void>
}

export interface OpenOptions {
  readonly log?: Log
  readonly now?: () => Date
  /** How failed jobs are tried again; absent: as policy.ts says. */
  readonly retry?: RetryTuning
  /** Takes the spans of traces instead of the collector of the configuration: for tests. */
  readonly spans?: SpanExporter
  /** What is going on, for a person who waits. */
  readonly onProgress?: (message: string) => void
}

/** A database with its schema in place, and nothing else: for commands that only read or triage. */
export interface Store {
  readonly config: Config
  readonly database: Database
  readonly databaseUrl: string
  readonly now: () => Date
  close(): Promise<void>
}

/**
 * Opens the database of the configuration: the configured one must have been migrated (`namesake migrate`); the
 * embedded one is ours, and is migrated here.
 * @throws Invalid unreachable, wrong password, older or newer schema
 */
export async function openStore(config: Config, options: OpenOptions = {}): Promise<Store> {
  const releasers: (() => Promise<void>)[] = []
  const close = () => closeAll(releasers)
  try {
    let databaseUrl = config.database.url
    if (databaseUrl === undefined) {
      options.onProgress?.('starting the embedded PostgreSQL')
      const { onProgress } = options
      const embedded = await openEmbedded({ dataDir: config.dataDir, ...(onProgress === undefined ? {} : { log: onProgress }) })
      releasers.push(() => embedded.close())
      databaseUrl = embedded.url
    } else await pingDatabase(databaseUrl)
    const database = openDatabase(databaseUrl)
    releasers.push(() => database.close())
    if (config.database.url === undefined) await migrate(database)
    else await assertMigrated(database)
    return { config, database, databaseUrl, now: options.now ?? (() => new Date()), close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The adapters of the configuration; without a `memoryOf` they remember nothing, which is enough for `plan` and `doctor`.
 * @throws Invalid for a route that leads nowhere
 */
export function openAdapters(
  config: Config,
  now: () => Date,
  memoryOf: (source: string) => Memory = createForgetfulMemory,
  traced?: TraceExchange,
): Pick<JobContext, 'sources' | 'registries' | 'records' | 'notifiers' | 'routing'> & { readonly http: HttpClient } {
  const http = createHttp({
    userAgent: `namesake/${version} (+${contactOf(config)}; finds our own names in public)`,
    origins: configuredOrigins(config),
    now,
    ...(traced === undefined ? {} : { traced }),
  })
  const organizations = config.organization.github
  const environment = { http, now, domains: config.organization.domains, accounts: organizations }
  const destinations = new Map(
    notifiers.flatMap((notifier) =>
      [...notifier.open(config.notify, { http, now })].map(([suffix, open]) => [suffix === '' ? notifier.id : `${notifier.id}-${suffix}`, open] as const)),
  )
  return {
    http,
    sources: new Map(
      sources.flatMap((source) => {
        const open = source.open(config.sources, { http, now, organizations, memory: memoryOf(source.id), shared: (remote) => memoryOf(`shared: ${remote}`) })
        return open === null ? [] : [[source.id, open] as const]
      }),
    ),
    registries: new Map(
      registries.flatMap((one) => {
        const registry = one.open(config.registries, environment)
        return registry === null ? [] : [[one.id, { ecosystem: one.ecosystem, title: one.title, registry }] as const]
      }),
    ),
    records: openOsv(config.registries.osv, environment),
    notifiers: destinations,
    routing: readRouting(config, destinations),
  }
}

/** Who is told to whoever reads a request and wonders: an address, as crawlers give it. */
export function contactOf({ organization }: Pick<Config, 'organization'>): string {
  const [domain] = organization.domains
  return organization.contact ?? (domain === undefined ? organization.name : `https://${domain}`)
}

/** Every URL that stands in the settings of sources, registries and channels, or is their default: the only places we talk to. */
function configuredOrigins(config: Config): string[] {
  const origins = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value)) origins.add(new URL(value).origin)
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) visit(inner)
  }
  visit(config.sources)
  visit(config.notify)
  visit(config.registries)
  for (const registry of registries) visit(registry.origins(config.registries))
  return [...origins]
}

/** Opens everything a working process needs. */
export async function openApp(config: Config, options: OpenOptions = {}): Promise<App> {
  const now = options.now ?? (() => new Date())
  const log = options.log ?? createLog({ level: config.log.level })
  const store = await openStore(config, options)
  const releasers: (() => Promise<void>)[] = [() => store.close()]
  const id = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`
  try {
    const traces = await openTraces(config, id, options)
    if (traces !== null) releasers.push(() => traces.close())
    const adapters = openAdapters(config, now, (source) => createSourceMemory(store.database.db, source, now), traces?.traced)
    const queues = await openQueues({ redisUrl: config.queue.redisUrl ?? null, databaseUrl: store.databaseUrl, log, ...(traces === null ? {} : { traced: version }), ...(options.retry === undefined ? {} : { retry: options.retry }) })
    releasers.push(() => queues.close())
    const matcher = createMatcherCache(store.database, {
      anchors: [config.organization.name, ...config.organization.domains],
      nearWindow: config.matching.nearWindow,
    })
    return {
      id,
      config,
      database: store.database,
      queues,
      ...adapters,
      notifiers: new Map([...adapters.notifiers].map(([id, notifier]) => [id, loggingDeliveries(id, notifier, log)])),
      organization: config.organization.name,
      askAll: config.registries.askAll,
      guard: cacheByInventory(store.database, createGuard),
      askRule: cacheByInventory(store.database, (terms) => createAskRule(terms, config.registries)),
      company: {
        name: config.organization.name,
        organizations: config.organization.github,
        domains: config.organization.domains,
        people: config.sources.github?.people ?? [],
      },
      matcher,
      ignored: compileIgnore(config.ignore, config.organization.github),
      now,
      log,
      close: () => closeAll(releasers),
    }
  } catch (error) {
    await closeAll(releasers)
    throw error
  }
}

/** Null: nobody asked for traces, and nothing of OpenTelemetry is loaded. */
async function openTraces(config: Config, instance: string, { spans }: OpenOptions): Promise<{ readonly traced: TraceExchange; close(): Promise<void> } | null> {
  const { otlpEndpoint } = config.telemetry
  if (otlpEndpoint === undefined && spans === undefined) return null
  const [{ startTraces }, { traceExchange }] = await Promise.all([import('../telemetry/traces.ts'), import('../telemetry/trace-exchange.ts')])
  const traces = await startTraces({ endpoint: otlpEndpoint ?? '', version, instance, ...(spans === undefined ? {} : { exporter: spans }) })
  return { traced: traceExchange, close: () => traces.close() }
}

/** The log of the service tells what was told, by ids. */
function loggingDeliveries(channel: string, notifier: OpenNotifier, log: Log): OpenNotifier {
  const took = (notice: Notice) =>
    log.info({ channel, notice: notice.id, kind: notice.kind, ...('finding' in notice ? { finding: notice.finding.id } : 'findings' in notice ? { findings: notice.findingCount } : { about: notice.about }) }, 'a channel took a notice')
  const logged = (send: (notice: Notice) => Promise<void>) => async (notice: Notice): Promise<void> => {
    await send(notice)
    took(notice)
  }
  const { threads } = notifier
  return {
    ...notifier,
    send: logged((notice) => notifier.send(notice)),
    sendPlain: logged((notice) => notifier.sendPlain(notice)),
    ...(threads === undefined ? {} : {
      threads: {
        ...threads,
        post: async (notice, form) => {
          const posted = await threads.post(notice, form)
          took(notice)
          return posted
        },
      },
    }),
  }
}

/** In reverse order; a failure to close one thing must not keep the others open. */
async function closeAll(releasers: (() => Promise<void>)[]): Promise<void> {
  let failure: unknown
  for (let release = releasers.pop(); release !== undefined; release = releasers.pop()) {
    try {
      await release()
    } catch (error) {
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
}
