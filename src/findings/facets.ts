import { sql, type SQL } from '../db/drizzle.ts'
import { roles, type Role } from '../contracts/match.ts'
import type { Claimable, ClaimState } from '../contracts/registry.ts'
import { findings, type FindingState, type Severity } from '../db/schema/index.ts'

/** A value of a finding in the bits of `findings.facets`; of `words` the first is 0, `null`: it has none. */
interface Bits<Word extends string> {
  readonly shift: number
  readonly mask: number
  readonly words: readonly (Word | null)[]
}

/** As migration and schema write them: a new word is appended. */
export const bits = {
  state: { shift: 0, mask: 3, words: ['open', 'acknowledged', 'resolved', 'dismissed'] } satisfies Bits<FindingState>,
  severity: { shift: 2, mask: 3, words: ['critical', 'high', 'medium', 'low'] } satisfies Bits<Severity>,
  claim: { shift: 4, mask: 7, words: [null, 'unclaimed', 'ours', 'placeholder', 'stranger', 'unknown'] } satisfies Bits<ClaimState>,
  claimable: { shift: 7, mask: 3, words: [null, 'yes', 'no', 'unknown'] } satisfies Bits<Claimable>,
  proposed: { shift: 9, mask: 1, words: ['no', 'yes'] } satisfies Bits<'yes' | 'no'>,
} as const

export function readFacet(facets: number, { shift, mask, words }: Bits<string>): string | null {
  return words[(facets >> shift) & mask] ?? null
}

/** That a value is one of some. */
export function facetIsAmong({ shift, mask, words }: Bits<string>, values: readonly string[]): SQL {
  const wanted = values.reduce((sum, value) => sum | (words.includes(value) ? 1 << words.indexOf(value) : 0), 0)
  return sql`(1 << ((${findings.facets} >> ${sql.raw(String(shift))}) & ${sql.raw(String(mask))})) & ${sql.raw(String(wanted))} <> 0`
}

/** A bit for each role, in the order of the roles: a new one is appended. */
export function bitsOfRoles(some: readonly Role[]): number {
  return some.reduce((sum, role) => sum | (1 << roles.indexOf(role)), 0)
}

export function rolesInBits(sum: number): readonly Role[] {
  return roles.filter((_, index) => (sum & (1 << index)) !== 0)
}
