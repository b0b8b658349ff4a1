import { z } from 'zod'
import { sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'

/** What is known of the lines of the inventory, each in exactly one of the four counts: a zero is told apart from not having looked. */
export interface CoverageSummary {
  readonly lines: number
  /** Known to be public now: a finding of it, or of a name that it covers, is open or acknowledged. */
  readonly exposed: number
  /** Not public, proven: every source that was asked showed everything that it has. */
  readonly proven: number
  /** Since when that is proven: the oldest of the last complete sweeps (ISO 8601); null: nothing is proven. */
  readonly provenSince: string | null
  /** Nothing was found, but a source did not show everything, or could not be asked. */
  readonly partly: number
  /** No source was looked at. */
  readonly neverLookedAt: number
}

const row = z.object({ lines: z.coerce.number(), exposed: z.coerce.number(), proven: z.coerce.number(), proven_since: z.coerce.date().nullable(), partly: z.coerce.number(), never: z.coerce.number() })

/** Of every current line that is not public on purpose and belongs to no drill. */
export async function summariseCoverage(db: Db): Promise<CoverageSummary> {
  const [told] = await db.execute(sql`
    with line as (
      select name.id,
        exists (
          select from findings finding join identifiers found on found.id = finding.identifier_id
          where (found.id = name.id or found.pattern_id = name.id) and finding.state in ('open', 'acknowledged')
        ) as exposed,
        coalesce(bool_and(known.complete_at is not null and known.gap is null), false) as proven,
        min(known.complete_at) as complete_at,
        coalesce(bool_or(known.complete_at is not null or known.seen is not null), false) as looked_at
      from identifiers name left join coverage known on known.identifier_id = name.id
      where name.retired_at is null and name.pattern_id is null and not name.public_on_purpose and name.origin <> 'drill'
      group by name.id
    )
    select count(*) as lines, count(*) filter (where exposed) as exposed,
      count(*) filter (where not exposed and proven) as proven,
      min(complete_at) filter (where not exposed and proven) as proven_since,
      count(*) filter (where not exposed and not proven and looked_at) as partly,
      count(*) filter (where not exposed and not proven and not looked_at) as never
    from line`)
  const { lines, exposed, proven, proven_since, partly, never } = row.parse(told)
  return { lines, exposed, proven, provenSince: proven_since?.toISOString() ?? null, partly, neverLookedAt: never }
}
