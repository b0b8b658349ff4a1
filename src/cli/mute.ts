import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { Invalid } from '../errors.ts'
import { suggestion } from '../inventory/describe-issues.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { endOf } from './moment.ts'
import { excerpt, plural } from './terminal.ts'
import { loginName } from './triage.ts'

interface Options {
  readonly for?: string
  readonly until?: string
  readonly destination?: string
  readonly reason: string
  readonly as?: string
}

export function addMute(program: Command): void {
  const command = program
    .command('mute')
    .description('for a maintenance: tell nobody until a moment; what happens meanwhile is told afterwards')
    .requiredOption('--reason <text>', 'why; shown wherever the mute is')
    .option('--for <duration>', 'how long: 90m, 2h, 1d (at most 30d)')
    .option('--until <moment>', 'or until when: 2026-12-01, 2026-12-01T08:00, 2026-12-01T08:00Z')
    .option('--destination <name>', 'only this one: slack, slack-payments, teams … (default: all)')
    .option('--as <name>', 'who mutes (default: your login)')
    .action((options: Options, self: Command) => withStore(self, async ({ config, database, now }) => {
      const { mute } = await import('../notices/mute.ts')
      const channel = options.destination === undefined ? null : await knownDestination(config, options.destination)
      const until = endOf(options, now())
      await mute(database.db, { channel, until, reason: options.reason, actor: { kind: 'cli', name: options.as ?? loginName() }, now: now() })
      console.log(`${channel ?? 'Every destination'} is told nothing until ${until.toISOString()}; what happens meanwhile waits, and is told then. "namesake unmute" ends it early.`)
    }))
  teach(command, {
    examples: [
      ['mute --for 2h --reason "the pager is moved"', 'everything waits for two hours'],
      ['mute --destination teams --until 2026-12-01T08:00Z --reason "migration"', 'only one destination'],
    ],
    notes: 'Nothing is dropped. A mute holds what is critical too; quiet hours (notify.quietHours) do not.',
  })
}

export function addUnmute(program: Command): void {
  const command = program
    .command('unmute')
    .description('end mutes before their end; what waited is told')
    .option('--destination <name>', 'only the mutes of this one (default: every mute)')
    .option('--as <name>', 'who ends it (default: your login)')
    .action((options: { destination?: string; as?: string }, self: Command) => withStore(self, async ({ config, database, now }) => {
      const { unmute } = await import('../notices/unmute.ts')
      const channel = options.destination === undefined ? null : await knownDestination(config, options.destination)
      const ended = await unmute(database.db, { channel, actor: { kind: 'cli', name: options.as ?? loginName() }, now: now() })
      console.log(ended === 0 ? 'Nothing is muted.' : `${plural(ended, 'mute')} ended; the service, or the next sweep, tells what waited.`)
    }))
  teach(command, { notes: 'A mute of every destination is ended by "unmute" without --destination.' })
}

/** @throws Invalid for a name that is not configured */
export async function knownDestination(config: Config, name: string): Promise<string> {
  const { openAdapters } = await import('../app/open.ts')
  const known = [...openAdapters(config, () => new Date()).notifiers.keys()]
  if (known.includes(name)) return name
  throw new Invalid([{ where: 'command line', key: '--destination', value: JSON.stringify(excerpt(name, 60)), expected: `no such destination is configured; ${suggestion(name, known)}` }])
}
