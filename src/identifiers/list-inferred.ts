import { and, asc, count, desc, eq, inArray, not, sql } from '../db/drizzle.ts'
import type { Ecosystem } from '../contracts/inventory.ts'
import type { Db } from '../db/client.ts'
import { documents, identifiers, inferred, inferredPlaces, type InferredState } from '../db/schema/index.ts'

/** A candidate for the inventory as people see it. */
export interface ListedInferred {
  readonly id: string
  readonly name: string
  readonly kind: 'package' | 'scope'
  readonly ecosystem: Ecosystem | null
  readonly reason: string
  readonly weak: boolean
  readonly state: InferredState
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  /** Documents that have it; 0 when none has it any more. */
  readonly places: number
  /** The first that gave the reason. */
  readonly place: { readonly url: string; readonly repository: string; readonly path: string | null; readonly line: number } | null
  readonly decidedAt: string | null
  readonly decidedBy: string | null
  readonly decisionReason: string | null
}

/**
 * Candidates with reason and place, weak ones last, then the oldest first. What a line or pattern of the inventory
 * covers by now is no candidate any more.
 * @param filter.states absent: what waits for a decision
 */
export async function listInferred(db: Db, filter: { readonly states?: readonly InferredState[] } = {}): Promise<ListedInferred[]> {
  const chosen = filter.states === undefined ? waiting() : inArray(inferred.state, [...filter.states])
  const rows = await db.select().from(inferred).where(chosen).orderBy(asc(inferred.weak), asc(inferred.firstSeenAt), asc(inferred.id))
  const places = await db
    .selectDistinctOn([inferredPlaces.inferredId], {
      inferredId: inferredPlaces.inferredId,
      places: sql<number>`count(*) over (partition by ${inferredPlaces.inferredId})::int`,
      lastSeenAt: sql<Date>`max(${documents.lastSeenAt}) over (partition by ${inferredPlaces.inferredId})`.mapWith(documents.lastSeenAt),
      url: sql<string>`case when ${documents.lineAnchor} = '' then ${documents.url} else ${documents.url} || ${documents.lineAnchor} || ${inferredPlaces.line} end`,
      repository: documents.containerName,
      path: documents.path,
      line: inferredPlaces.line,
    })
    .from(inferredPlaces)
    .innerJoin(inferred, eq(inferred.id, inferredPlaces.inferredId))
    .innerJoin(documents, eq(documents.id, inferredPlaces.documentId))
    .where(chosen)
    .orderBy(inferredPlaces.inferredId, desc(sql`${inferredPlaces.reason} = ${inferred.reason}`), asc(inferredPlaces.firstSeenAt), asc(inferredPlaces.documentId))
  const placeOf = new Map(places.map((place) => [place.inferredId, place]))
  return rows.map((row) => describe(row, placeOf.get(row.id)))
}

/** Names that wait for a decision, without the weak ones. */
export async function countInferred(db: Db): Promise<number> {
  const [row] = await db.select({ names: count() }).from(inferred).where(and(waiting(), not(inferred.weak)))
  return row?.names ?? 0
}

function waiting() {
  return and(eq(inferred.state, 'candidate'), sql`not exists (
    select from ${identifiers} line left join ${identifiers} pattern on pattern.id = line.pattern_id
    where line.form = 'name' and line.kind = ${inferred.kind} and line.ecosystem is not distinct from ${inferred.ecosystem} and line.key = ${inferred.key}
      and line.retired_at is null and pattern.retired_at is null)`)
}

type Place = NonNullable<ListedInferred['place']> & { readonly places: number; readonly lastSeenAt: Date }

function describe(row: typeof inferred.$inferSelect, place: Place | undefined): ListedInferred {
  const { id, name, kind, ecosystem, reason, weak, state, firstSeenAt, decidedAt, decidedBy, decisionReason } = row
  const lastSeenAt = place !== undefined && place.lastSeenAt > row.lastSeenAt ? place.lastSeenAt : row.lastSeenAt
  return {
    id: String(id), name, kind, ecosystem, reason, weak, state,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    places: place?.places ?? 0,
    place: place === undefined ? null : { url: place.url, repository: place.repository, path: place.path, line: place.line },
    decidedAt: decidedAt?.toISOString() ?? null,
    decidedBy, decisionReason,
  }
}
