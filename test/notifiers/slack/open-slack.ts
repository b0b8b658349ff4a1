import type { z } from 'zod'
import type { OpenNotifier } from '../../../src/contracts/notifier.ts'
import { createHttp } from '../../../src/net/http.ts'
import { slack } from '../../../src/notifiers/slack/index.ts'
import { slackSettings } from '../../../src/notifiers/slack/settings.ts'

/** A channel of Slack as namesake.yaml would open it; `origins`: what may be asked, besides nothing. */
export function openSlack(row: z.input<typeof slackSettings>, options: { readonly now: () => Date; readonly origins?: readonly string[]; readonly suffix?: string }): OpenNotifier {
  // Slack itself is never asked by tests, and a sandbox needs no second between messages.
  const isSlack = new URL(row.webhookUrl ?? row.apiUrl ?? 'https://slack.com').hostname.endsWith('slack.com')
  const settings = slackSettings.parse({ ...(isSlack ? {} : { messageEveryMs: 1 }), ...row })
  const { now, origins = [settings.webhookUrl ?? settings.apiUrl] } = options
  const opened = slack.open({ slack: settings }, { http: createHttp({ userAgent: 'namesake test', origins, now }), now }).get(options.suffix ?? '')
  if (opened === undefined) throw new Error('this channel is not configured')
  return opened
}
