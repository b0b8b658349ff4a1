import type { Command } from 'commander'
import type { Term } from '../contracts/match.ts'
import type { Line } from '../contracts/inventory.ts'
import type { OpenRegistry } from '../contracts/registry.ts'
import { createAskRule, refusals } from '../planning/claims.ts'
import { planTerms } from '../planning/terms.ts'
import { registries } from '../registries/all.ts'
import type { SourcePlan } from '../runs/plan-watches.ts'
import { sources } from '../sources/all.ts'
import { teach } from './help.ts'
import { configOf } from './load.ts'
import { excerpt, humanDuration, paint, plural, table, wrap } from './terminal.ts'

export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('every query that a sweep would send, to whom, and how long a sweep takes; sends nothing')
    .option('--json', 'print the plan as JSON: an array, one element a source and then one a registry')
    .action(async (options: { json?: boolean }, self: Command) => {
      const config = await configOf(self)
      const [{ openAdapters }, { readInventory }, { planSource }] = await Promise.all([
        import('../app/open.ts'), import('../app/read-inventory.ts'), import('../runs/plan-watches.ts'),
      ])
      const inventory = await readInventory(config)
      const terms: Term[] = inventory.lines.map((line, at) => ({ ...line, id: String(at) }))
      const names = new Map(terms.map((term) => [term.id, term.text]))
      const planned = planTerms(terms)
      const { sources: opened, registries: asked, records, notifiers } = openAdapters(config, () => new Date())
      const plans = [...opened].map(([id, source]) => {
        const known = sources.find((one) => one.id === id)
        return withNames(planSource(id, source, planned), {
          names, searchMs: source.limits.search.perMs / source.limits.search.max,
          discloses: known?.discloses ?? '', blindSpots: known?.blindSpots ?? [],
        })
      })
      const rule = createAskRule(terms, config.registries)
      const registryPlans = [...asked].map(([id, { ecosystem, registry }]) => planRegistry(id, registry, terms.filter((term) => term.ecosystem === ecosystem), rule))
      const onPurpose = terms.filter((term) => term.publicOnPurpose).length
      if (options.json === true) console.log(JSON.stringify([...plans, ...registryPlans], null, 2))
      else {
        const parts = plans.length === 0 ? ['No source is configured: no search would be sent to anybody.'] : plans.map(describePlan)
        if (onPurpose > 0) parts.push(`${plural(onPurpose, 'line')} public on purpose: not searched.`)
        parts.push(...(registryPlans.length === 0 ? ['No registry is configured: who holds a leaked name is not asked.'] : registryPlans.map(describeRegistry)))
        if (records !== null) parts.push(`registries.osv: ${records.destination} is asked for each of these packages too: is it on record as malicious?`)
        for (const [id, { destination }] of notifiers) parts.push(`channel ${id}: ${destination} gets the name, the link and at most two masked lines of what was found.`)
        parts.push('Nothing was sent.')
        console.log(parts.join('\n\n'))
      }
      for (const warning of inventory.warnings) console.error(paint('yellow', `warning: ${excerpt(warning, 500)}`, process.stderr))
    })
  teach(command, { notes: 'A line with disclose: never is in no query; one with disclose: stem is sent only as what it shares with others, and to no registry.' })
}

interface ShownPlan {
  readonly source: string
  /** Host that sees the queries. */
  readonly destination: string
  readonly discloses: string
  /** Milliseconds of a full sweep under the rate limit when every query has one page. */
  readonly atLeastMs: number
  /** Milliseconds of every further page. */
  readonly pageMs: number
  readonly queries: readonly { readonly text: string; readonly covers: readonly string[] }[]
  readonly notSearched: readonly { readonly names: readonly string[]; readonly reason: string }[]
  readonly blindSpots: readonly string[]
}

function withNames(
  plan: SourcePlan,
  facts: { readonly names: ReadonlyMap<string, string>; readonly searchMs: number; readonly discloses: string; readonly blindSpots: readonly string[] },
): ShownPlan {
  const spell = (ids: readonly string[]) => ids.map((id) => facts.names.get(id) ?? id)
  return {
    source: plan.source,
    destination: plan.destination,
    discloses: facts.discloses,
    atLeastMs: Math.round(plan.queries.length * facts.searchMs),
    pageMs: Math.round(facts.searchMs),
    queries: plan.queries.map(({ text, covers }) => ({ text, covers: spell(covers) })),
    notSearched: plan.unsearchable.map(({ covers, reason }) => ({ names: spell(covers), reason })),
    blindSpots: facts.blindSpots,
  }
}

function describePlan({ source, destination, discloses, atLeastMs, pageMs, queries, notSearched, blindSpots }: ShownPlan): string {
  return [
    paint('bold', `${source}: ${plural(queries.length, 'query', 'queries')} to ${destination}`),
    wrap(discloses, '  '),
    wrap(`A full sweep takes at least ${humanDuration(atLeastMs)} under the rate limit; every further page of results takes ${humanDuration(pageMs)} more.`, '  '),
    table(queries.map(({ text, covers }) => ['  ', excerpt(text, 300), `covers ${namesOf(covers)}`])),
    ...notSearched.map(({ names, reason }) => `  not searched: ${namesOf(names)}: ${reason}`),
    ...blindSpots.map((spot) => paint('dim', wrap(`cannot see: ${spot}`, '  '))),
  ].filter((part) => part !== '').join('\n')
}

interface RegistryPlan {
  readonly registry: string
  /** Host that learns the names. */
  readonly destination: string
  readonly discloses: string
  readonly names: number
  /** Asked for now, whether they are public or not. */
  readonly askedNow: readonly string[]
  /** Asked for once they are found in public; those that are already are asked for now, too. */
  readonly askedWhenFound: readonly string[]
  readonly notAsked: readonly { readonly names: readonly string[]; readonly reason: string }[]
  readonly blindSpots: readonly string[]
}

/** Without the database: what was found already is not known here. */
function planRegistry(id: string, open: OpenRegistry, lines: readonly Line[], rule: ReturnType<typeof createAskRule>): RegistryPlan {
  const known = registries.find((one) => one.id === id)
  const groups: Record<'now' | 'found', string[]> = { now: [], found: [] }
  const notAsked = new Map<string, string[]>()
  for (const line of lines) {
    const { kind } = line
    if (kind !== 'package' && kind !== 'scope' && kind !== 'group') continue
    const reason = rule({ ...line, found: false })
    const refused = line.form === 'name' && (reason === null || reason === refusals.notFound) ? open.refuses({ kind, name: line.text }) : null
    if (refused === null && reason === null) groups.now.push(line.text)
    else if (refused === null && reason === refusals.notFound) groups.found.push(line.text)
    else notAsked.set(refused ?? reason ?? '', [...(notAsked.get(refused ?? reason ?? '') ?? []), line.text])
  }
  return {
    registry: id, destination: open.destination, discloses: known?.discloses ?? '', names: lines.length, askedNow: groups.now, askedWhenFound: groups.found,
    notAsked: [...notAsked].map(([reason, names]) => ({ names, reason })), blindSpots: known?.blindSpots ?? [],
  }
}

function describeRegistry({ registry, destination, discloses, names, askedNow, askedWhenFound, notAsked, blindSpots }: RegistryPlan): string {
  const listed = (label: string, list: readonly string[]) => (list.length === 0 ? '' : `  ${label}: ${list.length}: ${namesOf(list)}`)
  return [
    paint('bold', `registries.${registry}: ${plural(names, 'line')}, of which ${askedNow.length} asked now and ${askedWhenFound.length} once found in public, at ${destination}`),
    wrap(discloses, '  '),
    listed('asked now', askedNow),
    listed('asked once found', askedWhenFound),
    ...notAsked.map(({ names: list, reason }) => `  not asked: ${namesOf(list)}: ${reason}`),
    ...blindSpots.map((spot) => paint('dim', wrap(`cannot tell: ${spot}`, '  '))),
  ].filter((part) => part !== '').join('\n')
}

function namesOf(names: readonly string[]): string {
  const first = names.slice(0, 3).map((name) => excerpt(name, 100)).join(', ')
  return names.length > 3 ? `${first} and ${names.length - 3} more` : first
}
