import { and, eq, inArray, isNull } from '../db/drizzle.ts'
import type { Recheck } from '../contracts/place.ts'
import type { Db } from '../db/client.ts'
import { documents, findings, occurrences, severities, type RecheckProgress } from '../db/schema/index.ts'
import { confirmAfterMs, nextAttempt, nextRecheck } from '../planning/recheck-cadence.ts'
import { changeStatus } from './change-status.ts'
import type { LoadedPlace } from './load-place.ts'
import { reassess } from './reassess.ts'
import { recordDocument, type Reading, type Recording } from './record-document.ts'

export interface Rechecking extends Pick<Recording, 'matchedWith' | 'routing' | 'baseline' | 'now'> {
  readonly loaded: LoadedPlace
  /** What was found in the document of the answer; null: the answer has none. */
  readonly reading: Reading | null
}

type Progress = RecheckProgress
type DocumentRow = typeof documents.$inferSelect

/**
 * Stores whether a place is still public. Absence is believed when it is told twice, an hour apart; a takedown at
 * once; everything that is not clear is `unknown`, never gone, and asked again. Of two answers to the same question
 * the first counts.
 */
export async function recordRecheck(tx: Db, answer: Recheck, rechecking: Rechecking): Promise<void> {
  const { loaded: { document }, now } = rechecking
  const asked = document.recheckDueAt === null ? isNull(documents.recheckDueAt) : eq(documents.recheckDueAt, document.recheckDueAt)
  // Takes the question for this transaction; what follows decides when it is asked next.
  const taken = await tx.update(documents).set({ recheckDueAt: nextAttempt(1, now) }).where(and(eq(documents.id, document.id), asked)).returning({ id: documents.id })
  if (taken.length === 0) return
  if (answer.state === 'unknown') return recordUnknown(tx, document, answer.reason, now)
  if (answer.state === 'present') return recordPresent(tx, answer, rechecking)
  if (answer.state === 'blocked') return recordGone(tx, document, 'gone', answer.reason, now)
  const first = document.recheckProgress?.absent ?? { status: answer.status, reason: answer.reason, at: now.toISOString() }
  const since = new Date(first.at)
  if (now.getTime() - since.getTime() < confirmAfterMs) {
    await schedule(tx, document, { doubt: answer.status === 'gone', absent: first }, new Date(since.getTime() + confirmAfterMs))
    return
  }
  // Two answers that disagree on how much is gone: the weaker claim.
  const status = answer.status === 'gone' && first.status === 'gone' ? 'gone' : 'gone-from-head'
  await recordGone(tx, document, status, answer.reason, now)
}

async function schedule(tx: Db, { id }: DocumentRow, progress: Progress | null, dueAt: Date, more: Partial<typeof documents.$inferInsert> = {}): Promise<void> {
  await tx.update(documents).set({ recheckProgress: progress, recheckDueAt: dueAt, ...more }).where(eq(documents.id, id))
}

/** A first answer of that kind may be an accident of the wire; it costs the place its proof, not its exposure. */
async function recordUnknown(tx: Db, document: DocumentRow, reason: string, now: Date): Promise<void> {
  const attempts = document.recheckAttempts + 1
  const doubted = document.recheckProgress?.doubt === true
  await changeStatus(tx, { occurrenceIds: await placesOf(tx, document), from: ['live'], to: 'unknown', reason, now })
  // Asked in the other way next. What that other way said to be absent is not so clear any more.
  await schedule(tx, document, { ...document.recheckProgress, doubt: !doubted, ...(doubted ? { absent: undefined } : {}) }, nextAttempt(attempts, now), { recheckAttempts: attempts })
}

async function recordGone(tx: Db, document: DocumentRow, status: 'gone' | 'gone-from-head', reason: string, now: Date): Promise<void> {
  const from = status === 'gone' ? (['live', 'unknown', 'gone-from-head'] as const) : (['live', 'unknown'] as const)
  await changeStatus(tx, { occurrenceIds: await placesOf(tx, document), from, to: status, reason, now })
  const formerHashes = [...new Set([...document.formerHashes, document.contentHash])]
  await schedule(tx, document, null, await cadence(tx, document, now), { recheckedAt: now, recheckAttempts: 0, formerHashes })
}

async function recordPresent(tx: Db, answer: Extract<Recheck, { state: 'present' }>, { loaded: { document }, reading, ...recording }: Rechecking): Promise<void> {
  const { now } = recording
  let { formerHashes } = document
  if (reading !== null) {
    const current = reading.document.contentHash
    formerHashes = [...new Set([...formerHashes, document.contentHash])].filter((hash) => hash !== current)
    await recordDocument(tx, reading, { ...recording, runId: null, current: true })
  } else {
    // Only its hash was compared: what had the names has them.
    const told = await tx.update(occurrences).set({ status: 'live', statusReason: null, statusAt: now, lastSeenAt: now })
      .where(and(eq(occurrences.documentId, document.id), eq(occurrences.contentHash, document.contentHash), eq(occurrences.status, 'unknown')))
      .returning({ findingId: occurrences.findingId })
    for (const { findingId } of told.sort((a, b) => (a.findingId < b.findingId ? -1 : 1))) await reassess(tx, findingId, now)
    await tx.update(occurrences).set({ lastSeenAt: now }).where(and(eq(occurrences.documentId, document.id), eq(occurrences.status, 'live')))
  }
  const missing = await forgetHistory(tx, document, answer.missing, now)
  const progress: Progress | null = Object.keys(missing).length === 0 ? null : { doubt: false, missing }
  const confirmAt = progress === null ? null : new Date(now.getTime() + confirmAfterMs)
  const next = await cadence(tx, document, now)
  await schedule(tx, document, progress, confirmAt !== null && confirmAt < next ? confirmAt : next, { recheckedAt: now, recheckAttempts: 0, formerHashes })
}

/** A former content that had our names and that is in no history now, told twice: a rewritten history. */
async function forgetHistory(tx: Db, document: DocumentRow, missing: readonly string[], now: Date): Promise<Readonly<Record<string, string>>> {
  if (missing.length === 0) return {}
  const rows = await tx
    .select({ id: occurrences.id, contentHash: occurrences.contentHash })
    .from(occurrences)
    .where(and(eq(occurrences.documentId, document.id), eq(occurrences.status, 'gone-from-head'), inArray(occurrences.contentHash, [...missing])))
  const open: Record<string, string> = {}
  const gone: bigint[] = []
  for (const { id, contentHash } of rows) {
    const first = document.recheckProgress?.missing?.[contentHash]
    if (first !== undefined && now.getTime() - Date.parse(first) >= confirmAfterMs) gone.push(id)
    else open[contentHash] = first ?? now.toISOString()
  }
  await changeStatus(tx, { occurrenceIds: gone, from: ['gone-from-head'], to: 'gone', reason: 'the history was rewritten and does not have it any more', now })
  return open
}

async function placesOf(tx: Db, { id }: DocumentRow): Promise<bigint[]> {
  const rows = await tx.select({ id: occurrences.id }).from(occurrences).where(eq(occurrences.documentId, id)).orderBy(occurrences.findingId)
  return rows.map((row) => row.id)
}

async function cadence(tx: Db, document: DocumentRow, now: Date): Promise<Date> {
  const rows = await tx
    .select({ severity: findings.severity, state: findings.state, status: occurrences.status, firstSeenAt: occurrences.firstSeenAt })
    .from(occurrences)
    .innerJoin(findings, eq(occurrences.findingId, findings.id))
    .where(eq(occurrences.documentId, document.id))
  const unsettled = rows.filter(({ state }) => state === 'open' || state === 'acknowledged').map(({ severity }) => severity)
  const newest = rows.reduce((latest, { firstSeenAt }) => (firstSeenAt > latest ? firstSeenAt : latest), document.firstSeenAt)
  return nextRecheck({
    severity: severities.find((severity) => unsettled.includes(severity)) ?? null,
    firstSeenAt: newest,
    live: rows.some(({ status }) => status === 'live' || status === 'unknown'),
  }, now)
}
