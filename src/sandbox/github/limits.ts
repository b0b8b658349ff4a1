export type Bucket = 'core' | 'search' | 'code_search' | 'graphql'

/** Requests (GraphQL: points) that a window holds. */
export type BucketSizes = Readonly<Record<Bucket, number>>

const windowMs: Readonly<Record<Bucket, number>> = { core: 3_600_000, search: 60_000, code_search: 60_000, graphql: 3_600_000 }

/** What the five rate headers say. */
export interface Rate {
  readonly bucket: Bucket
  readonly limit: number
  readonly remaining: number
  readonly used: number
  /** Seconds since the epoch, rounded up: at that second the window is over. */
  readonly reset: number
}

export interface Limits {
  /** Takes points out of the holder's window; false when it was already empty. The first use opens the window. */
  take(holder: string, bucket: Bucket, points: number): boolean
  /** Takes points without asking: the deduction after a timeout. */
  deduct(holder: string, bucket: Bucket, points: number): void
  /** Gives one back: a 304 costs nothing. */
  refund(holder: string, bucket: Bucket): void
  /** Uses up the window. */
  exhaust(holder: string, bucket: Bucket): void
  rate(holder: string, bucket: Bucket): Rate
}

interface Window {
  readonly endsAtSecond: number
  used: number
}

/** Windows per holder (a user, not a token) and bucket; they open with the first use and do not move when hammered. */
export function createLimits(sizeOf: (holder: string, bucket: Bucket) => number, now: () => Date): Limits {
  const windows = new Map<string, Window>()

  function current(holder: string, bucket: Bucket): Window | null {
    const window = windows.get(`${bucket} ${holder}`)
    return window === undefined || now().getTime() >= window.endsAtSecond * 1_000 ? null : window
  }

  function opened(holder: string, bucket: Bucket): Window {
    const existing = current(holder, bucket)
    if (existing !== null) return existing
    const window: Window = { endsAtSecond: Math.ceil((now().getTime() + windowMs[bucket]) / 1_000), used: 0 }
    windows.set(`${bucket} ${holder}`, window)
    return window
  }

  return {
    take(holder, bucket, points) {
      const window = opened(holder, bucket)
      const limit = sizeOf(holder, bucket)
      if (window.used >= limit) return false
      window.used = Math.min(limit, window.used + points)
      return true
    },
    deduct(holder, bucket, points) {
      const window = opened(holder, bucket)
      window.used = Math.min(sizeOf(holder, bucket), window.used + points)
    },
    refund(holder, bucket) {
      const window = current(holder, bucket)
      if (window !== null) window.used = Math.max(0, window.used - 1)
    },
    exhaust(holder, bucket) {
      opened(holder, bucket).used = sizeOf(holder, bucket)
    },
    rate(holder, bucket) {
      const limit = sizeOf(holder, bucket)
      const window = current(holder, bucket)
      const used = window?.used ?? 0
      return { bucket, limit, remaining: limit - used, used, reset: window?.endsAtSecond ?? Math.ceil((now().getTime() + windowMs[bucket]) / 1_000) }
    },
  }
}

/** Points a minute: REST per endpoint, GraphQL together. */
const restPointsPerMinute = 900
const graphqlPointsPerMinute = 2_000
const concurrentRequests = 100

/** A request is refused: `announced` is the value of retry-after in seconds, null when it is not sent. */
export interface Refusal {
  readonly status: 200 | 403 | 429
  readonly announced: number | null
  /** The client had been refused before and did not wait. */
  readonly impatient: boolean
}

export interface SecondaryLimits {
  /** Counts a request that begins; call `leave` when it is answered, whatever the answer was. */
  enter(holder: string, endpoint: string): Refusal | null
  leave(holder: string): void
  /** Refuses this and everything else of the holder for so many seconds. */
  refuse(holder: string, seconds: number, refusal: { status: 200 | 403 | 429; silent: boolean }): Refusal
}

interface Penalty {
  readonly until: number
  readonly status: 200 | 403 | 429
  readonly silent: boolean
}

/** The limits nobody can read: concurrency, points a minute, and penalties once they struck. */
export function createSecondaryLimits(now: () => Date): SecondaryLimits {
  const running = new Map<string, number>()
  const minutes = new Map<string, { readonly endsAt: number; points: number }>()
  const penalties = new Map<string, Penalty>()

  function pointsOf(key: string): number {
    const at = now().getTime()
    let minute = minutes.get(key)
    if (minute === undefined || at >= minute.endsAt) {
      minute = { endsAt: at + 60_000, points: 0 }
      minutes.set(key, minute)
    }
    minute.points += 1
    return minute.points
  }

  function refusal(penalty: Penalty, impatient: boolean): Refusal {
    const seconds = Math.max(1, Math.ceil((penalty.until - now().getTime()) / 1_000))
    return { status: penalty.status, announced: penalty.silent ? null : seconds, impatient }
  }

  function refuse(holder: string, seconds: number, { status, silent }: { status: 200 | 403 | 429; silent: boolean }): Refusal {
    const penalty = { until: now().getTime() + seconds * 1_000, status, silent }
    penalties.set(holder, penalty)
    return refusal(penalty, false)
  }

  return {
    refuse,
    enter(holder, endpoint) {
      const parallel = (running.get(holder) ?? 0) + 1
      running.set(holder, parallel)
      const penalty = penalties.get(holder)
      if (penalty !== undefined && now().getTime() < penalty.until) return refusal(penalty, true)
      const allowed = endpoint === 'graphql' ? graphqlPointsPerMinute : restPointsPerMinute
      const overspent = pointsOf(`${holder} ${endpoint}`) > allowed
      return parallel > concurrentRequests || overspent ? refuse(holder, 60, { status: 403, silent: false }) : null
    },
    leave(holder) {
      running.set(holder, Math.max(0, (running.get(holder) ?? 0) - 1))
    },
  }
}
