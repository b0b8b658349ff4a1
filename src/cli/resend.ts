import type { Command } from 'commander'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { plural } from './terminal.ts'

export function addResend(program: Command): void {
  const command = program
    .command('resend')
    .description('after a channel was mended: notices that it had refused for good wait to be delivered again')
    .action((_options: unknown, self: Command) => withStore(self, async ({ config, database, now }) => {
      const [{ openAdapters }, { resend }] = await Promise.all([import('../app/open.ts'), import('../notices/resend.ts')])
      let waiting = 0
      for (const channel of openAdapters(config, now).notifiers.keys()) waiting += (await resend(database.db, { channel })).length
      console.log(waiting === 0 ? 'No notice was refused.' : `${plural(waiting, 'notice')} waiting again; the next sweep, or the service, delivers them.`)
    }))
  teach(command, { notes: '"namesake doctor" tells whether the channel works now, and how many notices were refused.' })
}
