import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { transition, type Triage } from './transition.ts'

/** It is no exposure, for a reason that stays with it. New places are recorded and stay quiet. @throws Invalid | NotFound | Conflict */
export async function dismiss(db: Db, triage: Triage & { readonly reason: string }): Promise<void> {
  const reason = triage.reason.trim()
  if (reason === '') throw new Invalid('a dismissal needs a reason, in words: whoever reads it next year was not here today')
  await transition(db, triage, { verb: 'dismissed', from: ['open', 'acknowledged'], to: 'dismissed', set: { dismissedReason: reason }, reason })
}
