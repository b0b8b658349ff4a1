import { bigint, index, integer, jsonb, pgTable, sql, text, unique } from '../drizzle.ts'
import type { Json } from '../../contracts/json.ts'
import type { Claimable, ClaimState, PackageFacts, RegistryAnswer } from '../../contracts/registry.ts'
import { id, identifiers, time } from './inventory.ts'

/** A sign of an attack, as it was judged. */
export interface StoredSignal {
  readonly signal: string
  readonly weight: number
  readonly reason: string
}

/** What the next request of a check is for. The queue carries the claim's id and nothing else. */
export type ClaimProgress =
  | { readonly ask: 'registry'; readonly progress: Json }
  /** The registry has answered; records of malicious packages are asked next. */
  | { readonly ask: 'osv'; readonly answer: RegistryAnswer }

/**
 * What a public registry holds under an identifier. `state`, `claimable`, `why`, `facts` and `signals` are of the last
 * check that could tell, at `toldAt`; a check after it that could not leaves them and its `failure`. So a state is
 * never younger than the answer that it comes from, and never "free" for want of an answer.
 */
export const claims = pgTable(
  'claims',
  {
    id: id(),
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
    registry: text('registry').notNull(),
    state: text('state').$type<ClaimState>().notNull(),
    claimable: text('claimable').$type<Claimable>().notNull(),
    why: text('why').notNull(),
    facts: jsonb('facts').$type<PackageFacts>(),
    signals: jsonb('signals').$type<readonly StoredSignal[]>().notNull(),
    /** Null: never told yet. */
    toldAt: time('told_at'),
    /** End of the last check, told or not. */
    askedAt: time('asked_at'),
    /** Why the last check could not tell; null: it could. */
    failure: text('failure'),
    /** When it is asked next; null: it may not be asked (any more). In the past while a check is under way. */
    dueAt: time('due_at'),
    /** The first of the clean absences in a row; null: the last answer was another one. */
    firstAbsentAt: time('first_absent_at'),
    /** Null: no check is under way. */
    progress: jsonb('progress').$type<ClaimProgress>(),
    /** Requests so far, ever: names the one that is due, so that a repeated job does nothing. */
    requests: integer('requests').notNull().default(0),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    unique('claims_identity').on(table.identifierId, table.registry),
    index('claims_due').on(table.registry, table.dueAt).where(sql`due_at is not null`),
    index('claims_by_state').on(table.registry, table.state, table.claimable).where(sql`asked_at is not null`),
  ],
)

/** What may be the loudest alert: a stranger took the name, went above our version, or published what runs at installation; or a name that was held is free. */
export const claimNewsKinds = ['taken', 'version-above', 'install-time-code', 'freed'] as const
export type ClaimNews = (typeof claimNewsKinds)[number]

/** Append-only history: a row for every change of a claim's state, claimability or latest version. */
export const claimEvents = pgTable(
  'claim_events',
  {
    id: id(),
    claimId: bigint('claim_id', { mode: 'bigint' }).notNull().references(() => claims.id),
    state: text('state').$type<ClaimState>().notNull(),
    claimable: text('claimable').$type<Claimable>().notNull(),
    why: text('why').notNull(),
    facts: jsonb('facts').$type<PackageFacts>(),
    signals: jsonb('signals').$type<readonly StoredSignal[]>().notNull(),
    /** Null: nothing to wake anybody for. */
    news: text('news').$type<ClaimNews>(),
    at: time('at').notNull(),
  },
  (table) => [index('claim_events_by_claim').on(table.claimId, table.id)],
)
