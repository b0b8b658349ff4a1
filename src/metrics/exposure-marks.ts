import { z } from 'zod'
import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'

const row = z.array(z.object({ marks: z.string() }))

/**
 * A text that stays the same for as long as nothing was written that an exposure is computed from: the newest row of
 * each append-only table, and the newest run that ended. Cheap: ends of indexes.
 */
export async function exposureMarks(db: Db): Promise<string> {
  const [found] = row.parse([...(await db.execute(sql`
    select concat_ws(' ', (select max(id) from events), (select max(id) from claim_events), (select max(id) from identifier_events), (select max(id) from cover_events),
      (select count(*) from runs where finished_at is null), (select max(id) from runs)) as marks`))])
  return found?.marks ?? ''
}
