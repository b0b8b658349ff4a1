import type { Db } from '../db/client.ts'
import { transition, type Triage } from './transition.ts'

/** Somebody looks at it: open -> acknowledged. @throws NotFound | Conflict */
export async function acknowledge(db: Db, triage: Triage): Promise<void> {
  await transition(db, triage, { verb: 'acknowledged', from: ['open'], to: 'acknowledged', set: { acknowledgedAt: triage.now }, reason: null })
}
