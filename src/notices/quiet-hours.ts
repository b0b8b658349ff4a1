import type { QuietHours } from '../contracts/routing.ts'
import { instantOf, wallTimeOf, weekdayOf } from '../zoned-time.ts'

const dayMinutes = 24 * 60
/** Quiet times that touch are one: a night, then a quiet Saturday, then the next night. A week of them is the longest. */
const mostInARow = 20

/** The end of the quiet time that a moment lies in; null: it is not quiet. The beginning is quiet, the end is not. */
export function quietUntil(hours: QuietHours, at: Date): Date | null {
  let until: Date | null = null
  for (let step = 0; step < mostInARow; step += 1) {
    const end = endOf(hours, until ?? at)
    if (end === null) return until
    until = end
  }
  return until
}

/** The latest end of the times that hold a moment; they begin today, yesterday or, over an odd night, the day before. */
function endOf({ timezone, from, to, days, wholeDays }: QuietHours, at: Date): Date | null {
  const today = wallTimeOf(at, timezone)
  const length = to > from ? to - from : to - from + dayMinutes
  let latest: Date | null = null
  for (const ago of [0, 1, 2]) {
    const day = { ...today, day: today.day - ago, minute: 0 }
    const spans = [
      ...(days.includes(weekdayOf(day)) ? [{ from, to: from + length }] : []),
      ...(wholeDays.includes(weekdayOf(day)) ? [{ from: 0, to: dayMinutes }] : []),
    ]
    for (const span of spans) {
      const [start, end] = [instantOf({ ...day, minute: span.from }, timezone), instantOf({ ...day, minute: span.to }, timezone)]
      if (start <= at && at < end && (latest === null || end > latest)) latest = end
    }
  }
  return latest
}
