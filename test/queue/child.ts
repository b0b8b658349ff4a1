import { createLog } from '../../src/log.ts'
import { openQueues, type Payload, type RetryTuning } from '../../src/queue/open.ts'
import type { RateLimit } from '../../src/contracts/source.ts'

/** What a parent tells its child to do; the child is a process of its own, so that it can be killed. */
export interface Order {
  readonly address: { readonly databaseUrl: string; readonly redisUrl?: string | null; readonly prefix?: string }
  readonly retry: RetryTuning
  readonly queue: string
  readonly limit: RateLimit | null
  readonly concurrency: number
  /** Jobs never end. */
  readonly hang: boolean
}
export type Report = { readonly what: 'ready' } | { readonly what: 'run'; readonly step: string; readonly at: number }

process.once('message', async (order: Order) => {
  const queues = await openQueues({ ...order.address, log: createLog({ level: 'silent' }), retry: order.retry })
  const run = async (payload: Payload) => {
    report({ what: 'run', step: String(payload['step']), at: Date.now() })
    if (order.hang) await new Promise(() => {})
  }
  await queues.work(order.queue, { run, giveUp: async () => {} }, { limit: order.limit, concurrency: order.concurrency })
  report({ what: 'ready' })
  process.once('disconnect', () => void queues.close())
})

function report(message: Report): void {
  process.send?.(message)
}
