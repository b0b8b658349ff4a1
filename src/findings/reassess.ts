import { eq } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { claims, findings, identifiers, occurrences, type OccurrenceStatus } from '../db/schema/index.ts'
import { assess, worstRole, type ClaimFacts, type Severity } from '../evidence/severity.ts'
import { isSuspicious } from '../evidence/signals.ts'
import { system } from './propose.ts'
import { recordEvent } from './record-event.ts'

/**
 * Judges a finding again from all that is stored about it: its places and what became of them, and what the registry
 * holds under its name. Called in the transaction of whatever changed. Another severity is an event, except of a
 * finding that is born in this transaction: its first event tells it.
 */
export async function reassess(tx: Db, findingId: bigint, now: Date, born = false): Promise<Severity> {
  // Two that judge at once would each miss what the other wrote.
  const [before] = await tx.select({ severity: findings.severity, state: findings.state }).from(findings).where(eq(findings.id, findingId)).for('update')
  const [about] = await tx
    .select({ kind: identifiers.kind, ecosystem: identifiers.ecosystem, claim: claims })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .leftJoin(claims, eq(claims.identifierId, identifiers.id))
    .where(eq(findings.id, findingId))
  if (about === undefined || before === undefined) throw new Error('a finding vanished')
  const places = await tx.select({ role: occurrences.role, status: occurrences.status }).from(occurrences).where(eq(occurrences.findingId, findingId))
  const statuses = { live: 0, unknown: 0, 'gone-from-head': 0, gone: 0 } satisfies Record<OccurrenceStatus, number>
  for (const { status } of places) statuses[status] += 1
  const best = leftOf(statuses)
  const counted = places.filter(({ status }) => status === best || (best === 'live' && status === 'unknown'))
  const { severity, reasons } = assess({
    kind: about.kind,
    ecosystem: about.ecosystem,
    role: worstRole(counted.map(({ role }) => role)),
    places: counted.length,
    statuses,
    ...(about.claim === null ? {} : { claim: factsOf(about.claim) }),
  })
  await tx.update(findings).set({ severity, reasons, updatedAt: now }).where(eq(findings.id, findingId))
  if (!born && severity !== before.severity) {
    await recordEvent(tx, { ...system, findingId, verb: 'reassessed', state: before.state, reason: reasons[0] ?? null, facts: { severity, before: before.severity }, at: now })
  }
  return severity
}

const order = ['live', 'unknown', 'gone-from-head', 'gone'] as const satisfies OccurrenceStatus[]

function leftOf(statuses: Readonly<Record<OccurrenceStatus, number>>): OccurrenceStatus {
  return order.find((status) => statuses[status] > 0) ?? 'live'
}

function factsOf({ state, claimable, signals }: typeof claims.$inferSelect): ClaimFacts {
  return { state, claimable, suspicious: isSuspicious(signals), onRecord: signals.some(({ signal }) => signal === 'malicious-record') }
}
