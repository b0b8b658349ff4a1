import { asc, desc, eq, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { coverage, findings, identifiers, type FindingState, type Severity } from '../db/schema/index.ts'
import { NotFound } from '../errors.ts'
import { findIdentifier, type ListedIdentifier } from './list-identifiers.ts'

/** How one line was looked for in one source. */
export interface SourceCoverage {
  readonly source: string
  /** `proven`: the last complete sweep saw everything that the source shows. `gap`: something stood in the way. `never`: not looked at. */
  readonly state: 'proven' | 'gap' | 'never'
  readonly completeAt: string | null
  readonly attemptedAt: string | null
  /** Results that the source claimed, and documents that were seen, of all its queries together. */
  readonly counted: number | null
  readonly seen: number | null
  /** Why a zero is no proof, one reason a line. */
  readonly gap: string | null
}

export interface FindingInShort {
  readonly id: string
  readonly identifier: string
  readonly state: FindingState
  readonly severity: Severity
  readonly firstSeenAt: string
}

export interface LoadedIdentifier {
  readonly line: ListedIdentifier
  readonly coverage: readonly SourceCoverage[]
  /** Of the line and of what it spelled out, worst and newest first; at most `most`. */
  readonly findings: readonly FindingInShort[]
}

/** More than a person reads; the numbers of the line tell how many there are. */
const most = 100

/** A line with its coverage source by source, and its findings. @throws NotFound */
export async function loadIdentifier(db: Db, id: bigint): Promise<LoadedIdentifier> {
  const line = await findIdentifier(db, id)
  if (line === null) throw new NotFound(`there is no identifier ${id}`)
  // A name that a pattern spelled out is covered by the queries of its pattern.
  const covered = line.patternId === null ? id : BigInt(line.patternId)
  const rows = await db.select().from(coverage).where(eq(coverage.identifierId, covered)).orderBy(asc(coverage.source))
  const found = await db
    .select({ id: findings.id, identifier: identifiers.name, state: findings.state, severity: findings.severity, firstSeenAt: findings.firstSeenAt })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(sql`${identifiers.id} = ${id} or ${identifiers.patternId} = ${id}`)
    .orderBy(asc(sql`array_position(array['critical', 'high', 'medium', 'low'], ${findings.severity})`), desc(findings.firstSeenAt), asc(findings.id))
    .limit(most)
  return {
    line,
    coverage: rows.map((row) => ({
      source: row.source,
      state: row.gap === null && row.completeAt !== null ? 'proven' : row.attemptedAt === null ? 'never' : 'gap',
      completeAt: row.completeAt?.toISOString() ?? null,
      attemptedAt: row.attemptedAt?.toISOString() ?? null,
      counted: row.counted, seen: row.seen, gap: row.gap,
    })),
    findings: found.map((finding) => ({ ...finding, id: String(finding.id), firstSeenAt: finding.firstSeenAt.toISOString() })),
  }
}
