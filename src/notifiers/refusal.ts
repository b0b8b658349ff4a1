import { Permanent } from '../errors.ts'

/**
 * What a destination refused for good:
 * - `destination`: the channel itself (revoked webhook, archived channel); no message will pass until a person acts
 * - `thread`: the message that it answers, or changes, is not there any more
 * - `message`: only this message (its form, not its address); the same news may pass in a plainer form
 */
export type Refusal = 'destination' | 'thread' | 'message'

/** A `Permanent` that says what was refused. `message` is a sentence of ours: never a remote body, never the address. */
export function refuse(refusal: Refusal, message: string): Permanent {
  return new Permanent(message, { cause: { refusal } })
}

/** What was refused, or null for every other error: nobody reads messages to decide. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Permanent)) return null
  const { cause } = error
  if (typeof cause !== 'object' || cause === null || !('refusal' in cause)) return null
  return cause.refusal === 'destination' || cause.refusal === 'thread' || cause.refusal === 'message' ? cause.refusal : null
}
