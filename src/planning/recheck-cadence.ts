/** What decides how soon a place is looked at again. */
export interface Watched {
  /** The worst severity of a finding that is not settled and stands there; null: all are dismissed or resolved. */
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | null
  readonly firstSeenAt: Date
  /** Some place is live, or could not be told. */
  readonly live: boolean
}

const hour = 3_600_000
const day = 24 * hour

/** Soonest and latest, in milliseconds. */
const bounds = {
  critical: [6 * hour, 3 * day],
  high: [12 * hour, 4 * day],
  medium: [day, 7 * day],
  low: [2 * day, 14 * day],
} as const
/** What is gone is looked at too: a repository that was private for a week comes back. */
const settled = [7 * day, 30 * day] as const

/** When a place is asked for again after a clear answer: an eighth of its age, within bounds that the risk sets. */
export function nextRecheck({ severity, firstSeenAt, live }: Watched, now: Date): Date {
  const [soonest, latest] = severity === null || !live ? settled : bounds[severity]
  const wait = Math.min(latest, Math.max(soonest, (now.getTime() - firstSeenAt.getTime()) / 8))
  return new Date(now.getTime() + wait)
}

/** An absence is believed when it is seen again so much later. Milliseconds. */
export const confirmAfterMs = hour

/** After answers that told nothing: five minutes, doubled with each, a day at most. @param attempts so far, 1-based */
export function nextAttempt(attempts: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(day, 5 * 60_000 * 2 ** Math.min(attempts - 1, 20)))
}
