import { sql } from '../db/drizzle.ts'
import { z } from 'zod'
import type { Db } from '../db/client.ts'

const schema = z.array(z.object({ now: z.coerce.date() })).length(1)

/** What time the database believes it is: our events are ordered by our clock, so the two should agree. */
export async function databaseTime(db: Db): Promise<Date> {
  const [row] = schema.parse([...(await db.execute(sql`select clock_timestamp() as now`))])
  if (row === undefined) throw new Error('select returned no row')
  return row.now
}
