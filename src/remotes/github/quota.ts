import { z } from 'zod'
import type { Memory } from '../../contracts/source.ts'
import { RetryLater } from '../../errors.ts'
import { atServerTime, boundWait } from '../../net/retry-after.ts'

/** GitHub's names of the limits that we use up. */
export type Resource = 'code_search' | 'search' | 'graphql' | 'core'

/**
 * What is known of exhausted limits of the account: nothing is sent while one is known to be used up. This process
 * knows at once; the other processes and their sources learn it from the memory that all sources on GitHub share,
 * before they send. Memory that cannot be read or written is no obstacle: then GitHub says it once more.
 */
export interface Quota {
  /** @throws RetryLater while the limit is known to be used up: call it before sending. */
  admit(resource: Resource): Promise<void>
  /** Reads the rate limit headers of any answer. */
  note(resource: Resource, headers: Headers): void
  /** The limit is used up until then; `all`: a secondary limit, which counts every request of the account. */
  block(resource: Resource | 'all', until: Date): void
}

const remembered = z.object({ until: z.iso.datetime() })

export function createQuota(now: () => Date, memory: Memory | null): Quota {
  const blocked = new Map<string, Date>()
  let writing: Promise<void> = Promise.resolve()
  const known = (resource: string): Date | null => {
    const until = blocked.get(resource)
    return until !== undefined && until > now() ? until : null
  }
  const block = (resource: string, until: Date): void => {
    const before = blocked.get(resource)
    if (before !== undefined && before >= until) return
    blocked.set(resource, until)
    if (memory === null) return
    writing = writing.then(() => memory.set(keyOf(resource), { until: until.toISOString() })).catch(() => undefined)
  }
  const learn = async (resource: string): Promise<Date | null> => {
    const told = remembered.safeParse(await memory?.get(keyOf(resource)).catch(() => null))
    const until = told.success ? boundWait(Date.parse(told.data.until) - now().getTime(), now()) : now()
    if (until > now()) blocked.set(resource, until)
    return known(resource)
  }
  return {
    admit: async (resource) => {
      await writing
      for (const key of [resource, 'all']) {
        const until = known(key) ?? (memory === null ? null : await learn(key))
        if (until !== null) throw new RetryLater(`GitHub: the limit of ${resource} is used up`, until)
      }
    },
    note: (resource, headers) => {
      const until = resetOf(headers, now())
      // The server says which limit it counted; an unknown one is not ours.
      if (until !== null) block(headers.get('x-ratelimit-resource') ?? resource, until)
    },
    block,
  }
}

function keyOf(resource: string): string {
  return `exhausted:${resource}`
}

/** Wait when GitHub says that a limit is used up but not until when: "at least one minute". Milliseconds. */
export const unspecifiedWaitMs = 60_000

/**
 * When the used-up limit of these headers is open again, by our clock, a second added for the rounding of both
 * clocks; null while something remains. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function resetOf(headers: Headers, now: Date): Date | null {
  if (headers.get('x-ratelimit-remaining')?.trim() !== '0') return null
  const reset = headers.get('x-ratelimit-reset')?.trim() ?? ''
  if (!/^\d{1,12}$/.test(reset)) return boundWait(unspecifiedWaitMs, now)
  const until = atServerTime(new Date(Number(reset) * 1000), headers, now)
  return new Date(until.getTime() + 1000)
}
