import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'

/**
 * Brings the coverage of every identifier that a watch covers up to date after a run of it ended. An identifier
 * may hang on several watches of a source: it is complete as of the oldest of their last complete runs, and any
 * of them that never was complete makes it "never". Results are sums over the last runs; gaps are joined. A run that
 * began before its watch covered the name says nothing of it: what it read was not looked at for this name.
 */
export async function recordCoverage(tx: Db, watchId: bigint, now: Date): Promise<void> {
  await tx.execute(sql`
    insert into coverage as known (identifier_id, source, complete_at, attempted_at, counted, seen, gap)
    select cover.identifier_id, watch.source,
      case when bool_and(complete.started_at is not null) then min(complete.started_at) end,
      ${now.toISOString()}::timestamptz,
      sum(latest.counted)::int, sum(latest.seen)::int,
      nullif(string_agg(distinct case
        when latest.outcome is null then 'not swept yet'
        when latest.outcome <> 'complete' then latest.outcome || ': ' || coalesce(latest.reason, 'no reason given') end, E'\n'), '')
    from watch_covers cover
    join watches watch on watch.id = cover.watch_id and watch.retired_at is null and watch.purpose = 'cover'
    left join lateral (
      select event.at from cover_events event
      where event.identifier_id = cover.identifier_id and event.watch_id = cover.watch_id and event.covers order by event.id desc limit 1
    ) since on true
    left join lateral (
      select run.outcome, run.reason, run.counted, run.seen from runs run
      where run.watch_id = watch.id and run.finished_at is not null and run.started_at >= since.at order by run.finished_at desc, run.id desc limit 1
    ) latest on true
    left join lateral (
      select run.started_at from runs run
      where run.watch_id = watch.id and run.outcome = 'complete' and run.started_at >= since.at order by run.finished_at desc, run.id desc limit 1
    ) complete on true
    where cover.identifier_id in (select identifier_id from watch_covers where watch_id = ${watchId})
      and watch.source = (select source from watches where id = ${watchId})
    group by cover.identifier_id, watch.source
    order by cover.identifier_id
    on conflict (identifier_id, source) do update set
      complete_at = excluded.complete_at, attempted_at = excluded.attempted_at,
      counted = excluded.counted, seen = excluded.seen, gap = excluded.gap`)
}
