import { and, eq, notInArray, sql } from '../db/drizzle.ts'
import type { Document } from '../contracts/document.ts'
import type { Mention } from '../contracts/match.ts'
import type { Db } from '../db/client.ts'
import { documents, events, findings, occurrences, sightings, type StoredMention } from '../db/schema/index.ts'
import { assess, worstRole } from '../evidence/severity.ts'
import { recordInferred, type InferredName } from '../identifiers/record-inferred.ts'
import { spellOut, type Spelled } from '../identifiers/spell-out.ts'
import { announce } from '../notices/announce.ts'

/** A document with everything that was found in it (nothing is an answer too). */
export interface Reading {
  readonly document: Document
  readonly mentions: readonly Mention[]
  /** Names that are probably ours too. */
  readonly inferred: readonly InferredName[]
}

export interface Recording {
  readonly runId: bigint
  /** Digest of the matcher that read it. */
  readonly matchedWith: string
  /** Channels that hear of news. */
  readonly channels: readonly string[]
  /** News belong to the baseline: recorded, summed up later, not announced one by one. */
  readonly baseline: boolean
  readonly now: Date
}

/** Mentions of one document that are stored in full; the count is exact beyond. */
const storedMentions = 1_000

interface Group {
  readonly identifier: Spelled
  readonly mentions: readonly Mention[]
}

/**
 * Stores a document and what was found in it: finding per identifier, occurrence per place, sighting per run,
 * events and notices of what is new, and candidates for the inventory, all in the caller's transaction. Idempotent by constraint: the same reading
 * twice, or by two workers at once, changes nothing the second time and announces nothing twice.
 */
export async function recordDocument(tx: Db, reading: Reading, recording: Recording): Promise<{ readonly newFindings: number }> {
  const documentId = await upsertDocument(tx, reading.document, recording)
  await tx.insert(sightings).values({ runId: recording.runId, documentId, seenAt: recording.now }).onConflictDoNothing()
  const groups = await groupByIdentifier(tx, reading.mentions, recording.now)
  const findingIds: bigint[] = []
  let newFindings = 0
  for (const group of groups) {
    const { findingId, born } = await recordFinding(tx, documentId, group, reading.document, recording)
    findingIds.push(findingId)
    if (born) newFindings += 1
  }
  await markVanished(tx, documentId, findingIds)
  await recordInferred(tx, documentId, reading.inferred, recording.now)
  return { newFindings }
}

/** PostgreSQL stores no NUL in text; a public text that has one must not cost the finding. */
function storable<T extends string | null>(text: T): T | string {
  return text === null ? text : text.replaceAll('\u0000', '\uFFFD')
}

async function upsertDocument(tx: Db, document: Document, recording: Recording): Promise<bigint> {
  const content = {
    revision: document.revision,
    contentHash: document.contentHash,
    url: storable(document.url),
    lineAnchor: document.lineAnchor,
    title: storable(document.title),
    containerId: document.container.id,
    containerName: storable(document.container.name),
    owner: storable(document.container.owner),
    path: storable(document.path),
    author: storable(document.author),
    publishedAt: document.publishedAt,
    publishedAtIsLowerBound: document.publishedAtIsLowerBound ?? false,
    licence: storable(document.licence ?? null),
    locator: document.locator ?? null,
    truncated: document.truncated,
    matchedWith: recording.matchedWith,
    lastSeenAt: recording.now,
  }
  const [row] = await tx
    .insert(documents)
    .values({ source: document.source, ref: document.ref, ...content, firstSeenAt: recording.now })
    .onConflictDoUpdate({ target: [documents.source, documents.ref], set: content })
    .returning({ id: documents.id })
  if (row === undefined) throw new Error('an upsert returned no row')
  return row.id
}

/** In the order of identifier ids: workers that record the same names lock them in the same order. */
async function groupByIdentifier(tx: Db, mentions: readonly Mention[], now: Date): Promise<readonly Group[]> {
  const spelled = new Map<string, Spelled>()
  const groups = new Map<bigint, { identifier: Spelled; mentions: Mention[] }>()
  for (const mention of mentions) {
    const spelling = JSON.stringify([mention.kind, mention.ecosystem, mention.name])
    const identifier = spelled.get(spelling) ?? (await spellOut(tx, mention, now))
    spelled.set(spelling, identifier)
    // Public on purpose: known, and no news.
    if (identifier.publicOnPurpose) continue
    const group = groups.get(identifier.id) ?? { identifier, mentions: [] }
    group.mentions.push(mention)
    groups.set(identifier.id, group)
  }
  return [...groups.values()].sort((a, b) => (a.identifier.id < b.identifier.id ? -1 : 1))
}

async function recordFinding(
  tx: Db,
  documentId: bigint,
  group: Group,
  document: Document,
  recording: Recording,
): Promise<{ readonly findingId: bigint; readonly born: boolean }> {
  const { now } = recording
  const publicSince = document.publishedAt ?? now
  const lowerBound = document.publishedAt === null || document.publishedAtIsLowerBound === true
  const role = worstRole(group.mentions.map((mention) => mention.role))
  const [first] = group.mentions
  if (first === undefined) throw new Error('a group without mentions')
  const verdict = assess({ kind: first.kind, ecosystem: first.ecosystem, role, places: 1 })
  const [inserted] = await tx
    .insert(findings)
    .values({
      identifierId: group.identifier.id,
      state: 'open',
      severity: verdict.severity,
      reasons: verdict.reasons,
      firstSeenAt: now,
      publicSince,
      publicSinceIsLowerBound: lowerBound,
      updatedAt: now,
    })
    .onConflictDoNothing()
    .returning()
  const [finding] = inserted === undefined
    ? await tx.select().from(findings).where(eq(findings.identifierId, group.identifier.id)).for('update')
    : [inserted]
  if (finding === undefined) throw new Error('a finding vanished between insert and select')

  const place = await upsertOccurrence(tx, finding.id, documentId, group.mentions, role, document, now)
  const facts = {
    identifier: group.identifier.name,
    kind: first.kind,
    ecosystem: first.ecosystem,
    team: first.term.team,
    source: document.source,
    role,
    occurrenceId: String(place.id),
    publicSince: publicSince.toISOString(),
    publicSinceIsLowerBound: lowerBound,
  }
  const news = { channels: recording.channels, findingId: finding.id, occurrenceId: place.id, now }
  const event = { findingId: finding.id, actorKind: 'system' as const, actor: 'namesake', facts, at: now }
  if (inserted !== undefined) {
    await tx.insert(events).values({ ...event, verb: 'found', state: 'open' })
    if (!recording.baseline) await announce(tx, { ...news, kind: 'leaked' })
    return { findingId: finding.id, born: true }
  }
  // A new place after "resolved" reopens; after "dismissed" it is recorded and stays quiet.
  const reopens = place.isNew && finding.state === 'resolved'
  await updateFinding(tx, finding, { publicSince, lowerBound, reopens, kind: first.kind, ecosystem: first.ecosystem, now })
  if (!place.isNew) return { findingId: finding.id, born: false }
  await tx.insert(events).values({ ...event, verb: reopens ? 'reopened' : 'place-added', state: reopens ? 'open' : finding.state })
  if (reopens) await announce(tx, { ...news, kind: 'reopened' })
  else if (!recording.baseline && finding.state !== 'dismissed') await announce(tx, { ...news, kind: 'place' })
  return { findingId: finding.id, born: false }
}

async function upsertOccurrence(
  tx: Db,
  findingId: bigint,
  documentId: bigint,
  mentions: readonly Mention[],
  role: Mention['role'],
  document: Document,
  now: Date,
): Promise<{ readonly id: bigint; readonly isNew: boolean }> {
  const shown = mentions.find((mention) => mention.role === role) ?? mentions[0]
  if (shown === undefined) throw new Error('an occurrence without a mention')
  const stored: StoredMention[] = mentions.slice(0, storedMentions).map(({ line, column, role }) => ({ line, column, role }))
  const content = {
    line: shown.line,
    column: shown.column,
    role: shown.role,
    details: Object.fromEntries(Object.entries(shown.details).map(([key, value]) => [key, storable(value)])),
    snippet: storable(shown.snippet),
    mentions: stored,
    mentionCount: mentions.length,
    contentHash: document.contentHash,
    status: 'live' as const,
    author: storable(document.author),
    introducedAt: document.publishedAt,
    lastSeenAt: now,
  }
  // A place that was gone and is back counts as new: it is news again.
  const [before] = await tx
    .select({ id: occurrences.id, status: occurrences.status })
    .from(occurrences)
    .where(and(eq(occurrences.findingId, findingId), eq(occurrences.documentId, documentId)))
  const [row] = await tx
    .insert(occurrences)
    .values({ findingId, documentId, ...content, firstSeenAt: now })
    .onConflictDoUpdate({ target: [occurrences.findingId, occurrences.documentId], set: content })
    .returning({ id: occurrences.id, inserted: sql<boolean>`(xmax = 0)` })
  if (row === undefined) throw new Error('an upsert returned no row')
  return { id: row.id, isNew: row.inserted || (before !== undefined && before.status !== 'live' && before.status !== 'unknown') }
}

async function updateFinding(
  tx: Db,
  finding: typeof findings.$inferSelect,
  change: { publicSince: Date; lowerBound: boolean; reopens: boolean; kind: Mention['kind']; ecosystem: Mention['ecosystem']; now: Date },
): Promise<void> {
  const places = await tx
    .select({ role: occurrences.role })
    .from(occurrences)
    .where(and(eq(occurrences.findingId, finding.id), eq(occurrences.status, 'live')))
  const verdict = assess({ kind: change.kind, ecosystem: change.ecosystem, role: worstRole(places.map(({ role }) => role)), places: places.length })
  const earlier = change.publicSince < finding.publicSince
  await tx
    .update(findings)
    .set({
      severity: verdict.severity,
      reasons: verdict.reasons,
      ...(earlier ? { publicSince: change.publicSince, publicSinceIsLowerBound: change.lowerBound } : {}),
      ...(change.reopens ? { state: 'open' as const, resolvedAt: null, acknowledgedAt: null } : {}),
      updatedAt: change.now,
    })
    .where(eq(findings.id, finding.id))
}

/** The document was read again and these findings are not in it any more; its history may still have them. */
async function markVanished(tx: Db, documentId: bigint, stillThere: readonly bigint[]): Promise<void> {
  await tx
    .update(occurrences)
    .set({ status: 'gone-from-head' })
    .where(
      and(
        eq(occurrences.documentId, documentId),
        eq(occurrences.status, 'live'),
        stillThere.length === 0 ? undefined : notInArray(occurrences.findingId, [...stillThere]),
      ),
    )
}
