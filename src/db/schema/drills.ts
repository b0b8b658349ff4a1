import { bigint, integer, jsonb, pgTable, text, unique } from '../drizzle.ts'
import { id, identifiers, time } from './inventory.ts'

/** Runs that would have brought the name, from its planting on. */
export interface DrillLooks {
  readonly complete: number
  /** Runs that ended otherwise, by outcome. */
  readonly incomplete: Readonly<Record<string, number>>
  /** Sources that have a query for it. */
  readonly sources: readonly string[]
}

/**
 * A rehearsal: a made-up identifier (`origin` drill) that somebody plants in public on purpose. When it was found,
 * told, acknowledged and cleaned up is read from the finding's history; only what nobody else knows stands here.
 */
export const drills = pgTable(
  'drills',
  {
    id: id(),
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
    /** The random part of the name: whatever contains it, in whichever ecosystem, is of this drill. Lower case. */
    token: text('token').notNull(),
    /** After the planting; later is a failure. */
    findWithinSeconds: integer('find_within_seconds').notNull(),
    /** After the alert; later is a failure. */
    acknowledgeWithinSeconds: integer('acknowledge_within_seconds').notNull(),
    startedBy: text('started_by').notNull(),
    startedAt: time('started_at').notNull(),
    /** When it became public, as the planter says; null: not said yet. */
    plantedAt: time('planted_at'),
    plantedUrl: text('planted_url'),
    /** From then on nothing of it is told; null: it is under way. */
    endedAt: time('ended_at'),
    /** As it was when the drill ended: afterwards no watch covers the name. Null: it is under way. */
    looks: jsonb('looks').$type<DrillLooks>(),
  },
  (table) => [unique('drills_identity').on(table.identifierId), unique('drills_token').on(table.token)],
)
