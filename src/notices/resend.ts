import { and, eq, inArray } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'
import { forgiveDestination } from './destination-health.ts'

/**
 * Puts dead notices back into the outbox, after a person mended the channel: those named, or all of the channel.
 * They start afresh: composed anew, in full form, and the channel is tried at once.
 * @returns The ids that wait again, oldest first.
 */
export async function resend(db: Db, which: { readonly channel: string; readonly ids?: readonly bigint[] }): Promise<readonly bigint[]> {
  const ids = which.ids === undefined ? undefined : inArray(notices.id, [...which.ids])
  const revived = await db
    .update(notices)
    .set({ state: 'pending', reason: null, attempt: null, attemptedAt: null })
    .where(and(eq(notices.state, 'dead'), eq(notices.channel, which.channel), ids))
    .returning({ id: notices.id })
  await forgiveDestination(db, which.channel)
  return revived.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1))
}
