import { InvalidArgumentError, type Command } from 'commander'
import { openStore, type Store } from '../app/open.ts'
import { listFindings, type FindingFilter, type ListedFinding } from '../findings/list-findings.ts'
import { configOf } from './load.ts'
import { cut, paint, plural, shown } from './terminal.ts'

const states = ['open', 'acknowledged', 'resolved', 'dismissed'] as const
type State = (typeof states)[number]

export function addFindings(program: Command): void {
  program
    .command('findings')
    .description('every internal name known to be public, worst first, with its places')
    .option('--json', 'print a JSON array (the documented contract)')
    .option('--state <states>', `only these, separated by commas: ${states.join(', ')}`, parseStates)
    .option('--all', 'print every place of a finding, not only the first five')
    .action(async (options: { json?: boolean; state?: State[]; all?: boolean }, command: Command) => {
      const store = await openStore(await configOf(command))
      try {
        const filter = options.state === undefined ? {} : { states: options.state }
        if (options.json === true) console.log(JSON.stringify(await listFindings(store.database.db, filter), null, 2))
        else await printFindings(store, filter, options.all === true ? Infinity : 5)
      } finally {
        await store.close()
      }
    })
}

function parseStates(text: string): State[] {
  return text.split(',').map((part) => {
    const state = states.find((known) => known === part.trim())
    if (state === undefined) throw new InvalidArgumentError(`"${part}" is no state; there are ${states.join(', ')}.`)
    return state
  })
}

export async function printFindings(store: Pick<Store, 'database'>, filter: FindingFilter, places = 5): Promise<void> {
  const findings = await listFindings(store.database.db, filter)
  if (findings.length === 0) {
    console.log('No findings. "namesake plan" and the report of a sweep say what was looked at and what was not.')
    return
  }
  console.log(findings.map((finding) => describeFinding(finding, places)).join('\n\n'))
}

const colours = { critical: 'red', high: 'yellow', medium: 'cyan', low: 'dim' } as const

/** A finding for a person: what, why, where, who and when. */
function describeFinding(finding: ListedFinding, places: number): string {
  const what = [finding.ecosystem ?? finding.kind, finding.team === null ? null : `team ${finding.team}`, `#${finding.id}`, finding.state]
  const lines = [
    `${paint(colours[finding.severity], finding.severity.toUpperCase().padEnd(8))} ${paint('bold', shown(finding.identifier))}  ${paint('dim', what.filter((part) => part !== null).join(' · '))}`,
    ...finding.reasons.slice(0, 2).map((reason) => `  ${reason}`),
  ]
  if (finding.dismissedReason !== null) lines.push(`  dismissed: ${shown(finding.dismissedReason)}`)
  for (const place of finding.occurrences.slice(0, places)) {
    const who = [place.author === null ? null : `by ${shown(place.author)}`, place.introducedAt === null ? null : `since ${place.introducedAt.slice(0, 10)}`]
    const facts = [place.role, place.status === 'live' ? null : place.status, ...who, place.copies > 0 ? plural(place.copies, 'copy', 'copies') : null]
    lines.push(`  ${shown(place.url)}  ${paint('dim', facts.filter((part) => part !== null).join(' · '))}`)
    lines.push(paint('dim', `    ${cut(shown(place.snippet.trim()), 120)}`))
  }
  const hidden = finding.occurrences.length - places
  if (hidden > 0) lines.push(paint('dim', `  … and ${plural(hidden, 'more place')} (--all shows them)`))
  return lines.join('\n')
}
