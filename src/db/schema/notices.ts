import { bigint, check, index, integer, jsonb, pgTable, primaryKey, sql, text, unique } from '../drizzle.ts'
import { claimEvents } from './claims.ts'
import type { ActorKind } from './accounts.ts'
import { events, findings, occurrences, type FindingState } from './findings.ts'
import { id, time } from './inventory.ts'

export const noticeKinds = ['leaked', 'reopened', 'place', 'baseline', 'claim', 'changed', 'refresh', 'escalation', 'operator'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** Kinds that are a message each, until many come at once. */
export const alertKinds = ['leaked', 'reopened', 'claim', 'escalation'] as const satisfies readonly NoticeKind[]

/** Times are ISO 8601. */
export interface NoticeDetails {
  /** Of `escalation`: when it was told first. */
  readonly toldAt?: string
  /** Of `operator`. */
  readonly operator?: { readonly news: 'dead' | 'failing'; readonly about: string; readonly reason: string; readonly since: string }
}

/**
 * Outbox: what is to be said to which channel, born in the transaction that made the news. `place` rows are
 * gathered into one digest message, the `changed` rows of a finding into one answer to its message, its `refresh` rows
 * into one change of that message; the others are a message each, and alerts (`alertKinds`) one together when many come at once.
 */
export const notices = pgTable(
  'notices',
  {
    id: id(),
    channel: text('channel').notNull(),
    kind: text('kind').$type<NoticeKind>().notNull(),
    /** Unique with channel and kind: the same news is never queued twice. */
    key: text('key').notNull(),
    findingId: bigint('finding_id', { mode: 'bigint' }).references(() => findings.id),
    occurrenceId: bigint('occurrence_id', { mode: 'bigint' }).references(() => occurrences.id),
    /** Of `changed` and `refresh`: what happened to the finding. */
    eventId: bigint('event_id', { mode: 'bigint' }).references(() => events.id),
    /** Of the kind `claim`, and of `changed` and `refresh` by it: what the registry told. */
    claimEventId: bigint('claim_event_id', { mode: 'bigint' }).references(() => claimEvents.id),
    /** `dead`: the destination or the message was refused for good; kept, shown, can be sent again. */
    state: text('state').$type<'pending' | 'delivered' | 'dead'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason'),
    /** Shared by the rows of one message from before it is sent until its answer is known; null: no answer is missing. */
    attempt: text('attempt'),
    attemptedAt: time('attempted_at'),
    /** Times it was sent although an earlier attempt, whose answer never came, may have arrived. */
    possibleRepeats: integer('possible_repeats').notNull().default(0),
    details: jsonb('details').$type<NoticeDetails>().notNull().default({}),
    /** Id of the message that told this together with others; null: it was told by itself, or not yet. */
    toldWith: text('told_with'),
    createdAt: time('created_at').notNull(),
    deliveredAt: time('delivered_at'),
  },
  (table) => [
    unique('notices_identity').on(table.channel, table.kind, table.key),
    index('notices_pending').on(table.channel, table.id).where(sql`state = 'pending'`),
    index('notices_told').on(table.channel, table.createdAt).where(sql`state = 'delivered'`),
    index('notices_by_kind').on(table.findingId, table.id).where(sql`kind in ('leaked', 'reopened', 'escalation')`),
    index('notices_delivered').on(table.deliveredAt).where(sql`state = 'delivered'`),
    index('notices_dead').on(table.channel).where(sql`state = 'dead'`),
    index('notices_by_finding').on(table.channel, table.findingId, table.id).where(sql`state = 'pending' and kind in ('changed', 'refresh')`),
  ],
)

/** The message of a finding in a channel: what later news of it are attached to. */
export const deliveredMessages = pgTable(
  'delivered_messages',
  {
    channel: text('channel').notNull(),
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull().references(() => findings.id),
    /** What it was composed from, and is composed from again. */
    noticeId: bigint('notice_id', { mode: 'bigint' }).notNull().references(() => notices.id),
    /** Where it stands, in the destination's own ids; null: it cannot be answered or changed. */
    room: text('room'),
    ts: text('ts'),
    /** The state of the finding that it shows. */
    shows: text('shows').$type<FindingState>().notNull(),
    /** The last event of the finding that it knows of. */
    eventId: bigint('event_id', { mode: 'bigint' }).references(() => events.id),
    postedAt: time('posted_at').notNull(),
    /** When it was last made to show the present. */
    shownAt: time('shown_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'delivered_messages_pkey', columns: [table.channel, table.findingId] }),
    check('delivered_messages_place', sql`(room is null) = (ts is null)`),
    index('delivered_messages_by_finding').on(table.findingId),
    index('delivered_messages_by_place').on(table.room, table.ts),
  ],
)

/** How a destination fares. No row: it was never tried. */
export const destinations = pgTable('destinations', {
  name: text('name').primaryKey(),
  /** The last time that it took something. */
  deliveredAt: time('delivered_at'),
  /** Since when it has taken nothing; null: the last message was taken. */
  failingSince: time('failing_since'),
  /** Since when it refuses us for good; null: it does not. */
  deadSince: time('dead_since'),
  /** The last time that it was tried since. */
  triedAt: time('tried_at'),
  reason: text('reason'),
})

/** Times in which nobody is told, set by a person, each with its end. Rows stay: they are their own audit. */
export const mutes = pgTable(
  'mutes',
  {
    id: id(),
    /** Null: every destination. */
    channel: text('channel'),
    reason: text('reason').notNull(),
    actorKind: text('actor_kind').$type<ActorKind>().notNull(),
    actor: text('actor').notNull(),
    createdAt: time('created_at').notNull(),
    endsAt: time('ends_at').notNull(),
    /** Ended before its end, by whom. */
    endedAt: time('ended_at'),
    endedBy: text('ended_by'),
  },
  (table) => [check('mutes_end', sql`ends_at > created_at`), index('mutes_in_force').on(table.endsAt).where(sql`ended_at is null`)],
)
