import { z } from 'zod'
import { limitOf } from '../../net/limits.ts'
import type { DecisionName } from './actions.ts'

const url = () => z.url({ protocol: /^https?$/ })
const secret = { secret: true }
const channelId = z.string().regex(/^[CG][A-Z0-9]{2,30}$/, 'expected the id of a channel (C0123…: the end of its link), not its name')

/** One message a second and channel is what Slack documents: https://docs.slack.dev/apis/web-api/rate-limits */
const documentedMs = 1_000
/** Milliseconds between two requests for a channel. */
const everyMs = limitOf('slack.com', 'chat.postMessage')?.ours.perMs ?? 1_100

/** What stands below `notify.slack:` in namesake.yaml. */
export const slackSettings = z
  .strictObject({
    webhookUrl: url().optional().meta(secret).describe('Incoming webhook of a Slack app, in place of botToken; the URL is a secret'),
    botToken: z.string().regex(/^xoxb-[\w.-]+$/, 'expected a bot token, which begins with xoxb-').optional().meta(secret).describe('Bot token of a Slack app: threads, messages that show the present, and no repeated message'),
    channel: channelId.optional().describe('With botToken: id of the channel that is told, C0123…'),
    channels: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, 'expected a name of lower-case letters, digits and hyphens'), channelId)
      .default({})
      .describe('With botToken: further channels by name; each is a destination of its own, slack-<name>'),
    apiUrl: url().default('https://slack.com/api').describe('Base URL of the Web API'),
    signingSecret: z.string().regex(/^[0-9a-zA-Z-]{8,128}$/, 'expected the signing secret of the Slack app').optional().meta(secret).describe('Signing secret of the Slack app: messages have buttons, and clicks come to /api/slack/interactions'),
    appToken: z.string().regex(/^xapp-[\w.-]+$/, 'expected an app-level token, which begins with xapp-').optional().meta(secret).describe('App-level token: clicks come through Socket Mode, for networks that nobody reaches from outside'),
    teamId: z.string().regex(/^[TE][A-Z0-9]{2,30}$/, 'expected the id of a workspace, T0123…').optional().describe('Workspace whose clicks are taken; needed with signingSecret or appToken'),
    users: z
      .record(z.string().regex(/^[UW][A-Z0-9]{2,30}$/, 'expected the id of a Slack user, U0123…'), z.email())
      .default({})
      .describe('Slack users who may decide, and the account that each is: { U0123: ann@example.org }'),
    responseUrl: url().default('https://hooks.slack.com').describe('Where answers to a click may be sent; another host in a click is refused'),
    answerWithinMs: z.int().min(100).max(120_000).default(15_000).describe('Milliseconds within which Slack answers; what takes longer may have arrived, and is asked for'),
    messageEveryMs: z.int().min(1).max(60_000).default(everyMs).describe('Milliseconds between two messages to a channel; Slack allows one a second'),
  })
  .check((context) => {
    for (const { key, message } of faultsOf(context.value)) {
      const input: unknown = context.value[key]
      context.issues.push({ code: 'custom', path: [key], message, input })
    }
  })
export type SlackSettings = z.output<typeof slackSettings>

type Fault = { readonly key: keyof SlackSettings; readonly message: string }

/** What stands in the row and does not go together. */
function faultsOf(settings: SlackSettings): Fault[] {
  const { webhookUrl, botToken, channel, channels, signingSecret, appToken, teamId, apiUrl, messageEveryMs } = settings
  const faults: Fault[] = []
  const ids = [channel, ...Object.values(channels)].filter((id) => id !== undefined)
  if (webhookUrl === undefined && botToken === undefined) faults.push({ key: ids.length > 0 ? 'botToken' : 'webhookUrl', message: 'give webhookUrl, or botToken and channel' })
  if (webhookUrl !== undefined && botToken !== undefined) faults.push({ key: 'webhookUrl', message: 'give either webhookUrl or botToken, not both: the bot does all that the webhook does' })
  if (botToken !== undefined && channel === undefined) faults.push({ key: 'channel', message: 'needed with botToken: the id of the channel that is told' })
  if (webhookUrl !== undefined && botToken === undefined && channel !== undefined) faults.push({ key: 'channel', message: 'the webhook knows its channel; a channel of your choice needs botToken' })
  if (webhookUrl !== undefined && botToken === undefined && Object.keys(channels).length > 0) faults.push({ key: 'channels', message: 'further channels need botToken: a webhook posts to one channel' })
  if (new Set(ids).size < ids.length) faults.push({ key: 'channels', message: 'each channel once: the limit of one message a second holds for a channel' })
  if ((signingSecret !== undefined || appToken !== undefined) && teamId === undefined) faults.push({ key: 'teamId', message: 'needed with signingSecret or appToken: clicks are taken from this workspace only; "namesake doctor" tells the id' })
  const address = webhookUrl ?? apiUrl
  const real = URL.canParse(address) ? new URL(address).hostname : ''
  if ((real === 'slack.com' || real.endsWith('.slack.com')) && messageEveryMs < documentedMs) faults.push({ key: 'messageEveryMs', message: `Slack allows one message a second and channel: expected at least ${documentedMs}` })
  return faults
}

/** What may be decided by a click: nothing where clicks cannot come back; a dialog that asks why needs the bot. */
export function buttonsOf({ signingSecret, appToken, botToken }: SlackSettings): readonly DecisionName[] {
  if (signingSecret === undefined && appToken === undefined) return []
  return botToken === undefined ? ['acknowledge', 'assign'] : ['acknowledge', 'assign', 'dismiss']
}
