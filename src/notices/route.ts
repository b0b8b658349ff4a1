import type { Ecosystem } from '../contracts/inventory.ts'
import type { Criteria, Destination, RoutedKind, Routing, SeverityName } from '../contracts/routing.ts'

/** What rules look at. */
export interface Facts {
  readonly kind: RoutedKind
  /** Null of a summary, which is about no single finding: only rules that ask for nothing but its kind take it. */
  readonly severity: SeverityName | null
  readonly team: string | null
  readonly ecosystem: Ecosystem | null
  /** Where it was found; several of a finding with places in several sources. */
  readonly sources: readonly string[]
}

/**
 * The destinations that hear of news, in the order of the configuration.
 *
 * Rules are asked in order: the first that takes the news decides, unless it says `continue`; then the ones behind it
 * are asked too, and add to it. What no rule takes goes to every destination that no rule names, and where rules name
 * all of them, to all: nothing is ever routed to nobody. Digests and summaries reach a destination that wakes people
 * only by a rule that names their kind; where that leaves nobody, they go on as what no rule takes.
 */
export function route({ destinations, rules }: Pick<Routing, 'destinations' | 'rules'>, facts: Facts): readonly string[] {
  const chosen = new Set<string>()
  for (const rule of rules) {
    if (!takes(rule.when, facts) || (rule.when.kind !== undefined && !rule.when.kind.includes(facts.kind))) continue
    const here = rule.when.kind === undefined ? suited(destinations, facts) : destinations
    for (const { name } of here) if (rule.to.includes(name)) chosen.add(name)
    if (!rule.continue) break
  }
  if (chosen.size > 0) return namesOf(destinations.filter(({ name }) => chosen.has(name)))
  const unnamed = destinations.filter(({ name }) => !rules.some(({ to }) => to.includes(name)))
  for (const candidates of [suited(unnamed, facts), suited(destinations, facts)]) if (candidates.length > 0) return namesOf(candidates)
  return namesOf(destinations)
}

/** Whether a finding is one that criteria ask for. What is asked for and not known (no team, no source) does not fit. */
export function takes(when: Criteria, facts: Omit<Facts, 'kind'>): boolean {
  return (
    (when.severity === undefined || (facts.severity !== null && when.severity.includes(facts.severity))) &&
    (when.team === undefined || (facts.team !== null && when.team.includes(facts.team))) &&
    (when.ecosystem === undefined || (facts.ecosystem !== null && when.ecosystem.includes(facts.ecosystem))) &&
    (when.source === undefined || facts.sources.some((source) => when.source?.includes(source)))
  )
}

/** Destinations that no news can ever reach, and rules that can never take any, in words for the operator. */
export function findUnreachable({ destinations, rules, escalate }: Routing): readonly string[] {
  const open = (when: object) => Object.values(when).every((criterion) => criterion === undefined)
  const last = rules.findIndex((rule) => open(rule.when) && !rule.continue)
  const asked = last === -1 ? rules : rules.slice(0, last + 1)
  const named = new Set([...asked.flatMap(({ to }) => to), ...escalate.flatMap(({ to }) => to)])
  const mute = destinations.filter(({ name }) => !named.has(name) && (last !== -1 || rules.some(({ to }) => to.includes(name))))
  return [
    ...mute.map(({ name }) => `${name} can never be told anything but operator alerts: an earlier rule without "continue" takes everything`),
    ...rules.slice(asked.length).map((_, index) => `rule ${asked.length + index + 1} of notify.routes is never asked: rule ${asked.length} takes everything`),
  ]
}

/** Everything to everybody, at once: what an absent configuration means. */
export function unrouted(names: readonly string[]): Routing {
  return {
    destinations: names.map((name) => ({ name, alertsOnly: false })),
    rules: [], quietHours: null, storm: { more: Infinity, withinMs: 0 }, escalate: [],
  }
}

function suited(destinations: readonly Destination[], { kind }: Facts): readonly Destination[] {
  return kind === 'place' || kind === 'baseline' ? destinations.filter(({ alertsOnly }) => !alertsOnly) : destinations
}

function namesOf(destinations: readonly Destination[]): readonly string[] {
  return destinations.map(({ name }) => name)
}
