import { and, asc, inArray, lte, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims } from '../db/schema/index.ts'

/** A request that waits to be made. Ids only: it may travel through a queue. */
export interface DueClaim {
  readonly id: bigint
  readonly registry: string
  /** Whose queue: the registry's, or that of the records of malicious packages. */
  readonly queue: string
  readonly request: number
}

/** What is due at these registries, the longest waiting first; names that were never asked before all others. */
export async function dueClaims(db: Db, asked: { readonly registries: readonly string[]; readonly now: Date; readonly ids?: readonly bigint[] }): Promise<readonly DueClaim[]> {
  if (asked.registries.length === 0) return []
  const rows = await db
    .select({ id: claims.id, registry: claims.registry, request: claims.requests, ask: sql<string | null>`${claims.progress} ->> 'ask'` })
    .from(claims)
    .where(and(
      lte(claims.dueAt, asked.now),
      inArray(claims.registry, [...asked.registries]),
      asked.ids === undefined ? undefined : inArray(claims.id, [...asked.ids]),
    ))
    .orderBy(sql`${claims.askedAt} is not null`, asc(claims.dueAt), asc(claims.id))
    .limit(5_000)
  return rows.map(({ id, registry, request, ask }) => ({ id, registry, request, queue: ask === 'osv' ? 'osv' : registry }))
}
