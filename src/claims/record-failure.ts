import { and, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims } from '../db/schema/index.ts'
import { failedAgainMs } from './judge.ts'

/** Ends a check that could not tell: what was told before stays, with its own time, and the failure beside it. */
export async function recordFailure(db: Db, failed: { readonly claimId: bigint; readonly request: number; readonly failure: string; readonly now: Date }): Promise<void> {
  const { claimId, request, failure, now } = failed
  await db
    .update(claims)
    .set({ failure, askedAt: now, dueAt: new Date(now.getTime() + failedAgainMs), progress: null, requests: request + 1 })
    .where(and(eq(claims.id, claimId), eq(claims.requests, request)))
}
