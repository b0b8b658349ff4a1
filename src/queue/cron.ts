import { instantOf, wallClockAsUtc } from '../zoned-time.ts'
import { createTask, parse, validateDetailed, type Logger } from 'node-cron'

/** node-cron would print to the console; what matters is logged by us. */
export const silent: Logger = { info: nothing, warn: nothing, error: nothing, debug: nothing }
function nothing(): void {}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
/** 29 February on a given weekday comes every 28 years, 40 across a century without a leap day. */
const horizonDays = 41 * 366

/** What is wrong with a cron expression, in words for the person who wrote it; null: nothing. */
export function validateCron(expression: string): string | null {
  if (expression.length > 100) return 'a cron expression has at most 100 characters'
  // node-cron writes ranges out: 0-9999999999 would never end.
  if (/\d{3}/.test(expression)) return 'the numbers of a cron expression have at most two digits'
  const fields = expression.trim().split(/\s+/).length
  if (fields !== 5 && !expression.trim().startsWith('@')) return `a cron expression has five fields (minute, hour, day of month, month, day of week), not ${fields}`
  const { valid, errors } = validateDetailed(expression)
  if (!valid) return errors.map(({ message }) => message.replace(' is a invalid expression for ', ' is not valid for the ')).join('; ')
  return nextTick(expression, new Date(0)) === null ? 'this day never comes: day of month and day of week have to match both' : null
}

/** The last tick at or before a time, in UTC; null when there is none within 41 years. @param expression a valid one */
export function latestTick(expression: string, before: Date): Date | null {
  return findTick(expression, before, -1)
}

/**
 * The same by the wall clock of a time zone. In the night that loses an hour, a tick in that hour is the moment at which
 * the clock has passed it; in the night that has one twice, its first coming: none is skipped, none comes twice.
 */
export function latestTickIn(expression: string, zone: string, before: Date): Date | null {
  const wall = latestTick(expression, wallClockAsUtc(before, zone))
  if (wall === null) return null
  const shown = { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate(), minute: wall.getUTCHours() * 60 + wall.getUTCMinutes() }
  return instantOf(shown, zone)
}

/** The first tick after a time, in UTC; null when there is none within 41 years. @param expression a valid one */
export function nextTick(expression: string, after: Date): Date | null {
  return findTick(expression, after, 1)
}

/** Walks day by day; which day matches is node-cron's own judgement, so that both clocks agree on L, W and #. */
function findTick(expression: string, from: Date, direction: 1 | -1): Date | null {
  const times = timesOfDay(expression)
  if (direction === -1) times.reverse()
  const [first] = times
  if (first === undefined) return null
  const task = createTask(expression, nothing, { timezone: 'UTC', logger: silent })
  try {
    const today = Math.floor(from.getTime() / dayMs) * dayMs
    for (let day = 0; day <= horizonDays; day += 1) {
      const midnight = today + direction * day * dayMs
      if (!task.match(new Date(midnight + first))) continue
      const time = times.find((ms) => (direction === 1 ? midnight + ms > from.getTime() : midnight + ms <= from.getTime()))
      if (time !== undefined) return new Date(midnight + time)
    }
    return null
  } finally {
    // node-cron keeps every task until it is destroyed.
    void task.destroy()
  }
}

/** Milliseconds since midnight of every tick on a day that has ticks, in order. */
function timesOfDay(expression: string): number[] {
  const { hour, minute } = parse(expression)
  const times = new Set(hour.flatMap((h) => minute.map((m) => h * hourMs + m * minuteMs)))
  return [...times].sort((a, b) => a - b)
}
