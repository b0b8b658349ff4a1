import { and, asc, eq, inArray, isNull } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { drills, events, findings, identifiers, notices } from '../db/schema/index.ts'
import type { DrillFacts } from './judge-drill.ts'
import { readLooks } from './read-looks.ts'

/** Every drill, or those that are under way, oldest first. Moments come from the history, which nobody can change. */
export async function readDrills(db: Db, { now, running = false }: { readonly now: Date; readonly running?: boolean }): Promise<readonly DrillFacts[]> {
  const rows = await db
    .select({ drill: drills, identifier: identifiers, finding: findings })
    .from(drills)
    .innerJoin(identifiers, eq(identifiers.id, drills.identifierId))
    .leftJoin(findings, eq(findings.identifierId, drills.identifierId))
    .where(running ? isNull(drills.endedAt) : undefined)
    .orderBy(asc(drills.id))
  const all: DrillFacts[] = []
  for (const { drill, identifier, finding } of rows) {
    all.push({
      id: String(drill.id),
      identifier: identifier.name,
      ecosystem: identifier.ecosystem,
      startedBy: drill.startedBy,
      startedAt: drill.startedAt,
      findWithinSeconds: drill.findWithinSeconds,
      acknowledgeWithinSeconds: drill.acknowledgeWithinSeconds,
      plantedAt: drill.plantedAt,
      plantedUrl: drill.plantedUrl,
      endedAt: drill.endedAt,
      findingId: finding === null ? null : String(finding.id),
      foundAt: finding?.firstSeenAt ?? null,
      ...(finding === null ? unknown : { ...(await readHistory(db, finding.id)), ...(await readAlerts(db, finding.id)) }),
      looks: await readLooks(db, drill, now),
    })
  }
  return all
}

type History = Pick<DrillFacts, 'foundBy' | 'acknowledgedAt' | 'acknowledgedBy' | 'resolvedAt' | 'cleanedAt'>
type Alerts = Pick<DrillFacts, 'alertedAt' | 'alertedOn' | 'deadAlerts' | 'waitingAlerts'>

const unknown: History & Alerts = {
  foundBy: null, acknowledgedAt: null, acknowledgedBy: null, resolvedAt: null, cleanedAt: null,
  alertedAt: null, alertedOn: null, deadAlerts: 0, waitingAlerts: 0,
}

async function readHistory(db: Db, findingId: bigint): Promise<History> {
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.findingId, findingId), inArray(events.verb, ['found', 'acknowledged', 'resolved', 'proposed', 'proposal-withdrawn', 'reopened'])))
    .orderBy(asc(events.id))
  const source = rows.find(({ verb }) => verb === 'found')?.facts['source']
  const acknowledged = rows.find(({ verb }) => verb === 'acknowledged')
  // What came back since was not gone.
  const cleaned = rows.findLast(({ verb }) => verb === 'proposed' || verb === 'proposal-withdrawn' || verb === 'reopened')
  return {
    foundBy: typeof source === 'string' ? source : null,
    acknowledgedAt: acknowledged?.at ?? null,
    acknowledgedBy: acknowledged?.actor ?? null,
    resolvedAt: rows.findLast(({ verb }) => verb === 'resolved')?.at ?? null,
    cleanedAt: cleaned?.verb === 'proposed' ? cleaned.at : null,
  }
}

async function readAlerts(db: Db, findingId: bigint): Promise<Alerts> {
  const rows = await db
    .select({ channel: notices.channel, state: notices.state, deliveredAt: notices.deliveredAt })
    .from(notices)
    .where(and(eq(notices.findingId, findingId), eq(notices.kind, 'leaked')))
  const delivered = rows.flatMap(({ channel, deliveredAt }) => (deliveredAt === null ? [] : [{ channel, deliveredAt }])).sort((a, b) => a.deliveredAt.getTime() - b.deliveredAt.getTime())
  const count = (state: string): number => rows.filter((row) => row.state === state).length
  return {
    alertedAt: delivered[0]?.deliveredAt ?? null,
    alertedOn: delivered[0]?.channel ?? null,
    deadAlerts: count('dead'),
    waitingAlerts: count('pending'),
  }
}
