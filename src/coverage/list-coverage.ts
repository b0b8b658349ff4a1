import { and, asc, eq, isNull, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { coverage, identifiers, isCounted } from '../db/schema/index.ts'

/** How well one name was looked for in one source. */
export interface NameCoverage {
  readonly identifier: string
  readonly ecosystem: string | null
  /** Null: no source was asked for it. */
  readonly source: string | null
  /** `proven`: the last complete sweep saw everything that the source shows. `gap`: something stood in the way. `never`: not looked at. */
  readonly state: 'proven' | 'gap' | 'never'
  readonly completeAt: Date | null
  readonly attemptedAt: Date | null
  /** Results that the source claimed, and documents that were seen, of all its queries together. */
  readonly counted: number | null
  readonly seen: number | null
  /** Why a zero is no proof; null: it is one. */
  readonly gap: string | null
}

/** The coverage of every current name, or of one (as written, case folded), by name and source. */
export async function listCoverage(db: Db, name: string | null = null): Promise<readonly NameCoverage[]> {
  const rows = await db
    .select({
      identifier: identifiers.name, ecosystem: identifiers.ecosystem, source: coverage.source,
      completeAt: coverage.completeAt, attemptedAt: coverage.attemptedAt, counted: coverage.counted, seen: coverage.seen, gap: coverage.gap,
    })
    .from(identifiers)
    .leftJoin(coverage, eq(coverage.identifierId, identifiers.id))
    .where(and(isNull(identifiers.retiredAt), isNull(identifiers.patternId), eq(identifiers.publicOnPurpose, false), isCounted, name === null ? undefined : eq(sql`lower(${identifiers.name})`, name.toLowerCase())))
    .orderBy(asc(identifiers.name), asc(coverage.source))
  return rows.map((row) => ({ ...row, state: row.gap === null && row.completeAt !== null ? 'proven' : row.attemptedAt === null ? 'never' : 'gap' }))
}
