import { and, arrayOverlaps, between, inArray, isNotNull, isNull, or, sql, type AnyPgColumn, type SQL } from '../db/drizzle.ts'
import type { Ecosystem } from '../contracts/inventory.ts'
import type { Role } from '../contracts/match.ts'
import type { Claimable, ClaimState } from '../contracts/registry.ts'
import { findings, severities, sourceSets, type FindingState, type Severity } from '../db/schema/index.ts'
import { bits, bitsOfRoles, facetIsAmong } from './facets.ts'

/** What the inbox is narrowed to. Values of one key are alternatives, keys add up; absent or empty: no matter which. */
export interface InboxFilter {
  readonly state?: readonly FindingState[] | undefined
  readonly severity?: readonly Severity[] | undefined
  readonly claim?: readonly ClaimState[] | undefined
  readonly claimable?: readonly Claimable[] | undefined
  readonly ecosystem?: readonly (Ecosystem | 'none')[] | undefined
  /** Names, or `none`. */
  readonly team?: readonly string[] | undefined
  readonly source?: readonly string[] | undefined
  readonly role?: readonly Role[] | undefined
  /** Ids of accounts, or `nobody`. */
  readonly assignee?: readonly string[] | undefined
  readonly proposed?: 'yes' | 'no' | undefined
  /** Words, all of which must occur in its name, places or comments. */
  readonly q?: string | undefined
}

export type Facet = Exclude<keyof InboxFilter, 'q'>

/** The conditions of a filter, a key each, without the words. */
export function conditionsOf(filter: InboxFilter): readonly { readonly facet: Facet; readonly holds: SQL }[] {
  const { state, severity, claim, claimable, ecosystem, team, source, role, assignee, proposed } = filter
  const conditions: { readonly facet: Facet; readonly holds: SQL | undefined }[] = [
    { facet: 'state', holds: among(findings.state, state) },
    { facet: 'severity', holds: ofSeverity(severity) },
    { facet: 'claim', holds: among(findings.claimState, claim) },
    { facet: 'claimable', holds: among(findings.claimable, claimable) },
    { facet: 'ecosystem', holds: among(findings.ecosystem, ecosystem, 'none') },
    { facet: 'team', holds: among(findings.team, team, 'none') },
    { facet: 'source', holds: source === undefined || source.length === 0 ? undefined : inSources(source) },
    { facet: 'role', holds: role === undefined || role.length === 0 ? undefined : hasRole(role) },
    { facet: 'assignee', holds: amongAccounts(assignee) },
    { facet: 'proposed', holds: proposed === undefined ? undefined : proposed === 'yes' ? isNotNull(findings.proposedAt) : isNull(findings.proposedAt) },
  ]
  return conditions.flatMap(({ facet, holds }) => (holds === undefined ? [] : [{ facet, holds }]))
}

/** As a range too, where the list goes by severity: it begins there instead of walking past what is worse. */
function ofSeverity(some: readonly Severity[] | undefined): SQL | undefined {
  if (some === undefined || some.length === 0) return undefined
  const ranks = some.map((severity) => severities.length - severities.indexOf(severity))
  return and(between(findings.severityRank, Math.min(...ranks), Math.max(...ranks)), inArray(findings.severity, [...some]))
}

function inSources(some: readonly string[]): SQL {
  return sql`${findings.sourceSet} in (select ${sourceSets.id} from ${sourceSets} where ${arrayOverlaps(sourceSets.sources, [...some])})`
}

function hasRole(some: readonly Role[]): SQL {
  return sql`${findings.roleBits} & ${sql.raw(String(bitsOfRoles(some)))} <> 0`
}

/**
 * The same conditions, of nothing but the columns of the index `findings_in_numbers`. For whoever reads all of it: of
 * these conditions the planner does not know how rarely they hold.
 */
export function conditionsInNumbers(filter: InboxFilter): readonly { readonly facet: Facet; readonly holds: SQL }[] {
  return conditionsOf(filter).map(({ facet, holds }) => {
    const values = filter[facet]
    if (values === undefined || !isCoded(facet)) return { facet, holds }
    return { facet, holds: facetIsAmong(bits[facet], typeof values === 'string' ? [values] : values) }
  })
}

function isCoded(facet: Facet): facet is keyof typeof bits {
  return Object.hasOwn(bits, facet)
}

/** @param without the word for rows that have no value */
function among(column: AnyPgColumn, values: readonly string[] | undefined, without?: string): SQL | undefined {
  if (values === undefined || values.length === 0) return undefined
  const named = values.filter((value) => value !== without)
  return or(named.length === 0 ? undefined : inArray(column, named), named.length === values.length ? undefined : isNull(column))
}

function amongAccounts(values: readonly string[] | undefined): SQL | undefined {
  if (values === undefined || values.length === 0) return undefined
  const ids = values.filter((value) => value !== 'nobody')
  return or(ids.length === 0 ? undefined : inArray(findings.assignee, ids.map(BigInt)), ids.length === values.length ? undefined : isNull(findings.assignee))
}

/**
 * Findings of drills are in no list and no count of the inbox; who has the address of one (their alert) sees it. There
 * are few, and the id is in the index that the inbox is counted from.
 */
export const ofDrills = sql`select of_drill.id from drills join findings of_drill on of_drill.identifier_id = drills.identifier_id`
const isNoDrill = sql`${findings.id} not in (${ofDrills})`

/** All conditions of a filter but the words. */
export function matching(filter: InboxFilter): SQL {
  return and(isNoDrill, ...conditionsOf(filter).map(({ holds }) => holds)) ?? isNoDrill
}
