import { inArray, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, findings } from '../db/schema/index.ts'
import { conditionsOf, type InboxFilter } from './filter-findings.ts'
import { search } from './search-findings.ts'

/** What the filters of the inbox offer, with how many findings each choice would show. */
export const countedFacets = ['state', 'severity', 'claim', 'ecosystem', 'team', 'source', 'role', 'assignee'] as const
export type CountedFacet = (typeof countedFacets)[number]

export interface InboxCounts {
  readonly total: number
  /** Counted with the other filters in force, not its own; the most first. */
  readonly by: Readonly<Record<CountedFacet, { readonly value: string; readonly label: string; readonly count: number }[]>>
}

const columns: Readonly<Record<CountedFacet, ReturnType<typeof sql>>> = {
  state: sql`state`, severity: sql`severity`, claim: sql`claim_state`, ecosystem: sql`ecosystem`, team: sql`team`,
  source: sql`sources`, role: sql`roles`, assignee: sql`assignee`,
}

type Counted = Readonly<Record<CountedFacet, unknown>> & { readonly facet: number; readonly missed: number; readonly count: number }

/**
 * How many findings the filters leave, and how many each choice would. One pass: each finding knows which filters it
 * misses; what misses none counts everywhere, what misses one counts for the choices of that one.
 */
export async function countInbox(db: Db, filter: InboxFilter): Promise<InboxCounts> {
  const conditions = conditionsOf(filter)
  const words = await search(db, filter.q)
  const bit = (index: number) => sql.raw(String(2 ** index))
  const missed = conditions.length === 0 ? sql`0` : sql.join(conditions.map(({ holds }, index) => sql`case when ${holds} then 0 else ${bit(index)} end`), sql` + `)
  // Of a filter that has no choices to count nothing is missed.
  const allowed = conditions.flatMap(({ facet }, index) => (countedFacets.some((counted) => counted === facet) ? [2 ** index] : []))
  const all = countedFacets.map((facet) => columns[facet])
  const rows = await db.execute<Counted>(sql`
    select ${sql.join(countedFacets.map((facet) => sql`${columns[facet]} as ${sql.identifier(facet)}`), sql`, `)}, missed, grouping(${sql.join(all, sql`, `)})::int as facet, count(*)::int as count
    from (select ${sql.join(all, sql`, `)}, ${missed} as missed from ${findings} where ${words ?? sql`true`}) finding
    where missed in (${sql.join([0, ...allowed].map((mask) => sql.raw(String(mask))), sql`, `)})
    group by grouping sets (${sql.join(all.map((column) => sql`(${column}, missed)`), sql`, `)})`)
  const maskOf = new Map(conditions.map(({ facet }, index) => [facet, 2 ** index]))
  const counts = new Map(countedFacets.map((facet) => [facet, new Map<string, number>()]))
  let total = 0
  for (const row of rows) {
    // A set bit: the column is not grouped by. The only one that is not set is this row's.
    const facet = countedFacets.find((_, index) => (row.facet & (1 << (countedFacets.length - 1 - index))) === 0)
    if (facet === undefined) continue
    if (facet === 'state' && row.missed === 0) total += row.count
    if (row.missed !== 0 && row.missed !== maskOf.get(facet)) continue
    for (const value of valuesOf(facet, row[facet])) counts.get(facet)?.set(value, (counts.get(facet)?.get(value) ?? 0) + row.count)
  }
  const names = await namesOf(db, [...(counts.get('assignee')?.keys() ?? [])])
  const choices = (facet: CountedFacet) => [...(counts.get(facet) ?? [])]
    .map(([value, count]) => ({ value, label: names.get(value) ?? value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  return {
    total,
    by: {
      state: choices('state'), severity: choices('severity'), claim: choices('claim'), ecosystem: choices('ecosystem'),
      team: choices('team'), source: choices('source'), role: choices('role'), assignee: choices('assignee'),
    },
  }
}

const without: Partial<Readonly<Record<CountedFacet, string>>> = { ecosystem: 'none', team: 'none', assignee: 'nobody' }

/** The choices under which a row counts; a finding that no registry was asked about is under no claim. */
function valuesOf(facet: CountedFacet, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String)
  if (value === null) return without[facet] === undefined ? [] : [without[facet]]
  return [String(value)]
}

async function namesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = ids.filter((id) => id !== 'nobody')
  const rows = known.length === 0 ? [] : await db.select({ id: accounts.id, name: accounts.name }).from(accounts).where(inArray(accounts.id, known.map(BigInt)))
  return new Map(rows.map(({ id, name }) => [String(id), name]))
}
