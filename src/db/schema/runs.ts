import { bigint, boolean, doublePrecision, index, integer, jsonb, pgTable, primaryKey, sql, text, unique, uniqueIndex } from '../drizzle.ts'
import type { Json } from '../../contracts/json.ts'
import type { Hit, Slice } from '../../contracts/source.ts'
import { id, identifiers, time } from './inventory.ts'

/** A standing instruction: source + query. Retired when the inventory no longer asks for it. */
export const watches = pgTable(
  'watches',
  {
    id: id(),
    source: text('source').notNull(),
    /** Stable key of the query within the source. */
    key: text('key').notNull(),
    input: jsonb('input').$type<Json>().notNull(),
    /** The query for people. */
    query: text('query').notNull(),
    createdAt: time('created_at').notNull(),
    retiredAt: time('retired_at'),
    /** The text that it searches for, as the planner knows it; null: none. */
    term: text('term'),
    /** `cover`: proves the coverage of its names. `check`: searches in full a name that a stem covers. */
    purpose: text('purpose').$type<'cover' | 'check'>().notNull().default('cover'),
    /** Marks of which its run has to prove that the search reads over them. */
    trial: jsonb('trial').$type<readonly string[]>().notNull().default([]),
    /** Since when; null: nothing is on trial. A run that begins later decides. */
    trialSince: time('trial_since'),
    /** Results that the source claimed in the last run that read anything. */
    counted: integer('counted'),
    /** Search requests of that run. */
    price: integer('price').notNull().default(1),
    /** New places that a run brings, a moving average. */
    yield: doublePrecision('yield').notNull().default(0),
    /** Start of the last run that ended. */
    ranAt: time('ran_at'),
    /** Null: never run, due at once. */
    dueAt: time('due_at'),
  },
  (table) => [unique('watches_identity').on(table.source, table.key)],
)

/** Which identifiers the results of a watch cover. */
export const watchCovers = pgTable(
  'watch_covers',
  {
    watchId: bigint('watch_id', { mode: 'bigint' }).notNull().references(() => watches.id),
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
  },
  (table) => [
    primaryKey({ name: 'watch_covers_pkey', columns: [table.watchId, table.identifierId] }),
    index('watch_covers_by_identifier').on(table.identifierId),
  ],
)

/** Append-only: from when, and until when, a watch covered a name. `watchCovers` only knows today. */
export const coverEvents = pgTable(
  'cover_events',
  {
    id: id(),
    watchId: bigint('watch_id', { mode: 'bigint' }).notNull().references(() => watches.id),
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
    covers: boolean('covers').notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('cover_events_by_identifier').on(table.identifierId, table.watchId, table.id), index('cover_events_by_watch').on(table.watchId)],
)

export const outcomes = ['complete', 'partial', 'throttled', 'failed', 'interrupted'] as const
export type Outcome = (typeof outcomes)[number]

/**
 * One execution of a watch. `tick` is the moment of the clock it belongs to: unique with the watch, so that
 * several schedulers make one run. `outcome` is null while it goes on; an ended run stays as it ended.
 */
export const runs = pgTable(
  'runs',
  {
    id: id(),
    watchId: bigint('watch_id', { mode: 'bigint' }).notNull().references(() => watches.id),
    tick: time('tick').notNull(),
    /** `person`: somebody asked for it now. */
    trigger: text('trigger').$type<'schedule' | 'sweep' | 'person'>().notNull(),
    outcome: text('outcome').$type<Outcome>(),
    /** Why it is not complete, in words, one reason a line; null when complete or going on. */
    reason: text('reason'),
    /** Results the source claims; null when it did not say. */
    counted: integer('counted'),
    /** Results that the parts claim together when the query was cut; null: it was not. */
    parts: integer('parts'),
    /** Distinct documents seen (fetched now, or known unchanged). */
    seen: integer('seen').notNull().default(0),
    /** Documents that could not be read. */
    unread: integer('unread').notNull().default(0),
    pages: integer('pages').notNull().default(0),
    requests: integer('requests').notNull().default(0),
    startedAt: time('started_at').notNull(),
    finishedAt: time('finished_at'),
  },
  (table) => [
    unique('runs_identity').on(table.watchId, table.tick),
    // One unfinished run per watch, by constraint: a slow sweep is never piled upon.
    uniqueIndex('runs_unfinished').on(table.watchId).where(sql`finished_at is null`),
    index('runs_by_watch').on(table.watchId, table.finishedAt),
    index('runs_by_end').on(table.finishedAt).where(sql`finished_at is not null`),
  ],
)

/** What one step of a run has to do. The queue carries its id and nothing else. */
export type StepInput =
  /** `slice`: a part of the watch's query; absent: the query itself. */
  | { readonly kind: 'search'; readonly page: string | null; readonly number: number; readonly slice?: Slice }
  /** `round`: how often these hits were put off already; 0 at first. */
  | { readonly kind: 'fetch'; readonly hits: readonly Hit[]; readonly round: number }

/**
 * The pieces of a run, one outbound request each. The truth about pending work is here; the queue only carries
 * ids. A step is done in the transaction that stores its results and creates the steps that follow from it.
 */
export const steps = pgTable(
  'steps',
  {
    id: id(),
    runId: bigint('run_id', { mode: 'bigint' }).notNull().references(() => runs.id),
    kind: text('kind').$type<'search' | 'fetch'>().notNull(),
    source: text('source').notNull(),
    /** Unique within the run: a repeated page creates no second copy of its followers. */
    key: text('key').notNull(),
    input: jsonb('input').$type<StepInput>().notNull(),
    state: text('state').$type<'pending' | 'done' | 'failed'>().notNull(),
    reason: text('reason'),
    createdAt: time('created_at').notNull(),
    endedAt: time('ended_at'),
  },
  (table) => [
    unique('steps_identity').on(table.runId, table.kind, table.key),
    index('steps_pending').on(table.source, table.kind).where(sql`state = 'pending'`),
  ],
)

/**
 * Per identifier and source: the last time its queries were swept completely, and what stands in the way.
 * No row: never looked at. A zero is proven only by `completeAt`.
 */
export const coverage = pgTable(
  'coverage',
  {
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
    source: text('source').notNull(),
    /** Last sweep without any shortfall; null: never. */
    completeAt: time('complete_at'),
    /** Last sweep, complete or not. */
    attemptedAt: time('attempted_at'),
    counted: integer('counted'),
    seen: integer('seen'),
    /** Why the last sweep proves less than everything, or why the source cannot be asked at all; null: nothing. */
    gap: text('gap'),
  },
  (table) => [primaryKey({ name: 'coverage_pkey', columns: [table.identifierId, table.source] })],
)

/** Small state of sources between requests: validators of conditional requests, robots.txt, daily quotas. */
export const sourceMemory = pgTable(
  'source_memory',
  {
    source: text('source').notNull(),
    key: text('key').notNull(),
    value: jsonb('value').$type<Json>().notNull(),
    changedAt: time('changed_at').notNull(),
  },
  (table) => [primaryKey({ name: 'source_memory_pkey', columns: [table.source, table.key] })],
)

/** What runs taught the planner about a source: of marks next to words, and of stems that missed a document. */
export const lessons = pgTable(
  'lessons',
  {
    source: text('source').notNull(),
    kind: text('kind').$type<'edge' | 'stem'>().notNull(),
    subject: text('subject').notNull(),
    lesson: text('lesson').$type<'tried' | 'proven' | 'missed'>().notNull(),
    /** For people. */
    reason: text('reason'),
    at: time('at').notNull(),
  },
  (table) => [primaryKey({ name: 'lessons_pkey', columns: [table.source, table.kind, table.subject] })],
)
