import { alias, and, asc, desc, eq, inArray, sql } from '../db/drizzle.ts'
import type { Claimable, ClaimState } from '../contracts/registry.ts'
import type { Db } from '../db/client.ts'
import { claimEvents, claims, coverage, documents, findings, identifiers, occurrences, type StoredSignal } from '../db/schema/index.ts'
import type { Leak, LeakPlace } from '../remedies/contract.ts'
import { readInboxRows, type InboxRow } from './list-inbox.ts'
import { listClaims } from './list-claims.ts'
import { noFinding } from './transition.ts'

/** All that a page about one finding shows, besides its places and its history. */
export interface FindingInFull extends InboxRow {
  readonly why: string
  readonly coveredBy: string
  readonly disclose: string
  readonly acknowledgedAt: string | null
  readonly resolvedAt: string | null
  readonly claims: ClaimInFull[]
  readonly coverage: { readonly source: string; readonly completeAt: string | null; readonly note: string }[]
}

export interface ClaimInFull {
  readonly registry: string
  readonly state: ClaimState
  readonly claimable: Claimable
  readonly why: string
  readonly version: string | null
  readonly publishedAt: string | null
  readonly checkedAt: string
  readonly failure: string | null
  readonly signals: { readonly signal: string; readonly weight: number; readonly reason: string }[]
  readonly publishers: string[]
  readonly versionCount: number | null
  readonly installTimeCode: string | null
  readonly history: { readonly at: string; readonly state: ClaimState; readonly claimable: Claimable; readonly why: string; readonly news: string | null }[]
}

/** Changes of a claim that are shown, the newest. */
const mostChanges = 100
/** Places that a request for removal is written for. */
const mostLeaks = 200

/** @throws NotFound */
export async function readFinding(db: Db, findingId: bigint): Promise<{ readonly finding: FindingInFull; readonly leak: Leak }> {
  const [row] = await readInboxRows(db, [findingId])
  if (row === undefined) throw noFinding(findingId)
  const pattern = alias(identifiers, 'pattern')
  const [about] = await db
    .select({ name: identifiers, finding: { acknowledgedAt: findings.acknowledgedAt, resolvedAt: findings.resolvedAt }, pattern: { id: pattern.id, form: pattern.form, name: pattern.name, place: pattern.place } })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .leftJoin(pattern, eq(pattern.id, identifiers.patternId))
    .where(eq(findings.id, findingId))
  if (about === undefined) throw noFinding(findingId)
  const { name } = about
  const covers = about.pattern ?? name
  return {
    finding: {
      ...row,
      why: row.reasons[0] ?? '',
      coveredBy: `${covers.form === 'prefix' ? `${covers.name}*` : covers.form === 'regex' ? `/${covers.name}/` : covers.name}${covers.place === null ? '' : ` (${covers.place})`}`,
      disclose: name.disclose,
      acknowledgedAt: about.finding.acknowledgedAt?.toISOString() ?? null,
      resolvedAt: about.finding.resolvedAt?.toISOString() ?? null,
      claims: await readClaims(db, name.id),
      coverage: await readCoverage(db, covers.id),
    },
    leak: { name: name.name, kind: name.kind, ecosystem: name.ecosystem, places: await readLeaks(db, findingId) },
  }
}

async function readClaims(db: Db, identifierId: bigint): Promise<ClaimInFull[]> {
  const listed = await listClaims(db, { identifierIds: [identifierId] })
  const changes = await db
    .select({ registry: claims.registry, event: claimEvents })
    .from(claimEvents)
    .innerJoin(claims, eq(claims.id, claimEvents.claimId))
    .where(eq(claims.identifierId, identifierId))
    .orderBy(desc(claimEvents.id))
    .limit(mostChanges)
  return listed.map(({ registry, state, claimable, why, version, publishedAt, checkedAt, failure, facts, signals }) => ({
    registry, state, claimable, why, version, publishedAt, checkedAt, failure,
    signals: signals.map(({ signal, weight, reason }: StoredSignal) => ({ signal, weight, reason })),
    publishers: [...(facts?.publishers ?? [])], versionCount: facts?.versionCount ?? null, installTimeCode: facts?.installTimeCode ?? null,
    history: changes
      .filter((change) => change.registry === registry)
      .map(({ event }) => ({ at: event.at.toISOString(), state: event.state, claimable: event.claimable, why: event.why, news: event.news })),
  }))
}

/** How well its line of the inventory was looked for; a name that a pattern spelled out is looked for by that. */
async function readCoverage(db: Db, identifierId: bigint): Promise<FindingInFull['coverage']> {
  const rows = await db.select().from(coverage).where(eq(coverage.identifierId, identifierId)).orderBy(asc(coverage.source))
  return rows.map(({ source, completeAt, attemptedAt, gap }) => ({
    source, completeAt: completeAt?.toISOString() ?? null,
    note: gap ?? (completeAt !== null ? '' : attemptedAt === null ? 'not looked at yet' : 'never swept completely'),
  }))
}

/** The places that something can still be asked for: copies too, each repository is asked for itself. */
async function readLeaks(db: Db, findingId: bigint): Promise<readonly LeakPlace[]> {
  return db
    .select({
      source: documents.source, repository: documents.containerName, path: documents.path, role: occurrences.role,
      url: sql<string>`case when ${documents.lineAnchor} = '' then ${documents.url} else ${documents.url} || ${documents.lineAnchor} || ${occurrences.line} end`,
    })
    .from(occurrences)
    .innerJoin(documents, eq(documents.id, occurrences.documentId))
    .where(and(eq(occurrences.findingId, findingId), inArray(occurrences.status, ['live', 'unknown', 'gone-from-head'])))
    .orderBy(asc(occurrences.id))
    .limit(mostLeaks)
}
