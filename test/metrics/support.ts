import { openCalendar, type FiscalSettings } from '../../src/fiscal-calendar.ts'
import { computeExposure, type ClaimFact, type Exposure, type HistoryEvent, type IdentifierFact } from '../../src/metrics/exposure.ts'
import type { CoverSpan } from '../../src/metrics/coverage-in-quarter.ts'
import type { QuarterReport } from '../../src/metrics/load-report.ts'

export const calendarOf = (settings: Partial<FiscalSettings> = {}) =>
  openCalendar({ timezone: 'UTC', fiscalYearStartsIn: 1, fiscalYearNamedAfter: 'end', fiscalYearChanges: [], ...settings })

export interface TestEvent extends HistoryEvent {
  readonly findingId: string
}

const states: Partial<Record<HistoryEvent['verb'], HistoryEvent['state']>> = { acknowledged: 'acknowledged', resolved: 'resolved', dismissed: 'dismissed' }

export function event(findingId: string, verb: HistoryEvent['verb'], at: string, more: Partial<HistoryEvent> = {}): TestEvent {
  return {
    findingId, verb, at: new Date(at), state: states[verb] ?? 'open', reason: null,
    facts: verb === 'found' || verb === 'place-added' ? { identifier: `name-${findingId}`, ecosystem: 'npm', source: 'github-code', role: 'dependency', publicSince: at, publicSinceIsLowerBound: true } : {},
    ...more,
  }
}

export interface Surroundings {
  readonly covers?: readonly CoverSpan[]
  readonly identifiers?: ReadonlyMap<string, readonly IdentifierFact[]>
  readonly claims?: ReadonlyMap<string, readonly ClaimFact[]>
}

/** The exposure of 2026-Q4 in UTC. The id of an identifier is that of its finding. */
export function compute(events: readonly TestEvent[], asOf = '2027-01-01T00:00:00Z', more: Surroundings = {}): Exposure {
  const findings = [...Map.groupBy(events, ({ findingId }) => findingId)].map(([findingId, of]) => ({ findingId, identifierId: findingId, events: of }))
  const history = { findings, identifiers: more.identifiers ?? new Map(), claims: more.claims ?? new Map() }
  return computeExposure({ quarter: calendarOf().quarter('2026-Q4'), timezone: 'UTC', asOf: new Date(asOf), history, covers: more.covers ?? [] })
}

export function reportOf(exposure: Exposure): QuarterReport {
  const earlier = ['2026-Q3', '2026-Q2', '2026-Q1', '2025-Q4'].map((quarter) => ({ ...exposure, quarter }))
  return { exposure, previous: earlier }
}
