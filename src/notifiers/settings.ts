import { z } from 'zod'

/** One row per channel: what stands below `notify:` in namesake.yaml, besides the general keys. */
export const notifierSettings = z.strictObject({
  slack: z
    .strictObject({
      webhookUrl: z.url({ protocol: /^https?$/ }).meta({ secret: true }).describe('Incoming webhook of a Slack app; the URL is a secret'),
    })
    .optional()
    .describe('Slack, through an incoming webhook'),
})
export type NotifierSettings = z.output<typeof notifierSettings>
