import type { RateLimit } from '../contracts/source.ts'
import { Invalid } from '../errors.ts'

/** Milliseconds. One job may start in every `everyMs`, and must start within `lateMs` of its turn. */
export interface Spacing {
  readonly everyMs: number
  readonly lateMs: number
}

/**
 * Even spacing: `max` jobs in `perMs` become one job every `perMs / max`, so that no window of `perMs`, wherever it
 * begins, sees more than `max` starts. A window counter would allow twice as many across its border.
 *
 * A job starts a little after its turn, and a late start followed by a prompt one stand closer than their turns. So
 * a start may be late by a tenth of the window (a second at most), the spacing makes room for that, and a worker
 * that is later gives its turn up: (`perMs` + `lateMs`) / `max`, rounded up.
 * @throws Invalid for a limit that is not two whole numbers above zero
 */
export function spacing(limit: RateLimit): Spacing {
  if (!isCount(limit.max) || !isCount(limit.perMs)) throw new Invalid('a rate limit is a whole number of requests in a whole number of milliseconds')
  const lateMs = Math.min(Math.ceil(limit.perMs / 10), 1_000)
  return { everyMs: Math.ceil((limit.perMs + lateMs) / limit.max), lateMs }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
