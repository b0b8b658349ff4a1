import { bigint, boolean, customType, index, integer, jsonb, pgTable, primaryKey, smallint, sql, text, unique, uniqueIndex, type AnyPgColumn } from '../drizzle.ts'
import type { Ecosystem } from '../../contracts/inventory.ts'
import type { Json } from '../../contracts/json.ts'
import type { Role } from '../../contracts/match.ts'
import type { Person, Relation } from '../../contracts/place.ts'
import type { Claimable, ClaimState } from '../../contracts/registry.ts'
import { accounts, type ActorKind } from './accounts.ts'
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
    /** When its source is asked next who brought it there and when; null: nothing is to be asked. */
    attributeDueAt: time('attribute_due_at'),
    /** Null: from the beginning. */
    attributeProgress: jsonb('attribute_progress').$type<AttributeProgress>(),
    attributeAttempts: integer('attribute_attempts').notNull().default(0),
    /** When it is asked next whether it is still public; null: it has none of our names. */
    recheckDueAt: time('recheck_due_at'),
    recheckProgress: jsonb('recheck_progress').$type<RecheckProgress>(),
    /** Requests in a row that told nothing. */
    recheckAttempts: integer('recheck_attempts').notNull().default(0),
    /** The last time that a recheck told something. */
    recheckedAt: time('rechecked_at'),
    /** Contents that a recheck saw replaced: a search that still shows one of them is behind. */
    formerHashes: jsonb('former_hashes').$type<readonly string[]>().notNull().default([]),
  },
  (table) => [
    unique('documents_identity').on(table.source, table.ref),
    index('documents_by_content').on(table.contentHash),
    index('documents_by_first_seen').on(table.firstSeenAt),
    index('documents_to_attribute').on(table.source, table.attributeDueAt).where(sql`attribute_due_at is not null`),
    index('documents_to_recheck').on(table.source, table.recheckDueAt).where(sql`recheck_due_at is not null`),
  ],
)

/** What a recheck remembers until the next one: what it could not believe at once. Times are ISO 8601. */
export interface RecheckProgress {
  /** The last answer was no clear one. */
  readonly doubt: boolean
  /** The place was not there, for the first time in a row. */
  readonly absent?: { readonly status: 'gone' | 'gone-from-head'; readonly reason: string; readonly at: string }
  /** Former contents that were not there either, with the first time. */
  readonly missing?: Readonly<Record<string, string>>
}

/** What a document lies in, by its id: facts of a repository and who owns it. */
export const containers = pgTable(
  'containers',
  {
    source: text('source').notNull(),
    containerId: text('container_id').notNull(),
    /** As it is called now. */
    name: text('name').notNull(),
    /** The container that it is a copy of (a fork's parent). */
    parentId: text('parent_id'),
    owner: jsonb('owner').$type<RelatedPerson>().notNull(),
    facts: jsonb('facts').$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
    checkedAt: time('checked_at').notNull(),
  },
  (table) => [primaryKey({ name: 'containers_pkey', columns: [table.source, table.containerId] })],
)

export const findingStates = ['open', 'acknowledged', 'resolved', 'dismissed'] as const
export type FindingState = (typeof findingStates)[number]

export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** Sets of sources that findings were found in, each once, so that a finding has a number for its own. */
export const sourceSets = pgTable(
  'source_sets',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    /** Sorted. */
    sources: text('sources').array().notNull(),
  },
  (table) => [unique('source_sets_identity').on(table.sources)],
)

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
    /**
     * Since when no place of it is live any more: proposed as resolved, which a person decides. A flag and no state:
     * the states are decisions, this is what rechecks saw.
     */
    proposedAt: time('proposed_at'),
    proposedReason: text('proposed_reason'),
    /** Dismissed because every place is suppressed: one that no suppression covers reopens it. */
    dismissedInPlaces: boolean('dismissed_in_places').notNull().default(false),
    acknowledgedAt: time('acknowledged_at'),
    resolvedAt: time('resolved_at'),
    /** A dismissal that is not for good: open again from then on. */
    dismissedUntil: time('dismissed_until'),
    updatedAt: time('updated_at').notNull(),
    /** Critical is 4: the inbox sorts by it. */
    severityRank: smallint('severity_rank').notNull().generatedAlwaysAs(sql`case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 else 1 end`),
    // What the inbox filters, counts and shows of the identifier, its claims and its places, kept by `reassess`.
    ecosystem: text('ecosystem').$type<Ecosystem>(),
    team: text('team'),
    /** The most alarming claim; null: no registry was asked. */
    claimRegistry: text('claim_registry'),
    claimState: text('claim_state').$type<ClaimState>(),
    claimable: text('claimable').$type<Claimable>(),
    places: integer('places').notNull().default(0),
    /** Copies folded. */
    groups: integer('groups').notNull().default(0),
    /** Not known to be gone. */
    livePlaces: integer('live_places').notNull().default(0),
    /** Sources of all places; null: not judged yet. */
    sourceSet: integer('source_set').references(() => sourceSets.id),
    /** Roles of all places, a bit each in the order of `roles`. */
    roleBits: smallint('role_bits').notNull().default(0),
    /** State, severity, state of the claim, claimable and whether it is proposed, in bits: see findings/facets.ts. */
    facets: smallint('facets').notNull().generatedAlwaysAs(sql`case state when 'open' then 0 when 'acknowledged' then 1 when 'resolved' then 2 else 3 end
      | case severity when 'critical' then 0 when 'high' then 4 when 'medium' then 8 else 12 end
      | case claim_state when 'unclaimed' then 16 when 'ours' then 32 when 'placeholder' then 48 when 'stranger' then 64 when 'unknown' then 80 else 0 end
      | case claimable when 'yes' then 128 when 'no' then 256 when 'unknown' then 384 else 0 end
      | case when proposed_at is null then 0 else 512 end`),
    /** The place to show first. */
    worstPlace: bigint('worst_place', { mode: 'bigint' }).references((): AnyPgColumn => occurrences.id),
    /** Who looks after it; null: nobody (yet). */
    assignee: bigint('assignee', { mode: 'bigint' }).references((): AnyPgColumn => accounts.id),
  },
  (table) => [
    unique('findings_identity').on(table.identifierId),
    index('findings_by_assignee').on(table.assignee).where(sql`assignee is not null`),
    index('findings_by_severity').on(table.severityRank, table.firstSeenAt, table.id),
    index('findings_by_first_seen').on(table.firstSeenAt, table.id),
    index('findings_by_update').on(table.updatedAt, table.id),
    // Everything that the inbox counts, and nothing else.
    index('findings_in_numbers').on(table.facets, table.ecosystem, table.team, table.assignee, table.roleBits, table.sourceSet, table.id),
    index('findings_dismissed_for_a_while').on(table.dismissedUntil).where(sql`dismissed_until is not null`),
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

/** Why an occurrence is a copy: the same file, the same lines around the mention, or the same path in a fork. */
export const copyReasons = ['same-content', 'same-region', 'fork'] as const
export type CopyReason = (typeof copyReasons)[number]

/** A person with their relation to the company. */
export interface RelatedPerson extends Person {
  readonly relation: Relation
  /** Why, in words. */
  readonly reason: string
}

/** Who wrote the first mention, and when. Times are ISO 8601. */
export interface StoredIntroduction {
  readonly change: string
  readonly exact: boolean
  readonly author: RelatedPerson
  readonly authoredAt: string | null
  readonly committedAt: string | null
  /** Why the date is not to be believed, in words; empty: nothing speaks against it. */
  readonly doubts: readonly string[]
  /** What else is worth knowing about it, in words. */
  readonly notes: readonly string[]
}

/** What the requests about who and when have told so far; `next` is for the source. Dates are ISO 8601. */
export interface AttributeProgress {
  readonly next: Json
  readonly lines: readonly { readonly line: number; readonly change: StoredChange }[]
  readonly file: StoredChange | null
  readonly cheap: boolean
}

export interface StoredChange {
  readonly id: string
  readonly author: Person
  readonly authoredAt: string | null
  readonly committedAt: string | null
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
    /** Hash of the normalised lines around the mention; null: too little text to tell it from others. */
    regionHash: text('region_hash'),
    /** The first occurrence of its group; null: it is that itself. */
    copyOf: bigint('copy_of', { mode: 'bigint' }).references((): AnyPgColumn => occurrences.id),
    copyReason: text('copy_reason').$type<CopyReason>(),
    /** Who brought it there and when; null: not known (yet). */
    introduction: jsonb('introduction').$type<StoredIntroduction>(),
    /** Why the status is what it is, in words; null: it was read. */
    statusReason: text('status_reason'),
    /** When the status was last changed; null: never. */
    statusAt: time('status_at'),
  },
  (table) => [
    unique('occurrences_identity').on(table.findingId, table.documentId),
    index('occurrences_by_document').on(table.documentId),
    index('occurrences_by_content').on(table.findingId, table.contentHash),
    index('occurrences_by_region').on(table.findingId, table.regionHash),
    index('occurrences_by_group').on(table.findingId, table.copyOf, table.id),
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

/**
 * - `dated`: the start of the exposure moved, on evidence
 * - `place-gone`, `place-returned`: a recheck saw a place gone, or public again
 * - `proposed`, `proposal-withdrawn`: no place is live any more; one is again
 * - `suppressed`: a group of places is no exposure, with reason and expiry; `unsuppressed`: it is one again
 * - `reassessed`: its severity is another one
 * - `recheck-requested`: its places are asked now
 */
export const eventVerbs = [
  'found', 'acknowledged', 'resolved', 'dismissed', 'reopened', 'place-added', 'commented', 'assigned',
  'dated', 'place-gone', 'place-returned', 'proposed', 'proposal-withdrawn', 'suppressed', 'reassessed', 'unsuppressed', 'recheck-requested',
] as const
export type EventVerb = (typeof eventVerbs)[number]

/**
 * Append-only history of findings, written in the transaction of the change: the audit trail, and the source from
 * which metrics are recomputed for any moment. Rows are never updated or deleted.
 */
export const events = pgTable(
  'events',
  {
    id: id(),
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull().references(() => findings.id),
    verb: text('verb').$type<EventVerb>().notNull(),
    actorKind: text('actor_kind').$type<ActorKind>().notNull(),
    actor: text('actor').notNull(),
    /** The state after it. */
    state: text('state').$type<FindingState>().notNull(),
    reason: text('reason'),
    /** Facts of the moment that a later metric needs (identifier, ecosystem, team, source, publicSince …). */
    facts: jsonb('facts').$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
    at: time('at').notNull(),
  },
  (table) => [index('events_by_finding').on(table.findingId, table.id), index('events_by_time').on(table.at)],
)

/** Texts that are no exposure of one finding: its occurrences with this content, or these lines, stay quiet until it expires. */
export const suppressions = pgTable(
  'suppressions',
  {
    id: id(),
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull().references(() => findings.id),
    scope: text('scope').$type<'content' | 'region'>().notNull(),
    hash: text('hash').notNull(),
    reason: text('reason').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
    /** Taken back, or expired and noticed; null: in force until `expiresAt`. */
    endedAt: time('ended_at'),
  },
  (table) => [
    uniqueIndex('suppressions_in_force').on(table.findingId, table.scope, table.hash).where(sql`ended_at is null`),
    index('suppressions_by_expiry').on(table.expiresAt).where(sql`ended_at is null`),
  ],
)

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/** What a search finds a finding by: the words of its name, places and comments, each once, in parts of some hundred. */
export const findingWords = pgTable(
  'finding_words',
  {
    findingId: bigint('finding_id', { mode: 'bigint' }).notNull().references(() => findings.id),
    part: integer('part').notNull(),
    words: tsvector('words').notNull(),
  },
  (table) => [
    primaryKey({ name: 'finding_words_pkey', columns: [table.findingId, table.part] }),
    index('finding_words_by_word').using('gin', table.words),
    index('finding_words_in_parts').on(table.findingId).where(sql`part > 0`),
  ],
)
