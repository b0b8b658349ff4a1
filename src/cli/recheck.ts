import type { Command } from 'commander'
import { exitCodes } from './exit.ts'
import { teach } from './help.ts'
import { untilInterrupted } from './interrupt.ts'
import { configOf, logOf } from './load.ts'
import { createProgress, plural } from './terminal.ts'
import { collectIds, loginName } from './triage.ts'

export function addRecheck(program: Command): void {
  const command = program
    .command('recheck')
    .description('ask now whether the places of findings are still public, and who brought them there')
    .argument('[id...]', 'ids of findings (default: every one that is open or acknowledged)', collectIds)
    .action(async (ids: bigint[] | undefined, _options: object, self: Command) => {
      const config = await configOf(self)
      const [{ openApp }, { askPlaces }, { closeTogether, consumers }, { requestRecheck }, { printFindings }] = await Promise.all([
        import('../app/open.ts'), import('../app/ask-places.ts'), import('../app/consumers.ts'), import('../findings/request-recheck.ts'), import('./findings.ts'),
      ])
      await untilInterrupted(async (signal) => {
        const progress = createProgress()
        try {
          const onProgress = (message: string) => progress.show(message)
          const app = await openApp(config, { log: logOf(config, progress), onProgress })
          try {
            const findingIds = ids ?? []
            const places = await requestRecheck(app.database.db, { findingIds, actor: { kind: 'cli', name: loginName() }, now: app.now() })
            const workers = await closeTogether([consumers.attribute(app), consumers.recheck(app), consumers.notify(app)])
            const { left, interrupted } = await askPlaces(app, { signal, onProgress }).finally(() => workers.close())
            progress.end()
            await printFindings(app, findingIds.length === 0 ? { states: ['open', 'acknowledged'] } : { ids: findingIds })
            console.log(`\n${plural(places, 'place')} asked for${left === 0 ? '' : `; ${left} still to be asked: "namesake up" goes on`}.`)
            if (interrupted || left > 0) process.exitCode = exitCodes.failed
          } finally {
            await app.close()
          }
        } finally {
          progress.end()
        }
      })
    })
  teach(command, {
    notes: `A place that answers "not there" is believed to be gone when it says so twice, an hour apart; a takedown at once.
Whatever else goes wrong is "unknown", never "gone". The service does all this by itself, the riskiest places most often.`,
    examples: [
      ['recheck', 'every finding that is not settled'],
      ['recheck 7', 'after somebody took it down; once more an hour later'],
    ],
    exitCodes: '0 asked, 2 bad input, or something could not be asked.',
  })
}
