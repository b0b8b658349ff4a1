import { and, eq, gt, inArray, lt } from '../db/drizzle.ts'
import type { Hit } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import { documents, occurrences, sightings } from '../db/schema/index.ts'

/**
 * Which hits are documents that this matcher has read in exactly this content: they are sighted (last seen moves)
 * and need no fetch. Fails towards fetching: an unknown hash or revision, another matcher or any doubt means "read it again".
 */
export async function sightKnown(
  tx: Db,
  input: { readonly source: string; readonly runId: bigint; readonly hits: readonly Hit[]; readonly matchedWith: string; readonly now: Date },
): Promise<ReadonlySet<string>> {
  const wanted = new Map(input.hits.filter(({ contentHash, revision }) => contentHash !== null || (revision ?? null) !== null).map((hit) => [hit.ref, hit]))
  if (wanted.size === 0) return new Set()
  const stored = await tx
    .select({ id: documents.id, ref: documents.ref, contentHash: documents.contentHash, revision: documents.revision, formerHashes: documents.formerHashes })
    .from(documents)
    .where(and(eq(documents.source, input.source), inArray(documents.ref, [...wanted.keys()]), eq(documents.matchedWith, input.matchedWith), eq(documents.truncated, false)))
    .orderBy(documents.id)
  const outdated = stored.filter((row) => isFormer(wanted.get(row.ref), row))
  const known = stored.filter((row) => outdated.includes(row) || isSame(wanted.get(row.ref), row))
  if (known.length === 0) return new Set()
  await askWhatIsThere(tx, outdated.map(({ id }) => id), input.now)
  const ids = known.map((row) => row.id)
  await tx.insert(sightings).values(ids.map((documentId) => ({ runId: input.runId, documentId, seenAt: input.now }))).onConflictDoNothing()
  await tx.update(documents).set({ lastSeenAt: input.now }).where(inArray(documents.id, ids))
  await tx.update(occurrences).set({ lastSeenAt: input.now }).where(and(inArray(occurrences.documentId, ids), eq(occurrences.status, 'live')))
  return new Set(known.map((row) => row.ref))
}

/** A content that a recheck saw replaced or gone: the search is behind, or it came back. */
function isFormer(hit: Hit | undefined, row: { readonly formerHashes: readonly string[] }): boolean {
  return hit !== undefined && hit.contentHash !== null && row.formerHashes.includes(hit.contentHash)
}

/** Which of the two it is, the place itself tells; asked again only after a while, since an index may be behind for days. */
async function askWhatIsThere(tx: Db, ids: readonly bigint[], now: Date): Promise<void> {
  if (ids.length === 0) return
  const before = new Date(now.getTime() - patienceMs)
  await tx.update(documents).set({ recheckDueAt: now }).where(and(inArray(documents.id, [...ids]), gt(documents.recheckDueAt, now), lt(documents.recheckedAt, before)))
}

const patienceMs = 6 * 3_600_000

/** What the hit tells must agree with what was read, all of it; a hit that tells nothing is unknown. */
function isSame(hit: Hit | undefined, row: { readonly contentHash: string; readonly revision: string }): boolean {
  if (hit === undefined) return false
  const revision = hit.revision ?? null
  return (hit.contentHash === null || hit.contentHash === row.contentHash) && (revision === null || revision === row.revision)
}
