const fields = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of the month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  // 7 is Sunday too.
  { name: 'day of the week', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const
type Field = (typeof fields)[number]

/**
 * Says what is wrong with a cron expression of five fields (minute hour day month weekday); null when nothing is.
 * Lists, ranges, steps and English names of months and days are understood. Six fields (seconds) are not: no source
 * wants to be asked every second.
 */
export function cronFault(expression: string): string | null {
  const parts = expression.trim().split(/\s+/)
  if (parts.length !== fields.length) return `expected a cron expression of five fields (minute hour day month weekday), these are ${parts.length}`
  for (const [index, field] of fields.entries()) {
    const wrong = (parts[index] ?? '').split(',').find((item) => !fits(item, field))
    if (wrong !== undefined) return `the ${field.name} of a cron expression is *, or numbers from ${field.min} to ${field.max} with , - and /`
  }
  return null
}

function fits(item: string, field: Field): boolean {
  const [range = '', step, ...rest] = item.split('/')
  if (rest.length > 0) return false
  if (step !== undefined && (!/^\d{1,3}$/.test(step) || Number(step) < 1 || Number(step) > field.max)) return false
  if (range === '*') return true
  const ends = range.split('-').map((text) => position(text, field))
  const [from, to = from] = ends
  return ends.length <= 2 && from !== undefined && to !== undefined && from !== null && to !== null && from <= to
}

function position(text: string, field: Field): number | null {
  const named = (field.names as readonly string[]).indexOf(text.toLowerCase())
  if (named !== -1) return named + field.min
  if (!/^\d{1,2}$/.test(text)) return null
  const value = Number(text)
  return value >= field.min && value <= field.max ? value : null
}
