import { and, desc, asc, eq, inArray, sql, type AnyPgColumn, type SQL } from '../db/drizzle.ts'
import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Claimable, ClaimState } from '../contracts/registry.ts'
import type { Db } from '../db/client.ts'
import { accounts, documents, findings, identifiers, occurrences, sourceSets, type FindingState, type Severity } from '../db/schema/index.ts'
import { matching, type InboxFilter } from './filter-findings.ts'
import { searchToWalk } from './search-findings.ts'

/** A line of the inbox. Times are ISO 8601, ids decimal text. */
export interface InboxRow {
  readonly id: string
  readonly identifier: string
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  readonly team: string | null
  readonly state: FindingState
  readonly severity: Severity
  readonly reasons: string[]
  readonly dismissedReason: string | null
  readonly dismissedUntil: string | null
  readonly assignee: { readonly id: string; readonly name: string } | null
  readonly claim: { readonly registry: string; readonly state: ClaimState; readonly claimable: Claimable } | null
  readonly places: number
  readonly groups: number
  readonly livePlaces: number
  readonly sources: string[]
  readonly place: { readonly source: string; readonly repository: string; readonly path: string | null; readonly line: number } | null
  readonly firstSeenAt: string
  readonly publicSince: string
  readonly publicSinceIsLowerBound: boolean
  readonly updatedAt: string
  readonly proposed: { readonly at: string; readonly reason: string } | null
  readonly drill: boolean
  /** The last event: sent back with a verb, see `Triage.seen`. */
  readonly version: string
}

/** `worst`: severity, then newest; the others: newest or oldest first. */
export type Order = 'worst' | 'newest' | 'oldest' | 'updated'

/** Per order the columns that it goes by, all in one direction; the id makes it one order. */
const orders: Readonly<Record<Order, { readonly by: readonly AnyPgColumn[]; readonly down: boolean }>> = {
  worst: { by: [findings.severityRank, findings.firstSeenAt, findings.id], down: true },
  newest: { by: [findings.firstSeenAt, findings.id], down: true },
  oldest: { by: [findings.firstSeenAt, findings.id], down: false },
  updated: { by: [findings.updatedAt, findings.id], down: true },
}

export interface InboxPage {
  readonly order: Order
  /** Values of the last row of the page before, as it gave them. Null: from the beginning. */
  readonly after: readonly string[] | null
  readonly limit: number
}

/**
 * A page of the inbox. Pages go by the values of the last row: a finding whose values stay is on exactly one page,
 * whatever comes, goes or changes meanwhile; one that moves across the border of a page may be seen twice or not at all,
 * as somebody who scrolls would.
 * @returns `next`: to be handed back as `after`; null: this was the last page
 */
export async function listInbox(db: Db, filter: InboxFilter, { order, after, limit }: InboxPage): Promise<{ readonly items: InboxRow[]; readonly next: readonly string[] | null }> {
  const { by, down } = orders[order]
  const words = await searchToWalk(db, filter.q)
  const rows = await db
    .select({ id: findings.id, values: sql<string[]>`array[${sql.join(by.map((column) => exactText(column)), sql`, `)}]` })
    .from(findings)
    .where(and(matching(filter), words ?? undefined, after === null ? undefined : beyond(by, down, after)))
    .orderBy(...by.map((column) => (down ? desc(column) : asc(column))))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  return { items: await readInboxRows(db, page.map(({ id }) => id)), next: rows.length > limit ? (page.at(-1)?.values ?? null) : null }
}

/** Whether `after` has the shape that an order hands out; it came from outside. */
export function isAfter(order: Order, after: readonly string[]): boolean {
  const { by } = orders[order]
  return after.length === by.length && after.every((value, index) => (by[index]?.getSQLType() ?? '').startsWith('timestamp') ? /^\d{4}-[0-9T:.+-]{10,40}$/.test(value) : /^\d{1,18}$/.test(value))
}

/** A time with its microseconds: a cursor of milliseconds would skip what lies between. */
function exactText(column: AnyPgColumn): SQL {
  return column.getSQLType().startsWith('timestamp') ? sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00')` : sql`${column}::text`
}

function beyond(by: readonly AnyPgColumn[], down: boolean, after: readonly string[]): SQL {
  // As text: the driver would make a Date of a time, and lose its microseconds.
  const values = by.map((column, index) => sql`${after[index] ?? ''}::text::${sql.raw(column.getSQLType())}`)
  return sql`(${sql.join([...by], sql`, `)}) ${sql.raw(down ? '<' : '>')} (${sql.join(values, sql`, `)})`
}

/** The lines of findings, in the order of their ids here; of what is no finding there is none. */
export async function readInboxRows(db: Db, ids: readonly bigint[]): Promise<InboxRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select({
      finding: findings,
      name: { name: identifiers.name, kind: identifiers.kind, origin: identifiers.origin },
      assignee: { id: accounts.id, name: accounts.name },
      sources: sourceSets.sources,
      place: { line: occurrences.line, source: documents.source, repository: documents.containerName, path: documents.path },
      version: sql<bigint | null>`(select max(event.id) from events event where event.finding_id = ${findings.id})`,
    })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .leftJoin(sourceSets, eq(sourceSets.id, findings.sourceSet))
    .leftJoin(accounts, eq(accounts.id, findings.assignee))
    .leftJoin(occurrences, eq(occurrences.id, findings.worstPlace))
    .leftJoin(documents, eq(documents.id, occurrences.documentId))
    .where(inArray(findings.id, [...ids]))
  const byId = new Map(rows.map((row) => [row.finding.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row === undefined ? [] : [describe(row)]
  })
}

interface Row {
  readonly finding: typeof findings.$inferSelect
  readonly name: Pick<typeof identifiers.$inferSelect, 'name' | 'kind' | 'origin'>
  readonly assignee: { readonly id: bigint; readonly name: string } | null
  readonly place: { readonly line: number | null; readonly source: string | null; readonly repository: string | null; readonly path: string | null } | null
  readonly sources: string[] | null
  readonly version: bigint | null
}

function describe({ finding, sources, name, assignee, place, version }: Row): InboxRow {
  const { claimRegistry, claimState, claimable, proposedAt, proposedReason } = finding
  return {
    id: String(finding.id), identifier: name.name, kind: name.kind, ecosystem: finding.ecosystem, team: finding.team,
    state: finding.state, severity: finding.severity, reasons: [...finding.reasons],
    dismissedReason: finding.dismissedReason, dismissedUntil: finding.dismissedUntil?.toISOString() ?? null,
    assignee: assignee === null ? null : { id: String(assignee.id), name: assignee.name },
    claim: claimRegistry === null || claimState === null || claimable === null ? null : { registry: claimRegistry, state: claimState, claimable },
    places: finding.places, groups: finding.groups, livePlaces: finding.livePlaces, sources: sources ?? [],
    place: place === null || place.line === null || place.source === null || place.repository === null ? null : { source: place.source, repository: place.repository, path: place.path, line: place.line },
    firstSeenAt: finding.firstSeenAt.toISOString(), publicSince: finding.publicSince.toISOString(), publicSinceIsLowerBound: finding.publicSinceIsLowerBound,
    updatedAt: finding.updatedAt.toISOString(),
    proposed: proposedAt === null || proposedReason === null ? null : { at: proposedAt.toISOString(), reason: proposedReason },
    drill: name.origin === 'drill', version: String(version ?? 0n),
  }
}
