import { and, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { interactions } from '../db/schema/index.ts'

/** Ends a click, once; its secrets are forgotten. */
export async function settleInteraction(db: Db, id: bigint, state: 'done' | 'refused' | 'failed', now: Date): Promise<void> {
  await db
    .update(interactions)
    .set({ state, settledAt: now, triggerId: null, responseUrl: null })
    .where(and(eq(interactions.id, id), eq(interactions.state, 'pending')))
}

/** Nothing was changed, or cannot be: what the one who clicked is to be told. */
export async function refuseInteraction(db: Db, id: bigint, words: string): Promise<void> {
  await db.update(interactions).set({ tells: words }).where(and(eq(interactions.id, id), eq(interactions.state, 'pending')))
}
