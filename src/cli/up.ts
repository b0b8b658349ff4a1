import type { Command } from 'commander'
import type { Running } from '../app/consumers.ts'
import { Invalid } from '../errors.ts'
import { teach } from './help.ts'
import { aborted, untilInterrupted } from './interrupt.ts'
import { configOf } from './load.ts'
import { paint, plural, excerpt } from './terminal.ts'

export function addUp(program: Command): void {
  const command = program
    .command('up')
    .description('the service in one process: scheduler, workers, notifier, page (npm start); ends on Ctrl-C')
    .action(async (_options: unknown, self: Command) => {
      const config = await configOf(self)
      const [{ openApp }, { readInventory }, { startProcesses }, { processNames }, { nextTick }, { firstLogin }, { originOf }] = await Promise.all([
        import('../app/open.ts'), import('../app/read-inventory.ts'), import('../processes/run-process.ts'), import('../processes/all.ts'), import('../queue/schedule.ts'), import('../processes/first-login.ts'), import('../api/origin.ts'),
      ])
      const inventory = await readInventory(config)
      await untilInterrupted(async (signal) => {
        // The log has standard output for itself, a JSON object a line; what is for a person goes beside it.
        for (const warning of inventory.warnings) say(paint('yellow', `warning: ${excerpt(warning, 500)}`, process.stderr))
        const app = await openApp(config, { onProgress: say })
        try {
          const running = await startProcesses(app, processNames.filter((name) => name !== 'web'))
          const page = await startPage(() => startProcesses(app, ['web']))
          say(`namesake is up: ${plural(inventory.lines.length, 'inventory line')}, ${plural(app.sources.size, 'source')}, queue on ${app.queues.kind}.`)
          for (const [id, source] of app.sources) {
            say(`  ${id}: next sweep ${nextTick(source.schedule, app.now())?.toISOString() ?? 'never'} (${source.schedule}, UTC)`)
          }
          if (app.sources.size === 0) say(paint('yellow', '  no source is configured: nothing is searched', process.stderr))
          if (app.notifiers.size === 0) say(paint('yellow', '  no channel is configured: findings are recorded, nobody is told', process.stderr))
          if (page !== null) {
            say(`The page: ${originOf(config.web).url}`)
            const words = await firstLogin(app)
            if (words !== null) say(words)
          }
          say('Ctrl-C ends it.')
          await aborted(signal)
          say('stopping …')
          await page?.close()
          await running.close()
        } finally {
          await app.close()
        }
      })
    })
  teach(command, {
    notes: `The page is served at web.host and web.port; while nobody has an account, a one-time link for the first
administrator is printed once. When the port is taken, names are looked for all the same.
The log goes to standard output, one JSON object a line; log.level or LOG_LEVEL sets how much of it.
On several machines run the files in workers/ instead, as docker-compose.yml does.`,
    exitCodes: '0 ended by a signal, 2 bad input or it could not start.',
  })
}

/** Names are looked for whether or not somebody can look at the page: a port that is taken must not end the watch. */
async function startPage(start: () => Promise<Running>): Promise<Running | null> {
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    say(paint('yellow', `  the page is not served: ${error.message}`, process.stderr))
    return null
  }
}

function say(line: string): void {
  console.error(line)
}
