import type { Db } from '../db/client.ts'
import { events } from '../db/schema/index.ts'
import { announceChange } from '../notices/announce-change.ts'

/** Writes a line of a finding's history, and tells it to the channels that have a message about the finding. */
export async function recordEvent(tx: Db, event: typeof events.$inferInsert): Promise<void> {
  const [written] = await tx.insert(events).values(event).returning()
  if (written === undefined) throw new Error('an insert returned no row')
  await announceChange(tx, written)
}
