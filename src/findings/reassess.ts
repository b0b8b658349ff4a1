import { asc, count, eq, min, sql } from '../db/drizzle.ts'
import type { Role } from '../contracts/match.ts'
import type { Claimable, ClaimState } from '../contracts/registry.ts'
import type { Db } from '../db/client.ts'
import { claims, documents, findings, identifiers, occurrences, sourceSets, type OccurrenceStatus } from '../db/schema/index.ts'
import { assess, worstRole, type Assessment, type ClaimFacts } from '../evidence/severity.ts'
import { isSuspicious } from '../evidence/signals.ts'
import { bitsOfRoles } from './facets.ts'
import { system } from './propose.ts'
import { recordEvent } from './record-event.ts'

/**
 * Judges a finding again from all that is stored about it: its places and what became of them, and what the registry
 * holds under its name; and keeps with it what the inbox filters and counts. Called in the transaction of whatever
 * changed. Another severity is an event, except of a finding that is born in this transaction: its first event tells it.
 */
export async function reassess(tx: Db, findingId: bigint, now: Date, born = false): Promise<Assessment> {
  // Two that judge at once would each miss what the other wrote.
  const [before] = await tx.select({ severity: findings.severity, state: findings.state }).from(findings).where(eq(findings.id, findingId)).for('update')
  const [about] = await tx
    .select({ id: identifiers.id, kind: identifiers.kind, ecosystem: identifiers.ecosystem, team: identifiers.team })
    .from(findings)
    .innerJoin(identifiers, eq(identifiers.id, findings.identifierId))
    .where(eq(findings.id, findingId))
  if (about === undefined || before === undefined) throw new Error('a finding vanished')
  const claim = await worstClaim(tx, about.id)
  const known = await countPlaces(tx, findingId)
  const counted = known.filter(({ status }) => status === known[0]?.status || (known[0]?.status === 'live' && status === 'unknown'))
  const of = (status: OccurrenceStatus) => total(known.filter((group) => group.status === status))
  const role = worstRole(counted.map((group) => group.role))
  const { severity, reasons } = assess({
    kind: about.kind,
    ecosystem: about.ecosystem,
    role,
    places: total(counted),
    statuses: { live: of('live'), unknown: of('unknown'), 'gone-from-head': of('gone-from-head'), gone: of('gone') },
    ...(claim === null ? {} : { claim: factsOf(claim) }),
  })
  const asked = claim !== null && claim.askedAt !== null ? claim : null
  await tx
    .update(findings)
    .set({
      severity, reasons, updatedAt: now, ecosystem: about.ecosystem, team: about.team,
      claimRegistry: asked?.registry ?? null, claimState: asked?.state ?? null, claimable: asked?.claimable ?? null,
      places: total(known),
      groups: known.reduce((sum, group) => sum + group.groups, 0),
      livePlaces: total(known.filter(({ status }) => status === 'live' || status === 'unknown')),
      sourceSet: await sourceSetOf(tx, known.map(({ source }) => source)),
      roleBits: bitsOfRoles(known.map((group) => group.role)),
      worstPlace: counted.filter((group) => group.role === role).map(({ first }) => first).sort((a, b) => (a < b ? -1 : 1))[0] ?? null,
    })
    .where(eq(findings.id, findingId))
  if (!born && severity !== before.severity) {
    await recordEvent(tx, { ...system, findingId, verb: 'reassessed', state: before.state, reason: reasons[0] ?? null, facts: { severity, before: before.severity }, at: now })
  }
  return { severity, reasons }
}

async function sourceSetOf(tx: Db, some: readonly string[]): Promise<number> {
  const sources = [...new Set(some)].sort()
  const find = async () => (await tx.select({ id: sourceSets.id }).from(sourceSets).where(eq(sourceSets.sources, sources)))[0]?.id
  const known = await find()
  if (known !== undefined) return known
  await tx.insert(sourceSets).values({ sources }).onConflictDoNothing()
  const born = await find()
  // We inserted it, or somebody else did before us.
  if (born === undefined) throw new Error('a set of sources vanished between insert and select')
  return born
}

const order = ['live', 'unknown', 'gone-from-head', 'gone'] as const satisfies OccurrenceStatus[]

interface Places {
  readonly status: OccurrenceStatus
  readonly role: Role
  readonly source: string
  readonly places: number
  /** Those that are no copy. */
  readonly groups: number
  readonly first: bigint
}

/** Places by what became of them, role and source; what is left of them comes first. */
async function countPlaces(tx: Db, findingId: bigint): Promise<readonly Places[]> {
  const { status, role, id, copyOf } = occurrences
  const rows = await tx
    .select({ status, role, source: documents.source, places: count(), groups: sql<number>`(count(*) filter (where ${copyOf} is null))::int`, first: min(id) })
    .from(occurrences)
    .innerJoin(documents, eq(documents.id, occurrences.documentId))
    .where(eq(occurrences.findingId, findingId))
    .groupBy(status, role, documents.source)
  return rows.flatMap(({ first, ...row }) => (first === null ? [] : [{ ...row, first }])).sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
}

function total(groups: readonly Places[]): number {
  return groups.reduce((sum, { places }) => sum + places, 0)
}

const alarm: readonly { readonly state: ClaimState; readonly claimable?: Claimable }[] = [
  { state: 'stranger' }, { state: 'unclaimed', claimable: 'yes' }, { state: 'placeholder', claimable: 'yes' }, { state: 'unclaimed', claimable: 'unknown' },
  { state: 'unknown' }, { state: 'placeholder' }, { state: 'unclaimed' }, { state: 'ours' },
]

/** The most alarming of the claims on a name: what a registry told before what was never asked. */
async function worstClaim(tx: Db, identifierId: bigint): Promise<typeof claims.$inferSelect | null> {
  const rows = await tx.select().from(claims).where(eq(claims.identifierId, identifierId)).orderBy(asc(claims.registry))
  const rank = (row: typeof claims.$inferSelect) => (row.askedAt === null ? alarm.length : alarm.findIndex(({ state, claimable = row.claimable }) => state === row.state && claimable === row.claimable))
  return rows.sort((a, b) => rank(a) - rank(b))[0] ?? null
}

function factsOf({ state, claimable, signals }: typeof claims.$inferSelect): ClaimFacts {
  return { state, claimable, suspicious: isSuspicious(signals), onRecord: signals.some(({ signal }) => signal === 'malicious-record') }
}
