import { InvalidArgumentError, type Command } from 'commander'
import type { ListedInferred } from '../identifiers/list-inferred.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { excerpt, paint, plural } from './terminal.ts'
import { collectIds, loginName } from './triage.ts'

/** Weak candidates that a person is shown without `--all`: a mirror passes on thousands. */
const weakAtMost = 10

/** Adds `inferred`, `accept` and `reject` to the command `inventory`. */
export function addInferred(inventory: Command): void {
  addList(inventory)
  addAccept(inventory)
  addReject(inventory)
}

function addList(inventory: Command): void {
  const command = inventory
    .command('inferred')
    .description('names that no line covers but that are probably ours, with reason and place; sends nothing')
    .option('--json', 'print a JSON array')
    .option('--all', 'also what was decided already, and every weak candidate')
    .action((options: { json?: boolean; all?: boolean }, self: Command) => withStore(self, async ({ database }) => {
      const { listInferred } = await import('../identifiers/list-inferred.ts')
      const names = [...(await listInferred(database.db)), ...(options.all === true ? await listInferred(database.db, { states: ['accepted', 'rejected'] }) : [])]
      if (options.json === true) console.log(JSON.stringify(names, null, 2))
      else console.log(describeAll(names, options.all === true ? Infinity : weakAtMost))
    }))
  teach(command, {
    notes: `A name is a candidate when its file resolves it from one of our hosts, or when it stands in one of our scopes
or groups. It alerts nobody and is in no query until it is accepted. Weak ones stand last: probably public names
that one of our hosts only passes on.`,
    examples: [
      ['inventory inferred', 'what waits for a decision'],
      ['inventory inferred --all --json', 'for machines: everything, decisions included'],
    ],
    exitCodes: '0 printed (also when there is none), 2 bad input or failure.',
  })
}

function describeAll(names: readonly ListedInferred[], weak: number): string {
  if (names.length === 0) return 'No candidates: no other name came from one of our hosts, scopes or groups.'
  const waiting = names.filter(({ state }) => state === 'candidate')
  const shown = [...waiting.filter((name) => !name.weak), ...waiting.filter((name) => name.weak).slice(0, weak), ...names.filter(({ state }) => state !== 'candidate')]
  const parts = shown.map(describeOne)
  if (shown.length < names.length) parts.push(paint('dim', `… and ${plural(names.length - shown.length, 'more weak candidate')}: namesake inventory inferred --all`))
  return parts.join('\n\n')
}

function describeOne({ id, name, kind, ecosystem, reason, weak, state, places, place, decidedBy, decisionReason }: ListedInferred): string {
  const what = [kind === 'package' ? ecosystem : kind, `#${id}`, weak ? 'weak' : null, places > 1 ? plural(places, 'place') : null].filter((part) => part !== null)
  const lines = [`${paint(weak ? 'dim' : 'bold', excerpt(name, 300))}  ${paint('dim', what.join(' · '))}`, `  ${excerpt(reason, 500)}`]
  lines.push(place === null ? paint('dim', '  in no file any more') : `  ${excerpt(place.url, 2_000)}`)
  if (state !== 'candidate') lines.push(`  ${state} by ${excerpt(decidedBy ?? '', 80)}${decisionReason === null ? '' : `: ${excerpt(decisionReason, 300)}`}`)
  return lines.join('\n')
}

function addAccept(inventory: Command): void {
  const command = inventory
    .command('accept')
    .description('take inferred names into the inventory')
    .argument('<id...>', 'ids, as "namesake inventory inferred" shows them', collectIds)
    .option('--as <name>', 'who decides (default: your login)')
    .action((ids: bigint[], options: { as?: string }, self: Command) => withStore(self, async ({ database, now }) => {
      const { acceptInferred } = await import('../identifiers/accept-inferred.ts')
      const decision = { actor: { kind: 'cli' as const, name: options.as ?? loginName() }, now: now() }
      // All or none: a mistyped id in a list must not leave half of it done.
      const accepted = await database.db.transaction(async (tx) => {
        const names: string[] = []
        for (const inferredId of ids) names.push((await acceptInferred(tx, { ...decision, inferredId })).name)
        return names
      })
      console.log(accepted.map((name) => `${excerpt(name, 300)} is a line of the inventory now`).join('\n'))
    }))
  teach(command, {
    notes: `From the next sweep on an accepted name is searched for by its name, as a line with "disclose: name" is: the
sources learn it. A name that they must not learn belongs into namesake.yaml, with "disclose: never"; a line there
takes an accepted one over. A running service plans it within the minute.`,
    examples: [['inventory accept 7 8', 'two at once: both or none']],
  })
}

function addReject(inventory: Command): void {
  const command = inventory
    .command('reject')
    .description('say that inferred names are not ours, and why; they stay rejected')
    .argument('<id...>', 'ids, as "namesake inventory inferred" shows them', collectIds)
    .requiredOption('--reason <text>', 'why it is not ours', (text) => {
      if (text.trim() === '') throw new InvalidArgumentError('a reason is needed, in words.')
      return text
    })
    .option('--as <name>', 'who decides (default: your login)')
    .action((ids: bigint[], options: { reason: string; as?: string }, self: Command) => withStore(self, async ({ database, now }) => {
      const { rejectInferred } = await import('../identifiers/reject-inferred.ts')
      const decision = { actor: { kind: 'cli' as const, name: options.as ?? loginName() }, reason: options.reason, now: now() }
      await database.db.transaction(async (tx) => {
        for (const inferredId of ids) await rejectInferred(tx, { ...decision, inferredId })
      })
      console.log(ids.map((id) => `#${id} rejected`).join('\n'))
    }))
  teach(command, { examples: [['inventory reject 9 --reason "a public package, our mirror passes it on"', 'kept with the decision']] })
}
