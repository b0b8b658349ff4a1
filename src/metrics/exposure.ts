import type { EventVerb, FindingState } from '../db/schema/index.ts'
import type { Quarter } from './quarter.ts'

/**
 * The exposure metric, defined here and nowhere else; pure, from immutable events.
 *
 * - A finding is **exposed** at a moment when its state then is `open` or `acknowledged` and not all of its places are
 *   gone. Dismissed: it never was an exposure, and is counted apart. Resolved: it is over until it is reopened.
 * - **gone**: a recheck saw that no place of it is public any more, its history included. That closes the exposure on
 *   evidence, whether or not a person has resolved it yet, until one is public again. A place that could not be told,
 *   and one that a history still has, keeps it exposed.
 * - **found**: identifiers whose first `found` event lies in the quarter.
 * - **closed**: resolved, or gone, in the quarter and not back before its end.
 * - **window** = gone - public, over the same findings and by the same rules as the three below.
 * - **MTTD** = first seen - public; **MTTA** = acknowledged - first seen; **MTTR** = resolved - first seen; over the
 *   findings found in the quarter. Unknown moments are left out and counted. A lower bound of `public` is unknown.
 * - Only events before `asOf` and before the quarter's end count: the same `asOf` gives the same numbers next year.
 */
export interface HistoryEvent {
  readonly findingId: string
  readonly verb: EventVerb
  readonly state: FindingState
  readonly reason: string | null
  readonly at: Date
  /** Facts of the moment; of `found`: identifier, ecosystem, team, source, role, publicSince, publicSinceIsLowerBound. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

export interface CoverageFact {
  readonly identifier: string
  readonly source: string
  /** Start of the last complete sweep before `asOf`; null: never. */
  readonly completeAt: Date | null
}

export interface Duration {
  /** Hours; null when no finding has both moments. */
  readonly meanHours: number | null
  readonly medianHours: number | null
  readonly known: number
  readonly unknown: number
}

export interface ExposedName {
  readonly findingId: string
  readonly identifier: string
  readonly kind: string | null
  readonly ecosystem: string | null
  readonly team: string | null
  readonly source: string | null
  readonly role: string | null
  readonly state: FindingState
  readonly dismissedReason: string | null
  readonly publicSince: string | null
  readonly publicSinceIsLowerBound: boolean
  readonly firstSeenAt: string
  readonly acknowledgedAt: string | null
  readonly resolvedAt: string | null
  /** When a recheck saw that nothing of it is public any more; null: something is, or nobody could tell. */
  readonly goneAt: string | null
  readonly foundInQuarter: boolean
  readonly exposedAtEnd: boolean
}

export interface Exposure {
  readonly quarter: string
  readonly from: string
  readonly to: string
  readonly asOf: string
  readonly exposedAtStart: number
  readonly found: number
  readonly closed: number
  readonly dismissed: number
  readonly exposedAtEnd: number
  readonly mttd: Duration
  readonly mtta: Duration
  readonly mttr: Duration
  readonly window: Duration
  readonly foundBy: Readonly<Record<'ecosystem' | 'team' | 'source' | 'role', Readonly<Record<string, number>>>>
  /** Identifiers of the inventory, and how many of them were ever swept completely in every configured source. */
  readonly coverage: { readonly identifiers: number; readonly proven: number; readonly neverSwept: number }
  readonly names: readonly ExposedName[]
}

export function computeExposure(input: {
  readonly quarter: Quarter
  readonly asOf: Date
  readonly events: readonly HistoryEvent[]
  readonly coverage: readonly CoverageFact[]
}): Exposure {
  const { quarter } = input
  const end = input.asOf < quarter.to ? input.asOf : quarter.to
  const histories = [...Map.groupBy(input.events.filter(({ at }) => at < end), ({ findingId }) => findingId).values()]
  const names = histories.flatMap((events) => readHistory(events, quarter) ?? []).sort(bySince)
  const found = names.filter(({ foundInQuarter }) => foundInQuarter)
  const real = found.filter(({ state }) => state !== 'dismissed')
  return {
    quarter: quarter.name,
    from: quarter.from.toISOString(),
    to: quarter.to.toISOString(),
    asOf: input.asOf.toISOString(),
    exposedAtStart: histories.filter((events) => exposedAt(events, quarter.from)).length,
    found: real.length,
    closed: names.filter((name) => (closedAt(name) ?? '') >= quarter.from.toISOString()).length,
    dismissed: found.length - real.length,
    exposedAtEnd: names.filter(({ exposedAtEnd }) => exposedAtEnd).length,
    mttd: duration(real, (name) => (name.publicSinceIsLowerBound ? null : name.publicSince), (name) => name.firstSeenAt),
    mtta: duration(real, (name) => name.firstSeenAt, (name) => name.acknowledgedAt),
    mttr: duration(real, (name) => name.firstSeenAt, (name) => name.resolvedAt),
    window: duration(real, (name) => (name.publicSinceIsLowerBound ? null : name.publicSince), (name) => name.goneAt),
    foundBy: { ecosystem: tally(real, 'ecosystem'), team: tally(real, 'team'), source: tally(real, 'source'), role: tally(real, 'role') },
    coverage: summarise(input.coverage),
    // What was over before the quarter began is no part of it.
    names: names.filter((name) => name.foundInQuarter || name.exposedAtEnd || (closedAt(name) ?? name.resolvedAt ?? '') >= quarter.from.toISOString()),
  }
}

/** When the exposure was over, by a person or on evidence; null: it is not, or was none. */
function closedAt({ state, resolvedAt, goneAt }: ExposedName): string | null {
  if (state === 'dismissed') return null
  const moments = [state === 'resolved' ? resolvedAt : null, goneAt].filter((moment) => moment !== null).sort()
  return moments[0] ?? null
}

/** The state at a moment is that of the last event before it. */
function exposedAt(events: readonly HistoryEvent[], moment: Date): boolean {
  const before = ordered(events.filter(({ at }) => at < moment))
  const last = before.at(-1)
  return last !== undefined && (last.state === 'open' || last.state === 'acknowledged') && goneAt(before) === null
}

/** The last proposal that says so, if nothing came back since; a later one may take it back to "in a history". */
function goneAt(events: readonly HistoryEvent[]): Date | null {
  const last = events.findLast(({ verb }) => verb === 'proposed' || verb === 'proposal-withdrawn' || verb === 'reopened')
  return last?.verb === 'proposed' && last.facts['gone'] === true ? last.at : null
}

function ordered(events: readonly HistoryEvent[]): HistoryEvent[] {
  return [...events].sort((a, b) => a.at.getTime() - b.at.getTime())
}

function readHistory(unordered: readonly HistoryEvent[], quarter: Quarter): ExposedName | null {
  const events = ordered(unordered)
  const birth = events.find(({ verb }) => verb === 'found')
  const last = events.at(-1)
  if (birth === undefined || last === undefined) return null
  const reopened = events.findLastIndex(({ verb }) => verb === 'reopened')
  // After a reopening only what happened since then counts as acknowledged or resolved.
  const since = events.slice(reopened + 1)
  const acknowledged = events.find(({ verb }) => verb === 'acknowledged')
  const resolved = since.findLast(({ verb }) => verb === 'resolved')
  const earliest = earliestPublic(events)
  return {
    findingId: birth.findingId,
    identifier: text(birth, 'identifier') ?? '',
    kind: text(birth, 'kind'),
    ecosystem: text(birth, 'ecosystem'),
    team: text(birth, 'team'),
    source: text(birth, 'source'),
    role: text(birth, 'role'),
    state: last.state,
    dismissedReason: last.state === 'dismissed' ? (events.findLast(({ verb }) => verb === 'dismissed')?.reason ?? null) : null,
    publicSince: earliest.at,
    publicSinceIsLowerBound: earliest.lowerBound,
    firstSeenAt: birth.at.toISOString(),
    acknowledgedAt: acknowledged?.at.toISOString() ?? null,
    resolvedAt: resolved?.at.toISOString() ?? null,
    goneAt: goneAt(events)?.toISOString() ?? null,
    foundInQuarter: birth.at >= quarter.from,
    exposedAtEnd: (last.state === 'open' || last.state === 'acknowledged') && goneAt(events) === null,
  }
}

/** A place found later may have been public earlier. */
function earliestPublic(events: readonly HistoryEvent[]): { readonly at: string | null; readonly lowerBound: boolean } {
  let best: { at: string; lowerBound: boolean } | null = null
  for (const event of events) {
    const at = text(event, 'publicSince')
    if (at === null || (best !== null && best.at <= at)) continue
    best = { at, lowerBound: event.facts['publicSinceIsLowerBound'] === true }
  }
  return best ?? { at: null, lowerBound: true }
}

function text(event: HistoryEvent, key: string): string | null {
  const value = event.facts[key]
  return typeof value === 'string' ? value : null
}

function bySince(a: ExposedName, b: ExposedName): number {
  return a.firstSeenAt < b.firstSeenAt ? -1 : a.firstSeenAt > b.firstSeenAt ? 1 : a.identifier < b.identifier ? -1 : 1
}

const hour = 3_600_000

function duration(names: readonly ExposedName[], from: (name: ExposedName) => string | null, to: (name: ExposedName) => string | null): Duration {
  const hours: number[] = []
  for (const name of names) {
    const [start, end] = [from(name), to(name)]
    if (start !== null && end !== null) hours.push((Date.parse(end) - Date.parse(start)) / hour)
  }
  hours.sort((a, b) => a - b)
  let sum = 0
  for (const value of hours) sum += value
  return {
    meanHours: hours.length === 0 ? null : round(sum / hours.length),
    medianHours: hours.length === 0 ? null : round(middle(hours)),
    known: hours.length,
    unknown: names.length - hours.length,
  }
}

function middle(sorted: readonly number[]): number {
  const half = sorted.length / 2
  const upper = sorted[Math.floor(half)] ?? 0
  return Number.isInteger(half) ? ((sorted[half - 1] ?? 0) + upper) / 2 : upper
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function tally(names: readonly ExposedName[], by: 'ecosystem' | 'team' | 'source' | 'role'): Record<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name[by] ?? 'none', (counts.get(name[by] ?? 'none') ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function summarise(facts: readonly CoverageFact[]): Exposure['coverage'] {
  const byName = [...Map.groupBy(facts, ({ identifier }) => identifier).values()]
  return {
    identifiers: byName.length,
    proven: byName.filter((sources) => sources.every(({ completeAt }) => completeAt !== null)).length,
    neverSwept: byName.filter((sources) => sources.every(({ completeAt }) => completeAt === null)).length,
  }
}
