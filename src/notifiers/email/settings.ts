import { z } from 'zod'
import { name, rows } from '../named-rows.ts'

const address = z.email('expected an e-mail address')
const smtpUrl = z.string().max(1_000).check((context) => {
  if (!URL.canParse(context.value) || !['smtp:', 'smtps:'].includes(new URL(context.value).protocol) || new URL(context.value).hostname === '') {
    context.issues.push({ code: 'custom', message: 'expected smtp://user:password@host:587, or smtps://…:465', input: context.value })
  }
})

export const emailSettings = rows(
  z.strictObject({
    name,
    smtpUrl: smtpUrl.meta({ secret: true }).describe('Mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465'),
    from: address.describe('Address that the messages come from'),
    to: z.array(address).min(1).max(50).describe('Who gets them'),
    subjectNames: z.boolean().default(false).describe('Whether subjects contain the leaked name: they show on locked screens'),
    tls: z.enum(['required', 'opportunistic']).default('required').describe('opportunistic: a server without encryption is accepted too, and whoever is on the way reads our names'),
  }),
)
export type EmailSettings = z.output<typeof emailSettings>
