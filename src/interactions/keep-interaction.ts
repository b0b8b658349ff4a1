import type { Db } from '../db/client.ts'
import { interactions } from '../db/schema/index.ts'
import type { Interaction } from '../notifiers/slack/interaction.ts'

/** Stores a click before it is acknowledged. Idempotent by constraint; null: the same click is there already. */
export async function keepInteraction(db: Db, interaction: Interaction, now: Date): Promise<bigint | null> {
  const [kept] = await db
    .insert(interactions)
    .values({ ...interaction, state: 'pending', receivedAt: now })
    .onConflictDoNothing()
    .returning({ id: interactions.id })
  return kept?.id ?? null
}
