import { eq } from '../db/drizzle.ts'
import type { Place } from '../contracts/place.ts'
import type { Db } from '../db/client.ts'
import { documents, occurrences } from '../db/schema/index.ts'

export interface LoadedPlace {
  readonly document: typeof documents.$inferSelect
  readonly place: Place
}

/** A document as its source wants it for questions about it; null: there is none with this id. */
export async function loadPlace(db: Db, documentId: bigint): Promise<LoadedPlace | null> {
  const [document] = await db.select().from(documents).where(eq(documents.id, documentId))
  if (document === undefined) return null
  const rows = await db
    .select({ mentions: occurrences.mentions, contentHash: occurrences.contentHash })
    .from(occurrences)
    .where(eq(occurrences.documentId, documentId))
  // Lines of another content stand elsewhere by now.
  const lines = rows.filter(({ contentHash }) => contentHash === document.contentHash).flatMap(({ mentions }) => mentions.map(({ line }) => line))
  return {
    document,
    place: {
      ref: document.ref,
      revision: document.revision,
      contentHash: document.contentHash,
      path: document.path,
      locator: document.locator ?? null,
      lines: [...new Set(lines)].sort((a, b) => a - b),
      formerHashes: [...new Set(rows.map(({ contentHash }) => contentHash))].filter((hash) => hash !== document.contentHash),
    },
  }
}
