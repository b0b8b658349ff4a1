import type { OpenNotifier } from '../contracts/notifier.ts'
import { describeError, NamesakeError } from '../errors.ts'
import type { Db } from '../db/client.ts'
import { refusalOf } from '../notifiers/refusal.ts'
import { forgiveDestination, recordTaken } from './destination-health.ts'

export interface TestSent {
  readonly taken: boolean
  /** Why not, in words; null when it was taken. */
  readonly reason: string | null
  /** What was refused for good, where it was: the destination or the message. */
  readonly refused: 'destination' | 'message' | null
}

/**
 * Sends a message that says it is a test, now: past quiet hours, mutes and the outbox. One request. Whoever gets it
 * sees no name. A destination that takes it works again, and what waits for it is told within the minute.
 */
export async function sendTest(db: Db, name: string, notifier: OpenNotifier, { organization, now }: { readonly organization: string; readonly now: Date }): Promise<TestSent> {
  try {
    await notifier.send({
      kind: 'operator', news: 'test', id: `test-${now.getTime()}`, organization, about: name, reason: 'somebody asked', since: now, untold: 0,
    })
  } catch (error) {
    const refused = refusalOf(error)
    return { taken: false, reason: error instanceof NamesakeError ? describeError(error) : 'an unexpected failure', refused: refused === 'thread' ? null : refused }
  }
  await forgiveDestination(db, name)
  await recordTaken(db, name, now)
  return { taken: true, reason: null, refused: null }
}
