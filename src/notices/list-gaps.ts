import { and, count, eq, isNotNull, isNull, notExists, or, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { coverage, identifiers, isCounted } from '../db/schema/index.ts'

/** Statements; beyond, the last one says how many more there are. */
const statements = 20

/**
 * What could not be looked at, in words, the widest gap first: names by source and reason, then names that no source
 * was asked for. Empty only when the last sweep of every name of the inventory was complete.
 */
export async function listGaps(db: Db): Promise<readonly string[]> {
  const current = and(isNull(identifiers.retiredAt), isNull(identifiers.patternId), eq(identifiers.publicOnPurpose, false), isCounted)
  const reason = sql<string>`coalesce(${coverage.gap}, 'never swept completely')`
  const rows = await db
    .select({ source: coverage.source, reason, names: count() })
    .from(coverage)
    .innerJoin(identifiers, eq(coverage.identifierId, identifiers.id))
    .where(and(current, or(isNotNull(coverage.gap), isNull(coverage.completeAt))))
    .groupBy(coverage.source, reason)
    .orderBy(sql`count(*) desc`, coverage.source, reason)
  const gaps = rows.slice(0, statements - 1).map((row) => `${row.source}: ${namesOf(row.names)}: ${row.reason.replaceAll('\n', '; ')}`)
  if (rows.length >= statements) gaps.push(`and ${rows.length - statements + 1} more gaps by source and reason`)
  const [unasked] = await db
    .select({ names: count() })
    .from(identifiers)
    .where(and(current, notExists(db.select({ id: coverage.identifierId }).from(coverage).where(eq(coverage.identifierId, identifiers.id)))))
  if (unasked !== undefined && unasked.names > 0) gaps.push(`${namesOf(unasked.names)}: no source was asked`)
  return gaps
}

function namesOf(count: number): string {
  return count === 1 ? '1 name' : `${count} names`
}
