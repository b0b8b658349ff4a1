import { z } from 'zod'
import { name, rows, safeUrl } from '../named-rows.ts'

/** 24 to 64 random bytes behind `whsec_`: https://www.standardwebhooks.com, "Signature scheme". */
const signingSecret = z
  .string()
  .check((context) => {
    if (keyOf(context.value) === null) {
      context.issues.push({ code: 'custom', message: 'expected whsec_ and the base64 of 24 to 64 random bytes: echo "whsec_$(openssl rand -base64 32)"', input: context.value })
    }
  })
  .meta({ secret: true })

/** The bytes that a secret stands for; null: it is none. */
export function keyOf(secret: string): Buffer | null {
  const match = /^whsec_(?<base64>[A-Za-z0-9+/]{32,88}={0,2})$/.exec(secret)
  const key = Buffer.from(match?.groups?.['base64'] ?? '', 'base64')
  return key.length >= 24 && key.length <= 64 ? key : null
}

export const webhookSettings = rows(
  z.strictObject({
    name,
    url: safeUrl.meta({ secret: true }).describe('Where the messages are posted; https'),
    secret: signingSecret.describe('whsec_…: what the receiver verifies the signature with'),
    previousSecret: signingSecret.optional().describe('The former one, while receivers change to the new one: messages are signed with both'),
  }),
)
export type WebhookSettings = z.output<typeof webhookSettings>
