import type { Notifier, OpenNotifier } from '../../contracts/notifier.ts'
import type { NotifierSettings } from '../settings.ts'
import { openBot } from './bot.ts'
import { openWebhook } from './webhook.ts'

/**
 * Slack: through a bot token (any number of channels, threads, messages that show the present, no repeats), or through
 * an incoming webhook (one channel, what is sent is sent).
 */
export const slack = {
  id: 'slack',
  title: 'Slack',
  docs: 'https://docs.slack.dev/messaging/',
  open({ slack: settings }, { http, now }) {
    const opened = new Map<string, OpenNotifier>()
    if (settings === undefined) return opened
    const { webhookUrl, botToken: token, channel, channels } = settings
    if (webhookUrl !== undefined) opened.set('', openWebhook(settings, webhookUrl, { http, now }))
    else if (token !== undefined && channel !== undefined) {
      opened.set('', openBot({ settings, token, room: channel, http, now }))
      for (const [name, room] of Object.entries(channels)) opened.set(name, openBot({ settings, token, room, http, now }))
    }
    return opened
  },
} as const satisfies Notifier<NotifierSettings>
