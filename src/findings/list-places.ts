import { and, asc, eq, gt, inArray, isNull, sql, type SQL } from '../db/drizzle.ts'
import { roles, type Role } from '../contracts/match.ts'
import type { Db } from '../db/client.ts'
import { containers, documents, findings, identifiers, occurrences, suppressions, type OccurrenceStatus, type RelatedPerson } from '../db/schema/index.ts'
import { covering } from './find-suppression.ts'
import { highlighter, type Span } from './highlight.ts'
import { noFinding } from './transition.ts'

/** A place of a finding for the page. Times are ISO 8601, ids decimal text. */
export interface PlaceRow {
  readonly id: string
  readonly source: string
  readonly url: string
  readonly repository: string
  readonly path: string | null
  readonly line: number
  readonly column: number
  readonly role: Role
  readonly details: Record<string, string>
  readonly snippet: string
  readonly highlights: Span[]
  readonly mentionCount: number
  readonly mentions: { readonly line: number; readonly column: number; readonly role: Role }[]
  readonly status: OccurrenceStatus
  readonly statusReason: string | null
  readonly statusAt: string | null
  readonly checkedAt: string | null
  readonly author: PlacePerson | null
  readonly owner: PlacePerson | null
  readonly introducedAt: string | null
  readonly doubts: string[]
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  readonly facts: Record<string, string | number | boolean | null>
  readonly licence: string | null
  readonly liveCopies: number
  readonly copies: number
  readonly copyOf: string | null
  readonly copyReason: string | null
  readonly suppressed: { readonly id: string; readonly reason: string; readonly until: string } | null
}

export interface PlacePerson {
  readonly name: string | null
  readonly login: string | null
  readonly relation: string
  readonly reason: string
}

export interface PlacePage {
  readonly findingId: bigint
  /** The copies of this place; absent: groups, each by its first place. */
  readonly copyOf?: bigint | undefined
  /** Groups that have a place of these, or copies that are. */
  readonly status?: readonly OccurrenceStatus[] | undefined
  /** Values of the last row of the page before, as it gave them. Null: from the beginning. */
  readonly after: readonly string[] | null
  readonly limit: number
  readonly now: Date
}

/** Mentions of a place that are listed. */
const mostMentions = 50

const byStatus = ['live', 'unknown', 'gone-from-head', 'gone'] as const satisfies readonly OccurrenceStatus[]

/** What is left of a group decides where it stands: live first, then what could not be told; then the worse role. */
const rank = sql.raw(`(array_position(array[${quoted(byStatus)}], status) * ${roles.length + 1} + array_position(array[${quoted(roles)}], role))`)

function quoted(words: readonly (OccurrenceStatus | Role)[]): string {
  return words.map((word) => `'${word}'`).join(', ')
}

/**
 * A page of a finding's places: those that are still there first, of these the worst role, then the oldest first.
 * @returns `next`: to be handed back as `after`; null: this was the last page @throws NotFound no such finding
 */
export async function listPlaces(db: Db, page: PlacePage): Promise<{ readonly items: PlaceRow[]; readonly next: readonly string[] | null }> {
  const { findingId, copyOf, status, after, limit, now } = page
  const [name] = await db
    .select({ name: identifiers.name, kind: identifiers.kind, ecosystem: identifiers.ecosystem })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(eq(findings.id, findingId))
  if (name === undefined) throw noFinding(findingId)
  const wanted = status === undefined || status.length === 0 ? sql`true` : sql`bool_or(${inArray(sql`status`, [...status])})`
  const beyond = after === null ? sql`true` : sql`(min(${rank}), ${head(copyOf)}) > (${after[0] ?? '0'}::int, ${after[1] ?? '0'}::bigint)`
  const heads = await db.execute<{ id: bigint; rank: number; copies: number; live: number }>(sql`
    select ${head(copyOf)} as id, min(${rank})::int as rank, count(*)::int - 1 as copies, (count(*) filter (where status in ('live', 'unknown') and copy_of is not null))::int as live
    from occurrences where finding_id = ${findingId} ${copyOf === undefined ? sql`` : sql`and copy_of = ${copyOf}`}
    group by 1 having ${wanted} and ${beyond} order by 2, 1 limit ${limit + 1}`)
  const shown = heads.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await readPlaces(db, findingId, shown, { highlight: highlighter(name), now }),
    next: heads.length > limit && last !== undefined ? [String(last.rank), String(last.id)] : null,
  }
}

function head(copyOf: bigint | undefined): SQL {
  return copyOf === undefined ? sql`coalesce(copy_of, id)` : sql`id`
}

interface Head {
  readonly id: bigint
  readonly copies: number
  readonly live: number
}

async function readPlaces(db: Db, findingId: bigint, heads: readonly Head[], { highlight, now }: { readonly highlight: (snippet: string) => Span[]; readonly now: Date }): Promise<PlaceRow[]> {
  if (heads.length === 0) return []
  const inForce = await db
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.findingId, findingId), isNull(suppressions.endedAt), gt(suppressions.expiresAt, now)))
    .orderBy(asc(suppressions.id))
  const rows = await db
    .select({ place: occurrences, document: documents, container: containers })
    .from(occurrences)
    .innerJoin(documents, eq(documents.id, occurrences.documentId))
    .leftJoin(containers, and(eq(containers.source, documents.source), eq(containers.containerId, documents.containerId)))
    .where(inArray(occurrences.id, heads.map(({ id }) => id)))
  const byId = new Map(rows.map((row) => [row.place.id, row]))
  return heads.flatMap(({ id, copies, live }) => {
    const row = byId.get(id)
    if (row === undefined) return []
    const { place, document, container } = row
    const suppression = covering(inForce, place)
    return [{
      id: String(place.id), source: document.source, repository: document.containerName, path: document.path,
      url: document.lineAnchor === '' ? document.url : `${document.url}${document.lineAnchor}${place.line}`,
      line: place.line, column: place.column, role: place.role, details: { ...place.details },
      snippet: place.snippet, highlights: highlight(place.snippet),
      mentionCount: place.mentionCount, mentions: place.mentions.filter(({ line, column }) => line !== place.line || column !== place.column).slice(0, mostMentions).map(({ line, column, role }) => ({ line, column, role })),
      status: place.status, statusReason: place.statusReason, statusAt: place.statusAt?.toISOString() ?? null, checkedAt: document.recheckedAt?.toISOString() ?? null,
      author: place.introduction !== null ? person(place.introduction.author) : place.author === null ? null : { name: null, login: place.author, relation: 'unknown', reason: 'the source names this author' },
      owner: container === null ? null : person(container.owner),
      introducedAt: place.introducedAt?.toISOString() ?? null,
      doubts: [...(place.introduction?.doubts ?? [])],
      firstSeenAt: place.firstSeenAt.toISOString(), lastSeenAt: place.lastSeenAt.toISOString(),
      facts: { ...container?.facts }, licence: document.licence,
      copies: Math.max(0, copies), liveCopies: live, copyOf: place.copyOf === null ? null : String(place.copyOf), copyReason: place.copyReason,
      suppressed: suppression === null ? null : { id: String(suppression.id), reason: suppression.reason, until: suppression.expiresAt.toISOString() },
    }]
  })
}

function person({ name, login, relation, reason }: RelatedPerson): PlacePerson {
  return { name, login, relation, reason }
}
