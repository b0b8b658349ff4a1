import { roles, type Role } from '../contracts/match.ts'
import { ecosystems, identifierKinds } from '../contracts/inventory.ts'
import type { OccurrenceStatus } from '../db/schema/index.ts'
import type { ReportedClaim, ReportedFinding, ReportedPlace } from '../formats/contract.ts'
import type { ExposedName, HistoryEvent } from './exposure.ts'

/** A finding as it was at the end of a quarter, for the formats of other tools. */
export interface FindingThen extends ReportedFinding {
  /** The last thing that happened to it by then. */
  readonly changedAt: string
  /** Places of which the history does not tell where they are: it was written before it did. */
  readonly placesWithoutAddress: number
}

/** Pure, from the same immutable events as the metric, so that the same moment gives the same bytes. */
export function reportFinding(name: ExposedName, happened: readonly HistoryEvent[], claims: readonly ReportedClaim[], end: Date): FindingThen {
  const events = happened.filter(({ at }) => at < end)
  const { places, withoutAddress } = placesThen(events, end)
  return {
    id: name.findingId,
    identifier: name.identifier,
    kind: oneOf(identifierKinds, name.kind) ?? 'other',
    ecosystem: oneOf(ecosystems, name.ecosystem),
    team: name.team,
    state: name.state,
    dismissedReason: name.dismissedReason,
    // Written before the history told it: better too loud than overlooked.
    severity: name.severity ?? 'high',
    reasons: [events.findLast(({ verb, reason }) => (verb === 'found' || verb === 'reassessed') && reason !== null)?.reason].filter((reason) => reason !== null && reason !== undefined),
    firstSeenAt: name.firstSeenAt,
    publicSince: name.publicSince,
    publicSinceIsLowerBound: name.publicSinceIsLowerBound,
    resolvedAt: name.resolvedAt,
    proposed: name.goneAt === null ? null : { at: name.goneAt, reason: 'no place is public any more' },
    claims,
    occurrences: places,
    changedAt: (events.at(-1)?.at ?? end).toISOString(),
    placesWithoutAddress: withoutAddress,
  }
}

interface Draft {
  /** The first place of its copies. */
  readonly group: string
  place: ReportedPlace
}

function placesThen(events: readonly HistoryEvent[], end: Date): { readonly places: readonly ReportedPlace[]; readonly withoutAddress: number } {
  const places = new Map<string, Draft>()
  const unknown = new Set<string>()
  for (const event of events) {
    const id = text(event, 'occurrenceId')
    if (event.verb === 'suppressed') suppress(places, id, event, end)
    if (id === null) continue
    const known = places.get(id)
    const stated = text(event, 'url') === null ? undefined : readPlace(id, event)
    if (known !== undefined) {
      const { firstSeenAt, suppressed } = known.place
      const lastSeenAt = event.at.toISOString()
      if (event.verb === 'place-gone') known.place = { ...known.place, status: oneOf(['gone', 'gone-from-head'] satisfies OccurrenceStatus[], text(event, 'status')) ?? 'gone' }
      else known.place = stated === undefined ? { ...known.place, lastSeenAt } : { ...stated.place, firstSeenAt, suppressed }
    } else if (stated !== undefined) places.set(id, stated)
    else if (event.verb === 'found' || event.verb === 'place-added') unknown.add(id)
  }
  return { places: [...places.values()].map(({ place }) => place), withoutAddress: [...unknown].filter((id) => !places.has(id)).length }
}

/** `found`, `place-added`, `place-returned` and `reopened` by a place tell where it is. */
function readPlace(id: string, event: HistoryEvent): Draft {
  const at = event.at.toISOString()
  const line = event.facts['line']
  const place: ReportedPlace = {
    id,
    source: text(event, 'source') ?? '',
    url: text(event, 'url') ?? '',
    repository: text(event, 'container') ?? '',
    path: text(event, 'path'),
    line: typeof line === 'number' ? line : 1,
    role: oneOf<Role>(roles, text(event, 'role')) ?? 'prose',
    firstSeenAt: at,
    lastSeenAt: at,
    status: 'live',
    suppressed: null,
  }
  return { group: text(event, 'copyOf') ?? id, place }
}

/** One place with its copies, or all that were known; over once it has expired. */
function suppress(places: ReadonlyMap<string, Draft>, id: string | null, event: HistoryEvent, end: Date): void {
  const until = text(event, 'until')
  if (until === null || Date.parse(until) <= end.getTime()) return
  const group = id === null ? null : (places.get(id)?.group ?? id)
  for (const draft of places.values()) {
    if (group === null || draft.group === group) draft.place = { ...draft.place, suppressed: { reason: event.reason ?? '', until } }
  }
}

function text(event: HistoryEvent, key: string): string | null {
  const value = event.facts[key]
  return typeof value === 'string' ? value : null
}

function oneOf<Word extends string>(words: readonly Word[], text: string | null): Word | null {
  return words.find((word) => word === text) ?? null
}
