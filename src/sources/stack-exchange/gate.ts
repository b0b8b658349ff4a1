import { z } from 'zod'
import type { Memory } from '../../contracts/source.ts'
import { RetryLater } from '../../errors.ts'

/** The API's methods that we call; `backoff` holds for one of them. */
export type Method = 'search' | 'posts' | 'comments' | 'revisions' | 'filters'

/** Seconds on top of what the API asks for: calls at exactly the moment were punished. */
const marginSeconds = 2
/** Requests of a day that are left for looking again at what is known: new searches stop before them. */
const reserve = { withKey: 200, withoutKey: 30 } as const

const until = z.iso.datetime()
const quota = z.object({ remaining: z.int(), day: z.iso.date() })

/**
 * What the API forbids at the moment: a method that it asked to rest, everything after a violation, new searches when
 * the day's quota nears its end. Kept in the source's memory, so that it holds over restarts and in every process.
 * https://api.stackexchange.com/docs/throttle
 */
export interface Gate {
  /** @throws RetryLater while this must not be called. Call it before sending. */
  admit(method: Method): Promise<void>
  /** Of every good answer. */
  note(method: Method, answer: { readonly backoffSeconds: number; readonly quotaRemaining: number | null }): Promise<void>
  /** A violation: nothing may be asked for so long. Seconds. */
  pause(seconds: number): Promise<Date>
}

export function createGate(memory: Memory, now: () => Date, hasKey: boolean): Gate {
  const after = (seconds: number): Date => new Date(now().getTime() + seconds * 1000)
  const closedUntil = async (key: string): Promise<Date | null> => {
    const stored = until.safeParse(await memory.get(key))
    const moment = stored.success ? new Date(stored.data) : null
    return moment !== null && moment > now() ? moment : null
  }
  const close = async (key: string, moment: Date): Promise<void> => {
    const known = await closedUntil(key)
    if (known === null || known < moment) await memory.set(key, moment.toISOString())
  }
  return {
    admit: async (method) => {
      const paused = await closedUntil('pause')
      if (paused !== null) throw new RetryLater('Stack Exchange: too many requests, a pause was asked for', paused)
      const resting = await closedUntil(`backoff.${method}`)
      if (resting !== null) throw new RetryLater('Stack Exchange: asks this method to rest', resting)
      const left = quota.safeParse(await memory.get('quota'))
      if (!left.success || left.data.day !== dayOf(now())) return
      const least = method === 'search' ? (hasKey ? reserve.withKey : reserve.withoutKey) : 0
      if (left.data.remaining <= least) throw new RetryLater('Stack Exchange: the quota of the day is used up, but for a reserve', nextDay(now()))
    },
    note: async (method, { backoffSeconds, quotaRemaining }) => {
      if (quotaRemaining !== null) await memory.set('quota', { remaining: quotaRemaining, day: dayOf(now()) })
      if (backoffSeconds > 0) await close(`backoff.${method}`, after(backoffSeconds + marginSeconds))
    },
    pause: async (seconds) => {
      const moment = after(seconds)
      await close('pause', moment)
      return moment
    },
  }
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

/** The quota is believed to begin anew at midnight, UTC; a minute later clocks agree. */
function nextDay(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1, 0, 1))
}
