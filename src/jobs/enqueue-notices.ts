import { channelsWithMessage } from '../notices/announce-change.ts'
import { listDue, type Due } from '../notices/list-due.ts'
import type { NewJob } from '../queue/open.ts'
import type { JobContext } from './context.ts'

type Outbox = Pick<JobContext, 'database' | 'queues' | 'routing' | 'now'>

/** Puts every message that is due by itself into the queue of its channel; one that is in it already is ignored there. */
export async function enqueueNotices({ database, queues, routing, now }: Outbox): Promise<void> {
  await enqueue(queues, await listDue(database.db, { routing, now: now(), digest: false }))
}

/** Gathers the places that waited for a channel since before a moment into one message, now. */
export async function enqueueDigests({ database, queues, routing, now }: Outbox, bornBefore: Date): Promise<void> {
  const due = await listDue(database.db, { routing, now: now(), digest: { bornBefore } })
  await enqueue(queues, due.filter(({ kind }) => kind === 'digest'))
}

/** Everything that may be told now, digests too, for somebody who does not come back later. @returns how many messages */
export async function enqueueAll({ database, queues, routing, now }: Outbox): Promise<number> {
  const due = await listDue(database.db, { routing, now: now(), digest: true, flush: true })
  await enqueue(queues, due)
  return due.length
}

/**
 * What people just decided, at once: they look at the message. Fails silently, since the decision stands, and the clock
 * does the same within the minute.
 */
export async function enqueueChanges({ database, queues, log }: Pick<JobContext, 'database' | 'queues' | 'log'>, findingIds: readonly bigint[]): Promise<void> {
  try {
    for (const findingId of findingIds) {
      const channels = await channelsWithMessage(database.db, findingId)
      await enqueue(queues, channels.flatMap((channel) => [{ kind: 'refresh', channel, findingId }, { kind: 'changed', channel, findingId }] as const))
    }
  } catch (error) {
    log.info({ class: error instanceof Error ? error.constructor.name : 'unknown' }, 'what was decided is shown by the channels within the minute only')
  }
}

async function enqueue(queues: Outbox['queues'], due: readonly Due[]): Promise<void> {
  for (const [channel, ofChannel] of Map.groupBy(due, (one) => one.channel)) await queues.enqueue(`notify.${channel}`, ofChannel.map(jobOf))
}

function jobOf(due: Due): NewJob {
  switch (due.kind) {
    case 'notice':
      return { id: `notice-${due.noticeId}`, payload: { notice: String(due.noticeId) } }
    case 'digest':
      return { id: 'digest', payload: { digest: 1 } }
    case 'storm': {
      const which = due.loud ? 'loud' : 'other'
      return { id: `storm-${which}`, payload: { storm: which } }
    }
    case 'changed':
    case 'refresh':
      return { id: `${due.kind}-${due.findingId}`, payload: { [due.kind]: String(due.findingId) } }
  }
}
