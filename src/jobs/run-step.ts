import { Conflict, describeError, Permanent } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { endStep, type NewStep, type Progress } from '../runs/end-step.ts'
import { loadStep, type LoadedStep } from '../runs/pending-steps.ts'
import type { JobHandler, Payload } from '../queue/open.ts'
import { closeBaseline } from '../notices/baseline.ts'
import { channelsOf, type JobContext } from './context.ts'
import { enqueueSteps } from './enqueue-steps.ts'
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
        await ignoreLostRace(
          context.database.db.transaction((tx) =>
            endStep(tx, step, { state: 'failed', reason, followers: [], progress: { shortfalls: [reason] }, now: context.now() }),
          ),
        )
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

async function commit(context: JobContext, step: LoadedStep, result: StepResult): Promise<void> {
  await ignoreLostRace(
    context.database.db.transaction(async (tx) => {
      const stored = await result.store(tx)
      await endStep(tx, step, {
        state: 'done',
        followers: [...result.followers, ...stored.followers],
        progress: result.progress,
        now: context.now(),
      })
    }),
  )
}

/** Two workers had the same step (one was believed dead): the first commit counts, the second changes nothing. */
async function ignoreLostRace(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
  }
}

/** Done again when a job is repeated: a crash between commit and enqueue is mended here. */
async function afterStep(context: JobContext, step: LoadedStep): Promise<void> {
  await enqueueSteps(context, { runId: step.runId })
  await closeBaseline(context.database.db, channelsOf(context), context.now())
  await enqueueNotices(context)
}
