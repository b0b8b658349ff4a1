import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'

/**
 * Writes what changed about identifiers into their append-only history: the team, whether they are public on purpose,
 * whether they are lines of the inventory (and not only spelled out). Call it after a change, in the same transaction; a second call adds nothing. Metrics
 * of the past are recomputed from this, since the rows themselves only know today.
 * @param only the identifiers that may have changed; absent: all may have
 */
export async function rememberIdentifiers(tx: Db, now: Date, only?: readonly bigint[]): Promise<void> {
  if (only?.length === 0) return
  const chosen = only === undefined ? sql`true` : sql`name.id = any(${`{${only.join(',')}}`}::bigint[])`
  await tx.execute(sql`
    insert into identifier_events (identifier_id, in_inventory, public_on_purpose, team, at)
    select name.id, (name.pattern_id is null and name.retired_at is null), name.public_on_purpose, name.team, ${now.toISOString()}::timestamptz
    from identifiers name
    left join lateral (
      select event.in_inventory, event.public_on_purpose, event.team from identifier_events event
      where event.identifier_id = name.id order by event.id desc limit 1
    ) last on true
    where ${chosen}
      and (last.in_inventory is null
        or (last.in_inventory, last.public_on_purpose, last.team) is distinct from (name.pattern_id is null and name.retired_at is null, name.public_on_purpose, name.team))
    order by name.id`)
}
