import type { Command } from 'commander'
import type { Term } from '../contracts/match.ts'
import { openAdapters } from '../app/open.ts'
import { readInventory } from '../app/prepare-watches.ts'
import { searchTerms } from '../planning/terms.ts'
import { planSource, type SourcePlan } from '../runs/plan-watches.ts'
import { sources } from '../sources/all.ts'
import { configOf } from './load.ts'
import { humanDuration, paint, plural, table } from './terminal.ts'

export function addPlan(program: Command): void {
  program
    .command('plan')
    .description('every query that a sweep would send, to whom, and how long a sweep takes; sends nothing')
    .option('--json', 'print the plan as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const config = await configOf(command)
      const inventory = await readInventory(config)
      const terms: Term[] = inventory.lines.map((line, at) => ({ ...line, id: String(at) }))
      const names = new Map(terms.map((term) => [term.id, term.text]))
      const planned = searchTerms(terms.filter((term) => !term.publicOnPurpose))
      const adapters = openAdapters(config, () => new Date())
      const plans = [...adapters.sources].map(([id, source]) => ({
        ...planSource(id, source, planned),
        searchMs: source.limits.search.perMs / source.limits.search.max,
        discloses: sources.find((known) => known.id === id)?.discloses ?? '',
        blindSpots: sources.find((known) => known.id === id)?.blindSpots ?? [],
      }))
      if (options.json === true) console.log(JSON.stringify(plans.map((plan) => withNames(plan, names)), null, 2))
      else console.log(plans.map((plan) => describePlan(plan, names)).join('\n\n') || 'No source is configured: nothing would be sent to anybody.')
      for (const warning of inventory.warnings) console.error(paint('yellow', `warning: ${warning}`))
    })
}

type ShownPlan = SourcePlan & { readonly searchMs: number; readonly discloses: string; readonly blindSpots: readonly string[] }

function withNames(plan: ShownPlan, names: ReadonlyMap<string, string>) {
  const spell = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id)
  return {
    source: plan.source,
    destination: plan.destination,
    discloses: plan.discloses,
    atLeastMs: Math.round(plan.queries.length * plan.searchMs),
    queries: plan.queries.map(({ text, covers }) => ({ text, covers: spell(covers) })),
    notSearched: plan.unsearchable.map(({ covers, reason }) => ({ names: spell(covers), reason })),
    blindSpots: plan.blindSpots,
  }
}

function describePlan(plan: ShownPlan, names: ReadonlyMap<string, string>): string {
  const shown = withNames(plan, names)
  return [
    paint('bold', `${plan.source}: ${plural(plan.queries.length, 'query', 'queries')} to ${plan.destination}`),
    `  ${plan.discloses}`,
    `  A full sweep takes at least ${humanDuration(shown.atLeastMs)} under the rate limit; every further page of 100 results takes ${humanDuration(plan.searchMs)} more.`,
    table(shown.queries.map(({ text, covers }) => ['  ', text, covers.length === 1 ? '' : `covers ${covers.length} lines`])),
    ...shown.notSearched.map(({ names, reason }) => `  not searched: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}: ${reason}`),
    ...plan.blindSpots.map((spot) => paint('dim', `  cannot see: ${spot}`)),
  ].join('\n')
}
