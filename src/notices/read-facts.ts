import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { documents, findings, identifiers, occurrences } from '../db/schema/index.ts'
import type { Facts } from './route.ts'

/** What rules look at, as it stands in this transaction: of a finding, with the source of one place or of all. */
export async function readFacts(tx: Db, findingId: bigint, occurrenceId: bigint | null): Promise<Omit<Facts, 'kind'>> {
  const [row] = await tx
    .select({ severity: findings.severity, team: identifiers.team, ecosystem: identifiers.ecosystem })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(eq(findings.id, findingId))
  if (row === undefined) throw new Error('the finding of a notice is missing')
  const places = await tx
    .selectDistinct({ source: documents.source })
    .from(occurrences)
    .innerJoin(documents, eq(documents.id, occurrences.documentId))
    .where(occurrenceId === null ? eq(occurrences.findingId, findingId) : eq(occurrences.id, occurrenceId))
  return { severity: row.severity, team: row.team, ecosystem: row.ecosystem, sources: places.map(({ source }) => source) }
}

/** The same of a name that has no finding: only a claim of it is news, and the loudest. */
export async function readNameFacts(tx: Db, identifierId: bigint): Promise<Omit<Facts, 'kind'>> {
  const [row] = await tx.select({ team: identifiers.team, ecosystem: identifiers.ecosystem }).from(identifiers).where(eq(identifiers.id, identifierId))
  return { severity: 'critical', team: row?.team ?? null, ecosystem: row?.ecosystem ?? null, sources: [] }
}
