import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq'
import type { Log } from '../log.ts'
import type { Payload } from './payload.ts'

/** What we use of a BullMQ queue, whatever it is kept in. */
export type StoredQueue = Pick<Queue<Payload>, 'addBulk' | 'getJobCounts' | 'getMetrics' | 'getRateLimitTtl' | 'rateLimit' | 'close'>
/** What we use of a BullMQ worker, whatever it takes its jobs from. */
export type StoredWorker = Pick<Worker<Payload>, 'run' | 'close' | 'isRunning' | 'waitUntilReady'> & {
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown
}
export type StoredProcessor = Processor<Payload, void>
export type StoredWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>

/** Where jobs are kept: Redis or PostgreSQL. Only this differs between the two. */
export interface Store {
  readonly kind: 'redis' | 'postgres'
  /** Queues and workers fail with what the driver throws; `translate.ts` says which of it is an outage. */
  openQueue(name: string): Promise<StoredQueue>
  /** Connected, not running yet. */
  openWorker(name: string, processor: StoredProcessor, options: StoredWorkerOptions): Promise<StoredWorker>
  ping(): Promise<void>
  close(): Promise<void>
}

/** Milliseconds. */
export const connectTimeoutMs = 5_000
export const commandTimeoutMs = 15_000

const quietMs = 30_000

/**
 * A listener for the errors of connections and workers: one static line, at most every 30 s for each queue, since a
 * store that is down fails many times a second. The driver's message stays out of the log: it may hold an address.
 */
export function reportTo(log: Log, fields: Readonly<Record<string, string>>): (error: unknown) => void {
  let quietUntil = 0
  return (error) => {
    if (Date.now() < quietUntil) return
    quietUntil = Date.now() + quietMs
    log.warn({ ...fields, code: codeOf(error) }, 'the queue has trouble with its store; it goes on trying')
  }
}

/** The error code of a driver (`ECONNREFUSED`, `57P01`), or its class; never free text. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? String(error.code) : ''
  if (/^\w{1,40}$/.test(code)) return code
  const word = /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0]
  return word ?? (/^\w{1,40}$/.test(error.name) ? error.name : 'unknown')
}
