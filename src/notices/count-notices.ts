import { count } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'

export interface NoticeCounts {
  readonly pending: number
  readonly delivered: number
  /** Refused for good: nobody was told. */
  readonly dead: number
}

/** How the outbox stands, over all channels. */
export async function countNotices(db: Db): Promise<NoticeCounts> {
  const rows = await db.select({ state: notices.state, rows: count() }).from(notices).groupBy(notices.state)
  const counts = { pending: 0, delivered: 0, dead: 0 }
  for (const { state, rows: number } of rows) counts[state] = number
  return counts
}
