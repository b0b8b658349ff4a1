import { count, sum } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { notices } from '../db/schema/index.ts'

export interface NoticeCounts {
  readonly pending: number
  readonly delivered: number
  /** Refused for good: nobody was told. */
  readonly dead: number
  /** Messages that were sent although an earlier attempt may have arrived, since the destination cannot be asked. */
  readonly possibleRepeats: number
}

/** How the outbox stands, over all channels. */
export async function countNotices(db: Db): Promise<NoticeCounts> {
  const rows = await db.select({ state: notices.state, rows: count(), repeats: sum(notices.possibleRepeats) }).from(notices).groupBy(notices.state)
  const counts = { pending: 0, delivered: 0, dead: 0, possibleRepeats: 0 }
  for (const { state, rows: number, repeats } of rows) {
    counts[state] = number
    counts.possibleRepeats += Number(repeats ?? 0)
  }
  return counts
}
