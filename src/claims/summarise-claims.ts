import { and, count, eq, inArray, isNotNull, isNull, lte, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims } from '../db/schema/index.ts'

export interface ClaimsSummary {
  /** Names that a registry was asked for, told or not. */
  readonly asked: number
  readonly strangers: number
  readonly claimable: number
  /** Absent names whose second look is not due yet. */
  readonly secondLooks: number
  /** Checks that are due now. */
  readonly due: number
  /** Requests so far, ever. */
  readonly requests: number
  /** Names of which the last check could not tell, by registry and reason. */
  readonly untold: readonly { readonly registry: string; readonly names: number; readonly reason: string }[]
}

/** How the claims of the configured registries stand. */
export async function summariseClaims(db: Db, registries: readonly string[], now: Date): Promise<ClaimsSummary> {
  const of = registries.length === 0 ? sql`false` : inArray(claims.registry, [...registries])
  const counted = (condition: ReturnType<typeof and>) => sql<number>`(count(*) filter (where ${condition}))::int`
  const [row] = await db
    .select({
      asked: counted(isNotNull(claims.askedAt)),
      strangers: counted(eq(claims.state, 'stranger')),
      claimable: counted(eq(claims.claimable, 'yes')),
      secondLooks: counted(and(isNotNull(claims.firstAbsentAt), eq(claims.claimable, 'unknown'), sql`${claims.dueAt} > ${now.toISOString()}::timestamptz`, sql`${claims.dueAt} <= ${claims.firstAbsentAt} + interval '10 minutes'`)),
      due: counted(lte(claims.dueAt, now)),
      requests: sql<number>`coalesce(sum(${claims.requests}), 0)::int`,
    })
    .from(claims)
    .where(of)
  const failed = await db
    .select({ registry: claims.registry, reason: claims.failure, names: count() })
    .from(claims)
    .where(and(of, isNotNull(claims.failure), isNotNull(claims.dueAt)))
    .groupBy(claims.registry, claims.failure)
  const waiting = await db
    .select({ registry: claims.registry, names: count() })
    .from(claims)
    .where(and(of, isNull(claims.failure), lte(claims.dueAt, now)))
    .groupBy(claims.registry)
  return {
    ...(row ?? { asked: 0, strangers: 0, claimable: 0, secondLooks: 0, due: 0, requests: 0 }),
    untold: [
      ...failed.map(({ registry, names, reason }) => ({ registry, names, reason: reason ?? '' })),
      ...waiting.map(({ registry, names }) => ({ registry, names, reason: 'the registry did not answer in time, or asks to wait' })),
    ],
  }
}
