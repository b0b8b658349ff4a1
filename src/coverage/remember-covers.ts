import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'

/**
 * Writes into the append-only history which names the watches of a source cover from now on, and which not any more.
 * Call it after the watches were planned, in the same transaction; a second call adds nothing. A complete run proves the
 * coverage of a name only from when its watch covers it, which the plan of today does not know about the past.
 */
export async function rememberCovers(tx: Db, source: string, now: Date): Promise<void> {
  await tx.execute(sql`
    with wanted as (
      select cover.watch_id, cover.identifier_id from watch_covers cover
      join watches watch on watch.id = cover.watch_id
      where watch.source = ${source} and watch.retired_at is null and watch.purpose = 'cover'
    ), latest as (
      select distinct on (event.watch_id, event.identifier_id) event.watch_id, event.identifier_id, event.covers
      from cover_events event join watches watch on watch.id = event.watch_id
      where watch.source = ${source}
      order by event.watch_id, event.identifier_id, event.id desc
    ), standing as (select watch_id, identifier_id from latest where covers)
    insert into cover_events (watch_id, identifier_id, covers, at)
    select watch_id, identifier_id, wanted is not null, ${now.toISOString()}::timestamptz
    from wanted full join standing using (watch_id, identifier_id)
    where wanted is null or standing is null
    order by watch_id, identifier_id`)
}
