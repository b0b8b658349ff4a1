import { Permanent } from '../errors.ts'
import { deliver } from '../notices/deliver.ts'
import type { Due } from '../notices/list-due.ts'
import type { JobHandler, Payload } from '../queue/open.ts'
import { refusalOf } from '../notifiers/refusal.ts'
import type { JobContext } from './context.ts'

/** One message to one channel: one outbound request. */
export function notifyJob(context: Pick<JobContext, 'database' | 'notifiers' | 'routing' | 'organization' | 'now' | 'log'>, channel: string): JobHandler {
  return {
    async run(payload) {
      const notifier = context.notifiers.get(channel)
      if (notifier === undefined) throw new Permanent(`the channel ${channel} is not configured any more`)
      await deliver(context.database.db, notifier, readDue(payload, channel), { organization: context.organization, routing: context.routing, now: context.now() })
    },
    // The outbox row says what came of it; what is still pending there is put into the queue again.
    giveUp(payload, error) {
      if (refusalOf(error) === 'destination') context.log.error({ channel }, 'a destination refused us for good: nobody is told by it; every other one was told so')
      context.log.warn({ channel, notice: payload['notice'] ?? Object.keys(payload)[0] ?? 'digest', class: error instanceof Error ? error.constructor.name : 'unknown' }, 'a notice was not delivered')
      return Promise.resolve()
    },
  }
}

function readDue(payload: Payload, channel: string): Due {
  const { notice, changed, refresh, storm } = payload
  if (storm !== undefined) return { kind: 'storm', channel, loud: storm === 'loud' }
  if (changed !== undefined) return { kind: 'changed', channel, findingId: BigInt(changed) }
  if (refresh !== undefined) return { kind: 'refresh', channel, findingId: BigInt(refresh) }
  return notice === undefined ? { kind: 'digest', channel } : { kind: 'notice', channel, noticeId: BigInt(notice) }
}
