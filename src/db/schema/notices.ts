import { bigint, index, integer, pgTable, sql, text, unique } from '../drizzle.ts'
import { claimEvents } from './claims.ts'
import { findings, occurrences } from './findings.ts'
import { id, time } from './inventory.ts'

export const noticeKinds = ['leaked', 'reopened', 'place', 'baseline', 'claim'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/**
 * Outbox: what is to be said to which channel, born in the transaction that made the news. `place` rows are
 * gathered into one digest message; the others are a message each.
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
    /** Of the kind `claim`: what the registry told. */
    claimEventId: bigint('claim_event_id', { mode: 'bigint' }).references(() => claimEvents.id),
    /** `dead`: the destination or the message was refused for good; kept, shown, can be sent again. */
    state: text('state').$type<'pending' | 'delivered' | 'dead'>().notNull(),
    attempts: integer('attempts').notNull().default(0),
    reason: text('reason'),
    createdAt: time('created_at').notNull(),
    deliveredAt: time('delivered_at'),
  },
  (table) => [
    unique('notices_identity').on(table.channel, table.kind, table.key),
    index('notices_pending').on(table.channel, table.id).where(sql`state = 'pending'`),
  ],
)
