import type { Command } from 'commander'
import { openApp } from '../app/open.ts'
import { readInventory } from '../app/prepare-watches.ts'
import { startProcesses } from '../app/run-process.ts'
import { nextTick } from '../queue/schedule.ts'
import { interruptible } from './interrupt.ts'
import { configOf } from './load.ts'
import { paint, plural } from './terminal.ts'

export function addUp(program: Command): void {
  program
    .command('up')
    .description('the service in one process: scheduler, workers, notifier (npm start); ends on Ctrl-C')
    .addHelpText('after', '\nOn several machines run the files in workers/ instead, as docker-compose.yml does.')
    .action(async (_options: unknown, command: Command) => {
      const config = await configOf(command)
      const inventory = await readInventory(config)
      const interrupt = interruptible()
      const app = await openApp(config, { onProgress: (message) => console.error(message) })
      try {
        const running = await startProcesses(app, ['scheduler', 'search', 'fetch', 'notify'])
        console.log(`namesake is up: ${plural(inventory.lines.length, 'inventory line')}, ${plural(app.sources.size, 'source')}, queue on ${app.queues.kind}.`)
        for (const [id, source] of app.sources) {
          console.log(`  ${id}: next sweep ${nextTick(source.schedule, app.now())?.toISOString() ?? 'never'} (${source.schedule}, UTC)`)
        }
        if (app.notifiers.size === 0) console.log(paint('yellow', '  no channel is configured: findings are recorded, nobody is told'))
        console.log('Ctrl-C ends it.')
        await aborted(interrupt.signal)
        console.log('stopping …')
        await running.close()
      } finally {
        await app.close()
        interrupt.dispose()
      }
    })
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    // A pending promise keeps no process alive; the timer does until the signal comes.
    const alive = setInterval(() => undefined, 60_000)
    const stop = (): void => {
      clearInterval(alive)
      resolve()
    }
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
