/** A moment as boards write it: ISO 8601, `2026-09-01`, `2026-09-01 10:00:00 UTC`, RFC 822, milliseconds. Null: none, or unreadable. */
export function momentOf(value: string | number | null | undefined): Date | null {
  if (value === null || value === undefined || value === '') return null
  const text = typeof value === 'string' ? value.trim().replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) UTC$/, '$1T$2Z') : value
  const moment = new Date(text)
  // Nobody advertised jobs on the web before; a number of seconds read as milliseconds lands there too.
  return Number.isNaN(moment.getTime()) || moment.getUTCFullYear() < 1995 ? null : moment
}
