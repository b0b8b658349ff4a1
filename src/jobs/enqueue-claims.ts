import { dueClaims } from '../claims/due-claims.ts'
import { planClaims } from '../claims/plan-claims.ts'
import type { JobContext } from './context.ts'

type Registries = Pick<JobContext, 'database' | 'queues' | 'registries' | 'records' | 'askRule' | 'askAll' | 'now'>

/** Plans claims for names that may be asked for now, see planning/claims.ts. Answers how many are new. */
export async function planRegistries({ database, registries, askRule, askAll, now }: Registries): Promise<number> {
  if (registries.size === 0) return 0
  return planClaims(database.db, { registries, rule: await askRule(), askAll, now: now() })
}

/** Puts the requests that are due into the queues of their registries; what is in one already is ignored there. */
export async function enqueueClaims(context: Registries, only: { readonly ids?: readonly bigint[] } = {}): Promise<number> {
  const due = await dueClaims(context.database.db, { registries: [...context.registries.keys()], now: context.now(), ...only })
  // Of records that are not configured any more nobody takes the jobs: the registry's worker ends the check without them.
  for (const [queue, group] of Map.groupBy(due, ({ queue, registry }) => (context.records === null ? registry : queue))) {
    await context.queues.enqueue(`claims.${queue}`, group.map(({ id, request }) => ({ id: `claim-${id}-${request}`, payload: { claim: String(id), request } })))
  }
  return due.length
}
