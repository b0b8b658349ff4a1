import { and, asc, eq, inArray, lt } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claimEvents, claims, events, findings } from '../db/schema/index.ts'
import type { FiscalCalendar, Quarter } from '../fiscal-calendar.ts'
import type { ReportedClaim } from '../formats/contract.ts'
import { endOf, type Exposure } from './exposure.ts'
import { loadExposure, quartersBack } from './load-exposure.ts'
import { reportFinding, type FindingThen } from './report-finding.ts'

/** The numbers without the names. */
export type ExposureSummary = Omit<Exposure, 'names'>

/** The exposure of a quarter against the four before it. */
export interface QuarterReport {
  readonly exposure: Exposure
  /** Newest first; each as it was at its own end. Their names are of no interest. */
  readonly previous: readonly ExposureSummary[]
}

/** How many quarters a quarter is held against. */
const previousQuarters = 4

/** @throws Invalid the moment has not come, or the quarter had not begun by then */
export async function loadReport(db: Db, question: { readonly calendar: FiscalCalendar; readonly quarter: Quarter; readonly asOf: Date; readonly now: Date }): Promise<QuarterReport> {
  const { calendar, quarter, asOf, now } = question
  const [exposure, ...before] = await loadExposure(db, { calendar, quarters: quartersBack(calendar, quarter, previousQuarters), asOf, now })
  if (exposure === undefined) throw new Error('a quarter without an exposure')
  return { exposure, previous: before }
}

/** Ids in one statement: PostgreSQL takes 65,535 parameters. */
const chunk = 10_000

/** The names of an exposure as findings of that moment, with their places and claims, in the order of the names. */
export async function loadFindingsThen(db: Db, exposure: Exposure): Promise<readonly FindingThen[]> {
  const end = endOf({ name: exposure.quarter, from: new Date(exposure.from), to: new Date(exposure.to) }, new Date(exposure.asOf))
  const found: FindingThen[] = []
  for (let at = 0; at < exposure.names.length; at += chunk) {
    const names = exposure.names.slice(at, at + chunk)
    const ids = names.map(({ findingId }) => BigInt(findingId))
    const rows = await db.select().from(events).where(and(inArray(events.findingId, ids), lt(events.at, end))).orderBy(asc(events.findingId), asc(events.at), asc(events.id))
    const history = Map.groupBy(rows, ({ findingId }) => String(findingId))
    const told = await claimsThen(db, ids, end)
    for (const name of names) found.push(reportFinding(name, history.get(name.findingId) ?? [], told.get(name.findingId) ?? [], end))
  }
  return found
}

/** What each registry had told last, by finding. */
async function claimsThen(db: Db, findingIds: readonly bigint[], end: Date): Promise<ReadonlyMap<string, ReportedClaim[]>> {
  const rows = await db
    .select({ findingId: findings.id, registry: claims.registry, state: claimEvents.state, claimable: claimEvents.claimable, why: claimEvents.why })
    .from(claimEvents)
    .innerJoin(claims, eq(claims.id, claimEvents.claimId))
    .innerJoin(findings, eq(findings.identifierId, claims.identifierId))
    .where(and(inArray(findings.id, [...findingIds]), lt(claimEvents.at, end)))
    .orderBy(asc(findings.id), asc(claims.registry), asc(claimEvents.at), asc(claimEvents.id))
  const byFinding = Map.groupBy(rows, ({ findingId }) => String(findingId))
  return new Map([...byFinding].map(([id, of]) => [
    id, [...new Map(of.map(({ registry, state, claimable, why }) => [registry, { registry, state, claimable, why }])).values()],
  ]))
}
