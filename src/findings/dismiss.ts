import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { storable } from '../db/storable.ts'
import { transition, type Triage } from './transition.ts'

export interface Dismiss extends Triage {
  /** One of `dismissals`, or a person's own words. */
  readonly reason: string
  /** Open again from then on. Absent: dismissed for good. */
  readonly until?: Date
}

/**
 * It is no exposure, for a reason that stays with it. New places are recorded and stay quiet, until it expires.
 * @throws Invalid | NotFound | Conflict
 */
export async function dismiss(db: Db, triage: Dismiss): Promise<void> {
  const reason = storable(triage.reason.trim())
  const { until, now } = triage
  if (reason === '') throw new Invalid('a dismissal needs a reason, in words: whoever reads it next year was not here today')
  if (reason === 'other' && (triage.comment ?? '').trim() === '') throw new Invalid('the reason "other" needs a comment that says which')
  if (until !== undefined && until <= now) throw new Invalid('a dismissal ends in the future, or not at all')
  await transition(db, triage, {
    verb: 'dismissed', from: ['open', 'acknowledged'], to: 'dismissed', reason,
    set: { dismissedReason: reason, dismissedUntil: until ?? null, proposedAt: null, proposedReason: null },
    facts: until === undefined ? {} : { until: until.toISOString() },
  })
}
