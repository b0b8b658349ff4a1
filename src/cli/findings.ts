import { InvalidArgumentError, type Command } from 'commander'
import type { Store } from '../app/open.ts'
import type { ListedClaim } from '../findings/list-claims.ts'
import type { FindingFilter, ListedFinding, ListedOccurrence } from '../findings/list-findings.ts'
import { describeSummary } from './coverage.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { excerpt, paint, plural } from './terminal.ts'

const states = ['open', 'acknowledged', 'resolved', 'dismissed'] as const
type State = (typeof states)[number]

export function addFindings(program: Command): void {
  const command = program
    .command('findings')
    .description('every internal name known to be public, worst first, with its places')
    .option('--json', 'print a JSON array (the documented contract)')
    .option('--state <states>', `only these, separated by commas: ${states.join(', ')} (default: all)`, parseStates)
    .option('--drills', 'with the findings of drills, which are counted nowhere (in --json: drill true)')
    .option('--all', 'print every place of a finding, not only the first five')
    .action((options: { json?: boolean; state?: State[]; drills?: boolean; all?: boolean }, self: Command) => withStore(self, async (store) => {
      const { listFindings } = await import('../findings/list-findings.ts')
      const filter = { ...(options.state === undefined ? {} : { states: options.state }), ...(options.drills === true ? { drills: true } : {}) }
      if (options.json === true) console.log(JSON.stringify(await listFindings(store.database.db, filter), null, 2))
      else {
        await printFindings(store, filter, options.all === true ? { places: Infinity } : {})
        const { listMutes } = await import('../notices/mute.ts')
        for (const { channel, endsAt, reason } of await listMutes(store.database.db, store.now())) {
          console.log(paint('yellow', `\n${channel ?? 'Every destination'} is muted until ${endsAt.toISOString()}: ${excerpt(reason, 300)}. What happens meanwhile is told then.`))
        }
        const { summariseCoverage } = await import('../coverage/summarise-coverage.ts')
        const summary = await summariseCoverage(store.database.db)
        if (options.state === undefined && summary.lines > 0) console.log(paint('dim', `\n${describeSummary(summary)}`))
      }
    }))
  teach(command, {
    examples: [
      ['findings --state open,acknowledged', 'what is still to be dealt with'],
      ['findings --json', 'for machines: every name with every place'],
    ],
    exitCodes: '0 printed (also when there is none), 2 bad input or failure.',
  })
}

function parseStates(text: string): State[] {
  return text.split(',').map((part) => {
    const state = states.find((known) => known === part.trim())
    if (state === undefined) throw new InvalidArgumentError(`"${part}" is no state; there are ${states.join(', ')}.`)
    return state
  })
}

export interface Extent {
  /** Findings at most; the worst come first. Default all. */
  readonly findings?: number
  /** Places of each at most. Default 5. */
  readonly places?: number
  /** The command that shows what is left out. */
  readonly seeAll?: string
}

/** Prints the findings of a filter for a person, worst first; nothing found is told apart from nothing known. */
export async function printFindings(store: Pick<Store, 'database'>, filter: FindingFilter, extent: Extent = {}): Promise<void> {
  const { listFindings } = await import('../findings/list-findings.ts')
  const { findings: most = Infinity, places = 5, seeAll = 'namesake findings' } = extent
  const findings = await listFindings(store.database.db, filter)
  if (findings.length === 0) return console.log(await describeNone(store, filter))
  console.log(findings.slice(0, most).map((finding) => describeFinding(finding, places)).join('\n\n'))
  console.log(paint('dim', `\nWhat to paste against it: namesake fix <number>, for the first one: namesake fix ${findings[0]?.id ?? ''}`))
  if (findings.length > most) console.log(`\n… and ${findings.length - most} more, none of them worse: ${seeAll}`)
}

/** A zero that is proven is told apart from a zero that is unknown. */
async function describeNone({ database }: Pick<Store, 'database'>, filter: FindingFilter): Promise<string> {
  if (filter.states !== undefined) return 'No findings in these states.'
  const [{ readBaseline }, { listGaps }] = await Promise.all([import('../notices/baseline.ts'), import('../notices/list-gaps.ts')])
  if ((await readBaseline(database.db)) === null) return 'No findings: nothing was swept yet. "namesake sweep" makes one full pass.'
  const gaps = await listGaps(database.db)
  if (gaps.length === 0) return 'No findings: every name of the inventory was swept completely.'
  return ['No findings, but not everything was looked at:', ...gaps.map((gap) => `  ${excerpt(gap, 300)}`)].join('\n')
}

const colours = { critical: 'red', high: 'yellow', medium: 'cyan', low: 'dim' } as const

/** What a registry holds under the name, in one line; the state is never shown without its time. */
export function describeClaim(claim: ListedClaim): string {
  const { registry, state, claimable, why, version, publishedAt, checkedAt, signals } = claim
  const colour = state === 'stranger' || claimable === 'yes' ? 'red' : 'dim'
  const what = claimable === 'yes' ? 'anybody can claim it' : state === 'stranger' ? 'held by a stranger' : state
  const release = version === null ? '' : ` ${excerpt(version, 40)}${publishedAt === null ? '' : ` of ${publishedAt.slice(0, 10)}`}`
  const signs = signals.length === 0 ? '' : `; ${signals.slice(0, 3).map(({ reason }) => excerpt(reason, 200)).join('; ')}`
  return `  ${paint(colour, `${registry}: ${what}${release}`)}: ${excerpt(why, 300)}${signs}  ${paint('dim', checkedAt.slice(0, 16).replace('T', ' '))}`
}

/** A finding for a person: what, why, where, who and when. */
function describeFinding(finding: ListedFinding, places: number): string {
  const what = [finding.drill ? 'DRILL' : null, finding.ecosystem ?? finding.kind, finding.team === null ? null : `team ${excerpt(finding.team, 80)}`, `#${finding.id}`, finding.state]
  const lines = [
    `${paint(colours[finding.severity], finding.severity.toUpperCase().padEnd(8))} ${paint('bold', excerpt(finding.identifier, 300))}  ${paint('dim', what.filter((part) => part !== null).join(' · '))}`,
    ...finding.reasons.slice(0, 2).map((reason) => `  ${excerpt(reason, 300)}`),
  ]
  lines.push(...finding.claims.map(describeClaim))
  if (finding.dismissedReason !== null) lines.push(`  dismissed: ${excerpt(finding.dismissedReason, 300)}`)
  if (finding.proposed !== null) lines.push(`  ${paint('cyan', 'proposed as resolved')}: ${finding.proposed.reason} (${finding.proposed.at.slice(0, 10)})`)
  // A group is one place with its copies.
  const shown = finding.occurrences.filter(({ copyOf }) => copyOf === null)
  for (const place of shown.slice(0, places)) {
    const facts = [place.role, describeStatus(place), describeWho(place), describeContainer(place), place.copies > 0 ? plural(place.copies, 'copy', 'copies') : null, describeSuppression(place), `place ${place.id}`]
    lines.push(`  ${excerpt(place.url, 2_000)}  ${paint('dim', facts.filter((part) => part !== null).join(' · '))}`)
    lines.push(paint('dim', `    ${excerpt(place.snippet, 120)}`))
  }
  const hidden = shown.length - places
  if (hidden > 0) lines.push(paint('dim', `  … and ${plural(hidden, 'more place')}`))
  return lines.join('\n')
}

function describeStatus({ status, statusReason }: ListedOccurrence): string | null {
  return status === 'live' ? null : `${status}${statusReason === null ? '' : `: ${excerpt(statusReason, 200)}`}`
}

/** Who and when; what is a guess is called one. */
function describeWho({ author, introducedAt, introduction }: ListedOccurrence): string | null {
  const { relation, reason } = introduction?.author ?? { relation: 'unknown', reason: '' }
  const parts = [
    author === null ? null : `by ${excerpt(author, 80)}`,
    relation === 'unknown' ? null : `(${excerpt(reason, 120)})`,
    introducedAt === null ? null : `${introduction?.exact === false ? 'by' : 'since'} ${introducedAt.slice(0, 10)}`,
    introduction === null || introduction.doubts.length === 0 ? null : `in doubt: ${excerpt(introduction.doubts.join(', '), 200)}`,
  ].filter((part) => part !== null)
  return parts.length === 0 ? null : parts.join(' ')
}

function describeContainer({ container }: ListedOccurrence): string | null {
  if (container === null) return null
  const { stars, archived, fork } = container.facts
  const owner = container.owner.relation === 'unknown' ? null : `owner: ${excerpt(container.owner.reason, 120)}`
  const parts = [owner, typeof stars === 'number' && stars > 0 ? plural(stars, 'star') : null, fork === true ? 'fork' : null, archived === true ? 'archived' : null]
  const told = parts.filter((part) => part !== null)
  return told.length === 0 ? null : told.join(', ')
}

function describeSuppression({ suppressed }: ListedOccurrence): string | null {
  return suppressed === null ? null : `suppressed until ${suppressed.until.slice(0, 10)}: ${excerpt(suppressed.reason, 120)}`
}
