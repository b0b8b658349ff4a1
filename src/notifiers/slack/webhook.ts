import type { HttpClient } from '../../contracts/http.ts'
import type { OpenNotifier } from '../../contracts/notifier.ts'
import { checkClicks } from './check-clicks.ts'
import { formatMessage, formatPlain } from './message.ts'
import { post, type Webhook } from './post.ts'
import { buttonsOf, type SlackSettings } from './settings.ts'
import { createTurns } from './turns.ts'

/**
 * Slack through an incoming webhook: one channel, text in, the word `ok` out. The URL is the secret; it appears in
 * no error. Slack has no idempotency key: after a timeout a message may stand in the channel although `send` failed.
 */
export function openWebhook(settings: SlackSettings, webhookUrl: string, { http, now }: { readonly http: HttpClient; readonly now: () => Date }): OpenNotifier {
  const buttons = buttonsOf(settings)
  const webhook = { webhookUrl, timeoutMs: settings.answerWithinMs }
  const turn = createTurns(settings.messageEveryMs)
  const deliver = async (message: object): Promise<void> => {
    await turn()
    const { refused } = await post(http, webhook, message)
    if (refused !== null) throw refused
  }
  return {
    destination: new URL(webhookUrl).host,
    limit: { max: 1, perMs: settings.messageEveryMs },
    send: (notice) => deliver(formatMessage(notice, { buttons })),
    sendPlain: (notice) => deliver(formatPlain(notice)),
    // A webhook without buttons is complete.
    check: async () => [...(await check(http, webhook)), ...(buttons.length === 0 ? [] : await checkClicks(settings, http, now))],
  }
}

/** An empty message is refused by a live webhook for being empty, and by a dead one for being dead; nobody sees either. */
async function check(http: HttpClient, webhook: Webhook): Promise<readonly string[]> {
  const { word, refused } = await post(http, webhook, {})
  if (word === 'no_text' || word === 'invalid_payload') return ['the webhook is alive: it refused an empty message for being empty']
  if (refused !== null) throw refused
  return ['it took an empty message, which Slack does not do: whether messages arrive cannot be told from here']
}
