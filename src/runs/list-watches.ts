import { z } from 'zod'
import { desc, eq, sql, type SQL } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { outcomes, runs, watches, type Outcome } from '../db/schema/index.ts'
import { NotFound } from '../errors.ts'

export interface ListedWatch {
  readonly id: string
  readonly source: string
  /** As the remote sees it. */
  readonly query: string
  readonly purpose: 'cover' | 'check'
  /** Its next run shows whether it brings what it covers. */
  readonly onTrial: boolean
  /** Names of the inventory that it covers. */
  readonly names: number
  /** Search requests of its last run. */
  readonly price: number
  /** Null: due at once. */
  readonly dueAt: string | null
  /** A run of it goes on since then. */
  readonly goingSince: string | null
  readonly last: ListedRun | null
}

export interface ListedRun {
  readonly id: string
  readonly trigger: 'schedule' | 'sweep' | 'person'
  /** Null: it goes on. */
  readonly outcome: Outcome | null
  readonly reason: string | null
  readonly counted: number | null
  readonly seen: number
  readonly unread: number
  readonly requests: number
  readonly startedAt: string
  readonly finishedAt: string | null
}

/** By the outcome of the last run that ended; `never`: none did; `going`: a run goes on. */
export const watchStates = [...outcomes, 'never', 'going'] as const
export type WatchState = (typeof watchStates)[number]

const rowSchema = z.array(z.object({
  id: z.string(), source: z.string(), query: z.string(), purpose: z.enum(['cover', 'check']), on_trial: z.boolean(), names: z.int(), price: z.int(), due_at: z.coerce.date().nullable(),
  going_since: z.coerce.date().nullable(), run_id: z.string().nullable(), trigger: z.enum(['schedule', 'sweep', 'person']).nullable(), outcome: z.enum(outcomes).nullable(), reason: z.string().nullable(),
  counted: z.int().nullable(), seen: z.int().nullable(), unread: z.int().nullable(), requests: z.int().nullable(), started_at: z.coerce.date().nullable(), finished_at: z.coerce.date().nullable(),
}))

/** The watches of a source that the inventory asks for, in the order in which they were planned; a page of them. */
export async function listWatches(
  db: Db,
  filter: { readonly source: string; readonly state?: readonly WatchState[] | undefined; readonly q?: string | undefined },
  page: { readonly after: bigint | null; readonly limit: number },
): Promise<{ readonly items: readonly ListedWatch[]; readonly next: bigint | null }> {
  const conditions: SQL[] = [sql`watch.source = ${filter.source}`, sql`watch.retired_at is null`]
  if (page.after !== null) conditions.push(sql`watch.id > ${page.after}`)
  const q = filter.q?.trim() ?? ''
  if (q !== '') conditions.push(sql`position(lower(${q}) in lower(watch.query)) > 0`)
  if (filter.state !== undefined && filter.state.length > 0) {
    const state = sql`case when going.started_at is not null then 'going' else coalesce(last.outcome, 'never') end`
    conditions.push(sql`${state} in (${sql.join(filter.state.map((one) => sql`${one}`), sql`, `)})`)
  }
  const rows = rowSchema.parse([...(await db.execute(sql`
    select watch.id::text as id, watch.source, watch.query, watch.purpose, watch.trial_since is not null as on_trial, watch.price, watch.due_at,
      (select count(*)::int from watch_covers cover where cover.watch_id = watch.id) as names, going.started_at as going_since,
      last.id::text as run_id, last.trigger, last.outcome, last.reason, last.counted, last.seen, last.unread, last.requests, last.started_at, last.finished_at
    from watches watch
    left join lateral (select * from runs run where run.watch_id = watch.id and run.finished_at is not null order by run.finished_at desc, run.id desc limit 1) last on true
    left join runs going on going.watch_id = watch.id and going.finished_at is null
    where ${sql.join(conditions, sql` and `)}
    order by watch.id limit ${page.limit + 1}`))])
  const shown = rows.slice(0, page.limit)
  const end = shown.at(-1)
  return { items: shown.map(describe), next: rows.length > page.limit && end !== undefined ? BigInt(end.id) : null }
}

function describe(row: z.output<typeof rowSchema>[number]): ListedWatch {
  const last = row.run_id === null || row.started_at === null || row.trigger === null ? null : {
    id: row.run_id, trigger: row.trigger, outcome: row.outcome, reason: row.reason, counted: row.counted,
    seen: row.seen ?? 0, unread: row.unread ?? 0, requests: row.requests ?? 0,
    startedAt: row.started_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null,
  }
  return {
    id: row.id, source: row.source, query: row.query, purpose: row.purpose, onTrial: row.on_trial, names: row.names, price: row.price,
    dueAt: row.due_at?.toISOString() ?? null, goingSince: row.going_since?.toISOString() ?? null, last,
  }
}

/** The newest runs of a watch, the one that goes on first. @throws NotFound */
export async function listRuns(db: Db, watchId: bigint, limit: number): Promise<readonly ListedRun[]> {
  const [watch] = await db.select({ id: watches.id }).from(watches).where(eq(watches.id, watchId))
  if (watch === undefined) throw new NotFound(`there is no watch ${watchId}`)
  const rows = await db.select().from(runs).where(eq(runs.watchId, watchId)).orderBy(desc(runs.startedAt), desc(runs.id)).limit(limit)
  return rows.map((run) => ({
    id: String(run.id), trigger: run.trigger, outcome: run.outcome, reason: run.reason, counted: run.counted, seen: run.seen, unread: run.unread, requests: run.requests,
    startedAt: run.startedAt.toISOString(), finishedAt: run.finishedAt?.toISOString() ?? null,
  }))
}
