import { createHmac } from 'node:crypto'
import { Permanent } from '../../errors.ts'
import { keyOf } from './settings.ts'

/**
 * The headers of Standard Webhooks: an id that is the same for every attempt, the time of the attempt, and a signature
 * with each secret. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets the newest first, each `whsec_` and base64
 */
export function signatureHeaders(message: { readonly id: string; readonly at: Date; readonly body: string }, secrets: readonly string[]): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000))
  const signed = `${message.id}.${timestamp}.${message.body}`
  const signatures = secrets.map((secret) => {
    const key = keyOf(secret)
    if (key === null) throw new Permanent('a signing secret is no whsec_ and base64 of 24 to 64 bytes')
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  })
  return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
