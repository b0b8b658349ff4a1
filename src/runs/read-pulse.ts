import { max, sql } from '../db/drizzle.ts'
import type { Db } from '../db/client.ts'
import { auditTrail, claimEvents, events, notices, runs } from '../db/schema/index.ts'

/** A mark for each kind of thing: another mark means that something changed. */
export interface Pulse {
  readonly findings: string
  readonly sources: string
  readonly notices: string
  readonly settings: string
}

/** The last ids, and the last end of a run: five looks at the end of an index. */
export async function readPulse(db: Db): Promise<Pulse> {
  const [event, claim, run, notice, action] = await Promise.all([
    db.select({ last: max(events.id) }).from(events),
    db.select({ last: max(claimEvents.id) }).from(claimEvents),
    db.select({ last: max(runs.id), open: sql<string>`(select count(*) from ${runs} where finished_at is null)` }).from(runs),
    db.select({ last: max(notices.id) }).from(notices),
    db.select({ last: max(auditTrail.id) }).from(auditTrail),
  ])
  return {
    findings: `${event[0]?.last ?? 0} ${claim[0]?.last ?? 0}`,
    sources: `${run[0]?.last ?? 0} ${run[0]?.open ?? 0}`,
    notices: String(notice[0]?.last ?? 0),
    settings: String(action[0]?.last ?? 0),
  }
}
