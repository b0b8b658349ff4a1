import { and, eq, inArray, isNull, sql } from '../db/drizzle.ts'
import type { OpenSource, PlannedQuery, Unsearchable } from '../contracts/source.ts'
import { rememberCovers } from '../coverage/remember-covers.ts'
import type { Db } from '../db/client.ts'
import { coverage, watchCovers, watches } from '../db/schema/index.ts'
import type { PlannedTerms } from '../planning/terms.ts'
import type { Edge } from '../planning/words.ts'

export interface SourcePlan {
  readonly source: string
  readonly destination: string
  readonly queries: readonly PlannedQuery[]
  /** Names under stems that are searched in full, to check the stems. */
  readonly checks: readonly PlannedQuery[]
  readonly unsearchable: readonly Unsearchable[]
  /** By the `term` of a query: marks that its run has to prove. */
  readonly trials: ReadonlyMap<string, readonly Edge[]>
  /** Queries that one query per name would take. */
  readonly naive: number
}

/** What a source would be asked for these terms. Pure: `plan` shows it, `planWatches` stores it. */
export function planSource(id: string, source: OpenSource, planned: PlannedTerms): SourcePlan {
  const { queries, unsearchable } = source.plan(planned)
  const keys = new Set(queries.map(({ key }) => key))
  const checks = planned.checks.length === 0 ? [] : source.plan({ terms: planned.checks, everything: [] }).queries.filter(({ key }) => !keys.has(key))
  // A name that some query covers after all (a source that is read whole) is not unsearchable.
  const covered = new Set(queries.flatMap(({ covers }) => covers))
  const left = [...planned.unsearchable, ...unsearchable]
    .map(({ covers, reason }) => ({ reason, covers: covers.filter((name) => !covered.has(name)) }))
    .filter(({ covers }) => covers.length > 0)
  return { source: id, destination: source.destination, queries, checks, unsearchable: left, trials: planned.trials, naive: planned.naive }
}

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 5_000

/**
 * Makes the stored watches of a source equal to its plan: adds, changes, retires, brings back. What cannot be
 * searched is written into the coverage of its identifiers, so that a zero is never mistaken for a proof.
 */
export async function planWatches(db: Db, plan: SourcePlan, now: Date): Promise<{ readonly watches: number; readonly retired: number }> {
  return db.transaction(async (tx) => {
    const wanted = new Map<string, Wanted>()
    for (const query of plan.checks) wanted.set(query.key, { query, purpose: 'check' })
    for (const query of plan.queries) wanted.set(query.key, { query, purpose: 'cover' })
    const ids = await writeWatches(tx, plan, [...wanted.values()], now)
    await setCovers(tx, new Map([...wanted.values()].flatMap(({ query }) => {
      const id = ids.get(query.key)
      return id === undefined ? [] : [[id, query.covers] as const]
    })))
    const kept = new Set(ids.values())
    const active = await tx
      .select({ id: watches.id })
      .from(watches)
      .where(and(eq(watches.source, plan.source), isNull(watches.retiredAt)))
    const gone = active.map((row) => row.id).filter((id) => !kept.has(id))
    for (let at = 0; at < gone.length; at += chunk) {
      await tx.update(watches).set({ retiredAt: now, trial: [], trialSince: null }).where(inArray(watches.id, gone.slice(at, at + chunk)))
    }
    await rememberCovers(tx, plan.source, now)
    await setUnsearchable(tx, plan)
    return { watches: kept.size, retired: gone.length }
  })
}

interface Wanted {
  readonly query: PlannedQuery
  readonly purpose: 'cover' | 'check'
}

/** Ids by key. */
async function writeWatches(
  tx: Db,
  { source, trials }: SourcePlan,
  wanted: readonly Wanted[],
  now: Date,
): Promise<ReadonlyMap<string, bigint>> {
  const rows = wanted.map(({ query, purpose }) => {
    const trial = purpose === 'check' ? [] : (trials.get(query.term ?? '') ?? [])
    return {
      source, key: query.key, input: query.input, query: query.text, term: query.term ?? null, purpose,
      trial, trialSince: trial.length === 0 ? null : now, createdAt: now,
    }
  })
  const ids = new Map<string, bigint>()
  for (let at = 0; at < rows.length; at += chunk) {
    const written = await tx
      .insert(watches)
      .values(rows.slice(at, at + chunk))
      .onConflictDoUpdate({
        target: [watches.source, watches.key],
        set: {
          input: sql`excluded.input`, query: sql`excluded.query`, term: sql`excluded.term`, purpose: sql`excluded.purpose`, trial: sql`excluded.trial`, retiredAt: null,
          // The same trial goes on; a new one waits for a run of its own, which is due at once.
          trialSince: sql`case when ${watches.trial} = excluded.trial and excluded.trial_since is not null then coalesce(${watches.trialSince}, excluded.trial_since) else excluded.trial_since end`,
          dueAt: sql`case when ${watches.trial} = excluded.trial or excluded.trial_since is null then ${watches.dueAt} end`,
        },
      })
      .returning({ id: watches.id, key: watches.key })
    for (const { id, key } of written) ids.set(key, id)
  }
  return ids
}

async function setCovers(tx: Db, wanted: ReadonlyMap<bigint, readonly string[]>): Promise<void> {
  const missing = new Set<string>()
  for (const [watchId, covers] of wanted) for (const id of covers) missing.add(`${watchId} ${id}`)
  const gone: (readonly [bigint, bigint])[] = []
  const stored = await tx.select().from(watchCovers).where(sql`${watchCovers.watchId} = any(${`{${[...wanted.keys()].join(',')}}`}::bigint[])`)
  for (const { watchId, identifierId } of stored) if (!missing.delete(`${watchId} ${identifierId}`)) gone.push([watchId, identifierId])
  if (gone.length > 0) {
    await tx.execute(sql`delete from watch_covers cover using unnest(${`{${gone.map(([watch]) => watch).join(',')}}`}::bigint[], ${`{${gone.map(([, name]) => name).join(',')}}`}::bigint[]) as gone (watch_id, identifier_id)
      where cover.watch_id = gone.watch_id and cover.identifier_id = gone.identifier_id`)
  }
  const values = [...missing].map((pair) => {
    const [watchId = '', identifierId = ''] = pair.split(' ')
    return { watchId: BigInt(watchId), identifierId: BigInt(identifierId) }
  })
  for (let at = 0; at < values.length; at += chunk) await tx.insert(watchCovers).values(values.slice(at, at + chunk)).onConflictDoNothing()
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
