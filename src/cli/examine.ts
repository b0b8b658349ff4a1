import { openOidc } from '../api/oidc.ts'
import { originOf } from '../api/origin.ts'
import { openAdapters, openStore, type Store } from '../app/open.ts'
import { readInventory } from '../app/read-inventory.ts'
import { version } from '../app/version.ts'
import type { Config } from '../config.ts'
import { describeError } from '../errors.ts'
import { judgeDrill } from '../drills/judge-drill.ts'
import { readDrills } from '../drills/read-drills.ts'
import { countNotices } from '../notices/count-notices.ts'
import { listDestinations } from '../notices/list-destinations.ts'
import { listMutes } from '../notices/mute.ts'
import { findUnreachable } from '../notices/route.ts'
import { openQueues } from '../queue/open.ts'
import { databaseTime } from '../runs/database-time.ts'
import { isLoopback } from '../telemetry/serve-metrics.ts'
import { logOf } from './load.ts'
import { plural } from './terminal.ts'

export interface Check {
  readonly what: string
  readonly state: 'ok' | 'warning' | 'failed'
  /** What was learnt, a line each; of a failure the way out too. */
  readonly says: readonly string[]
}
type Verdict = Omit<Check, 'what'>

/** What to do about a check that failed. */
const remedies = {
  inventory: '"namesake inventory check" reads it again',
  embedded: 'dataDir of the configuration says where it lies; DATABASE_URL names another PostgreSQL',
  database: 'database.url of the configuration, else DATABASE_URL, says where it is; without both the embedded PostgreSQL is used',
  queue: 'queue.redisUrl of the configuration, else REDIS_URL, says where it is; without both the queue is kept in PostgreSQL',
  source: 'row of the configuration: sources; until it works, nothing is searched there',
  oidc: 'row of the configuration: web.oidc; until it works, people log in with passwords only',
  channel: 'row of the configuration: notify; what could not be told is kept, and "namesake resend" lets refused notices wait again',
} as const

/** Looks at everything that a sweep needs; what fails does not keep the rest from being looked at. */
export async function examine(config: Config): Promise<Check[]> {
  const checks: Check[] = [{
    what: `configuration ${config.where}`,
    state: config.unset.length > 0 ? 'warning' : 'ok',
    says: config.unset.map(({ key, variable }) => `${key} counts as absent: the environment variable ${variable} is not set`),
  }]
  checks.push(await attempt('inventory', remedies.inventory, async () => {
    const { lines, warnings } = await readInventory(config)
    return { state: warnings.length > 0 ? 'warning' : 'ok', says: [plural(lines.length, 'line'), ...warnings] }
  }))
  checks.push(...(await examineStore(config)))
  checks.push(describeTelemetry(config))
  const adapters = openAdapters(config, () => new Date())
  if (adapters.sources.size === 0) checks.push({ what: 'sources', state: 'warning', says: ['none is configured: nothing is searched'] })
  for (const [id, source] of adapters.sources) {
    checks.push(await attempt(`source ${id} at ${source.destination}`, remedies.source, async () => judge(await source.check())))
  }
  if (adapters.notifiers.size === 0) checks.push({ what: 'channels', state: 'warning', says: ['none is configured: nobody is told'] })
  const unreachable = findUnreachable(adapters.routing)
  if (unreachable.length > 0) checks.push({ what: 'routes', state: 'warning', says: unreachable })
  for (const [id, notifier] of adapters.notifiers) {
    checks.push(await attempt(`channel ${id} at ${notifier.destination}`, remedies.channel, async () => judge(await notifier.check())))
  }
  return [...checks, ...(await examinePage(config))]
}

/** Where people reach the page, and whether its identity provider answers. */
async function examinePage({ web }: Config): Promise<Check[]> {
  const origin = originOf(web)
  const open = !origin.secure && web.url !== undefined && !['localhost', '127.0.0.1', '[::1]'].includes(new URL(web.url).hostname)
  const page: Check = {
    what: `page at ${origin.url}`,
    state: open ? 'warning' : 'ok',
    says: open ? ['passwords and sessions travel without TLS: put a proxy with TLS in front, and https:// into web.url'] : [],
  }
  const { oidc } = web
  if (oidc === undefined) return [page]
  return [page, await attempt(`identity provider at ${new URL(oidc.issuer).host}`, remedies.oidc, async () => {
    await openOidc(oidc, origin, { userAgent: `namesake/${version}`, now: () => new Date() }).leave('/')
    return { state: 'ok', says: [`sends people back to ${origin.url}/api/login/oidc/callback, which has to be registered there`] }
  })]
}

/** Adapters answer in words; what begins with "warning:" is one. */
function judge(says: readonly string[]): Verdict {
  return { state: says.some((line) => line.startsWith('warning:')) ? 'warning' : 'ok', says }
}

/** Database and queue: they need each other, and fail by themselves. */
async function examineStore(config: Config): Promise<Check[]> {
  const embedded = config.database.url === undefined
  let store: Store | undefined
  try {
    const database = await attempt(embedded ? 'database (embedded)' : 'database', embedded ? remedies.embedded : remedies.database, async () => {
      store = await openStore(config)
      return examineDatabase(store)
    })
    if (store === undefined) return [database, { what: 'queue', state: 'failed', says: ['not asked: it is opened after the database'] }]
    const opened = store
    return [
      database,
      await attempt('queue', remedies.queue, () => examineQueue(config, opened.databaseUrl)),
      ...(await examineDrills(opened)),
    ]
  } finally {
    await store?.close()
  }
}

/** None: there is nothing to say. */
async function examineDrills({ database, now }: Store): Promise<Check[]> {
  const running = await readDrills(database.db, { now: now(), running: true })
  return running.map((facts) => {
    const { outcome, step, why } = judgeDrill(facts, now())
    const failed = outcome === 'failed' || outcome === 'could-not-tell'
    return { what: `drill ${facts.id} is under way`, state: failed ? 'warning' : 'ok', says: [`${failed ? `${outcome} at the step "${step}": ` : ''}${why}`, `"namesake drill status" tells more, "namesake drill end ${facts.id}" ends it`] }
  })
}

/** Whether anybody watches the service itself; not watching it is no fault. */
function describeTelemetry({ telemetry: { metrics, otlpEndpoint }, web }: Config): Check {
  const isOpen = metrics.port !== undefined && metrics.token === undefined && !isLoopback(metrics.host)
  const places = [
    ...(metrics.token === undefined ? [] : [`GET /metrics of the web interface (port ${web.port}) with the token`]),
    ...(metrics.port === undefined ? [] : [`GET /metrics at ${metrics.host}:${metrics.port}, in the process scheduler${metrics.token === undefined ? ', without a token' : ''}`]),
  ]
  return {
    what: 'telemetry',
    state: isOpen ? 'failed' : 'ok',
    says: [
      places.length === 0 ? 'no numbers for Prometheus: telemetry.metrics.token turns them on' : `numbers for Prometheus: ${places.join('; ')}`,
      otlpEndpoint === undefined ? 'no traces: telemetry.otlpEndpoint, or OTEL_EXPORTER_OTLP_ENDPOINT, turns them on' : `traces are sent to ${new URL(otlpEndpoint).host}`,
      ...(isOpen ? ['the scheduler will not start: an address that others can reach needs a token'] : []),
    ],
  }
}

const noticeableSkewMs = 5_000

async function examineDatabase(store: Store): Promise<Verdict> {
  const { db } = store.database
  const skewMs = (await databaseTime(db)).getTime() - Date.now()
  const { pending, dead, possibleRepeats } = await countNotices(db)
  const troubles = [
    ...(Math.abs(skewMs) > noticeableSkewMs ? [`its clock is ${Math.round(skewMs / 1000)} s off ours`] : []),
    ...(await describeTelling(store)),
    ...(dead > 0 ? [`${plural(dead, 'notice')} refused for good by a channel: nobody was told. When the channel works: "namesake resend"`] : []),
  ]
  return {
    state: troubles.length > 0 ? 'warning' : 'ok',
    says: ['its schema is the one of this version', ...troubles, ...(pending > 0 ? [`${plural(pending, 'notice')} waiting to be delivered by the next sweep or the service`] : []), ...(possibleRepeats > 0 ? [`${plural(possibleRepeats, 'message')} sent once more than may have been needed: a channel without a bot token cannot be asked what arrived`] : [])],
  }
}

/** Mutes in force, and destinations that the outbox has learnt not to work. */
async function describeTelling({ config, database: { db }, now }: Store): Promise<string[]> {
  const at = now()
  const mutes = (await listMutes(db, at)).map(({ channel, endsAt, reason, actor }) =>
    `${channel ?? 'every destination'} is muted until ${endsAt.toISOString()} by ${actor}: ${reason}. "namesake unmute" ends it`)
  const { routing } = openAdapters(config, now)
  const troubles = (await listDestinations(db, { routing, now: at })).flatMap(({ name, state, since, reason }) =>
    state === 'dead' || state === 'failing'
      ? [`${name} ${state === 'dead' ? 'refuses us for good' : 'has taken nothing'} since ${since?.toISOString() ?? 'an unknown time'}: ${reason ?? 'no reason is known'}`]
      : [])
  return [...mutes, ...troubles]
}

async function examineQueue(config: Config, databaseUrl: string): Promise<Verdict> {
  const queues = await openQueues({ redisUrl: config.queue.redisUrl ?? null, databaseUrl, log: logOf(config) })
  try {
    await queues.ping()
    return { state: 'ok', says: [`on ${queues.kind === 'redis' ? 'Redis' : 'PostgreSQL'}`] }
  } finally {
    await queues.close()
  }
}

async function attempt(what: string, remedy: string, check: () => Promise<Verdict>): Promise<Check> {
  try {
    return { what, ...(await check()) }
  } catch (error) {
    return { what, state: 'failed', says: [...describeError(error).split('\n'), remedy] }
  }
}
