import type { Db } from '../db/client.ts'
import { transition, type Triage } from './transition.ts'

/** The exposure is dealt with: open or acknowledged -> resolved. A new place reopens it. @throws NotFound | Conflict */
export async function resolve(db: Db, triage: Triage): Promise<void> {
  await transition(db, triage, { verb: 'resolved', from: ['open', 'acknowledged'], to: 'resolved', set: { resolvedAt: triage.now }, reason: null })
}
