import type { Db } from '../db/client.ts'
import { transition, type Triage } from './transition.ts'

/** Resolved or dismissed too early: back to open. @throws NotFound | Conflict */
export async function reopen(db: Db, triage: Triage): Promise<void> {
  await transition(db, triage, {
    verb: 'reopened',
    from: ['resolved', 'dismissed'],
    to: 'open',
    set: { dismissedReason: null, resolvedAt: null, acknowledgedAt: null },
    reason: null,
  })
}
