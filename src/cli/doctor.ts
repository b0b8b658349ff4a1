import type { Command } from 'commander'
import { openAdapters, openStore, type Store } from '../app/open.ts'
import { readInventory } from '../app/prepare-watches.ts'
import { processes, type ProcessName } from '../app/consumers.ts'
import { version } from '../app/version.ts'
import type { Config } from '../config.ts'
import { describeError, Invalid } from '../errors.ts'
import { countNotices } from '../notices/count-notices.ts'
import { openQueues } from '../queue/open.ts'
import { alive } from '../runs/heartbeat.ts'
import { databaseTime } from '../runs/database-time.ts'
import { exitCodes } from './exit.ts'
import { teach } from './help.ts'
import { configOf, logOf } from './load.ts'
import { excerpt, paint, plural } from './terminal.ts'

interface Check {
  readonly what: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly says: readonly string[]
}
type Verdict = Omit<Check, 'what'>

export function addDoctor(program: Command): void {
  const names = Object.keys(processes).join(', ')
  const command = program
    .command('doctor')
    .description('are configuration, inventory, database, queue, tokens, channels and clock in order?')
    .option('--json', 'print the checks as JSON: what, state (ok, warning, failed), says')
    .option('--alive <process>', `only ask whether a process of this name lives (${names}): for health checks`)
    .action(async (options: { json?: boolean; alive?: string }, self: Command) => {
      const config = await configOf(self)
      if (options.alive !== undefined) return assertAlive(config, options.alive)
      const checks = await examine(config)
      if (options.json === true) console.log(JSON.stringify(checks, null, 2))
      else console.log([`namesake ${version}, Node ${process.version}`, ...checks.map(describeCheck), conclude(checks)].join('\n'))
      if (checks.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.failed
    })
  teach(command, {
    notes: 'It asks GitHub for the rate limits of the token, and sends Slack an empty message that Slack refuses: nobody sees it.',
    examples: [['doctor --alive search', 'exit code 0 while a search process lives']],
    exitCodes: '0 in order (warnings included), 2 something fails.',
  })
}

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'] } as const

function describeCheck({ what, state, says }: Check): string {
  const [colour, mark] = marks[state]
  return [`${paint(colour, mark)} ${excerpt(what, 300)}`, ...says.map((line) => `    ${excerpt(line, 1_000)}`)].join('\n')
}

function conclude(checks: readonly Check[]): string {
  const failed = checks.filter(({ state }) => state === 'failed').length
  const warnings = checks.filter(({ state }) => state === 'warning').length
  if (failed > 0) return paint('red', `${plural(failed, 'check')} failed.`)
  return warnings > 0 ? paint('yellow', `In order, with ${plural(warnings, 'warning')}.`) : paint('green', 'Everything is in order.')
}

async function assertAlive(config: Config, name: string): Promise<void> {
  if (!isProcess(name)) throw new Invalid([{ where: 'command line', key: '--alive', value: name, expected: `give one of ${Object.keys(processes).join(', ')}` }])
  const store = await openStore(config)
  try {
    const found = await alive(store.database.db, name, store.now())
    console.log(found.length === 0 ? `no ${name} lives` : found.map(({ id, beatAt }) => `${id}, last beat ${beatAt.toISOString()}`).join('\n'))
    if (found.length === 0) process.exitCode = exitCodes.failed
  } finally {
    await store.close()
  }
}

function isProcess(name: string): name is ProcessName {
  return Object.hasOwn(processes, name)
}

/** What to do about a check that failed. */
const remedies = {
  inventory: '"namesake inventory check" reads it again',
  embedded: 'dataDir of the configuration says where it lies; DATABASE_URL names another PostgreSQL',
  database: 'database.url of the configuration, else DATABASE_URL, says where it is; without both the embedded PostgreSQL is used',
  queue: 'queue.redisUrl of the configuration, else REDIS_URL, says where it is; without both the queue is kept in PostgreSQL',
  source: 'row of the configuration: sources; until it works, nothing is searched there',
  channel: 'row of the configuration: notify; what could not be told is kept, and "namesake resend" lets refused notices wait again',
} as const

async function examine(config: Config): Promise<Check[]> {
  const checks: Check[] = [{
    what: `configuration ${config.where}`,
    state: config.unset.length > 0 ? 'warning' : 'ok',
    says: [
      ...config.unset.map(({ key, variable }) => `${key} counts as absent: the environment variable ${variable} is not set`),
      ...config.notYet.map((row) => `${row} is configured and not used yet in this version`),
    ],
  }]
  checks.push(await attempt('inventory', remedies.inventory, async () => {
    const { lines, warnings } = await readInventory(config)
    return { state: warnings.length > 0 ? 'warning' : 'ok', says: [plural(lines.length, 'line'), ...warnings] }
  }))
  checks.push(...(await examineStore(config)))
  const adapters = openAdapters(config, () => new Date())
  if (adapters.sources.size === 0) checks.push({ what: 'sources', state: 'warning', says: ['none is configured: nothing is searched'] })
  for (const [id, source] of adapters.sources) {
    checks.push(await attempt(`source ${id} at ${source.destination}`, remedies.source, async () => judge(await source.check())))
  }
  if (adapters.notifiers.size === 0) checks.push({ what: 'channels', state: 'warning', says: ['none is configured: nobody is told'] })
  for (const [id, notifier] of adapters.notifiers) {
    checks.push(await attempt(`channel ${id} at ${notifier.destination}`, remedies.channel, async () => judge(await notifier.check())))
  }
  return checks
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
    const { databaseUrl } = store
    return [database, await attempt('queue', remedies.queue, () => examineQueue(config, databaseUrl))]
  } finally {
    await store?.close()
  }
}

const noticeableSkewMs = 5_000

async function examineDatabase(store: Store): Promise<Verdict> {
  const { db } = store.database
  const skewMs = (await databaseTime(db)).getTime() - Date.now()
  const { pending, dead } = await countNotices(db)
  const troubles = [
    ...(Math.abs(skewMs) > noticeableSkewMs ? [`its clock is ${Math.round(skewMs / 1000)} s off ours`] : []),
    ...(dead > 0 ? [`${plural(dead, 'notice')} refused for good by a channel: nobody was told. When the channel works: "namesake resend"`] : []),
  ]
  return {
    state: troubles.length > 0 ? 'warning' : 'ok',
    says: ['its schema is the one of this version', ...troubles, ...(pending > 0 ? [`${plural(pending, 'notice')} waiting to be delivered by the next sweep or the service`] : [])],
  }
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
