import { InvalidArgumentError } from 'commander'

/** A date or a date and time; what names no zone is UTC, so that the same words mean the same moment everywhere. */
export function parseTime(text: string): Date {
  const refusal = new InvalidArgumentError('a time such as 2026-12-31T23:59:59Z is expected.')
  const match = /^(?<date>\d{4}-\d\d-\d\d)(?:T(?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(?<zone>Z|[+-]\d\d:\d\d)?)?$/.exec(text)
  if (match?.groups === undefined) throw refusal
  const { date = '', time = '00:00:00', zone = 'Z' } = match.groups
  const day = new Date(`${date}T00:00:00Z`)
  const moment = new Date(`${date}T${time}${zone}`)
  // Date takes 2026-02-31 for the 3rd of March.
  if (Number.isNaN(moment.getTime()) || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(date)) throw refusal
  return moment
}
