import { z } from 'zod'
import { and, asc, isNotNull, isNull, sql, type SQL } from '../db/drizzle.ts'
import { disclosures, ecosystems, identifierKinds, type Disclosure, type Ecosystem, type Form, type IdentifierKind } from '../contracts/inventory.ts'
import type { Db } from '../db/client.ts'
import { identifiers, isCounted, type Origin } from '../db/schema/index.ts'

/** Whose lines people see; names of drills are not among them. */
export const origins = ['inventory', 'accepted', 'page'] as const satisfies Origin[]

/** `proven`: a complete sweep in every source that was planned for it. `partly`: in some, or something stood in the way. */
export const coverages = ['proven', 'partly', 'never'] as const
export type CoverageInShort = (typeof coverages)[number]

export interface IdentifierFilter {
  /** In names; without regard to case. */
  readonly q?: string | undefined
  readonly form?: readonly Form[] | undefined
  /** `none`: without one. */
  readonly ecosystem?: readonly (Ecosystem | 'none')[] | undefined
  /** Names of teams; `none`: without one. */
  readonly team?: readonly string[] | undefined
  readonly disclose?: readonly Disclosure[] | undefined
  readonly origin?: readonly (typeof origins)[number][] | undefined
  readonly coverage?: readonly CoverageInShort[] | undefined
  /** `current`: lines of today. `retired`: lines that left. `spelled-out`: names that a current pattern matched. */
  readonly state?: 'current' | 'retired' | 'spelled-out' | undefined
  /** Only names that a pattern spelled out: the pattern's id. */
  readonly pattern?: bigint | undefined
}

/** A line of the inventory, or a name that a pattern spelled out, as people see it in a list. */
export interface ListedIdentifier {
  readonly id: string
  readonly form: Form
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  /** As a person writes it: a pattern with its star. */
  readonly name: string
  readonly team: string | null
  readonly disclose: Disclosure
  readonly publicOnPurpose: boolean
  readonly markedPublicBy: string | null
  readonly near: readonly string[]
  readonly origin: (typeof origins)[number]
  /** Where the line stands in the configuration, as far as known. */
  readonly place: string | null
  /** The pattern that spelled it out. */
  readonly patternId: string | null
  readonly createdAt: string
  readonly retiredAt: string | null
  readonly coverage: { readonly state: CoverageInShort; readonly sources: number; readonly proven: number; readonly completeAt: string | null }
  /** Of the line, and of the names that it spelled out. */
  readonly findings: { readonly total: number; readonly unsettled: number }
  readonly spelledOut: number
}

/** Where the next page begins: behind this line. */
export interface After {
  readonly key: string
  readonly id: string
}

const rowSchema = z.array(z.object({
  id: z.string(), form: z.enum(['name', 'prefix', 'regex']), kind: z.enum(identifierKinds), ecosystem: z.enum(ecosystems).nullable(),
  name: z.string(), key: z.string(), team: z.string().nullable(), disclose: z.enum(disclosures), public_on_purpose: z.boolean(), marked_public_by: z.string().nullable(), near: z.array(z.string()),
  origin: z.enum(origins), place: z.string().nullable(), pattern_id: z.string().nullable(), created_at: z.coerce.date(), retired_at: z.coerce.date().nullable(),
  coverage: z.enum(coverages), sources: z.int(), proven: z.int(), complete_at: z.coerce.date().nullable(),
  findings: z.int(), unsettled: z.int(), spelled_out: z.int(),
}))

/**
 * Lines of the inventory in the order of names, a page of them. What `coverage` says in short: without a row it was
 * never looked at; a source that could not be asked counts as one that proves nothing.
 */
export async function listIdentifiers(
  db: Db,
  filter: IdentifierFilter,
  page: { readonly after: After | null; readonly limit: number },
): Promise<{ readonly items: readonly ListedIdentifier[]; readonly next: After | null }> {
  const rows = rowSchema.parse([...(await db.execute(sql`
    with page as materialized (
      select line.* from identifiers line ${filter.coverage === undefined ? sql`` : covered}
      where ${where(filter)}
        ${page.after === null ? sql`` : sql`and (line.key collate "C", line.id) > (${page.after.key}, ${page.after.id}::bigint)`}
      order by line.key collate "C", line.id
      limit ${page.limit + 1}
    )
    select ${columns} from page line ${covered} ${found} order by line.key collate "C", line.id`))])
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return { items: shown.map(describe), next: rows.length > page.limit && last !== undefined ? { key: last.key, id: last.id } : null }
}

/** One line, current or not; null: there is none. */
export async function findIdentifier(db: Db, id: bigint): Promise<ListedIdentifier | null> {
  const [row] = rowSchema.parse([...(await db.execute(sql`select ${columns} from identifiers line ${covered} ${found} where line.id = ${id} and line.origin <> 'drill'`))])
  return row === undefined ? null : describe(row)
}

export interface InventoryCounts {
  readonly lines: number
  readonly patterns: number
  readonly byCoverage: Readonly<Record<CoverageInShort, number>>
  /** Of current lines, in order. */
  readonly teams: readonly string[]
}

/** The inventory in numbers: lines of today, and what was looked at. */
export async function countIdentifiers(db: Db): Promise<InventoryCounts> {
  const counted = await db.execute(sql`
    select cover.state as state, count(*)::int as lines, count(*) filter (where line.form <> 'name')::int as patterns
    from identifiers line ${covered} where ${where({})} group by cover.state`)
  const rows = z.array(z.object({ state: z.enum(coverages), lines: z.int(), patterns: z.int() })).parse([...counted])
  const teams = await db.selectDistinct({ team: identifiers.team }).from(identifiers)
    .where(and(isNull(identifiers.retiredAt), isNull(identifiers.patternId), isNotNull(identifiers.team), isCounted)).orderBy(asc(identifiers.team))
  const byCoverage = { proven: 0, partly: 0, never: 0 }
  for (const { state, lines } of rows) byCoverage[state] = lines
  return {
    lines: rows.reduce((sum, { lines }) => sum + lines, 0),
    patterns: rows.reduce((sum, { patterns }) => sum + patterns, 0),
    byCoverage,
    teams: teams.flatMap(({ team }) => (team === null ? [] : [team])),
  }
}

const columns = sql`
  line.id::text as id, line.form, line.kind, line.ecosystem, line.name, line.key, line.team, line.disclose, line.public_on_purpose, line.marked_public_by, line.near, line.origin, line.place,
  line.pattern_id::text as pattern_id, line.created_at, line.retired_at,
  cover.state as coverage, cover.sources, cover.proven, cover.complete_at, found.findings, found.unsettled,
  (select count(*)::int from identifiers spelled where spelled.pattern_id = line.id and spelled.retired_at is null) as spelled_out`

/** A name that a pattern spelled out is as covered as its pattern. */
const covered = sql`
  left join lateral (
    select
      case when count(*) = 0 or bool_and(attempted_at is null) then 'never' when bool_and(gap is null and complete_at is not null) then 'proven' else 'partly' end as state,
      count(*)::int as sources, count(*) filter (where gap is null and complete_at is not null)::int as proven,
      case when bool_and(complete_at is not null) then min(complete_at) end as complete_at
    from coverage where identifier_id = coalesce(line.pattern_id, line.id)
  ) cover on true`
const found = sql`
  left join lateral (
    select count(*)::int as findings, count(*) filter (where finding.state in ('open', 'acknowledged'))::int as unsettled
    from findings finding
    where finding.identifier_id in (select line.id union all select name.id from identifiers name where name.pattern_id = line.id)
  ) found on true`

function where(filter: IdentifierFilter): SQL {
  const state = filter.state ?? 'current'
  const conditions: SQL[] = [
    sql`line.origin <> 'drill'`,
    state === 'retired' ? sql`line.retired_at is not null` : sql`line.retired_at is null`,
    filter.pattern !== undefined ? sql`line.pattern_id = ${filter.pattern}` : state === 'spelled-out' ? sql`line.pattern_id is not null` : sql`line.pattern_id is null`,
  ]
  // The star of a pattern is not stored.
  const q = filter.q?.trim().replace(/\*$/, '') ?? ''
  if (q !== '') conditions.push(sql`position(lower(${q}) in lower(line.name)) > 0`)
  if (filter.form !== undefined) conditions.push(oneOf(sql`line.form`, filter.form))
  if (filter.ecosystem !== undefined) conditions.push(oneOf(sql`coalesce(line.ecosystem, 'none')`, filter.ecosystem))
  if (filter.team !== undefined) conditions.push(oneOf(sql`coalesce(line.team, 'none')`, filter.team))
  if (filter.disclose !== undefined) conditions.push(oneOf(sql`line.disclose`, filter.disclose))
  if (filter.origin !== undefined) conditions.push(oneOf(sql`line.origin`, filter.origin))
  if (filter.coverage !== undefined) conditions.push(oneOf(sql`cover.state`, filter.coverage))
  return sql.join(conditions, sql` and `)
}

function oneOf(column: SQL, values: readonly string[]): SQL {
  return values.length === 0 ? sql`true` : sql`${column} in (${sql.join(values.map((value) => sql`${value}`), sql`, `)})`
}

function describe(row: z.output<typeof rowSchema>[number]): ListedIdentifier {
  return {
    id: row.id, form: row.form, kind: row.kind, ecosystem: row.ecosystem,
    name: row.form === 'prefix' ? `${row.name}*` : row.name,
    team: row.team, disclose: row.disclose, publicOnPurpose: row.public_on_purpose, markedPublicBy: row.marked_public_by, near: row.near,
    origin: row.origin, place: row.place, patternId: row.pattern_id,
    createdAt: row.created_at.toISOString(), retiredAt: row.retired_at?.toISOString() ?? null,
    coverage: { state: row.coverage, sources: row.sources, proven: row.proven, completeAt: row.complete_at?.toISOString() ?? null },
    findings: { total: row.findings, unsettled: row.unsettled },
    spelledOut: row.spelled_out,
  }
}
