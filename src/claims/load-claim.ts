import { alias, and, eq, isNull, lte, or, sql } from '../db/drizzle.ts'
import type { Ecosystem } from '../contracts/inventory.ts'
import type { RegistryName } from '../contracts/registry.ts'
import type { Db } from '../db/client.ts'
import { claims, identifiers, isCounted, type ClaimProgress } from '../db/schema/index.ts'

export interface LoadedClaim {
  readonly id: bigint
  readonly registry: string
  readonly requests: number
  readonly progress: ClaimProgress | null
  readonly name: RegistryName
  readonly ecosystem: Ecosystem | null
}

const pattern = alias(identifiers, 'pattern')

/** A claim that is due and whose name may be told; null: not any more. Asked before every request. */
export async function loadClaim(db: Db, claimId: bigint, now: Date): Promise<LoadedClaim | null> {
  const [row] = await db
    .select({ claim: claims, identifier: identifiers })
    .from(claims)
    .innerJoin(identifiers, eq(identifiers.id, claims.identifierId))
    .leftJoin(pattern, eq(pattern.id, identifiers.patternId))
    .where(and(eq(claims.id, claimId), lte(claims.dueAt, now), mayBeTold()))
  if (row === undefined) return null
  const { claim, identifier } = row
  const { kind } = identifier
  if (kind !== 'package' && kind !== 'scope' && kind !== 'group') return null
  return { id: claim.id, registry: claim.registry, requests: claim.requests, progress: claim.progress, name: { kind, name: identifier.name }, ecosystem: identifier.ecosystem }
}

/** The part of the rule that a change of the inventory may have changed since the claim was planned; see planning/claims.ts. No registry has the name of a drill. */
export function mayBeTold() {
  return and(
    eq(identifiers.disclose, 'name'),
    isCounted,
    isNull(identifiers.retiredAt),
    or(isNull(identifiers.patternId), sql`(${pattern.disclose} = 'name' and ${pattern.retiredAt} is null)`),
  )
}
export { pattern }
