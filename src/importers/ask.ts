import type { HttpClient } from '../contracts/http.ts'
import { RetryLater, Transient } from '../errors.ts'

/** Attempts of one request: a gateway that restarts must not cost the pages that came before. */
const attempts = 4
const firstWaitMs = 500
/** A server that asks for more patience is told about instead of waited for. */
const longestWaitMs = 2 * 60_000

/** A client that asks again after hiccups and waits when it is asked to; what lasts is thrown as it is. */
export function askPatiently(http: HttpClient, { now, wait }: { readonly now: () => Date; readonly wait: (ms: number) => Promise<void> }): HttpClient {
  return {
    ...http,
    async request(request) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await http.request(request)
        } catch (error) {
          const pause = pauseAfter(error, attempt, now())
          if (pause === null || attempt === attempts) throw error
          await wait(pause)
        }
      }
    },
  }
}

function pauseAfter(error: unknown, attempt: number, now: Date): number | null {
  if (error instanceof Transient) return firstWaitMs * 2 ** (attempt - 1)
  if (!(error instanceof RetryLater)) return null
  const pause = Math.max(0, error.until.getTime() - now.getTime())
  return pause > longestWaitMs ? null : pause
}
