import type { Hono } from 'hono'
import { z } from 'zod'
import type { SandboxEnv } from '../door.ts'
import { readJson } from './webhook.ts'

export interface TeamsReceiver {
  /** With its secret. */
  readonly path: string
  /** The texts of each card that was posted, in order. */
  cards(): readonly (readonly string[])[]
}

const text = z.string().min(1)
const element = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('TextBlock'), text }),
  z.looseObject({ type: z.literal('FactSet'), facts: z.array(z.strictObject({ title: text, value: text })).min(1) }),
])
const message = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'), type: z.literal('AdaptiveCard'), version: z.enum(['1.2', '1.3', '1.4']), body: z.array(element).min(1),
      }),
    }),
  ]),
})

/**
 * A workflow "When a Teams webhook request is received": 202 as soon as it began. About 28 KB fit, and a card that Teams
 * could not show is refused here, where Teams would only fail later, unseen.
 */
export function serveTeams(app: Hono<SandboxEnv>): TeamsReceiver {
  const cards: string[][] = []
  app.post('/receivers/teams/workflows/:id', async (context) => {
    const body = await context.req.text()
    if (context.req.query('sig') !== 'sandbox') return Response.json({ error: { code: 'DirectApiAuthorizationRequired' } }, { status: 401 })
    if (Buffer.byteLength(body) > 28 * 1024) return new Response('Request Entity too large', { status: 413 })
    const parsed = message.safeParse(readJson(body))
    if (!parsed.success) return Response.json({ error: { code: 'InvalidRequestContent' } }, { status: 400 })
    const [{ content }] = parsed.data.attachments
    cards.push(content.body.flatMap((one) => (one.type === 'TextBlock' ? [one.text] : one.facts.map(({ title, value }) => `${title}: ${value}`))))
    return new Response(null, { status: 202 })
  })
  return { path: '/receivers/teams/workflows/1?api-version=1&sig=sandbox', cards: () => [...cards] }
}
