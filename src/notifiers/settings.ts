import { z } from 'zod'
import { slackSettings } from './slack/settings.ts'

/** One row per channel: what stands below `notify:` in namesake.yaml, besides the general keys. */
export const notifierSettings = z.strictObject({
  slack: slackSettings.optional().describe('Slack, through a bot (threads, buttons, no repeated message) or an incoming webhook'),
})
export type NotifierSettings = z.output<typeof notifierSettings>
