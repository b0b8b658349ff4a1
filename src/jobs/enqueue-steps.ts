import { pendingSteps, type PendingStep } from '../runs/pending-steps.ts'
import type { JobContext } from './context.ts'

/** The queue of a step: `search.github-code`. One queue per source, so that its limiter is the source's limit. */
export function queueOf(step: Pick<PendingStep, 'kind' | 'source'>): string {
  return `${step.kind}.${step.source}`
}

/**
 * Puts pending steps into their queues: those of one run, or all. Idempotent: the job id is the step's id.
 * A source whose queue nobody works on keeps its jobs there until somebody does.
 */
export async function enqueueSteps(
  context: Pick<JobContext, 'database' | 'queues'>,
  only: { readonly runId?: bigint; readonly createdBefore?: Date } = {},
): Promise<number> {
  const steps = await pendingSteps(context.database.db, only)
  const byQueue = Map.groupBy(steps, queueOf)
  for (const [queue, group] of byQueue) {
    await context.queues.enqueue(queue, group.map(({ id }) => ({ id: `step-${id}`, payload: { step: String(id) } })))
  }
  return steps.length
}
