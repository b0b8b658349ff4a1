import { and, asc, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { occurrences, type CopyReason } from '../db/schema/index.ts'

/**
 * The occurrence that a new one is a copy of: the first of its finding with the same content, else with the same lines
 * around the mention in the same role. Null: it is a place of its own, which is also the answer to every doubt. The
 * finding's row is held by the caller, so that two copies at once do not both become originals.
 */
export async function findOriginal(
  tx: Db,
  findingId: bigint,
  place: Pick<typeof occurrences.$inferSelect, 'contentHash' | 'regionHash' | 'role'>,
): Promise<{ readonly copyOf: bigint; readonly copyReason: CopyReason } | null> {
  const first = async (...same: Parameters<typeof and>) => {
    const [row] = await tx.select({ id: occurrences.id, copyOf: occurrences.copyOf }).from(occurrences)
      .where(and(eq(occurrences.findingId, findingId), ...same)).orderBy(asc(occurrences.id)).limit(1)
    return row === undefined ? null : row.copyOf ?? row.id
  }
  const sameContent = await first(eq(occurrences.contentHash, place.contentHash))
  if (sameContent !== null) return { copyOf: sameContent, copyReason: 'same-content' }
  if (place.regionHash === null) return null
  const sameRegion = await first(eq(occurrences.regionHash, place.regionHash), eq(occurrences.role, place.role))
  return sameRegion === null ? null : { copyOf: sameRegion, copyReason: 'same-region' }
}
