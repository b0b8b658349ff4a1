import { and, asc, eq, inArray } from '../db/drizzle.ts'
import type { Claimable, ClaimState, PackageFacts } from '../contracts/registry.ts'
import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Db } from '../db/client.ts'
import { claims, identifiers, type StoredSignal } from '../db/schema/index.ts'

/** A claim as `findings --json` and `claims --json` show it: a contract with the outside. Times are ISO 8601. */
export interface ListedClaim {
  readonly registry: string
  readonly state: ClaimState
  readonly claimable: Claimable
  readonly why: string
  readonly version: string | null
  readonly publishedAt: string | null
  /** When the registry told this; of a claim that was never told, when it was asked last. */
  readonly checkedAt: string
  /** Why a later check could not tell; null: the last one did. */
  readonly failure: string | null
  readonly facts: PackageFacts | null
  readonly signals: readonly StoredSignal[]
}

export interface NamedClaim extends ListedClaim {
  readonly identifier: string
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  /** When it is asked next; null: it is not. */
  readonly dueAt: string | null
}

/** What was asked, by name; what was never asked is in no list. */
export async function listClaims(db: Db, filter: { readonly identifierIds?: readonly bigint[]; readonly names?: readonly string[] } = {}): Promise<readonly (NamedClaim & { readonly identifierId: bigint })[]> {
  const rows = await db
    .select({ claim: claims, identifier: identifiers })
    .from(claims)
    .innerJoin(identifiers, eq(identifiers.id, claims.identifierId))
    .where(and(
      filter.identifierIds === undefined ? undefined : inArray(claims.identifierId, [...filter.identifierIds]),
      filter.names === undefined ? undefined : inArray(identifiers.name, [...filter.names]),
    ))
    .orderBy(asc(identifiers.name), asc(claims.registry), asc(claims.id))
  return rows.flatMap(({ claim, identifier }) => {
    if (claim.askedAt === null) return []
    return [{
      identifierId: identifier.id, identifier: identifier.name, kind: identifier.kind, ecosystem: identifier.ecosystem,
      dueAt: claim.dueAt?.toISOString() ?? null, ...describe(claim, claim.askedAt),
    }]
  })
}

/** In the order of the contract's keys. A state that is older than the last check says so in `why` and `failure`. */
function describe(claim: typeof claims.$inferSelect, askedAt: Date): ListedClaim {
  const { registry, state, claimable, failure, facts, signals, toldAt } = claim
  const stale = toldAt !== null && failure !== null ? `; not told again at ${askedAt.toISOString().slice(0, 16)}: ${failure}` : ''
  return {
    registry, state, claimable,
    why: toldAt === null && failure !== null ? `could not be told: ${failure}` : `${claim.why}${stale}`,
    version: facts?.version ?? null,
    publishedAt: facts?.publishedAt ?? null,
    checkedAt: (toldAt ?? askedAt).toISOString(),
    failure, facts, signals,
  }
}
