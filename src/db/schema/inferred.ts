import { bigint, boolean, index, integer, pgTable, primaryKey, sql, text, unique } from '../drizzle.ts'
import type { Ecosystem } from '../../contracts/inventory.ts'
import { documents } from './findings.ts'
import { id, time } from './inventory.ts'

export const inferredStates = ['candidate', 'accepted', 'rejected'] as const
export type InferredState = (typeof inferredStates)[number]

/**
 * Names that no line of the inventory covers but that probably are internal, waiting for a person's decision. Never
 * an identifier, a finding or a notice; in no query. Never deleted: what was rejected stays rejected.
 */
export const inferred = pgTable(
  'inferred',
  {
    id: id(),
    kind: text('kind').$type<'package' | 'scope'>().notNull(),
    ecosystem: text('ecosystem').$type<Ecosystem>(),
    /** As it was first found. */
    name: text('name').notNull(),
    /** Normalised by the rules of its ecosystem: equal keys are the same name. */
    key: text('key').notNull(),
    /** Why it is probably ours, in words: the strongest reason that any document gave. */
    reason: text('reason').notNull(),
    /** More probably a public name that one of our hosts only passes on, by every document so far. */
    weak: boolean('weak').notNull(),
    state: text('state').$type<InferredState>().notNull(),
    firstSeenAt: time('first_seen_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    decidedAt: time('decided_at'),
    decidedBy: text('decided_by'),
    decisionReason: text('decision_reason'),
  },
  (table) => [
    unique('inferred_identity').on(table.kind, table.ecosystem, table.key).nullsNotDistinct(),
    index('inferred_undecided').on(table.weak, table.firstSeenAt).where(sql`state = 'candidate'`),
  ],
)

/** Where a candidate was seen: a row per document, so that the same document counts once. */
export const inferredPlaces = pgTable(
  'inferred_places',
  {
    inferredId: bigint('inferred_id', { mode: 'bigint' }).notNull().references(() => inferred.id),
    documentId: bigint('document_id', { mode: 'bigint' }).notNull().references(() => documents.id),
    /** 1-based. */
    line: integer('line').notNull(),
    /** What this document gives as the reason. */
    reason: text('reason').notNull(),
    firstSeenAt: time('first_seen_at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'inferred_places_pkey', columns: [table.inferredId, table.documentId] }),
    index('inferred_places_by_document').on(table.documentId),
  ],
)
