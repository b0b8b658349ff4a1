import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import type { Json } from '../../contracts/json.ts'
import type { Role } from '../../contracts/match.ts'
import { id, identifiers, time } from './inventory.ts'
import { runs } from './runs.ts'

/** A document that was read. Also kept when nothing of ours was in it: known content is not fetched again. */
export const documents = pgTable(
  'documents',
  {
    id: id(),
    source: text('source').notNull(),
    ref: text('ref').notNull(),
    revision: text('revision').notNull(),
    contentHash: text('content_hash').notNull(),
    url: text('url').notNull(),
    lineAnchor: text('line_anchor').notNull(),
    title: text('title').notNull(),
    containerId: text('container_id').notNull(),
    containerName: text('container_name').notNull(),
    owner: text('owner'),
    path: text('path'),
    author: text('author'),
    publishedAt: time('published_at'),
    publishedAtIsLowerBound: boolean('published_at_is_lower_bound').notNull().default(false),
    /** What the source's terms want beside a quotation. */
    licence: text('licence'),
    /** What the source needs to look at it again; null: `ref` is enough. */
    locator: jsonb('locator').$type<Json>(),
    truncated: boolean('truncated').notNull(),
    /** Digest of the matcher that read this content: another digest means it is read again. */
    matchedWith: text('matched_with').notNull(),
    firstSeenAt: time('first_seen_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
  },
  (table) => [
    unique('documents_identity').on(table.source, table.ref),
    index('documents_by_content').on(table.contentHash),
  ],
)

export const findingStates = ['open', 'acknowledged', 'resolved', 'dismissed'] as const
export type FindingState = (typeof findingStates)[number]

export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** One identifier known to be public: the unit of alerting, triage and the metric. */
export const findings = pgTable(
  'findings',
  {
    id: id(),
    identifierId: bigint('identifier_id', { mode: 'bigint' }).notNull().references(() => identifiers.id),
    state: text('state').$type<FindingState>().notNull(),
    /** Why it was dismissed; null in every other state. */
    dismissedReason: text('dismissed_reason'),
    severity: text('severity').$type<Severity>().notNull(),
    reasons: jsonb('reasons').$type<readonly string[]>().notNull(),
    firstSeenAt: time('first_seen_at').notNull(),
    publicSince: time('public_since').notNull(),
    /** No source said when it became public: `publicSince` is when we first saw it. */
    publicSinceIsLowerBound: boolean('public_since_is_lower_bound').notNull(),
    acknowledgedAt: time('acknowledged_at'),
    resolvedAt: time('resolved_at'),
    updatedAt: time('updated_at').notNull(),
  },
  (table) => [
    unique('findings_identity').on(table.identifierId),
    // The inbox asks for what is not settled yet, worst first.
    index('findings_unsettled').on(table.severity, table.firstSeenAt).where(sql`state in ('open', 'acknowledged')`),
  ],
)

export const occurrenceStatuses = ['live', 'gone', 'gone-from-head', 'unknown'] as const
export type OccurrenceStatus = (typeof occurrenceStatuses)[number]

/** A place inside the document besides the first, best one. */
export interface StoredMention {
  readonly line: number
  readonly column: number
  readonly role: Role
}

/** One place of a finding: finding x document. Line, column, role and snippet are those of the worst mention. */
export const occurrences = pgTable(
  'occurrences',
  {
    id: id(),
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull().references(() => findings.id),
    documentId: bigint('document_id', { mode: 'bigint' }).notNull().references(() => documents.id),
    line: integer('line').notNull(),
    column: integer('column').notNull(),
    role: text('role').$type<Role>().notNull(),
    details: jsonb('details').$type<Readonly<Record<string, string>>>().notNull(),
    snippet: text('snippet').notNull(),
    /** All mentions in the document in order, the first 1,000. */
    mentions: jsonb('mentions').$type<readonly StoredMention[]>().notNull(),
    mentionCount: integer('mention_count').notNull(),
    /** Equal for copies of the same content: one occurrence group. */
    contentHash: text('content_hash').notNull(),
    status: text('status').$type<OccurrenceStatus>().notNull(),
    author: text('author'),
    introducedAt: time('introduced_at'),
    firstSeenAt: time('first_seen_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
  },
  (table) => [
    unique('occurrences_identity').on(table.findingId, table.documentId),
    index('occurrences_by_document').on(table.documentId),
    index('occurrences_by_content').on(table.findingId, table.contentHash),
  ],
)

/** Append-only: this run saw this document (and so everything that was found in it). */
export const sightings = pgTable(
  'sightings',
  {
    runId: bigint('run_id', { mode: 'bigint' }).notNull().references(() => runs.id),
    documentId: bigint('document_id', { mode: 'bigint' }).notNull().references(() => documents.id),
    seenAt: time('seen_at').notNull(),
  },
  (table) => [primaryKey({ name: 'sightings_pkey', columns: [table.runId, table.documentId] })],
)

/** Who did it. The system is an actor too. */
export type ActorKind = 'system' | 'cli' | 'user' | 'slack' | 'token'

/**
 * Append-only history of findings, written in the transaction of the change: the audit trail, and the source from
 * which metrics are recomputed for any moment. Rows are never updated or deleted.
 */
export const events = pgTable(
  'events',
  {
    id: id(),
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull().references(() => findings.id),
    verb: text('verb').$type<'found' | 'acknowledged' | 'resolved' | 'dismissed' | 'reopened' | 'place-added' | 'commented'>().notNull(),
    actorKind: text('actor_kind').$type<ActorKind>().notNull(),
    actor: text('actor').notNull(),
    /** The state after it. */
    state: text('state').$type<FindingState>().notNull(),
    reason: text('reason'),
    /** Facts of the moment that a later metric needs (identifier, ecosystem, team, source, publicSince …). */
    facts: jsonb('facts').$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('events_by_finding').on(table.findingId, table.at), index('events_by_time').on(table.at)],
)
