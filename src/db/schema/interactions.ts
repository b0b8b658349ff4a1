import { bigint, index, pgTable, sql, text, unique } from '../drizzle.ts'
import { id, time } from './inventory.ts'

export const interactionActions = ['acknowledge', 'assign', 'ask-reason', 'dismiss'] as const
export type InteractionAction = (typeof interactionActions)[number]

/** Clicks in Slack, stored before they are acknowledged: what a person decided is done once, and never lost. */
export const interactions = pgTable(
  'interactions',
  {
    id: id(),
    /** Unique: the same click is stored once, however often it comes. */
    key: text('key').notNull(),
    action: text('action').$type<InteractionAction>().notNull(),
    /** As the click says: whether there is such a finding is looked up when it is done. */
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull(),
    userId: text('user_id').notNull(),
    room: text('room').notNull(),
    ts: text('ts').notNull(),
    threadTs: text('thread_ts'),
    reason: text('reason'),
    /** Both are secrets for minutes, and are forgotten with the end. */
    triggerId: text('trigger_id'),
    responseUrl: text('response_url'),
    /** `refused`: nothing was changed, and the one who clicked was told why. */
    state: text('state').$type<'pending' | 'done' | 'refused' | 'failed'>().notNull(),
    /** What the one who clicked is to be told; null: nothing (yet). */
    tells: text('tells'),
    receivedAt: time('received_at').notNull(),
    settledAt: time('settled_at'),
  },
  (table) => [unique('interactions_identity').on(table.key), index('interactions_pending').on(table.id).where(sql`state = 'pending'`)],
)
