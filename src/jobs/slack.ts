import { NotFound, Permanent, RetryLater } from '../errors.ts'
import { decide, type Deciding, type Next } from '../interactions/decide.ts'
import { listPending } from '../interactions/list-pending.ts'
import { refuseInteraction, settleInteraction } from '../interactions/settle-interaction.ts'
import type { Answers } from '../notifiers/slack/answers.ts'
import type { JobHandler } from '../queue/open.ts'
import type { JobContext } from './context.ts'
import { enqueueChanges } from './enqueue-notices.ts'

/** The queue of clicks, and its job: what a person decided in Slack, and at most one request to tell them something. */
export const clickQueue = 'slack'

export interface Clicks extends Omit<Deciding, 'now'> {
  readonly answers: Answers
}

export function slackJob(context: Pick<JobContext, 'database' | 'queues' | 'now' | 'log'>, { answers, ...deciding }: Clicks): JobHandler {
  const { database: { db }, now, log } = context

  /** A courtesy: it is done, and stays done. */
  async function finish({ interaction, words }: Extract<Next, { step: 'done' }>): Promise<void> {
    if (words === null) return enqueueChanges(context, [interaction.findingId])
    try {
      await answers.tell(interaction, words)
    } catch (error) {
      log.info({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'a click was done, and the one who clicked could not be told')
    }
  }

  return {
    async run(payload) {
      const id = BigInt(payload['interaction'] ?? 0)
      const next = await decide(db, id, { ...deciding, now: now() })
      if (next.step === 'nothing') return
      if (next.step === 'done') return finish(next)
      if (next.step === 'tell') {
        await answers.tell(next.interaction, next.words)
        await settleInteraction(db, id, 'refused', now())
        return
      }
      try {
        await answers.askReason(next.interaction)
      } catch (error) {
        if (!(error instanceof Permanent)) throw error
        await refuseInteraction(db, id, 'The dialog could not be opened in time. Nothing was changed; please click again.')
        throw new RetryLater('the dialog could not be opened; the one who clicked is told next', now(), 'job', { cause: error })
      }
      await settleInteraction(db, id, 'done', now())
    },
    async giveUp(payload, error) {
      // Nobody could be told (the address of a click lives for half an hour): the message itself shows how things stand.
      log.warn({ interaction: payload['interaction'] ?? '', class: error instanceof NotFound ? 'NotFound' : error instanceof Error ? error.constructor.name : 'unknown' }, 'a click could not be answered')
      await settleInteraction(db, BigInt(payload['interaction'] ?? 0), 'failed', now())
    },
  }
}

/** Puts every click that waits into the queue; one that is in it already is ignored there. */
export async function enqueueClicks({ database, queues }: Pick<JobContext, 'database' | 'queues'>): Promise<void> {
  const pending = await listPending(database.db)
  if (pending.length === 0) return
  await queues.enqueue(clickQueue, pending.map((id) => ({ id: `interaction-${id}`, payload: { interaction: String(id) } })))
}
