import { inArray, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { accounts, findings, sourceSets } from '../db/schema/index.ts'
import { bits, readFacet, rolesInBits } from './facets.ts'
import { conditionsInNumbers, ofDrills, type Facet, type InboxFilter } from './filter-findings.ts'
import { searchAll } from './search-findings.ts'

/** What the filters of the inbox offer, with how many findings each choice would show. */
export const countedFacets = ['state', 'severity', 'claim', 'ecosystem', 'team', 'source', 'role', 'assignee'] as const
export type CountedFacet = (typeof countedFacets)[number]

export interface InboxCounts {
  readonly total: number
  /** Counted with the other filters in force, not its own; the most first. */
  readonly by: Readonly<Record<CountedFacet, { readonly value: string; readonly label: string; readonly count: number }[]>>
}

/** How many findings have the same values, and which filters they miss. */
type Group = {
  readonly facets: number | null
  readonly ecosystem: string | null
  readonly team: string | null
  readonly assignee: bigint | null
  readonly role_bits: number | null
  readonly source_set: number | null
  /** What this row is grouped by. */
  readonly of: number
  readonly missed: number
  readonly count: number
}

const groupColumns = sql`facets, ecosystem, team, assignee, role_bits, source_set, count(*)::int as count, grouping(facets, team, role_bits, source_set)::int as of`

/**
 * How many findings the filters leave, and how many each choice would. One pass over one index: each finding knows which
 * filters it misses; what misses none counts everywhere, what misses one counts for the choices of that one.
 */
export async function countInbox(db: Db, filter: InboxFilter): Promise<InboxCounts> {
  const conditions = conditionsInNumbers(filter)
  const words = await searchAll(db, filter.q)
  const drills = await db.execute<{ id: bigint }>(ofDrills)
  const isCounted = drills.length === 0 ? sql`true` : sql`${findings.id} <> all(${`{${drills.map(({ id }) => id).join(',')}}`}::bigint[])`
  const maskOf = new Map<Facet, number>(conditions.map(({ facet }, index) => [facet, 2 ** index]))
  const missed = sql.join(conditions.map(({ holds }, index) => sql`case when ${holds} then 0 else ${sql.raw(String(2 ** index))} end`), sql` + `)
  // Of a filter that has no choices to count nothing may be missed.
  const allowed = [0, ...conditions.flatMap(({ facet }, index) => (countedFacets.some((counted) => counted === facet) ? [2 ** index] : []))]
  const rows = await db.transaction(async (tx) => {
    // The planner does not know how much it costs to search a row for a word, and would read them all; several processes
    // would each look for all findings that have it; and a table of hashes that has no room is not made.
    if (words !== null) await tx.execute(sql`select set_config('enable_seqscan', 'off', true), set_config('max_parallel_workers_per_gather', '0', true), set_config('work_mem', '64MB', true)`)
    const counted = sql`from ${findings} where ${isCounted} and ${words ?? sql`true`}`
    // A column that is the same for all would cost a tenth of it.
    if (conditions.length === 0) {
      return tx.execute<Group>(sql`
        select ${groupColumns}, 0 as missed ${counted}
        group by grouping sets ((facets, ecosystem), (team, assignee), (role_bits), (source_set))`)
    }
    return tx.execute<Group>(sql`
      select ${groupColumns}, missed
      from (select facets, ecosystem, team, assignee, role_bits, source_set, ${missed} as missed ${counted}) finding
      where missed in (${sql.raw(allowed.join(', '))})
      group by grouping sets ((facets, ecosystem, missed), (team, assignee, missed), (role_bits, missed), (source_set, missed))`)
  })
  const sources = await sourcesOf(db, rows)
  const counts = new Map<CountedFacet, Map<string, number>>(countedFacets.map((facet) => [facet, new Map()]))
  let total = 0
  for (const row of rows) {
    if (groupings.get(row.of)?.includes('state') === true && row.missed === 0) total += row.count
    for (const facet of groupings.get(row.of) ?? []) {
      if (row.missed !== 0 && row.missed !== maskOf.get(facet)) continue
      const choices = counts.get(facet)
      for (const value of choicesOf(facet, row, sources)) choices?.set(value, (choices.get(value) ?? 0) + row.count)
    }
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

/** `grouping()`: a bit for each of four columns, set where a row is not grouped by it. What has few values goes together. */
const groupings: ReadonlyMap<number, readonly CountedFacet[]> = new Map<number, readonly CountedFacet[]>([
  [0b0111, ['state', 'severity', 'claim', 'ecosystem']], [0b1011, ['team', 'assignee']], [0b1101, ['role']], [0b1110, ['source']],
])

/** The choices under which a row counts; a finding that no registry was asked about is under no claim. */
function choicesOf(facet: CountedFacet, row: Group, sources: ReadonlyMap<number, readonly string[]>): readonly string[] {
  switch (facet) {
    case 'state':
    case 'severity':
    case 'claim': {
      const value = readFacet(row.facets ?? 0, bits[facet])
      return value === null ? [] : [value]
    }
    case 'ecosystem':
      return [row.ecosystem ?? 'none']
    case 'team':
      return [row.team ?? 'none']
    case 'assignee':
      return [row.assignee === null ? 'nobody' : String(row.assignee)]
    case 'role':
      return rolesInBits(row.role_bits ?? 0)
    case 'source':
      return sources.get(row.source_set ?? 0) ?? []
  }
}

async function sourcesOf(db: Db, rows: readonly Group[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const ids = [...new Set(rows.flatMap(({ source_set: id }) => (id === null ? [] : [id])))]
  const sets = await db.select().from(sourceSets).where(sql`${sourceSets.id} = any(${`{${ids.join(',')}}`}::int[])`)
  return new Map(sets.map(({ id, sources }) => [id, sources]))
}

async function namesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const known = ids.filter((id) => id !== 'nobody')
  const rows = known.length === 0 ? [] : await db.select({ id: accounts.id, name: accounts.name }).from(accounts).where(inArray(accounts.id, known.map(BigInt)))
  return new Map(rows.map(({ id, name }) => [String(id), name]))
}
