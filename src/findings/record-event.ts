import type { Db } from '../db/client.ts'
import { events } from '../db/schema/index.ts'
import { announceChange } from '../notices/announce-change.ts'
import { indexWords, wordsOfEvent } from './index-words.ts'

/** Writes a line of a finding's history, tells it to the channels that have a message about the finding, and lets what a person said be searched. */
export async function recordEvent(tx: Db, event: typeof events.$inferInsert): Promise<void> {
  const [written] = await tx.insert(events).values(event).returning()
  if (written === undefined) throw new Error('an insert returned no row')
  await announceChange(tx, written)
  if (written.actorKind !== 'system') await indexWords(tx, written.findingId, wordsOfEvent(written))
}
