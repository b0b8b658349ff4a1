import type { Command } from 'commander'
import { openAdapters, openApp, openStore } from '../app/open.ts'
import { readInventory } from '../app/prepare-watches.ts'
import { processes, type ProcessName } from '../app/consumers.ts'
import { version } from '../app/version.ts'
import type { Config } from '../config.ts'
import { describeError, Invalid } from '../errors.ts'
import { countNotices } from '../notices/count-notices.ts'
import { alive } from '../runs/heartbeat.ts'
import { databaseTime } from '../runs/database-time.ts'
import { exitCodes } from './exit.ts'
import { configOf } from './load.ts'
import { paint, plural } from './terminal.ts'

interface Check {
  readonly what: string
  readonly state: 'ok' | 'warning' | 'failed'
  readonly says: readonly string[]
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('are configuration, inventory, database, queue, tokens, channels and clock in order?')
    .option('--json', 'print the checks as JSON')
    .option('--alive <process>', `only ask whether a process of this name lives (${Object.keys(processes).join(', ')}): for health checks`)
    .addHelpText('after', '\nIt asks GitHub for the rate limits of the token, and sends Slack an empty message that Slack refuses: nobody sees it.')
    .action(async (options: { json?: boolean; alive?: string }, command: Command) => {
      const config = await configOf(command)
      if (options.alive !== undefined) return assertAlive(config, options.alive)
      const checks = await examine(config)
      if (options.json === true) console.log(JSON.stringify(checks, null, 2))
      else console.log([`namesake ${version}, Node ${process.version}`, ...checks.map(describeCheck)].join('\n'))
      if (checks.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.failed
    })
}

const marks = { ok: ['green', '✓'], warning: ['yellow', '!'], failed: ['red', '✗'] } as const

function describeCheck({ what, state, says }: Check): string {
  const [colour, mark] = marks[state]
  return [`${paint(colour, mark)} ${what}`, ...says.map((line) => `    ${line}`)].join('\n')
}

async function assertAlive(config: Config, name: string): Promise<void> {
  if (!isProcess(name)) throw new Invalid([{ where: 'command line', key: '--alive', value: name, expected: `one of ${Object.keys(processes).join(', ')}` }])
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

async function examine(config: Config): Promise<Check[]> {
  const checks: Check[] = [{
    what: `configuration ${config.where}`,
    state: config.unset.length > 0 ? 'warning' : 'ok',
    says: [
      ...config.unset.map(({ key, variable }) => `${key} counts as absent: the environment variable ${variable} is not set`),
      ...config.notYet.map((row) => `${row} is configured and not used yet in this version`),
    ],
  }]
  checks.push(await attempt('inventory', async () => {
    const { lines, warnings } = await readInventory(config)
    return { state: warnings.length > 0 ? 'warning' : 'ok', says: [plural(lines.length, 'line'), ...warnings] }
  }))
  checks.push(await attempt(config.database.url === undefined ? 'database (embedded)' : 'database', async () => {
    const app = await openApp(config)
    try {
      const skewMs = (await databaseTime(app.database.db)).getTime() - Date.now()
      const { pending, dead } = await countNotices(app.database.db)
      const says = [
        `queue on ${app.queues.kind}`,
        ...(Math.abs(skewMs) > 5_000 ? [`its clock is ${Math.round(skewMs / 1000)} s off ours`] : []),
        ...(pending > 0 ? [`${plural(pending, 'notice')} waiting to be delivered`] : []),
        ...(dead > 0 ? [`${plural(dead, 'notice')} refused for good by a channel`] : []),
      ]
      await app.queues.ping()
      return { state: dead > 0 || Math.abs(skewMs) > 5_000 ? 'warning' : 'ok', says }
    } finally {
      await app.close()
    }
  }))
  const adapters = openAdapters(config, () => new Date())
  if (adapters.sources.size === 0) checks.push({ what: 'sources', state: 'warning', says: ['none is configured: nothing is searched'] })
  for (const [id, source] of adapters.sources) {
    checks.push(await attempt(`source ${id} at ${source.destination}`, async () => ({ state: 'ok', says: await source.check() })))
  }
  if (adapters.notifiers.size === 0) checks.push({ what: 'channels', state: 'warning', says: ['none is configured: nobody is told'] })
  for (const [id, notifier] of adapters.notifiers) {
    checks.push(await attempt(`channel ${id} at ${notifier.destination}`, async () => ({ state: 'ok', says: await notifier.check() })))
  }
  return checks
}

async function attempt(what: string, check: () => Promise<Omit<Check, 'what'>>): Promise<Check> {
  try {
    return { what, ...(await check()) }
  } catch (error) {
    return { what, state: 'failed', says: describeError(error).split('\n') }
  }
}
