import type { Claimable } from '../contracts/registry.ts'
import type { EventVerb, FindingState } from '../db/schema/index.ts'
import type { Severity } from '../evidence/severity.ts'
import type { Quarter } from '../fiscal-calendar.ts'
import { coverageInQuarter, type Coverage, type CoverSpan } from './coverage-in-quarter.ts'
import { summariseDurations, type Duration } from './duration.ts'

/**
 * The exposure metric, defined here and in docs/exposure-metric.md and nowhere else; pure, from immutable events.
 *
 * - A name is **exposed** at a moment when its state then is `open` or `acknowledged` and not all of its places are
 *   gone. Dismissed: it never was an exposure. Resolved, or seen **gone** by a recheck (its history included): over,
 *   until it is reopened, or public again. What could not be told, or a history still has, stays exposed.
 * - **found**: first found in the quarter, and not dismissed at its end (those are counted as **dismissed**).
 * - **reopened**: found before the quarter, not exposed at its start, and exposed again in it.
 * - **closed**: exposed at some moment of the quarter, and over at its end. **withdrawn**: the same, dismissed at its
 *   end, of those found before.
 * - Every name counts once in each of these, however often it went to and fro, so that always
 *   exposedAtStart + found + reopened - closed - withdrawn = exposedAtEnd.
 * - **MTTD** = first seen - public; **MTTA** = first acknowledged - first seen; **MTTR** = resolved - first seen;
 *   **window** = gone - public; over the names found in the quarter. Unknown moments are left out and counted; a lower
 *   bound of `public`, and one after we saw it, is unknown.
 * - Only what happened before `asOf` and before the quarter's end counts: the same `asOf` gives the same bytes next year.
 */
export interface HistoryEvent {
  readonly verb: EventVerb
  readonly state: FindingState
  readonly reason: string | null
  readonly at: Date
  /** Facts of the moment; of `found`: identifier, ecosystem, team, source, role, severity, publicSince, publicSinceIsLowerBound. */
  readonly facts: Readonly<Record<string, string | number | boolean | null>>
}

/** All that happened to a finding, oldest first. */
export interface FindingHistory {
  readonly findingId: string
  readonly identifierId: string
  readonly events: readonly HistoryEvent[]
}

/** What a registry told of an identifier, from when on. */
export interface ClaimFact {
  readonly registry: string
  readonly claimable: Claimable
  readonly at: Date
}

/** What an identifier was, from when on. */
export interface IdentifierFact {
  readonly inInventory: boolean
  readonly publicOnPurpose: boolean
  readonly team: string | null
  readonly at: Date
}

/** Everything that a metric of any quarter is made of, by identifier, oldest first. */
export interface ExposureHistory {
  readonly findings: readonly FindingHistory[]
  readonly claims: ReadonlyMap<string, readonly ClaimFact[]>
  readonly identifiers: ReadonlyMap<string, readonly IdentifierFact[]>
}

export interface ExposedName {
  readonly findingId: string
  readonly identifier: string
  readonly kind: string | null
  readonly ecosystem: string | null
  /** Who owned it at the end. */
  readonly team: string | null
  /** Of the place by which it was found. */
  readonly source: string | null
  readonly role: string | null
  readonly severity: Severity | null
  readonly state: FindingState
  readonly dismissedReason: string | null
  /** Whether a stranger could take it in a registry; null: none was asked. */
  readonly claimable: Claimable | null
  readonly publicSince: string | null
  readonly publicSinceIsLowerBound: boolean
  readonly firstSeenAt: string
  readonly acknowledgedAt: string | null
  readonly resolvedAt: string | null
  /** When a recheck saw that nothing of it is public any more; null: something is, or nobody could tell. */
  readonly goneAt: string | null
  /** When the exposure was over, by a person or on evidence; null: it is not, or was none. */
  readonly closedAt: string | null
  readonly exposedAtStart: boolean
  readonly foundInQuarter: boolean
  readonly reopenedInQuarter: boolean
  readonly exposedAtEnd: boolean
}

export interface Claimability {
  readonly yes: number
  readonly no: number
  readonly unknown: number
  readonly notAsked: number
}

export interface Movement {
  readonly exposedAtStart: number
  readonly found: number
  readonly reopened: number
  readonly closed: number
  readonly withdrawn: number
  readonly exposedAtEnd: number
}

export const breakdowns = ['ecosystem', 'team', 'source', 'role', 'severity'] as const
export type Breakdown = (typeof breakdowns)[number]

export interface Exposure extends Movement {
  readonly quarter: string
  readonly from: string
  readonly to: string
  readonly timezone: string
  readonly asOf: string
  /** False: the quarter had not ended. */
  readonly isWhole: boolean
  /** Found in the quarter, and dismissed at its end: no exposures. */
  readonly dismissed: number
  /** Could a stranger take them? Of the names exposed at the end, and of those found. */
  readonly claimable: { readonly exposedAtEnd: Claimability; readonly found: Claimability }
  readonly mttd: Duration
  readonly mtta: Duration
  readonly mttr: Duration
  readonly window: Duration
  readonly foundBy: Readonly<Record<Breakdown, Readonly<Record<string, number>>>>
  readonly by: Readonly<Record<Breakdown, Readonly<Record<string, Movement & { readonly claimableAtEnd: number }>>>>
  readonly coverage: Coverage
  /** Every name that was exposed or found in the quarter, oldest first. */
  readonly names: readonly ExposedName[]
}

export function computeExposure(input: {
  readonly quarter: Quarter
  readonly timezone: string
  readonly asOf: Date
  readonly history: ExposureHistory
  /** Of this quarter. */
  readonly covers: readonly CoverSpan[]
}): Exposure {
  const { quarter, history } = input
  const end = endOf(quarter, input.asOf)
  const names = history.findings.flatMap((finding) => readName(finding, history, quarter, end) ?? []).sort(bySince)
  const found = names.filter(isFound)
  const current = currentIdentifiers(history, end)
  return {
    quarter: quarter.name,
    from: quarter.from.toISOString(),
    to: quarter.to.toISOString(),
    timezone: input.timezone,
    asOf: input.asOf.toISOString(),
    isWhole: input.asOf >= quarter.to,
    ...movement(names),
    dismissed: names.filter(({ foundInQuarter, state }) => foundInQuarter && state === 'dismissed').length,
    claimable: { exposedAtEnd: claimability(names.filter(({ exposedAtEnd }) => exposedAtEnd)), found: claimability(found) },
    mttd: summariseDurations(found.map((name) => span(publicOf(name), name.firstSeenAt))),
    mtta: summariseDurations(found.map(({ firstSeenAt, acknowledgedAt }) => span(firstSeenAt, acknowledgedAt))),
    mttr: summariseDurations(found.map(({ firstSeenAt, resolvedAt }) => span(firstSeenAt, resolvedAt))),
    window: summariseDurations(found.map((name) => span(publicOf(name), name.goneAt))),
    foundBy: breakDown((of) => tally(found, of)),
    by: breakDown((of) => movementBy(names, of)),
    coverage: coverageInQuarter(current, input.covers),
    names,
  }
}

/** What counts lies before it. */
export function endOf(quarter: Quarter, asOf: Date): Date {
  return asOf < quarter.to ? asOf : quarter.to
}

/** Exposed: a person has not settled it, and no recheck saw all of it gone. */
interface Course {
  readonly state: FindingState
  readonly exposed: boolean
  readonly goneAt: Date | null
  /** When it was exposed last until, if it is not any more. */
  readonly endedAt: Date | null
}

const before: Course = { state: 'open', exposed: false, goneAt: null, endedAt: null }

function step(course: Course, event: HistoryEvent): Course {
  const goneAt = goneAfter(course.goneAt, event)
  const exposed = (event.state === 'open' || event.state === 'acknowledged') && goneAt === null
  return { state: event.state, exposed, goneAt, endedAt: exposed ? null : course.exposed ? event.at : course.endedAt }
}

/** A proposal says whether all is gone; a later one may take it back to "a history still has it". */
function goneAfter(goneAt: Date | null, { verb, facts, at }: HistoryEvent): Date | null {
  if (verb === 'proposed') return facts['gone'] === true ? (goneAt ?? at) : null
  return verb === 'proposal-withdrawn' || verb === 'reopened' ? null : goneAt
}

/** Null: it had not been found by then, or was neither found nor exposed in the quarter. */
function readName(finding: FindingHistory, { claims, identifiers }: ExposureHistory, quarter: Quarter, end: Date): ExposedName | null {
  const events = finding.events.filter(({ at }) => at < end)
  const birth = events.find(({ verb }) => verb === 'found')
  if (birth === undefined) return null
  let course = before
  let exposedAtStart = false
  let exposedIn = false
  for (const event of events) {
    course = step(course, event)
    if (event.at < quarter.from) exposedAtStart = course.exposed
    else exposedIn ||= course.exposed
  }
  const foundInQuarter = birth.at >= quarter.from
  if (!foundInQuarter && !exposedAtStart && !exposedIn) return null
  const earliest = earliestPublic(events)
  const facts = latestFacts(events)
  const owner = latestBefore(identifiers.get(finding.identifierId), end)
  return {
    findingId: finding.findingId,
    identifier: text(birth, 'identifier') ?? '',
    kind: text(birth, 'kind'),
    ecosystem: text(birth, 'ecosystem'),
    team: owner === undefined ? text(birth, 'team') : owner.team,
    source: text(birth, 'source'),
    role: text(birth, 'role'),
    severity: facts.severity,
    state: course.state,
    dismissedReason: course.state === 'dismissed' ? facts.dismissedReason : null,
    claimable: claimableAt(claims.get(finding.identifierId) ?? [], end),
    publicSince: earliest.at,
    publicSinceIsLowerBound: earliest.lowerBound,
    firstSeenAt: birth.at.toISOString(),
    acknowledgedAt: facts.acknowledgedAt?.toISOString() ?? null,
    resolvedAt: facts.resolvedAt?.toISOString() ?? null,
    goneAt: course.goneAt?.toISOString() ?? null,
    closedAt: course.state === 'dismissed' ? null : (course.endedAt?.toISOString() ?? null),
    exposedAtStart,
    foundInQuarter,
    reopenedInQuarter: !foundInQuarter && !exposedAtStart && exposedIn,
    exposedAtEnd: course.exposed,
  }
}

interface LatestFacts {
  severity: Severity | null
  dismissedReason: string | null
  acknowledgedAt: Date | null
  resolvedAt: Date | null
}

/** Of acknowledgements the first counts; of resolutions the last that no reopening followed. */
function latestFacts(events: readonly HistoryEvent[]): LatestFacts {
  const facts: LatestFacts = { severity: null, dismissedReason: null, acknowledgedAt: null, resolvedAt: null }
  for (const event of events) {
    if (event.verb === 'acknowledged') facts.acknowledgedAt ??= event.at
    else if (event.verb === 'resolved') facts.resolvedAt = event.at
    else if (event.verb === 'reopened') facts.resolvedAt = null
    else if (event.verb === 'dismissed') facts.dismissedReason = event.reason
    if (event.verb === 'found' || event.verb === 'reassessed') facts.severity = severityOf(event) ?? facts.severity
  }
  return facts
}

function severityOf({ facts }: HistoryEvent): Severity | null {
  const value = facts['severity']
  return value === 'critical' || value === 'high' || value === 'medium' || value === 'low' ? value : null
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

/** One registry that would let a stranger have it is enough; "no" takes all of them. */
function claimableAt(facts: readonly ClaimFact[], end: Date): Claimable | null {
  const latest = new Map<string, Claimable>()
  for (const { registry, claimable, at } of facts) if (at < end) latest.set(registry, claimable)
  const told = [...latest.values()]
  if (told.length === 0) return null
  if (told.includes('yes')) return 'yes'
  return told.includes('unknown') ? 'unknown' : 'no'
}

function latestBefore<Fact extends { readonly at: Date }>(facts: readonly Fact[] | undefined, end: Date): Fact | undefined {
  return facts?.findLast(({ at }) => at < end)
}

function currentIdentifiers({ identifiers }: ExposureHistory, end: Date): string[] {
  return [...identifiers].flatMap(([id, facts]) => {
    const latest = latestBefore(facts, end)
    return latest !== undefined && latest.inInventory && !latest.publicOnPurpose ? [id] : []
  })
}

function text(event: HistoryEvent, key: string): string | null {
  const value = event.facts[key]
  return typeof value === 'string' ? value : null
}

function bySince(a: ExposedName, b: ExposedName): number {
  if (a.firstSeenAt !== b.firstSeenAt) return a.firstSeenAt < b.firstSeenAt ? -1 : 1
  return a.findingId.length - b.findingId.length || (a.findingId < b.findingId ? -1 : 1)
}

const isFound = ({ foundInQuarter, state }: ExposedName) => foundInQuarter && state !== 'dismissed'

function movement(names: readonly ExposedName[]): Movement {
  const count = (of: (name: ExposedName) => boolean) => names.filter(of).length
  const stands = ({ exposedAtStart, reopenedInQuarter }: ExposedName) => exposedAtStart || reopenedInQuarter
  return {
    exposedAtStart: count(({ exposedAtStart }) => exposedAtStart),
    found: count(isFound),
    reopened: count(({ reopenedInQuarter }) => reopenedInQuarter),
    closed: count(({ state, exposedAtEnd }) => state !== 'dismissed' && !exposedAtEnd),
    withdrawn: count((name) => stands(name) && name.state === 'dismissed'),
    exposedAtEnd: count(({ exposedAtEnd }) => exposedAtEnd),
  }
}

function claimability(names: readonly ExposedName[]): Claimability {
  const count = (of: Claimable | null) => names.filter(({ claimable }) => claimable === of).length
  return { yes: count('yes'), no: count('no'), unknown: count('unknown'), notAsked: count(null) }
}

function breakDown<Value>(of: (by: Breakdown) => Value): Readonly<Record<Breakdown, Value>> {
  return { ecosystem: of('ecosystem'), team: of('team'), source: of('source'), role: of('role'), severity: of('severity') }
}

function groups(names: readonly ExposedName[], by: Breakdown): (readonly [string, readonly ExposedName[]])[] {
  return [...Map.groupBy(names, (name) => name[by] ?? 'none')].sort(([a], [b]) => (a < b ? -1 : 1))
}

function tally(names: readonly ExposedName[], by: Breakdown): Readonly<Record<string, number>> {
  return Object.fromEntries(groups(names, by).map(([value, of]) => [value, of.length]))
}

function movementBy(names: readonly ExposedName[], by: Breakdown): Readonly<Record<string, Movement & { readonly claimableAtEnd: number }>> {
  return Object.fromEntries(groups(names, by).map(([value, of]) =>
    [value, { ...movement(of), claimableAtEnd: of.filter(({ exposedAtEnd, claimable }) => exposedAtEnd && claimable === 'yes').length }]))
}

/** Neither a lower bound nor a date after we saw it is one. */
function publicOf({ publicSince, publicSinceIsLowerBound, firstSeenAt }: ExposedName): string | null {
  return publicSince === null || publicSinceIsLowerBound || Date.parse(publicSince) > Date.parse(firstSeenAt) ? null : publicSince
}

/** Milliseconds; null: one of the moments is not known, or they contradict each other. */
function span(from: string | null, to: string | null): number | null {
  if (from === null || to === null) return null
  const between = Date.parse(to) - Date.parse(from)
  return between < 0 ? null : between
}
