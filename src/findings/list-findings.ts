import { and, asc, desc, eq, gt, inArray, isNull, sql } from '../db/drizzle.ts'
import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Role } from '../contracts/match.ts'
import type { Db } from '../db/client.ts'
import { covering } from './find-suppression.ts'
import { listClaims, type ListedClaim } from './list-claims.ts'
import {
  accounts, containers, documents, findings, identifiers, isCounted, occurrences, suppressions,
  type CopyReason, type FindingState, type OccurrenceStatus, type RelatedPerson, type Severity, type StoredIntroduction, type StoredMention,
} from '../db/schema/index.ts'

/** The shape of `namesake findings --json`: a contract with the outside. Times are ISO 8601, ids decimal text. */
export interface ListedFinding {
  readonly id: string
  readonly identifier: string
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  readonly team: string | null
  /** A made-up name of a drill, counted nowhere. */
  readonly drill: boolean
  readonly state: FindingState
  readonly dismissedReason: string | null
  /** Open again from then on; null: it is not dismissed, or for good. */
  readonly dismissedUntil: string | null
  /** E-mail of the account that it is assigned to. */
  readonly assignee: string | null
  readonly severity: Severity
  readonly reasons: readonly string[]
  readonly firstSeenAt: string
  readonly publicSince: string
  readonly publicSinceIsLowerBound: boolean
  readonly acknowledgedAt: string | null
  readonly resolvedAt: string | null
  /** No place of it is live any more: proposed as resolved, since when and why; null: not proposed. */
  readonly proposed: { readonly at: string; readonly reason: string } | null
  /** Empty until a registry was asked: nothing is known, which is not "free". */
  readonly claims: readonly ListedClaim[]
  readonly occurrences: readonly ListedOccurrence[]
}

export interface ListedOccurrence {
  readonly id: string
  readonly source: string
  readonly url: string
  readonly repository: string
  readonly path: string | null
  /** 1-based; column in bytes. The mention that weighs most; `mentions` has all (at most 1,000). */
  readonly line: number
  readonly column: number
  readonly role: Role
  readonly snippet: string
  readonly author: string | null
  readonly introducedAt: string | null
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  readonly status: OccurrenceStatus
  /** Why the status is what it is, and since when; null: it was read there. */
  readonly statusReason: string | null
  readonly statusAt: string | null
  /** Other occurrences of its group: the same content, the same lines, forks. */
  readonly copies: number
  /** The first occurrence of its group and why it is a copy of that; null: it is the first. */
  readonly copyOf: { readonly id: string; readonly reason: CopyReason } | null
  /** What makes it quiet, and until when; null: nothing does. */
  readonly suppressed: { readonly reason: string; readonly until: string } | null
  /** Who wrote it there and when, with what speaks against the date; null: not known. */
  readonly introduction: StoredIntroduction | null
  /** Facts of what it lies in and who owns that; null: not asked yet. */
  readonly container: { readonly owner: RelatedPerson; readonly facts: Readonly<Record<string, string | number | boolean | null>>; readonly checkedAt: string } | null
  readonly mentions: readonly StoredMention[]
}

export interface FindingFilter {
  readonly states?: readonly FindingState[]
  /** Exactly these, drills too. */
  readonly ids?: readonly bigint[]
  /** Findings of drills too; absent: they are left out, so that whoever counts does not count them. */
  readonly drills?: boolean
}

const worstFirst = sql`array_position(array['critical','high','medium','low'], ${findings.severity})`

/** Findings with all their places, worst and then newest first. */
export async function listFindings(db: Db, filter: FindingFilter = {}): Promise<readonly ListedFinding[]> {
  const rows = await db
    .select({ finding: findings, identifier: identifiers, assignee: accounts.email })
    .from(findings)
    .innerJoin(identifiers, eq(findings.identifierId, identifiers.id))
    .leftJoin(accounts, eq(accounts.id, findings.assignee))
    .where(
      and(
        filter.states === undefined ? undefined : inArray(findings.state, [...filter.states]),
        filter.ids === undefined ? undefined : inArray(findings.id, [...filter.ids]),
        filter.drills === true || filter.ids !== undefined ? undefined : isCounted,
      ),
    )
    .orderBy(worstFirst, desc(findings.firstSeenAt), asc(findings.id))
  const places = await listPlaces(db, rows.map(({ finding }) => finding.id))
  const claims = await claimsOf(db, rows.map(({ identifier }) => identifier.id))
  return rows.map(({ finding, identifier, assignee }) => ({
    id: String(finding.id),
    identifier: identifier.name,
    kind: identifier.kind,
    ecosystem: identifier.ecosystem,
    team: identifier.team,
    drill: identifier.origin === 'drill',
    state: finding.state,
    dismissedReason: finding.dismissedReason,
    dismissedUntil: finding.dismissedUntil?.toISOString() ?? null,
    assignee,
    severity: finding.severity,
    reasons: finding.reasons,
    firstSeenAt: finding.firstSeenAt.toISOString(),
    publicSince: finding.publicSince.toISOString(),
    publicSinceIsLowerBound: finding.publicSinceIsLowerBound,
    acknowledgedAt: finding.acknowledgedAt?.toISOString() ?? null,
    resolvedAt: finding.resolvedAt?.toISOString() ?? null,
    proposed: finding.proposedAt === null || finding.proposedReason === null ? null : { at: finding.proposedAt.toISOString(), reason: finding.proposedReason },
    claims: claims.get(identifier.id) ?? [],
    occurrences: places.get(finding.id) ?? [],
  }))
}

async function claimsOf(db: Db, identifierIds: readonly bigint[]): Promise<ReadonlyMap<bigint, ListedClaim[]>> {
  const found = new Map<bigint, ListedClaim[]>()
  for (let at = 0; at < identifierIds.length; at += 10_000) {
    for (const { identifierId, registry, state, claimable, why, version, publishedAt, checkedAt, failure, facts, signals } of await listClaims(db, { identifierIds: identifierIds.slice(at, at + 10_000) })) {
      const list = found.get(identifierId) ?? []
      list.push({ registry, state, claimable, why, version, publishedAt, checkedAt, failure, facts, signals })
      found.set(identifierId, list)
    }
  }
  return found
}

async function suppressionsOf(db: Db, findingIds: readonly bigint[]) {
  const rows = await db
    .select()
    .from(suppressions)
    .where(and(inArray(suppressions.findingId, [...findingIds]), isNull(suppressions.endedAt), gt(suppressions.expiresAt, sql`now()`)))
    .orderBy(asc(suppressions.id))
  return Map.groupBy(rows, ({ findingId }) => findingId)
}

async function listPlaces(db: Db, findingIds: readonly bigint[]): Promise<ReadonlyMap<bigint, ListedOccurrence[]>> {
  const found = new Map<bigint, ListedOccurrence[]>()
  // An id a parameter: far below the protocol's 65,535 in one statement.
  for (let at = 0; at < findingIds.length; at += 10_000) {
    const inForce = await suppressionsOf(db, findingIds.slice(at, at + 10_000))
    const rows = await db
      .select({
        occurrence: occurrences,
        container: containers,
        document: { source: documents.source, url: documents.url, anchor: documents.lineAnchor, container: documents.containerName, path: documents.path },
        copies: sql<number>`(count(*) over (partition by coalesce(${occurrences.copyOf}, ${occurrences.id})))::int - 1`,
      })
      .from(occurrences)
      .innerJoin(documents, eq(occurrences.documentId, documents.id))
      .leftJoin(containers, and(eq(containers.source, documents.source), eq(containers.containerId, documents.containerId)))
      .where(inArray(occurrences.findingId, findingIds.slice(at, at + 10_000)))
      .orderBy(asc(occurrences.findingId), asc(occurrences.id))
    for (const { occurrence, container, document, copies } of rows) {
      const suppression = covering(inForce.get(occurrence.findingId) ?? [], occurrence)
      const list = found.get(occurrence.findingId) ?? []
      list.push({
        id: String(occurrence.id),
        source: document.source,
        url: document.anchor === '' ? document.url : `${document.url}${document.anchor}${occurrence.line}`,
        repository: document.container,
        path: document.path,
        line: occurrence.line,
        column: occurrence.column,
        role: occurrence.role,
        snippet: occurrence.snippet,
        author: occurrence.author,
        introducedAt: occurrence.introducedAt?.toISOString() ?? null,
        firstSeenAt: occurrence.firstSeenAt.toISOString(),
        lastSeenAt: occurrence.lastSeenAt.toISOString(),
        status: occurrence.status,
        statusReason: occurrence.statusReason,
        statusAt: occurrence.statusAt?.toISOString() ?? null,
        copies,
        copyOf: occurrence.copyOf === null || occurrence.copyReason === null ? null : { id: String(occurrence.copyOf), reason: occurrence.copyReason },
        suppressed: suppression === null ? null : { reason: suppression.reason, until: suppression.expiresAt.toISOString() },
        introduction: occurrence.introduction,
        container: container === null ? null : { owner: container.owner, facts: container.facts, checkedAt: container.checkedAt.toISOString() },
        mentions: occurrence.mentions,
      })
      found.set(occurrence.findingId, list)
    }
  }
  return found
}
