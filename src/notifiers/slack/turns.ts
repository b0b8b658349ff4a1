import { setTimeout as wait } from 'node:timers/promises'

/** Milliseconds of a clock that only goes forward, and how to let them pass. */
export interface Ticking {
  now(): number
  wait(ms: number): Promise<unknown>
}

const ticking: Ticking = { now: () => performance.now(), wait: (ms) => wait(ms) }

/**
 * Lets one message out in every `everyMs`. The queue spaces the starts of jobs, over all processes; what a job does
 * before it sends takes now longer, now shorter, and would bring two messages closer together than Slack allows.
 */
export function createTurns(everyMs: number, clock: Ticking = ticking): () => Promise<void> {
  let free = -Infinity
  return async () => {
    const now = clock.now()
    const turn = Math.max(now, free)
    free = turn + everyMs
    if (turn > now) await clock.wait(turn - now)
  }
}
