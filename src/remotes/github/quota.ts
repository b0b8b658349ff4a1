import { RetryLater } from '../../errors.ts'
import { atServerTime, boundWait } from '../../net/retry-after.ts'

/** GitHub's names of the limits that we use up. */
export type Resource = 'code_search' | 'graphql' | 'core'

/**
 * What this process knows of exhausted limits: nothing is sent while one is known to be used up. Other processes
 * learn it from the queue, which stops for all of them when one throws RetryLater; without that, from GitHub.
 */
export interface Quota {
  /** @throws RetryLater while the limit is known to be used up: call it before sending. */
  admit(resource: Resource): void
  /** Reads the rate limit headers of any answer. */
  note(resource: Resource, headers: Headers): void
  /** The limit is used up until then; `all`: a secondary limit, which counts every request of the account. */
  block(resource: Resource | 'all', until: Date): void
}

export function createQuota(now: () => Date): Quota {
  const blocked = new Map<string, Date>()
  const block = (resource: string, until: Date): void => {
    const known = blocked.get(resource)
    if (known === undefined || known < until) blocked.set(resource, until)
  }
  return {
    admit: (resource) => {
      for (const key of [resource, 'all']) {
        const until = blocked.get(key)
        if (until !== undefined && until > now()) throw new RetryLater(`GitHub: the limit of ${resource} is used up`, until)
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
