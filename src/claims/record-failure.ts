import { and, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims, findings } from '../db/schema/index.ts'
import { reassess } from '../findings/reassess.ts'
import { failedAgainMs } from './judge.ts'

/** Ends a check that could not tell: what was told before stays, with its own time, and the failure beside it. */
export async function recordFailure(db: Db, failed: { readonly claimId: bigint; readonly request: number; readonly failure: string; readonly now: Date }): Promise<void> {
  const { claimId, request, failure, now } = failed
  await db.transaction(async (tx) => {
    const [claim] = await tx
      .update(claims)
      .set({ failure, askedAt: now, dueAt: new Date(now.getTime() + failedAgainMs), progress: null, requests: request + 1 })
      .where(and(eq(claims.id, claimId), eq(claims.requests, request)))
      .returning({ identifierId: claims.identifierId })
    if (claim === undefined) return
    const [finding] = await tx.select({ id: findings.id }).from(findings).where(eq(findings.identifierId, claim.identifierId))
    // Asked without an answer is another state than never asked.
    if (finding !== undefined) await reassess(tx, finding.id, now)
  })
}
