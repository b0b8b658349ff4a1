/** A clock that stands still until it is told to go. */
export interface FixedClock {
  /** A new Date each time: nobody can turn the clock by changing what it returned. */
  now(): Date
  advance(ms: number): void
}

/** @param iso the first moment, for example `2026-03-01T09:00:00Z` */
export function fixedClock(iso: string): FixedClock {
  let at = Date.parse(iso)
  if (Number.isNaN(at)) throw new Error(`not a time: ${iso}`)
  return {
    now: () => new Date(at),
    advance(ms) {
      at += ms
    },
  }
}
