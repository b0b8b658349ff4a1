import { z } from 'zod'
import { and, asc, count, eq, isNull, lt, or, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { runs, steps, watches } from '../db/schema/index.ts'
import { chooseDue, type Due } from '../planning/schedule.ts'

interface Start {
  readonly source: string
  readonly tick: Date
  readonly trigger: 'schedule' | 'sweep' | 'person'
  readonly now: Date
  /** Search requests that may be started; absent: everything is. */
  readonly budget?: number
  /** Only watches that did not run since then. */
  readonly notSince?: Date
  /** Only this one. */
  readonly only?: bigint
}

/**
 * One run, with its first step, for every watch of the source that has no unfinished run; under a budget for the most
 * pressing ones that it pays for. The unique keys (watch, tick) and (watch, unfinished) decide: however many
 * schedulers call this for a tick, one set of runs comes. A repeat is harmless; nothing is dropped, since an
 * unfinished run is still being worked on.
 */
export async function startRuns(db: Db, input: Start): Promise<readonly bigint[]> {
  return db.transaction(async (tx) => {
    const chosen = input.budget === undefined ? await everyWatch(tx, input) : chooseDue(await dueWatches(tx, input), await budgetLeft(tx, input, input.budget), input.now)
    if (chosen.length === 0) return []
    const started: bigint[] = []
    for (let at = 0; at < chosen.length; at += chunk) started.push(...(await start(tx, input, chosen.slice(at, at + chunk))))
    return started
  })
}

/** Rows in one insert: PostgreSQL takes 65,535 parameters in a statement. */
const chunk = 5_000

async function start(tx: Db, input: Start, watchIds: readonly bigint[]): Promise<readonly bigint[]> {
  const started = await tx
    .insert(runs)
    .values(watchIds.map((watchId) => ({ watchId, tick: input.tick, trigger: input.trigger, startedAt: input.now })))
    .onConflictDoNothing()
    .returning({ id: runs.id })
  if (started.length === 0) return []
  await tx.insert(steps).values(
    started.map(({ id }) => ({
      runId: id,
      kind: 'search' as const,
      source: input.source,
      key: '1',
      input: { kind: 'search' as const, page: null, number: 1 },
      state: 'pending' as const,
      createdAt: input.now,
    })),
  )
  return started.map(({ id }) => id)
}

/** Trials first: what they prove saves the others. */
async function everyWatch(tx: Db, { source, notSince, only }: Start): Promise<readonly bigint[]> {
  const active = await tx
    .select({ id: watches.id })
    .from(watches)
    .where(and(eq(watches.source, source), isNull(watches.retiredAt), only === undefined ? undefined : eq(watches.id, only), notSince === undefined ? undefined : or(isNull(watches.ranAt), lt(watches.ranAt, notSince), lt(watches.ranAt, watches.trialSince))))
    .orderBy(sql`${watches.trialSince} is null`, asc(watches.id))
  return active.map(({ id }) => id)
}

/** What was started and is not done yet has its requests reserved. */
async function budgetLeft(tx: Db, { source }: Start, budget: number): Promise<number> {
  const [pending] = await tx
    .select({ searches: count() })
    .from(steps)
    .where(and(eq(steps.source, source), eq(steps.kind, 'search'), eq(steps.state, 'pending')))
  return budget - (pending?.searches ?? 0)
}

const dueRows = z.array(z.object({ id: z.coerce.bigint(), price: z.int(), due_at: z.coerce.date(), kind: z.enum(['urgent', 'new', 'usual']) }))

async function dueWatches(tx: Db, { source }: Start): Promise<readonly Due[]> {
  const rows = await tx.execute(sql`
    select watch.id::text as id, watch.price, coalesce(watch.due_at, greatest(watch.created_at, watch.trial_since)) as due_at,
      case when exists (${urgentNames(sql`watch.id`)}) then 'urgent' when watch.due_at is null then 'new' else 'usual' end as kind
    from watches watch
    where watch.source = ${source} and watch.retired_at is null
      and not exists (select from runs run where run.watch_id = watch.id and run.finished_at is null)`)
  return dueRows.parse([...rows]).map(({ id, price, due_at, kind }) => ({ id, price, dueAt: due_at, kind }))
}

/** Names under a watch that are public, not settled, and claimable; where no registry told, the ones that a build would install. */
export function urgentNames(watchId: ReturnType<typeof sql>): ReturnType<typeof sql> {
  return sql`
    select from watch_covers cover
    join identifiers name on name.id = cover.identifier_id or name.pattern_id = cover.identifier_id
    join findings finding on finding.identifier_id = name.id and finding.state in ('open', 'acknowledged')
      and coalesce((select bool_or(claim.claimable = 'yes') from claims claim where claim.identifier_id = name.id and claim.claimable <> 'unknown'), finding.severity in ('critical', 'high'))
    where cover.watch_id = ${watchId}`
}
