import { type AnyPgColumn, bigint, boolean, index, jsonb, ne, pgTable, sql, text, timestamp, unique, uniqueIndex } from '../drizzle.ts'
import type { Disclosure, Ecosystem, Form, IdentifierKind } from '../../contracts/inventory.ts'

/** Ids are bigint in the database and decimal text in the program: they travel through JSON unharmed. */
export const id = () => bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity()
export const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/**
 * Who keeps an identifier: the configuration; or the acceptance of an inferred name (`accepted`) or a person on the page,
 * which no configuration retires. `drill`: a made-up name, for ever; see `isCounted`.
 */
export type Origin = 'inventory' | 'accepted' | 'page' | 'drill'

/**
 * Every line of the inventory (`form` name, prefix or regex) and every name that a pattern matched, spelled out
 * (`patternId` set). Never deleted: a line that left the inventory is retired and keeps its history.
 */
export const identifiers = pgTable(
  'identifiers',
  {
    id: id(),
    form: text('form').$type<Form>().notNull(),
    kind: text('kind').$type<IdentifierKind>().notNull(),
    ecosystem: text('ecosystem').$type<Ecosystem>(),
    /** As a person wrote it, or as it was first found. */
    name: text('name').notNull(),
    /** Normalised by the rules of its ecosystem: equal keys are the same name. */
    key: text('key').notNull(),
    team: text('team'),
    disclose: text('disclose').$type<Disclosure>().notNull(),
    publicOnPurpose: boolean('public_on_purpose').notNull(),
    near: jsonb('near').$type<readonly string[]>().notNull(),
    /** What our own registry has, as the inventory tells it: the newest version, and when the first one came. */
    latestVersion: text('latest_version'),
    firstPublishedAt: time('first_published_at'),
    /** The pattern that matched this name; null for a line of the inventory. */
    patternId: bigint('pattern_id', { mode: 'bigint' }).references((): AnyPgColumn => identifiers.id),
    createdAt: time('created_at').notNull(),
    retiredAt: time('retired_at'),
    /** Who keeps it, see `Origin`. */
    origin: text('origin').$type<Origin>().notNull().default('inventory'),
    /** Where the line stands, for people: `namesake.yaml: inventory.3`, `inventory.csv:17`; null: not known, or nowhere. */
    place: text('place'),
    /** A person marked it as public: it stays `publicOnPurpose` whatever the configuration says. Null: nobody did. */
    markedPublicAt: time('marked_public_at'),
    markedPublicBy: text('marked_public_by'),
  },
  (table) => [
    unique('identifiers_identity').on(table.form, table.kind, table.ecosystem, table.key).nullsNotDistinct(),
    index('identifiers_current').on(table.form).where(sql`retired_at is null`),
    index('identifiers_by_pattern').on(table.patternId).where(sql`pattern_id is not null`),
  ],
)

/**
 * The one condition that keeps drills out of every number, list and report about our names: metric, coverage, claims,
 * counts. Joined to `identifiers`; in written SQL, `name.origin <> 'drill'`.
 */
export const isCounted = ne(identifiers.origin, 'drill')

/** Append-only: the state of an identifier after each change of it, so that the past can be told. */
export const identifierEvents = pgTable(
  'identifier_events',
  {
    id: id(),
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
    /** A line of it, not retired, and not only a name that a pattern spelled out. */
    inInventory: boolean('in_inventory').notNull(),
    publicOnPurpose: boolean('public_on_purpose').notNull(),
    team: text('team'),
    at: time('at').notNull(),
  },
  (table) => [index('identifier_events_by_identifier').on(table.identifierId, table.id)],
)

/** Facts about this installation: digest of the inventory, when the baseline was finished. */
export const settings = pgTable('settings', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  changedAt: time('changed_at').notNull(),
})

/** Which processes live, for health checks: a row per process, refreshed by its heartbeat. */
export const processes = pgTable(
  'processes',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    host: text('host').notNull(),
    startedAt: time('started_at').notNull(),
    beatAt: time('beat_at').notNull(),
  },
  (table) => [uniqueIndex('processes_by_name').on(table.name, table.id)],
)
