import { InvalidArgumentError, type Command } from 'commander'
import { Invalid } from '../errors.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { knownDestination } from './mute.ts'
import { plural } from './terminal.ts'

export function addResend(program: Command): void {
  const command = program
    .command('resend')
    .description('after a destination was mended: notices that it had refused for good wait to be delivered again')
    .argument('[id...]', 'only these, as "namesake notices --state dead" shows them', collectIds)
    .option('--destination <name>', 'only what this one refused')
    .action((ids: bigint[] | undefined, options: { destination?: string }, self: Command) => withStore(self, async ({ config, database, now }) => {
      const [{ openAdapters }, { resend }] = await Promise.all([import('../app/open.ts'), import('../notices/resend.ts')])
      const channels = options.destination === undefined ? [...openAdapters(config, now).notifiers.keys()] : [await knownDestination(config, options.destination)]
      const wanted = ids === undefined || ids.length === 0 ? {} : { ids }
      const waiting: bigint[] = []
      for (const channel of channels) waiting.push(...(await resend(database.db, { channel, ...wanted })))
      const missing = (ids ?? []).filter((id) => !waiting.includes(id))
      if (missing.length > 0) throw new Invalid([{ where: 'command line', key: 'id', value: missing.join(', '), expected: 'no destination refused a notice of this number; "namesake notices --state dead" lists them' }])
      console.log(waiting.length === 0 ? 'No notice was refused.' : `${plural(waiting.length, 'notice')} waiting again; the next sweep, or the service, delivers them.`)
    }))
  teach(command, {
    examples: [['resend --destination teams', 'what Teams had refused'], ['resend 17 18', 'two of them']],
    notes: '"namesake notices" lists what was refused and why; "namesake doctor" tells whether the destination works now.',
  })
}

function collectIds(text: string, before: bigint[] | undefined): bigint[] {
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('an id is a number, as "namesake notices" shows it.')
  return [...(before ?? []), BigInt(text)]
}
