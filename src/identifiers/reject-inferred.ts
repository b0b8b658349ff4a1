import { Invalid } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { decideInferred, type Decision } from './decide-inferred.ts'

/** It is not ours, for a reason that stays with it. It stays rejected wherever it is seen again. @throws Invalid | NotFound | Conflict */
export async function rejectInferred(db: Db, decision: Decision & { readonly reason: string }): Promise<{ readonly name: string }> {
  const reason = decision.reason.trim()
  if (reason === '') throw new Invalid('a rejection needs a reason, in words: whoever wonders next year was not here today')
  const { name } = await db.transaction((tx) => decideInferred(tx, decision, 'rejected', reason))
  return { name }
}
