import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Role } from '../contracts/match.ts'
import type { Claimable, ClaimState } from '../contracts/registry.ts'
import type { FindingState, OccurrenceStatus } from '../db/schema/index.ts'
import type { Severity } from '../evidence/severity.ts'

/**
 * A finding as the formats of other tools want it; what `listFindings` answers is one. Times are ISO 8601. Quotations
 * of the public (snippets) have no place here: what lies around a name may be somebody's secret, and these files travel.
 */
export interface ReportedFinding {
  readonly id: string
  readonly identifier: string
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  readonly team: string | null
  readonly state: FindingState
  readonly dismissedReason: string | null
  readonly severity: Severity
  readonly reasons: readonly string[]
  readonly firstSeenAt: string
  readonly publicSince: string | null
  readonly publicSinceIsLowerBound: boolean
  readonly resolvedAt: string | null
  /** No place of it is public any more, since when and why; null: some are, or it could not be told. */
  readonly proposed: { readonly at: string; readonly reason: string } | null
  /** Empty until a registry was asked: nothing is known, which is not "free". */
  readonly claims: readonly ReportedClaim[]
  readonly occurrences: readonly ReportedPlace[]
}

export interface ReportedClaim {
  readonly registry: string
  readonly state: ClaimState
  readonly claimable: Claimable
  readonly why: string
}

/** One public place of a finding. Its URL and path are the public's: hostile text. */
export interface ReportedPlace {
  readonly id: string
  readonly source: string
  readonly url: string
  /** What it lies in: a repository, a board, a site. */
  readonly repository: string
  readonly path: string | null
  /** 1-based. */
  readonly line: number
  readonly role: Role
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  readonly status: OccurrenceStatus
  readonly suppressed: { readonly reason: string; readonly until: string } | null
}
