import { listDue } from '../notices/list-due.ts'
import { channelsOf, type JobContext } from './context.ts'

type Outbox = Pick<JobContext, 'database' | 'queues' | 'notifiers'>

/** Puts every message that waits by itself into the queue of its channel; one that is in it already is ignored there. */
export async function enqueueNotices(context: Outbox): Promise<void> {
  for (const due of await listDue(context.database.db, { channels: channelsOf(context), digest: false })) {
    if (due.kind === 'digest') continue
    const job = due.kind === 'notice'
      ? { id: `notice-${due.noticeId}`, payload: { notice: String(due.noticeId) } }
      : { id: `${due.kind}-${due.findingId}`, payload: { [due.kind]: String(due.findingId) } }
    await context.queues.enqueue(`notify.${due.channel}`, [job])
  }
}

/** Gathers the places that wait for a channel into one message, now. */
export async function enqueueDigests(context: Outbox): Promise<void> {
  for (const due of await listDue(context.database.db, { channels: channelsOf(context), digest: true })) {
    if (due.kind !== 'digest') continue
    await context.queues.enqueue(`notify.${due.channel}`, [{ id: 'digest', payload: { digest: 1 } }])
  }
}
