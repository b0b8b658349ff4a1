import type { RateLimit } from '../contracts/source.ts'
import { Invalid, Transient } from '../errors.ts'
import type { Log } from '../log.ts'
import { consume, noEnd, pausedPoints } from './consume.ts'
import { checkPayload, checkQueueName, storedId, type Payload } from './payload.ts'
import { defaultTuning, type RetryTuning } from './policy.ts'
import { openPostgres } from './postgres-store.ts'
import { openRedis } from './redis-store.ts'
import type { StoredQueue } from './store.ts'
import { openTracing } from './trace.ts'

export type { Payload } from './payload.ts'
export type { RetryTuning } from './policy.ts'

export interface NewJob {
  /** Unique among the jobs of its queue that wait or run; 1 to 128 characters of `A-Z a-z 0-9 _ : . -`. */
  readonly id: string
  readonly payload: Payload
  /** Milliseconds before it may run. */
  readonly delayMs?: number
  /** 0 (the default) goes first, then 1, 2 … up to 2,000,000; within one, in order of arrival. */
  readonly priority?: number
}

export interface JobHandler {
  /**
   * Does the job: again after a failure, and again after a crash, so that doing it twice has to be harmless. What it
   * throws decides what follows (see policy.ts). The signal is aborted when nobody waits for the result any more:
   * closing, a lost lock, or too long a run.
   */
  run(payload: Payload, signal: AbortSignal): Promise<void>
  /**
   * Records that the job will not be done, and why. Awaited before the queue forgets the job; when it throws, the job
   * is tried again. `payload` is as `run` got it.
   */
  giveUp(payload: Payload, error: unknown): Promise<void>
}

export interface Counts {
  /** Ready to run. */
  readonly waiting: number
  readonly active: number
  /** Waiting for a time: a backoff, a RetryLater of the job, a delay it was added with. */
  readonly delayed: number
  /** Given up since the queue was first used; given-up jobs are recorded by their handler and kept nowhere here. */
  readonly failed: number
  /** Until when the destination asked us to stay away; null when the queue is not paused. */
  readonly pausedUntil: Date | null
}

export interface Consumer {
  /**
   * Takes no new job and lets those at hand finish, 5 s; then their signals are aborted and what is not done goes
   * back into the queue at no cost. Resolves when nothing of it runs any more, after some 8 s at the latest.
   */
  close(): Promise<void>
}

/** One face over both stores. @throws Transient from every method while the store cannot be reached */
export interface Queues {
  readonly kind: 'redis' | 'postgres'
  /**
   * Adds jobs, in order. An id that waits or runs already is left as it is; one whose job ended is added anew. On an
   * error some may have been added: add them all again.
   * @throws Invalid for an id, payload, delay or priority that is not allowed; then none was added
   */
  enqueue(queue: string, jobs: readonly NewJob[]): Promise<void>
  /** @param options.limit holds over all consumers of the queue, in all processes: give every one the same. */
  work(queue: string, handler: JobHandler, options: { readonly limit: RateLimit | null; readonly concurrency: number }): Promise<Consumer>
  counts(queue: string): Promise<Counts>
  ping(): Promise<void>
  /** Closes consumers first, then the connections. */
  close(): Promise<void>
}

export interface QueueOptions {
  /** `redis://` or `rediss://`; absent: the queue lives in PostgreSQL. */
  readonly redisUrl?: string | null
  readonly databaseUrl: string
  readonly log: Log
  /** Keeps installations apart that share a Redis or a database. */
  readonly prefix?: string
  readonly retry?: RetryTuning
  /** Adding and running jobs are spans, for the tracer that the process has registered; the version of what traces. */
  readonly traced?: string
}

const batch = 500
const longestDelayMs = 366 * 24 * 60 * 60_000
const lowestPriority = 2_000_000

/**
 * Opens the queues on Redis or PostgreSQL, and checks that it is there.
 * @throws Invalid naming host and port, never the password, when it cannot be used
 */
export async function openQueues(options: QueueOptions): Promise<Queues> {
  const { log } = options
  const prefix = checkQueueName(options.prefix ?? 'namesake')
  const tuning = { ...defaultTuning, ...options.retry }
  const telemetry = options.traced === undefined ? undefined : await openTracing(options.traced)
  const store = options.redisUrl === undefined || options.redisUrl === null
    ? await openPostgres({ databaseUrl: options.databaseUrl, prefix, log, telemetry })
    : await openRedis({ redisUrl: options.redisUrl, prefix, log, telemetry })
  const opened = new Map<string, Promise<StoredQueue>>()
  const consumers = new Set<Consumer>()

  async function queueOf(name: string): Promise<StoredQueue> {
    const known = opened.get(checkQueueName(name))
    if (known !== undefined) return known
    const opening = store.openQueue(name)
    opened.set(name, opening)
    // A queue that could not be opened now may open later.
    opening.catch(() => opened.delete(name))
    return opening
  }

  async function closeAll(): Promise<void> {
    await Promise.all([...consumers].map((consumer) => consumer.close()))
    const queues = await Promise.allSettled(opened.values())
    for (const queue of queues) if (queue.status === 'fulfilled') await queue.value.close()
    await store.close()
  }
  let closing: Promise<void> | null = null

  return {
    kind: store.kind,
    enqueue: async (name, jobs) => {
      const entries = jobs.map(toEntry)
      const queue = checkQueueName(name)
      for (let start = 0; start < entries.length; start += batch) {
        await reaching(async () => (await queueOf(queue)).addBulk(entries.slice(start, start + batch)))
      }
    },
    work: async (name, handler, { limit, concurrency }) => {
      const consumer = await reaching(async () => consume({ store, name, queue: await queueOf(name), handler, limit, concurrency, tuning, log }))
      consumers.add(consumer)
      return {
        close: async () => {
          await consumer.close()
          consumers.delete(consumer)
        },
      }
    },
    counts: (name) => reaching(async () => countJobs(await queueOf(name))),
    ping: () => reaching(() => store.ping()),
    close: () => (closing ??= closeAll()),
  }
}

/** An outage of the store is the caller's to try again; what the driver says stays in `cause`. */
async function reaching<Result>(action: () => Promise<Result>): Promise<Result> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof Invalid || error instanceof Transient) throw error
    throw new Transient('the queue cannot be reached', { cause: error })
  }
}

function toEntry({ id, payload, delayMs = 0, priority = 0 }: NewJob) {
  if (!Number.isSafeInteger(delayMs) || delayMs < 0 || delayMs > longestDelayMs) throw new Invalid('a job is delayed by whole milliseconds, at most a year')
  if (!Number.isSafeInteger(priority) || priority < 0 || priority > lowestPriority) throw new Invalid(`a job's priority is a whole number from 0 to ${lowestPriority}`)
  return {
    name: 'job',
    data: checkPayload(payload),
    opts: {
      jobId: storedId(id),
      delay: delayMs,
      priority,
      // policy.ts counts the attempts; BullMQ must not end a job by itself.
      attempts: noEnd,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: true,
      stackTraceLimit: 0,
    },
  }
}

async function countJobs(queue: StoredQueue): Promise<Counts> {
  const [jobs, failed, pausedMs] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed'),
    queue.getMetrics('failed', 0, 0),
    queue.getRateLimitTtl(pausedPoints),
  ])
  return {
    waiting: (jobs['waiting'] ?? 0) + (jobs['prioritized'] ?? 0),
    active: jobs['active'] ?? 0,
    delayed: jobs['delayed'] ?? 0,
    failed: failed.meta.count,
    pausedUntil: pausedMs > 0 ? new Date(Date.now() + pausedMs) : null,
  }
}
