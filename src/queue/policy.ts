import { Conflict, ContractBroken, Invalid, NotFound, Permanent, RetryLater } from '../errors.ts'

/** How patient the queue is. Every field has a default; tests shorten them. */
export interface RetryTuning {
  /** Times a job is tried, the first included. */
  readonly attempts?: number
  /** Milliseconds before the second attempt; doubled for each further one. */
  readonly firstDelayMs?: number
  readonly maxDelayMs?: number
  /** Times a job may take its process down with it before it is given up. */
  readonly crashes?: number
  /** Milliseconds a silent worker keeps a job; it renews at half of that. */
  readonly lockMs?: number
  /** Milliseconds between two looks for jobs whose worker fell silent. */
  readonly stalledCheckMs?: number
  /** Milliseconds a job may run before its signal is aborted, which counts as a failed attempt. */
  readonly runMs?: number
  /** Milliseconds that `close` leaves a job to finish before its signal is aborted. */
  readonly closeMs?: number
  /** Milliseconds that a job gets after the abort before nobody waits for it any more. */
  readonly abandonMs?: number
}
export type Tuning = Required<RetryTuning>

/** A job of a killed process is taken over after at most `lockMs` + `stalledCheckMs`, 15 s. */
export const defaultTuning: Tuning = {
  attempts: 8,
  firstDelayMs: 5_000,
  maxDelayMs: 10 * 60_000,
  crashes: 20,
  lockMs: 10_000,
  stalledCheckMs: 5_000,
  runMs: 5 * 60_000,
  closeMs: 5_000,
  abandonMs: 1_000,
}

export type NextStep =
  | { readonly step: 'pause-queue'; readonly ms: number }
  | { readonly step: 'delay-job'; readonly ms: number }
  | { readonly step: 'try-again'; readonly ms: number }
  | { readonly step: 'give-up' }

/** A remote that says "now" would be asked in a tight loop, since waiting costs no attempt. */
const shortestWaitMs = 1_000
/** Nobody may silence us for longer: after a day the remote is asked again, and may say so again. */
const longestWaitMs = 24 * 60 * 60_000

/**
 * The one place where the class of an error becomes what happens next.
 *
 * | error                                                              | what happens next                                       | attempt |
 * | ------------------------------------------------------------------ | ------------------------------------------------------- | ------- |
 * | `RetryLater`, scope `destination`                                  | no worker takes a job of this queue until then          | free    |
 * | `RetryLater`, scope `job`                                          | this job waits until then, others go on                 | free    |
 * | `Transient`, and everything we do not know                         | backoff with jitter, `attempts` times; then given up    | spent   |
 * | `Permanent`, `ContractBroken`, `NotFound`, `Conflict`, `Invalid`   | given up at once                                        | spent   |
 *
 * Waits of `RetryLater` are at least 1 s and at most 24 h. A backoff is 5 s doubled per attempt, at most 10 min, of
 * which the second half is drawn by chance, so that jobs that failed together do not come back together.
 * @param attempt the failed attempt, 1-based
 * @param random from 0 up to 1
 */
export function nextStep(error: unknown, attempt: number, tuning: Tuning, chance: { readonly now: Date; readonly random: number }): NextStep {
  if (error instanceof RetryLater) {
    const ms = Math.min(Math.max(error.until.getTime() - chance.now.getTime(), shortestWaitMs), longestWaitMs)
    return { step: error.scope === 'destination' ? 'pause-queue' : 'delay-job', ms: Number.isNaN(ms) ? shortestWaitMs : ms }
  }
  if (isFinal(error) || attempt >= tuning.attempts) return { step: 'give-up' }
  return { step: 'try-again', ms: backoffMs(attempt, tuning, chance.random) }
}

function isFinal(error: unknown): boolean {
  return [Permanent, ContractBroken, NotFound, Conflict, Invalid].some((final) => error instanceof final)
}

/** Milliseconds to wait after the failed attempt (1-based). @param random from 0 up to 1 */
export function backoffMs(attempt: number, tuning: Tuning, random: number): number {
  const full = Math.min(tuning.firstDelayMs * 2 ** (attempt - 1), tuning.maxDelayMs)
  return Math.ceil(full / 2 + (full / 2) * random)
}
