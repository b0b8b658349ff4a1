import type { Command } from 'commander'
import type { Term } from '../contracts/match.ts'
import type { Line } from '../contracts/inventory.ts'
import type { OpenSource } from '../contracts/source.ts'
import type { OpenRegistry } from '../contracts/registry.ts'
import { createAskRule, refusals } from '../planning/claims.ts'
import { expectedRequests } from '../planning/cover.ts'
import { knowNothing, type Knowledge } from '../planning/knowledge.ts'
import { planTerms } from '../planning/terms.ts'
import { registries } from '../registries/all.ts'
import type { SourcePlan } from '../runs/plan-watches.ts'
import type { Doubt } from '../runs/read-knowledge.ts'
import { sources } from '../sources/all.ts'
import { teach } from './help.ts'
import { configOf, withStore } from './load.ts'
import { excerpt, humanDuration, paint, plural, table, wrap } from './terminal.ts'

export function addPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('every query that a sweep would send, to whom, and how long a sweep takes; sends nothing')
    .option('--json', 'print the plan as JSON: an array, one element a source and then one a registry')
    .option('--learnt', 'with what past sweeps taught about stems and their prices; opens the database')
    .action(async (options: { json?: boolean; learnt?: boolean }, self: Command) => {
      const config = await configOf(self)
      const [{ openAdapters }, { readInventory }, { planSource }] = await Promise.all([
        import('../app/open.ts'), import('../app/read-inventory.ts'), import('../runs/plan-watches.ts'),
      ])
      const inventory = await readInventory(config)
      const terms: Term[] = inventory.lines.map((line, at) => ({ ...line, id: String(at) }))
      const names = new Map(terms.map((term) => [term.id, term.text]))
      const { sources: opened, registries: asked, records, notifiers } = openAdapters(config, () => new Date())
      const learnt = options.learnt === true ? await readLearnt(self, opened) : new Map<string, Learnt>()
      const plans = [...opened].map(([id, source]) => {
        const known = sources.find((one) => one.id === id)
        const { knowledge, doubts } = learnt.get(id) ?? { knowledge: knowNothing(source.stems ?? null), doubts: [] }
        return withNames(planSource(id, source, planTerms(terms, knowledge, Math.floor(Date.now() / 86_400_000))), {
          names, knowledge, doubts, searchMs: source.limits.search.perMs / source.limits.search.max,
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

interface Learnt {
  readonly knowledge: Knowledge
  readonly doubts: readonly Doubt[]
}

/** What is stored about each source. The ids of the plan are lines of the file, those of the database do not matter here. */
async function readLearnt(self: Command, opened: ReadonlyMap<string, OpenSource>): Promise<ReadonlyMap<string, Learnt>> {
  const { listDoubts, readKnowledge } = await import('../runs/read-knowledge.ts')
  const learnt = new Map<string, Learnt>()
  await withStore(self, async ({ database: { db }, now }) => {
    for (const [id, { stems = null }] of opened) {
      learnt.set(id, { knowledge: await readKnowledge(db, id, stems, now()), doubts: await listDoubts(db, id, now()) })
    }
  })
  return learnt
}

interface ShownPlan {
  readonly source: string
  /** Host that sees the queries. */
  readonly destination: string
  readonly discloses: string
  /** Search requests of a full sweep, as far as past sweeps tell (--learnt); else one for each query. */
  readonly requests: number
  /** Queries that one query per name would take. */
  readonly oneByOne: number
  /** Milliseconds of these requests under the rate limit. */
  readonly atLeastMs: number
  /** Milliseconds of every further page. */
  readonly pageMs: number
  /** `onTrial`: its first run shows whether it brings what it covers; else the names are searched one by one. */
  readonly queries: readonly { readonly text: string; readonly covers: readonly string[]; readonly requests: number; readonly onTrial: boolean }[]
  /** Names that a stem covers and that are searched in full all the same, others every day. */
  readonly checks: readonly { readonly text: string; readonly covers: readonly string[] }[]
  /** What is not believed for now, so that names are searched one by one. */
  readonly doubts: readonly { readonly subject: string; readonly reason: string }[]
  readonly notSearched: readonly { readonly names: readonly string[]; readonly reason: string }[]
  readonly blindSpots: readonly string[]
}

function withNames(
  plan: SourcePlan,
  facts: Learnt & { readonly names: ReadonlyMap<string, string>; readonly searchMs: number; readonly discloses: string; readonly blindSpots: readonly string[] },
): ShownPlan {
  const spell = (ids: readonly string[]) => ids.map((id) => facts.names.get(id) ?? id)
  const queries = plan.queries.map(({ text, covers, term }) => ({
    text, covers: spell(covers), requests: term === undefined ? 1 : expectedRequests(term, facts.knowledge), onTrial: plan.trials.has(term ?? ''),
  }))
  const requests = queries.reduce((sum, query) => sum + query.requests, plan.checks.length)
  return {
    source: plan.source,
    destination: plan.destination,
    discloses: facts.discloses,
    requests,
    oneByOne: plan.naive,
    atLeastMs: Math.round(requests * facts.searchMs),
    pageMs: Math.round(facts.searchMs),
    queries,
    checks: plan.checks.map(({ text, covers }) => ({ text, covers: spell(covers) })),
    doubts: facts.doubts.map(({ subject, reason }) => ({ subject, reason })),
    notSearched: plan.unsearchable.map(({ covers, reason }) => ({ names: spell(covers), reason })),
    blindSpots: facts.blindSpots,
  }
}

function describePlan({ source, destination, discloses, requests, oneByOne, atLeastMs, pageMs, queries, checks, doubts, notSearched, blindSpots }: ShownPlan): string {
  const all = queries.length + checks.length
  const saved = all < oneByOne ? ` instead of ${oneByOne}, one for each name` : ''
  return [
    paint('bold', `${source}: ${plural(all, 'query', 'queries')} to ${destination}${saved}`),
    wrap(discloses, '  '),
    wrap(`A full sweep takes at least ${humanDuration(atLeastMs)} under the rate limit (${plural(requests, 'request')}); every further page of results takes ${humanDuration(pageMs)} more.`, '  '),
    table(queries.map(({ text, covers, onTrial }) => ['  ', excerpt(text, 300), `covers ${namesOf(covers)}${onTrial ? ', on trial' : ''}`])),
    queries.some(({ onTrial }) => onTrial) ? paint('dim', wrap('on trial: unless a document shows that the search finds names through it, the same sweep searches them one by one.', '  ')) : '',
    table(checks.map(({ text, covers }) => ['  ', excerpt(text, 300), `checks that a stem brings ${namesOf(covers)}`])),
    ...doubts.map(({ subject, reason }) => wrap(`not believed: ${excerpt(subject, 100)}: ${excerpt(reason, 300)}`, '  ')),
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
