import { and, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims, type ClaimProgress } from '../db/schema/index.ts'

/** A request is done and another one has to follow. False: somebody else has done it, nothing was kept. */
export async function keepProgress(db: Db, kept: { readonly claimId: bigint; readonly request: number; readonly progress: ClaimProgress }): Promise<boolean> {
  const rows = await db
    .update(claims)
    .set({ progress: kept.progress, requests: kept.request + 1 })
    .where(and(eq(claims.id, kept.claimId), eq(claims.requests, kept.request)))
    .returning({ id: claims.id })
  return rows.length > 0
}
