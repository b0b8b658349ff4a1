import type { Command } from 'commander'
import type { ProcessName } from '../processes/all.ts'
import { version } from '../app/version.ts'
import type { Config } from '../config.ts'
import { Invalid } from '../errors.ts'
import type { Check } from './examine.ts'
import { exitCodes } from './exit.ts'
import { teach } from './help.ts'
import { configOf } from './load.ts'
import { excerpt, paint, plural } from './terminal.ts'

// A table, so that the compiler asks for a process that is missing.
const known: Readonly<Record<ProcessName, true>> = { scheduler: true, search: true, fetch: true, claims: true, attribute: true, recheck: true, notify: true, web: true }
const processNames = Object.keys(known).join(', ')

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('are configuration, inventory, database, queue, tokens, channels and clock in order?')
    .option('--json', 'print the checks as JSON: what, state (ok, warning, failed), says')
    .option('--alive <process>', `only ask whether a process of this name lives (${processNames}): for health checks`)
    .action(async (options: { json?: boolean; alive?: string }, self: Command) => {
      const config = await configOf(self)
      if (options.alive !== undefined) return assertAlive(config, options.alive)
      const { examine } = await import('./examine.ts')
      const checks = await examine(config)
      if (options.json === true) console.log(JSON.stringify(checks, null, 2))
      else console.log([`namesake ${version}, Node ${process.version}`, ...checks.map(describeCheck), conclude(checks)].join('\n'))
      if (checks.some(({ state }) => state === 'failed')) process.exitCode = exitCodes.failed
    })
  teach(command, {
    notes: 'It asks GitHub for the rate limits of the token, and of Slack who the token is, what it may and whether the channel can be read; a webhook gets an empty message that Slack refuses. Nobody sees any of it.',
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
  if (!Object.hasOwn(known, name)) throw new Invalid([{ where: 'command line', key: '--alive', value: name, expected: `give one of ${processNames}` }])
  const [{ openStore }, { alive }] = await Promise.all([import('../app/open.ts'), import('../runs/heartbeat.ts')])
  const store = await openStore(config)
  try {
    const found = await alive(store.database.db, name, store.now())
    console.log(found.length === 0 ? `no ${name} lives` : found.map(({ id, beatAt }) => `${id}, last beat ${beatAt.toISOString()}`).join('\n'))
    if (found.length === 0) process.exitCode = exitCodes.failed
  } finally {
    await store.close()
  }
}
