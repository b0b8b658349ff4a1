import { asc, eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { interactions } from '../db/schema/index.ts'

/** Clicks that nobody has dealt with, oldest first. */
export async function listPending(db: Db): Promise<readonly bigint[]> {
  const rows = await db.select({ id: interactions.id }).from(interactions).where(eq(interactions.state, 'pending')).orderBy(asc(interactions.id))
  return rows.map(({ id }) => id)
}
