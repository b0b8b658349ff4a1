import { and, desc, eq, inArray, or, sql } from '../db/drizzle.ts'
import type { PackageFacts, RegistryAnswer } from '../contracts/registry.ts'
import type { Routing } from '../contracts/routing.ts'
import type { Db } from '../db/client.ts'
import { claimEvents, claims, findings, identifiers, occurrences } from '../db/schema/index.ts'
import { isSuspicious, signalsOf } from '../evidence/signals.ts'
import { highestVersion } from '../evidence/versions.ts'
import { reassess } from '../findings/reassess.ts'
import { announceClaim } from '../notices/announce.ts'
import { announceClaimChange } from '../notices/announce-change.ts'
import { isBaselineOpen } from '../notices/baseline.ts'
import { judge } from './judge.ts'

export interface Answered {
  readonly claimId: bigint
  /** The request that brought the answer; another one has been made meanwhile: nothing is recorded. */
  readonly request: number
  readonly answer: RegistryAnswer
  /** Ids of records of malicious packages; null: nobody was asked, or it could not be told. */
  readonly records: readonly string[] | null
  readonly routing: Routing
  readonly now: Date
}

/**
 * Ends a check with what the registry told: state, history, news and the severity of the finding, in one transaction.
 * A repeated answer changes nothing.
 */
export async function recordAnswer(db: Db, { claimId, request, answer: told, records, routing, now }: Answered): Promise<void> {
  await db.transaction(async (tx) => {
    const [claim] = await tx.select().from(claims).where(and(eq(claims.id, claimId), eq(claims.requests, request))).for('update')
    if (claim === undefined) return
    const answer = { ...told, facts: told.facts === null ? null : storable(told.facts) }
    const about = await readName(tx, claim.identifierId)
    const known = records ?? claim.signals.filter(({ signal }) => signal === 'malicious-record').map(() => 'known before')
    const signals = answer.facts === null && known.length === 0 || answer.state === 'ours'
      ? []
      : signalsOf({ facts: answer.facts ?? nothing, ourVersion: about.ourVersion, oursSince: about.oursSince, records: known, now })
    const verdict = judge({ ...claim, held: await wasHeld(tx, claimId) }, answer, { leaked: about.findingId !== null, ourVersion: about.ourVersion, suspicious: isSuspicious(signals), now })
    const { news, dueAt, ...state } = verdict
    await tx
      .update(claims)
      .set({ ...state, facts: answer.facts, signals, toldAt: now, askedAt: now, failure: null, dueAt, progress: null, requests: request + 1 })
      .where(eq(claims.id, claimId))
    const changed = claim.toldAt === null || claim.state !== state.state || claim.claimable !== state.claimable || claim.facts?.version !== answer.facts?.version
    if (changed) {
      const [event] = await tx
        .insert(claimEvents)
        .values({ claimId, state: state.state, claimable: state.claimable, why: state.why, facts: answer.facts, signals, news, at: now })
        .returning({ id: claimEvents.id })
      if (event !== undefined && about.findingId !== null) {
        await announceClaimChange(tx, { findingId: about.findingId, claimEventId: event.id, said: news !== null || claim.toldAt !== null, now })
      }
      // What the first sweep finds is in its summary.
      if (event !== undefined && news !== null && !(await isBaselineOpen(tx))) {
        await announceClaim(tx, { routing, findingId: about.findingId, claimEventId: event.id, now })
      }
    }
    if (about.findingId !== null) await reassess(tx, about.findingId, now)
  })
}

/** Whether the last answer that settled it said that somebody holds the name. */
async function wasHeld(tx: Db, claimId: bigint): Promise<boolean> {
  const holders = ['ours', 'placeholder', 'stranger'] as const
  const [settled] = await tx
    .select({ claimable: claimEvents.claimable })
    .from(claimEvents)
    .where(and(eq(claimEvents.claimId, claimId), or(inArray(claimEvents.state, holders), eq(claimEvents.claimable, 'yes'))))
    .orderBy(desc(claimEvents.id))
    .limit(1)
  return settled !== undefined && settled.claimable !== 'yes'
}

const nothing: PackageFacts = {
  version: null, versionCount: null, firstPublishedAt: null, publishedAt: null, publishers: [], installTimeCode: null, description: null, deprecated: null, links: [],
}

/** What we know of the name ourselves: whether it is public, since when it is ours, and the highest version of ours that the inventory or a place names. */
async function readName(tx: Db, identifierId: bigint) {
  const [row] = await tx
    .select({ findingId: findings.id, publicSince: findings.publicSince, createdAt: identifiers.createdAt, usedSince: identifiers.firstPublishedAt, latestVersion: identifiers.latestVersion })
    .from(identifiers)
    .leftJoin(findings, eq(findings.identifierId, identifiers.id))
    .where(eq(identifiers.id, identifierId))
  const { findingId = null, publicSince = null, createdAt = null, usedSince = null, latestVersion = null } = row ?? {}
  const versions = findingId === null ? [] : await tx
    .selectDistinct({ version: sql<string>`${occurrences.details} ->> 'version'` })
    .from(occurrences)
    .where(and(eq(occurrences.findingId, findingId), sql`${occurrences.details} ? 'version'`))
    .limit(1_000)
  const since = [publicSince, createdAt, usedSince].filter((time) => time !== null).sort((a, b) => a.getTime() - b.getTime())
  return { findingId, oursSince: since[0] ?? null, ourVersion: highestVersion([...versions.map(({ version }) => version), ...(latestVersion === null ? [] : [latestVersion])]) }
}

/** PostgreSQL stores neither NUL nor half a character; a hostile text must not cost the answer. */
function storable(facts: PackageFacts): PackageFacts {
  const clean = (text: string) => text.toWellFormed().replaceAll('\u0000', '\uFFFD')
  const maybe = (text: string | null) => (text === null ? null : clean(text))
  return {
    ...facts,
    version: maybe(facts.version), installTimeCode: maybe(facts.installTimeCode), description: maybe(facts.description), deprecated: maybe(facts.deprecated),
    publishers: facts.publishers.map(clean), links: facts.links.map(clean),
  }
}
