import { DelayedError, UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq'
import type { RateLimit } from '../contracts/source.ts'
import { Permanent, Transient } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Consumer, JobHandler } from './open.ts'
import { checkPayload, type Payload } from './payload.ts'
import { backoffMs, nextStep, type Tuning } from './policy.ts'
import { spacing, type Spacing } from './spacing.ts'
import type { Store, StoredQueue, StoredWorker } from './store.ts'

/** BullMQ's limiter counts this many points only when it was set by a pause, never by ordinary jobs. */
export const pausedPoints = 2_000_000_000
/** Without a limit of its own a worker still needs a limiter, or it would not see a pause. */
const unlimited = { max: 1_000_000_000, duration: 1_000 }
/** BullMQ counts attempts and stalls in 32 bits; how often is enough is for policy.ts to say. */
export const noEnd = 2_147_483_647
/** Late this often in a row, a job runs all the same, lest a slow store stop everything. */
const patience = 20

/** BullMQ stores the message of what a job throws: only fixed words are ever thrown at it. */
class TryAgain extends Error {
  readonly ms: number
  constructor(ms: number) {
    super('tries again')
    this.ms = ms
  }
}

interface Parts {
  readonly store: Store
  readonly name: string
  readonly queue: StoredQueue
  readonly handler: JobHandler
  readonly limit: RateLimit | null
  readonly concurrency: number
  readonly tuning: Tuning
  readonly log: Log
}

/**
 * Takes jobs of one queue and runs them until it is closed.
 * @throws what the store's driver throws when it cannot be reached now; later outages are waited out
 */
export async function consume(parts: Parts): Promise<Consumer> {
  const { store, name, tuning, log } = parts
  const turn = parts.limit === null ? null : spacing(parts.limit)
  const jobs = new RunningJobs()
  const worker = await store.openWorker(name, jobRunner(parts, turn, jobs), {
    autorun: false,
    concurrency: parts.concurrency,
    limiter: turn === null ? unlimited : { max: 1, duration: turn.everyMs },
    lockDuration: tuning.lockMs,
    stalledInterval: tuning.stalledCheckMs,
    maxStalledCount: noEnd,
    drainDelay: 10,
    runRetryDelay: 2_000,
    metrics: { maxDataPoints: 60 },
    settings: { backoffStrategy: (attempt, _type, error) => (error instanceof TryAgain ? error.ms : backoffMs(attempt, tuning, Math.random())) },
  })
  // Another worker has the job by now: going on with it here would only do it twice.
  worker.on('lockRenewalFailed', (ids) => jobs.abort('lock lost', ids))
  worker.run().catch(() => log.error({ queue: name }, 'a worker stopped by itself'))
  return { close: () => close(worker, jobs, parts) }
}

async function close(worker: StoredWorker, jobs: RunningJobs, { tuning, log, name }: Parts): Promise<void> {
  jobs.closing = true
  const aborting = setTimeout(() => jobs.abort('closing'), tuning.closeMs)
  const { promise: tooLong, resolve } = Promise.withResolvers<'too long'>()
  const leaving = setTimeout(() => resolve('too long'), tuning.closeMs + tuning.abandonMs + 2_000)
  const end = await Promise.race([worker.close(), tooLong])
  clearTimeout(aborting)
  clearTimeout(leaving)
  if (end === 'too long') log.warn({ queue: name }, 'a worker could not end in time; others take its jobs over')
}

/** The processor of one worker: everything that may happen to a job happens here. */
function jobRunner(parts: Parts, turn: Spacing | null, jobs: RunningJobs): (job: Job<Payload>, token?: string) => Promise<void> {
  const { handler, tuning, log, name } = parts
  const isLate = lateness(parts, turn)
  const pause = pauser(parts.queue, turn)

  function payloadOf(job: Job<Payload>): Payload {
    try {
      return checkPayload(job.data)
    } catch {
      log.error({ queue: name, job: job.id }, 'a stored job holds what this version cannot read; it is kept')
      throw new TryAgain(tuning.maxDelayMs)
    }
  }

  async function giveUp(job: Job<Payload>, payload: Payload, error: unknown): Promise<never> {
    try {
      await handler.giveUp(payload, error)
    } catch (failure) {
      const ms = backoffMs(job.attemptsMade + 1, tuning, Math.random())
      log.error({ queue: name, job: job.id, error: classOf(failure), ms }, 'a job could not be given up; it is tried again')
      throw new TryAgain(ms)
    }
    log.warn({ queue: name, job: job.id, error: classOf(error), attempt: job.attemptsMade + 1 }, 'a job was given up')
    throw new UnrecoverableError('given up')
  }

  async function afterError(job: Job<Payload>, token: string | undefined, payload: Payload, error: unknown): Promise<never> {
    const next = nextStep(error, job.attemptsMade + 1, tuning, { now: new Date(), random: Math.random() })
    if (next.step === 'give-up') return giveUp(job, payload, error)
    const fields = { queue: name, job: job.id, error: classOf(error), ms: next.ms }
    if (next.step === 'pause-queue') {
      log.info(fields, 'a queue waits: its destination said so')
      await pause(next.ms)
      throw Worker.RateLimitError()
    }
    if (next.step === 'delay-job') {
      log.info(fields, 'a job waits: its destination said so')
      await job.moveToDelayed(Date.now() + next.ms, token)
      throw new DelayedError()
    }
    log.warn({ ...fields, attempt: job.attemptsMade + 1 }, 'a job failed; it is tried again')
    throw new TryAgain(next.ms)
  }

  return async (job, token) => {
    if (jobs.closing || isLate(job)) return handBack(job, token)
    const payload = payloadOf(job)
    if (job.stalledCounter >= tuning.crashes) return giveUp(job, payload, new Permanent(`${job.stalledCounter} processes ended while they ran the job`))
    const running = jobs.start(job.id ?? '')
    const overtime = setTimeout(() => running.abort('too long'), tuning.runMs)
    try {
      await Promise.race([handler.run(payload, running.signal), running.abandoned(tuning.abandonMs)])
    } catch (error) {
      // Neither closing nor a lost lock is the job's fault: no attempt is spent.
      if (running.because === 'closing' || running.because === 'lock lost') return await handBack(job, token)
      return await afterError(job, token, payload, running.because === 'too long' ? new Transient('the job ran too long') : error)
    } finally {
      clearTimeout(overtime)
      jobs.end(running)
    }
  }
}

/** Puts a job back as it was; no attempt is spent. */
async function handBack(job: Job<Payload>, token: string | undefined): Promise<never> {
  try {
    await job.moveToWait(token)
  } catch {
    // Not ours any more, or the store is away: then the lock runs out and another worker takes it over.
  }
  throw new WaitingError()
}

/** Says whether a job missed its turn, and had better take another one. See spacing.ts. */
function lateness({ log, name }: Parts, turn: Spacing | null): (job: Job<Payload>) => boolean {
  let inARow = 0
  return (job) => {
    if (turn === null || job.processedOn === undefined) return false
    if (Date.now() - job.processedOn <= turn.lateMs) {
      inARow = 0
      return false
    }
    inARow += 1
    if (inARow > patience) log.warn({ queue: name }, 'jobs start later than their turn: the store or this machine is too slow')
    return inARow <= patience
  }
}

/**
 * Stops the queue for all workers. A pause is never shortened: neither by a shorter one, nor the spacing by a pause.
 * Two processes that pause at the very same moment may still end with the shorter one; then the destination says
 * "later" once more.
 */
function pauser(queue: StoredQueue, turn: Spacing | null): (ms: number) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve()
  async function lengthen(ms: number): Promise<void> {
    if (ms > (await queue.getRateLimitTtl(pausedPoints))) await queue.rateLimit(ms)
  }
  return (ms) => {
    const mine = last.then(() => lengthen(Math.max(ms, turn?.everyMs ?? 0)))
    last = mine.catch(() => undefined)
    return mine
  }
}

type Because = 'closing' | 'lock lost' | 'too long'

class RunningJob {
  readonly id: string
  because: Because | null = null
  readonly #controller = new AbortController()
  constructor(id: string) {
    this.id = id
  }
  get signal(): AbortSignal {
    return this.#controller.signal
  }
  abort(because: Because): void {
    this.because ??= because
    this.#controller.abort(new Transient('the queue stopped the job'))
  }
  /** Rejects `ms` after the abort, for handlers that do not heed it; else never settles. */
  abandoned(ms: number): Promise<never> {
    return new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => setTimeout(() => reject(new Transient('the job did not stop')), ms), { once: true })
    })
  }
}

class RunningJobs {
  closing = false
  readonly #running = new Set<RunningJob>()
  start(id: string): RunningJob {
    const job = new RunningJob(id)
    this.#running.add(job)
    return job
  }
  end(job: RunningJob): void {
    this.#running.delete(job)
  }
  abort(because: Because, ids?: readonly string[]): void {
    for (const job of this.#running) if (ids === undefined || ids.includes(job.id)) job.abort(because)
  }
}

/** The class of an error for a log line: its message may hold what must not be logged. */
function classOf(error: unknown): string {
  return error instanceof Error && /^\w{1,40}$/.test(error.name) ? error.name : 'unknown'
}
