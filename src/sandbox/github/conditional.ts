import { createHash } from 'node:crypto'
import type { SandboxContext } from '../door.ts'
import type { Answer } from './site.ts'

/** The ETag of an answer, and a 304 when the client has it already: free of charge. */
export function conditional(context: SandboxContext, answer: Answer): Answer {
  if (answer.status !== 200) return answer
  const etag = `W/"${createHash('sha256').update(answer.text ?? JSON.stringify(answer.json)).digest('hex')}"`
  const headers = { ...answer.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' }
  if (context.req.header('if-none-match') === etag) return { status: 304, headers }
  return { ...answer, headers }
}
