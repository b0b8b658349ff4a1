import { z } from 'zod'
import type { Frozen } from '../contracts/frozen.ts'
import { emailSettings } from './email/settings.ts'
import { ocsfSettings } from './ocsf/settings.ts'
import { pagerdutySettings } from './pagerduty/settings.ts'
import { slackSettings } from './slack/settings.ts'
import { teamsSettings } from './teams/settings.ts'
import { webhookSettings } from './webhook/settings.ts'

/** One row per channel: what stands below `notify:` in namesake.yaml, besides the general keys. */
export const notifierSettings = z.strictObject({
  email: emailSettings.optional().describe('E-mail, a line per group of recipients'),
  ocsf: ocsfSettings.optional().describe('A SIEM: OCSF detection findings to a file, over syslog, or to an HTTP endpoint'),
  pagerduty: pagerdutySettings.optional().describe('PagerDuty, for the loudest; an alert follows the state of its finding'),
  slack: slackSettings.optional().describe('Slack, through a bot (threads, buttons, no repeated message) or an incoming webhook'),
  teams: teamsSettings.optional().describe('Microsoft Teams, through workflows'),
  webhook: webhookSettings.optional().describe('Webhooks of any service, signed by the Standard Webhooks specification'),
})
export type NotifierSettings = Frozen<z.output<typeof notifierSettings>>
