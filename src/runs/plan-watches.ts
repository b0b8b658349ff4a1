import { and, eq, inArray, isNull, sql } from '../db/drizzle.ts'
import type { OpenSource, Plannable, PlannedQuery, Unsearchable } from '../contracts/source.ts'
import type { Db } from '../db/client.ts'
import { coverage, watchCovers, watches } from '../db/schema/index.ts'

export interface SourcePlan {
  readonly source: string
  readonly destination: string
  readonly queries: readonly PlannedQuery[]
  readonly unsearchable: readonly Unsearchable[]
}

/** What a source would be asked for these terms. Pure: `plan` shows it, `planWatches` stores it. */
export function planSource(
  id: string,
  source: OpenSource,
  planned: Plannable & { readonly unsearchable: readonly Unsearchable[] },
): SourcePlan {
  const { queries, unsearchable } = source.plan(planned)
  // A name that some query covers after all (a source that is read whole) is not unsearchable.
  const covered = new Set(queries.flatMap(({ covers }) => covers))
  const left = [...planned.unsearchable, ...unsearchable]
    .map(({ covers, reason }) => ({ reason, covers: covers.filter((name) => !covered.has(name)) }))
    .filter(({ covers }) => covers.length > 0)
  return { source: id, destination: source.destination, queries, unsearchable: left }
}

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 5_000

/**
 * Makes the stored watches of a source equal to its plan: adds, changes, retires, brings back. What cannot be
 * searched is written into the coverage of its identifiers, so that a zero is never mistaken for a proof.
 */
export async function planWatches(db: Db, plan: SourcePlan, now: Date): Promise<{ readonly watches: number; readonly retired: number }> {
  return db.transaction(async (tx) => {
    const kept = new Set<bigint>()
    for (const query of plan.queries) {
      const [row] = await tx
        .insert(watches)
        .values({ source: plan.source, key: query.key, input: query.input, query: query.text, createdAt: now })
        .onConflictDoUpdate({ target: [watches.source, watches.key], set: { input: query.input, query: query.text, retiredAt: null } })
        .returning({ id: watches.id })
      if (row === undefined) continue
      kept.add(row.id)
      await setCovers(tx, row.id, query.covers)
    }
    const active = await tx
      .select({ id: watches.id })
      .from(watches)
      .where(and(eq(watches.source, plan.source), isNull(watches.retiredAt)))
    const gone = active.map((row) => row.id).filter((id) => !kept.has(id))
    if (gone.length > 0) await tx.update(watches).set({ retiredAt: now }).where(inArray(watches.id, gone))
    await setUnsearchable(tx, plan)
    return { watches: kept.size, retired: gone.length }
  })
}

async function setCovers(tx: Db, watchId: bigint, covers: readonly string[]): Promise<void> {
  const identifierIds = covers.map((id) => BigInt(id))
  const stored = await tx.select({ id: watchCovers.identifierId }).from(watchCovers).where(eq(watchCovers.watchId, watchId))
  const wanted = new Set(identifierIds)
  const gone = stored.map((row) => row.id).filter((id) => !wanted.has(id))
  if (gone.length > 0) {
    await tx.delete(watchCovers).where(and(eq(watchCovers.watchId, watchId), inArray(watchCovers.identifierId, gone)))
  }
  for (let at = 0; at < identifierIds.length; at += chunk) {
    const values = identifierIds.slice(at, at + chunk).map((identifierId) => ({ watchId, identifierId }))
    await tx.insert(watchCovers).values(values).onConflictDoNothing()
  }
}

async function setUnsearchable(tx: Db, plan: SourcePlan): Promise<void> {
  const rows = new Map<bigint, string>()
  for (const { covers, reason } of plan.unsearchable) {
    for (const id of covers) rows.set(BigInt(id), `not searched: ${reason}`)
  }
  for (const query of plan.queries) for (const id of query.covers) rows.delete(BigInt(id))
  const values = [...rows].map(([identifierId, gap]) => ({ identifierId, source: plan.source, gap }))
  for (let at = 0; at < values.length; at += chunk) {
    await tx
      .insert(coverage)
      .values(values.slice(at, at + chunk))
      .onConflictDoUpdate({ target: [coverage.identifierId, coverage.source], set: { gap: sql`excluded.gap`, completeAt: null } })
  }
}
