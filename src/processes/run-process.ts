import { hostname } from 'node:os'
import { hasAccounts } from '../accounts/link.ts'
import { environment, loadConfig } from '../config.ts'
import { beat, leave } from '../runs/heartbeat.ts'
import { describeError, NamesakeError } from '../errors.ts'
import type { Running } from '../app/consumers.ts'
import { openApp, type App } from '../app/open.ts'
import { prepareWatches } from '../app/prepare-watches.ts'
import { readInventory } from '../app/read-inventory.ts'
import { processes, type ProcessName } from './all.ts'
import { firstLogin } from './first-login.ts'

const beatMs = 15_000

/** Starts parts of the service on an open app, with a heartbeat for each (`namesake doctor --alive` asks for it). */
export async function startProcesses(app: App, names: readonly ProcessName[]): Promise<Running> {
  if (names.includes('scheduler')) await prepareWatches(app, await readInventory(app.config))
  const running: Running[] = []
  const startedAt = app.now()
  const rows = names.map((name) => ({ id: `${app.id}-${name}`, name, host: hostname(), startedAt }))
  const heartbeat = async (): Promise<void> => {
    try {
      await beat(app.database.db, rows, app.now())
    } catch (error) {
      app.log.warn({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'the heartbeat could not be written')
    }
  }
  try {
    for (const name of names) running.push(await processes[name](app))
  } catch (error) {
    for (const part of running.reverse()) await part.close()
    throw error
  }
  await heartbeat()
  const timer = setInterval(() => void heartbeat(), beatMs)
  app.log.info({ processes: names, sources: app.sources.size, channels: app.notifiers.size, queue: app.queues.kind }, 'started')
  return {
    close: async () => {
      app.log.info({ processes: names }, 'stopping')
      clearInterval(timer)
      await Promise.all(running.map((part) => part.close()))
      await leave(app.database.db, rows.map(({ id }) => id))
    },
  }
}

/** The whole of a worker's entry point: configuration, open, run, close on SIGTERM or SIGINT. */
export async function runProcess(name: ProcessName): Promise<void> {
  try {
    const app = await openApp(await loadConfig({ env: environment() }))
    try {
      const running = await startProcesses(app, [name])
      if (name === 'web') await offerFirstLogin(app)
      await new Promise<void>((stop) => {
        process.once('SIGTERM', () => stop())
        process.once('SIGINT', () => stop())
      })
      await running.close()
    } finally {
      await app.close()
    }
  } catch (error) {
    process.exitCode = 2
    process.stderr.write(`namesake ${name}: ${error instanceof NamesakeError ? error.message : describeError(error)}\n`)
  }
}

/** What a service writes is kept in logs that many can read: there the link is told to a person only. */
async function offerFirstLogin(app: App): Promise<void> {
  if (process.stderr.isTTY) {
    const words = await firstLogin(app)
    if (words !== null) process.stderr.write(`${words}\n`)
  } else if (!(await hasAccounts(app.database.db))) {
    app.log.warn('nobody has an account yet: "namesake accounts first" prints a link for the first administrator')
  }
}
