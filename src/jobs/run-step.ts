import { describeError, Permanent } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { endStep, takeStep, type NewStep, type Progress } from '../runs/end-step.ts'
import { loadStep, type LoadedStep } from '../runs/pending-steps.ts'
import type { JobHandler, Payload } from '../queue/open.ts'
import { closeBaseline, readBaseline } from '../notices/baseline.ts'
import type { JobContext } from './context.ts'
import { enqueueSteps } from './enqueue-steps.ts'
import { planRegistries, enqueueClaims } from './enqueue-claims.ts'
import { enqueueNotices } from './enqueue-notices.ts'

/** What a step did: `store` writes its results in the transaction that ends it. */
export interface StepResult {
  readonly followers: readonly NewStep[]
  readonly progress: Progress
  store(tx: Db): Promise<{ readonly followers: readonly NewStep[] }>
}

/**
 * The life of a step, the same for every kind: load it, do its one request, then store results, followers and its
 * end in one transaction, then enqueue what follows, then (by returning) acknowledge the job. A crash at any point
 * repeats at most the request.
 */
export function stepHandler(context: JobContext, work: (step: LoadedStep) => Promise<StepResult>): JobHandler {
  return {
    async run(payload) {
      const step = await loadStep(context.database.db, stepId(payload))
      if (step === null) return
      if (step.state === 'pending') {
        const result = await work(step)
        await commit(context, step, result)
      }
      await afterStep(context, step)
    },
    async giveUp(payload, error) {
      const step = await loadStep(context.database.db, stepId(payload))
      if (step === null) return
      if (step.state === 'pending') {
        const reason = describeError(error)
        await context.database.db.transaction(async (tx) => {
          const now = context.now()
          if (!(await takeStep(tx, step, { state: 'failed', reason, now }))) return
          await endStep(tx, step.runId, { followers: [], progress: { shortfalls: [reason] }, now })
        })
        context.log.warn({ step: String(step.id), run: String(step.runId), source: step.source, class: className(error) }, 'a step was given up')
      }
      await afterStep(context, step)
    },
  }
}

function stepId(payload: Payload): bigint {
  const { step } = payload
  if (step === undefined) throw new Permanent('the job names no step')
  return BigInt(step)
}

function className(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error
}

/** Two workers may have the same step (one was believed dead): the first commit counts, the second writes nothing. */
async function commit(context: JobContext, step: LoadedStep, result: StepResult): Promise<void> {
  await context.database.db.transaction(async (tx) => {
    const now = context.now()
    if (!(await takeStep(tx, step, { state: 'done', now }))) return
    const stored = await result.store(tx)
    await endStep(tx, step.runId, { followers: [...result.followers, ...stored.followers], progress: result.progress, now })
  })
}

/** Done again when a job is repeated: a crash between commit and enqueue is mended here. */
async function afterStep(context: JobContext, step: LoadedStep): Promise<void> {
  await enqueueSteps(context, { runId: step.runId })
  // The summary of the first sweep tells whose the names are: they are asked for while it is still open.
  if ((await readBaseline(context.database.db))?.state === 'open' && (await planRegistries(context)) > 0) await enqueueClaims(context)
  await closeBaseline(context.database.db, context.routing, context.now())
  await enqueueNotices(context)
}
