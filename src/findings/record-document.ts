import { and, eq, inArray, notInArray, sql } from '../db/drizzle.ts'
import type { Document } from '../contracts/document.ts'
import type { Mention } from '../contracts/match.ts'
import type { Routing } from '../contracts/routing.ts'
import type { Db } from '../db/client.ts'
import { storable } from '../db/storable.ts'
import { documents, findings, occurrences, sightings, type StoredMention } from '../db/schema/index.ts'
import { readRegions } from '../evidence/region.ts'
import { assess, worstRole } from '../evidence/severity.ts'
import { recordInferred, type InferredName } from '../identifiers/record-inferred.ts'
import { spellOut, type Spelled } from '../identifiers/spell-out.ts'
import { readable } from '../matching/readable.ts'
import { announce } from '../notices/announce.ts'
import { nextRecheck } from '../planning/recheck-cadence.ts'
import { changeStatus } from './change-status.ts'
import { findOriginal } from './find-original.ts'
import { isSuppressed } from './find-suppression.ts'
import { indexWords, wordsOfPlace } from './index-words.ts'
import { propose } from './propose.ts'
import { reassess } from './reassess.ts'
import { recordEvent } from './record-event.ts'
import { wordsOfName } from './words.ts'

/** A document with everything that was found in it (nothing is an answer too). */
export interface Reading {
  readonly document: Document
  readonly mentions: readonly Mention[]
  /** Names that are probably ours too. */
  readonly inferred: readonly InferredName[]
}

export interface Recording {
  /** Null: it was read outside of a run, by a recheck. */
  readonly runId: bigint | null
  /** The place itself was asked just now. Absent: a search showed it, and its index may be behind. */
  readonly current?: boolean
  /** Digest of the matcher that read it. */
  readonly matchedWith: string
  /** Who hears of news. */
  readonly routing: Routing
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
  const { documentId, outdated } = await upsertDocument(tx, reading.document, recording)
  if (recording.runId !== null) {
    await tx.insert(sightings).values({ runId: recording.runId, documentId, seenAt: recording.now }).onConflictDoNothing()
  }
  const { groups, onPurpose } = await groupByIdentifier(tx, reading.mentions, recording.now)
  const regionOf = groups.length === 0 ? () => null : readRegions(readable(reading.document.text))
  const findingIds: bigint[] = []
  let newFindings = 0
  let newPlaces = 0
  for (const group of groups) {
    const { findingId, born, added } = await recordFinding(tx, { documentId, outdated, regionOf }, group, reading.document, recording)
    findingIds.push(findingId)
    if (born) newFindings += 1
    if (added) newPlaces += 1
  }
  if (!outdated) await markVanished(tx, documentId, { findingIds, onPurpose }, recording.now)
  await askLater(tx, documentId, { newPlaces, places: groups.length }, recording.now)
  await recordInferred(tx, documentId, reading.inferred, recording.now)
  return { newFindings }
}

/** Who and when is asked at once for new places; whether they are still there after the shortest while. */
async function askLater(tx: Db, documentId: bigint, found: { readonly newPlaces: number; readonly places: number }, now: Date): Promise<void> {
  if (found.places === 0) return
  const first = nextRecheck({ severity: 'critical', firstSeenAt: now, live: true }, now)
  await tx
    .update(documents)
    .set({
      recheckDueAt: sql`coalesce(${documents.recheckDueAt}, ${first.toISOString()}::timestamptz)`,
      ...(found.newPlaces === 0 ? {} : { attributeDueAt: now, attributeProgress: null, attributeAttempts: 0 }),
    })
    .where(eq(documents.id, documentId))
}

/**
 * `outdated`: a recheck saw this content replaced or gone before, so that the search that shows it is behind. The row
 * stays as it is, and the place itself is asked: a content that really came back is told by that.
 */
async function upsertDocument(tx: Db, document: Document, recording: Recording): Promise<{ readonly documentId: bigint; readonly outdated: boolean }> {
  const [known] = await tx
    .select({ id: documents.id, formerHashes: documents.formerHashes })
    .from(documents)
    .where(and(eq(documents.source, document.source), eq(documents.ref, document.ref)))
  if (known?.formerHashes.includes(document.contentHash) === true && recording.current !== true) {
    await tx.update(documents).set({ lastSeenAt: recording.now, recheckDueAt: recording.now }).where(eq(documents.id, known.id))
    return { documentId: known.id, outdated: true }
  }
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
  return { documentId: row.id, outdated: false }
}

/** In the order of identifier ids: workers that record the same names lock them in the same order. */
async function groupByIdentifier(tx: Db, mentions: readonly Mention[], now: Date): Promise<{ readonly groups: readonly Group[]; readonly onPurpose: readonly bigint[] }> {
  const spelled = new Map<string, Spelled>()
  const onPurpose = new Set<bigint>()
  const groups = new Map<bigint, { identifier: Spelled; mentions: Mention[] }>()
  for (const mention of mentions) {
    const spelling = JSON.stringify([mention.kind, mention.ecosystem, mention.name])
    const identifier = spelled.get(spelling) ?? (await spellOut(tx, mention, now))
    spelled.set(spelling, identifier)
    // Public on purpose: known, and no news.
    if (identifier.publicOnPurpose) {
      onPurpose.add(identifier.id)
      continue
    }
    const group = groups.get(identifier.id) ?? { identifier, mentions: [] }
    group.mentions.push(mention)
    groups.set(identifier.id, group)
  }
  return { groups: [...groups.values()].sort((a, b) => (a.identifier.id < b.identifier.id ? -1 : 1)), onPurpose: [...onPurpose] }
}

interface Where {
  readonly documentId: bigint
  readonly outdated: boolean
  readonly regionOf: (line: number) => string | null
}

async function recordFinding(
  tx: Db,
  where: Where,
  group: Group,
  document: Document,
  recording: Recording,
): Promise<{ readonly findingId: bigint; readonly born: boolean; readonly added: boolean }> {
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

  const place = await upsertOccurrence(tx, finding.id, where, group.mentions, role, document, now)
  await indexWords(tx, finding.id, [...new Set([...wordsOfName(group.identifier.name), ...place.words])])
  const suppressed = await isSuppressed(tx, finding.id, place, now)
  const facts = {
    identifier: group.identifier.name,
    kind: first.kind,
    ecosystem: first.ecosystem,
    team: first.term.team,
    source: document.source,
    role,
    occurrenceId: String(place.id),
    ...whereItIs(document, place.line),
    publicSince: publicSince.toISOString(),
    publicSinceIsLowerBound: lowerBound,
    ...(place.copyOf === null ? {} : { copyOf: String(place.copyOf) }),
    ...(suppressed ? { suppressed } : {}),
  }
  const news = { routing: recording.routing, findingId: finding.id, occurrenceId: place.id, now }
  const event = { findingId: finding.id, actorKind: 'system' as const, actor: 'namesake', facts, at: now }
  if (inserted !== undefined) {
    const { severity, reasons } = await reassess(tx, finding.id, now, true)
    await recordEvent(tx, { ...event, facts: { ...facts, severity }, verb: 'found', state: 'open', reason: reasons[0] ?? null })
    // A drill waits for no summary: that the alert comes is what it is for.
    if (!recording.baseline || group.identifier.origin === 'drill') await announce(tx, { ...news, kind: 'leaked' })
    return { findingId: finding.id, born: true, added: true }
  }
  // A new place after "resolved" reopens. After "dismissed" it is recorded and stays quiet, unless only places were
  // dismissed: then one that no suppression covers is news. A suppressed place changes nothing.
  const uncovered = finding.state === 'dismissed' && finding.dismissedInPlaces && place.live
  const reopens = !suppressed && ((place.isNew && finding.state === 'resolved') || uncovered)
  await updateFinding(tx, finding, { publicSince, lowerBound, reopens, now })
  const told = { findingId: finding.id, born: false, added: place.inserted }
  const { withdrawn } = await propose(tx, finding.id, now)
  const verb = reopens ? 'reopened' : place.inserted ? 'place-added' : 'place-returned'
  if (place.isNew || reopens) await recordEvent(tx, { ...event, verb, state: reopens ? 'open' : finding.state })
  await reassess(tx, finding.id, now)
  if ((!place.isNew && !reopens) || suppressed) return told
  if (reopens || withdrawn) await announce(tx, { ...news, kind: 'reopened' })
  // A copy of what was told is counted with it and no news of its own.
  else if (!recording.baseline && finding.state !== 'dismissed' && place.copyOf === null) await announce(tx, { ...news, kind: 'place' })
  return told
}

/** What a report of the past tells about a place; the rows of places and documents only know today. */
function whereItIs(document: Document, line: number) {
  const url = document.lineAnchor === '' ? document.url : `${document.url}${document.lineAnchor}${line}`
  return { url: storable(url), container: storable(document.container.name), path: storable(document.path), line }
}

interface RecordedPlace {
  readonly id: bigint
  readonly line: number
  readonly inserted: boolean
  /** Never seen before, or gone and back. */
  readonly isNew: boolean
  readonly live: boolean
  readonly contentHash: string
  readonly regionHash: string | null
  readonly copyOf: bigint | null
  /** What it is found by. */
  readonly words: readonly string[]
}

async function upsertOccurrence(
  tx: Db,
  findingId: bigint,
  { documentId, outdated, regionOf }: Where,
  mentions: readonly Mention[],
  role: Mention['role'],
  document: Document,
  now: Date,
): Promise<RecordedPlace> {
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
    regionHash: regionOf(shown.line),
    status: outdated ? ('gone-from-head' as const) : ('live' as const),
    statusReason: outdated ? 'an older version, which the search still shows' : null,
    lastSeenAt: now,
  }
  const [before] = await tx
    .select()
    .from(occurrences)
    .where(and(eq(occurrences.findingId, findingId), eq(occurrences.documentId, documentId)))
  if (before !== undefined && outdated) return { ...before, inserted: false, isNew: false, live: before.status === 'live', words: [] }
  const original = before === undefined ? await findOriginal(tx, findingId, content) : null
  // What the document does not tell, who and when, may have been asked for: it is not forgotten.
  const [row] = await tx
    .insert(occurrences)
    .values({ findingId, documentId, ...content, author: storable(document.author), introducedAt: document.publishedAt, firstSeenAt: now, ...original })
    .onConflictDoUpdate({
      target: [occurrences.findingId, occurrences.documentId],
      set: {
        ...content,
        statusAt: sql`case when ${occurrences.status} = 'live' then ${occurrences.statusAt} else ${now.toISOString()}::timestamptz end`,
        ...(document.author === null ? {} : { author: storable(document.author) }),
        ...(document.publishedAt === null ? {} : { introducedAt: document.publishedAt }),
      },
    })
    .returning({ id: occurrences.id, inserted: sql<boolean>`(xmax = 0)`, copyOf: occurrences.copyOf })
  if (row === undefined) throw new Error('an upsert returned no row')
  // A place that was gone and is back counts as new: it is news again.
  const returned = before !== undefined && before.status !== 'live' && before.status !== 'unknown'
  const words = wordsOfPlace({ snippet: content.snippet, author: null }, { ...document, container: document.container.name })
  return { ...row, line: content.line, isNew: row.inserted || returned, live: !outdated, contentHash: content.contentHash, regionHash: content.regionHash, words }
}

async function updateFinding(
  tx: Db,
  finding: typeof findings.$inferSelect,
  change: { publicSince: Date; lowerBound: boolean; reopens: boolean; now: Date },
): Promise<void> {
  const earlier = change.publicSince < finding.publicSince
  await tx
    .update(findings)
    .set({
      ...(earlier ? { publicSince: change.publicSince, publicSinceIsLowerBound: change.lowerBound } : {}),
      ...(change.reopens ? { state: 'open' as const, resolvedAt: null, acknowledgedAt: null, dismissedReason: null, dismissedInPlaces: false, dismissedUntil: null, proposedAt: null, proposedReason: null } : {}),
      updatedAt: change.now,
    })
    .where(eq(findings.id, finding.id))
}

/**
 * The document was read again and what is not among these is not in it any more; its history may still have it. A name
 * that may be public by now is there, although its finding hears nothing of it.
 */
async function markVanished(tx: Db, documentId: bigint, there: { readonly findingIds: readonly bigint[]; readonly onPurpose: readonly bigint[] }, now: Date): Promise<void> {
  const vanished = await tx
    .select({ id: occurrences.id })
    .from(occurrences)
    .innerJoin(findings, eq(findings.id, occurrences.findingId))
    .where(
      and(
        eq(occurrences.documentId, documentId),
        inArray(occurrences.status, ['live', 'unknown']),
        there.findingIds.length === 0 ? undefined : notInArray(occurrences.findingId, [...there.findingIds]),
        there.onPurpose.length === 0 ? undefined : notInArray(findings.identifierId, [...there.onPurpose]),
      ),
    )
  const occurrenceIds = vanished.map(({ id }) => id)
  await changeStatus(tx, { occurrenceIds, from: ['live', 'unknown'], to: 'gone-from-head', reason: 'the place was changed and does not have it any more', now })
}
