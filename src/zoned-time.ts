/**
 * Wall clocks of time zones, by the data that Node brings (Intl). Two nights a year are odd: in spring an hour of the
 * wall clock does not exist, in autumn one comes twice. Both have an answer here, so that nothing is skipped or told twice.
 */

/** What a clock on the wall shows. `month` is 1 to 12, `minute` counts from midnight; days and minutes may overflow. */
export interface WallTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly minute: number
}

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** What is wrong with the name of a time zone; null: nothing. */
export function timeZoneFault(name: string): string | null {
  if (name.length <= 64) {
    try {
      formatOf(name)
      return null
    } catch {
      // No name that Intl knows: said below.
    }
  }
  return 'expected the name of a time zone such as Europe/Berlin, America/New_York or UTC'
}

/** What the clock of a zone shows; seconds are dropped. @param zone one that `timeZoneFault` accepts */
export function wallTimeOf(at: Date, zone: string): WallTime {
  const wall = wallClockAsUtc(at, zone)
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), minute: wall.getUTCHours() * 60 + wall.getUTCMinutes() }
}

/** The wall clock of a zone read as if it stood in Greenwich: for arithmetic that knows only UTC. */
export function wallClockAsUtc(at: Date, zone: string): Date {
  return new Date(at.getTime() + offsetOf(at.getTime(), zone))
}

/** The day of the week of a wall time, 0 is Sunday. */
export function weekdayOf({ year, month, day }: WallTime): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay()
}

/**
 * When the clock of a zone shows this. A time that comes twice is its first coming; one that is skipped is the moment
 * at which the clock has passed it.
 */
export function instantOf({ year, month, day, minute }: WallTime, zone: string): Date {
  const wall = Date.UTC(year, month - 1, day) + minute * minuteMs
  const before = offsetOf(wall - dayMs, zone)
  const after = offsetOf(wall + dayMs, zone)
  const candidates = [before, after].map((offset) => wall - offset).filter((at) => at + offsetOf(at, zone) === wall)
  if (candidates.length > 0) return new Date(Math.min(...candidates))
  return new Date(changeBetween(wall - dayMs, wall + dayMs, zone))
}

/** The minute from which the offset is the one at `to`; there is one change between the two. */
function changeBetween(from: number, to: number, zone: string): number {
  const after = offsetOf(to, zone)
  let [low, high] = [Math.floor(from / minuteMs), Math.ceil(to / minuteMs)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetOf(middle * minuteMs, zone) === after) high = middle
    else low = middle
  }
  return high * minuteMs
}

/** Milliseconds that the wall clock is ahead of UTC. */
function offsetOf(at: number, zone: string): number {
  const parts: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) if (type !== 'literal') parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Costly to make, so each is made once. @throws RangeError for a name that is no zone */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  })
  formats.set(zone, made)
  return made
}
