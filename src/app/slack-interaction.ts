import type { SlackSettings } from '../notifiers/slack/settings.ts'
import { isFromSlack, readForm, readInteraction } from '../notifiers/slack/interaction.ts'
import { keepInteraction } from '../interactions/keep-interaction.ts'
import type { JobContext } from '../jobs/context.ts'
import { clickQueue } from '../jobs/slack.ts'

/** What is answered to Slack: the status, and a JSON body (null: an empty one). */
export interface InteractionAnswer {
  readonly status: 200 | 400 | 401 | 403 | 404
  readonly body: object | null
}

export interface InteractionContext extends Pick<JobContext, 'database' | 'queues' | 'now' | 'log'> {
  /** `config.notify.slack` */
  readonly slack: SlackSettings | undefined
}

/**
 * `POST /api/slack/interactions`: what Slack sends when somebody clicks. Its signature is its authentication. It is only
 * checked, stored and queued here: Slack wants an answer within three seconds.
 * @param rawBody as it came, before anything parsed it
 */
export async function slackInteraction(rawBody: Uint8Array, headers: Headers, context: InteractionContext): Promise<InteractionAnswer> {
  const signingSecret = context.slack?.signingSecret
  if (signingSecret === undefined) return { status: 404, body: null }
  if (!isFromSlack(rawBody, headers, { signingSecret, now: context.now() })) return { status: 401, body: null }
  return takeInteraction(readForm(rawBody), context)
}

/**
 * The same for a payload that is known to come from Slack (Socket Mode).
 * @throws Transient when it could not be stored: it is not to be acknowledged
 */
export async function takeInteraction(payload: unknown, { slack, database, queues, now, log }: InteractionContext): Promise<InteractionAnswer> {
  if (slack === undefined) return { status: 404, body: null }
  const read = readInteraction(payload, slack)
  if ('nothing' in read) return { status: 200, body: null }
  if ('correct' in read) return { status: 200, body: { response_action: 'errors', errors: read.correct } }
  if ('refused' in read) {
    log.warn({ why: read.refused }, 'an interaction of Slack was refused')
    return { status: read.refused === 'another workspace' ? 403 : 400, body: null }
  }
  const id = await keepInteraction(database.db, read.interaction, now())
  if (id === null) return { status: 200, body: null }
  try {
    await queues.enqueue(clickQueue, [{ id: `interaction-${id}`, payload: { interaction: String(id) } }])
  } catch (error) {
    // It is stored: the clock puts it into the queue.
    log.warn({ interaction: String(id), class: error instanceof Error ? error.constructor.name : 'unknown' }, 'a click waits for the queue')
  }
  return { status: 200, body: null }
}
