import type { Context } from 'hono'
import { slackInteraction } from '../app/slack-interaction.ts'
import type { Service } from './handler.ts'

/** Bytes. A click brings the whole message along. */
const mostBytes = 256 * 1024

/** What Slack sends when somebody clicks. The body is taken as it comes, since it is what was signed. */
export async function takeSlackInteraction({ req }: Context, { app }: Service): Promise<Response> {
  const rawBody = await readBytes(req.raw)
  if (rawBody === null) return new Response(null, { status: 413 })
  const { status, body } = await slackInteraction(rawBody, req.raw.headers, { ...app, slack: app.config.notify.slack })
  return body === null ? new Response(null, { status }) : Response.json(body, { status })
}

/** Null: there is more of it than Slack ever sends. */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of request.body ?? []) {
    length += piece.length
    if (length > mostBytes) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
