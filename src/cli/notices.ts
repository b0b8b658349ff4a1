import { InvalidArgumentError, type Command } from 'commander'
import type { Store } from '../app/open.ts'
import type { UntoldNotice } from '../notices/list-notices.ts'
import { exitCodes } from './exit.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { knownDestination } from './mute.ts'
import { excerpt, paint, plural, table } from './terminal.ts'

const states = ['pending', 'held', 'dead'] as const
type State = (typeof states)[number]

export function addNotices(program: Command): void {
  const command = program
    .command('notices')
    .description('what is not told yet, and why: waiting, held back, refused for good; and how each destination fares')
    .option('--json', 'print { destinations, notices } as JSON')
    .option('--state <states>', `only these, separated by commas: ${states.join(', ')}`, parseStates)
    .option('--test <destination>', 'send this one a message that says it is a test, now')
    .action((options: { json?: boolean; state?: State[]; test?: string }, self: Command) => withStore(self, async (store) => {
      if (options.test !== undefined) return test(store, options.test)
      const [{ openAdapters }, { listNotices }, { listDestinations }] = await Promise.all([
        import('../app/open.ts'), import('../notices/list-notices.ts'), import('../notices/list-destinations.ts'),
      ])
      const { routing } = openAdapters(store.config, store.now)
      const asked = { routing, now: store.now() }
      const notices = await listNotices(store.database.db, { ...asked, ...(options.state === undefined ? {} : { states: options.state }) })
      const destinations = await listDestinations(store.database.db, asked)
      if (options.json === true) {
        console.log(JSON.stringify({ destinations, notices: notices.map(({ id, findingId, ...rest }) => ({ id: String(id), findingId: findingId === null ? null : String(findingId), ...rest })) }, null, 2))
        return
      }
      if (destinations.length === 0) console.log('No destination is configured: nobody is told.')
      for (const { name, state, since, reason, deliveredAt, mutedUntil, muteReason } of destinations) {
        const trouble = state === 'dead' || state === 'failing'
        const what = trouble ? `${state === 'dead' ? 'refuses us for good' : 'has taken nothing'} since ${minuteOf(since)}: ${excerpt(reason ?? '', 300)}` : deliveredAt === null ? 'was sent nothing yet' : `works; took something last at ${minuteOf(deliveredAt)}`
        console.log(`${paint(trouble ? 'red' : 'green', trouble ? '✗' : '✓')} ${name}: ${what}${mutedUntil === null ? '' : paint('yellow', `; muted until ${minuteOf(mutedUntil)}: ${excerpt(muteReason ?? '', 200)}`)}`)
      }
      if (notices.length === 0) console.log('\nNothing waits, and nothing was refused.')
      else console.log(`\n${table([['notice', 'destination', 'what', 'about', 'state', 'why'], ...notices.map(rowOf)])}`)
      const dead = notices.filter(({ state }) => state === 'dead').length
      if (dead > 0) console.log(paint('yellow', `\n${plural(dead, 'notice')} refused for good. When the destination works: namesake resend`))
    }))
  teach(command, {
    examples: [
      ['notices --state dead', 'what a destination refused for good'],
      ['notices --test slack', 'do messages arrive?'],
    ],
    notes: 'Held: by quiet hours, a mute, or a destination that refused us. At most 1,000 are listed.',
    exitCodes: '0 printed, or the test was taken; 2 bad input, failure, or the test was not taken.',
  })
}

async function test({ config, database, now }: Store, asked: string): Promise<void> {
  const name = await knownDestination(config, asked)
  const [{ openAdapters }, { sendTest }] = await Promise.all([import('../app/open.ts'), import('../notices/send-test.ts')])
  const notifier = openAdapters(config, now).notifiers.get(name)
  if (notifier === undefined) throw new Error('a destination that is known is open')
  const { taken, reason } = await sendTest(database.db, name, notifier, { organization: config.organization.name, now: now() })
  if (taken) console.log(`${name} at ${notifier.destination} took the message: look whether it arrived.`)
  else {
    console.log(paint('red', `${name} at ${notifier.destination} did not take the message: ${excerpt(reason ?? '', 500)}`))
    process.exitCode = exitCodes.failed
  }
}

function rowOf({ id, channel, kind, identifier, findingId, state, until, reason, attempts }: UntoldNotice): string[] {
  const about = findingId === null ? '' : `#${findingId} ${excerpt(identifier ?? '', 60)}`
  const end = until === null ? '' : ` (until ${minuteOf(until)})`
  const tries = attempts === 0 ? '' : ` after ${plural(attempts, 'attempt')}`
  return [String(id), channel, kind, about, state, `${excerpt((reason ?? 'is about to be told').replaceAll('\n', ': '), 300)}${end}${tries}`]
}

function minuteOf(at: Date | null): string {
  return at === null ? 'an unknown time' : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function parseStates(text: string): State[] {
  return text.split(',').map((part) => {
    const state = states.find((known) => known === part.trim())
    if (state === undefined) throw new InvalidArgumentError(`"${part}" is no state; there are ${states.join(', ')}.`)
    return state
  })
}
