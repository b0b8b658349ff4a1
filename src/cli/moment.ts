import { parseDuration, durationFault } from '../config/duration.ts'
import { Invalid } from '../errors.ts'

/**
 * The end of something that begins now: `--for 2h`, or `--until 2026-12-01` and `--until 2026-12-01T08:00Z` (without a
 * zone: of this machine).
 * @throws Invalid for both, none, and what is no moment
 */
export function endOf(options: { readonly for?: string | undefined; readonly until?: string | undefined }, now: Date): Date {
  const fault = (key: string, expected: string, value?: string): Invalid => new Invalid([{ where: 'command line', key, expected, ...(value === undefined ? {} : { value: JSON.stringify(value) }) }])
  if (options.for !== undefined && options.until !== undefined) throw fault('--for, --until', 'give one of them')
  if (options.for !== undefined) {
    const wrong = durationFault(options.for)
    if (wrong !== null) throw fault('--for', wrong, options.for)
    return new Date(now.getTime() + (parseDuration(options.for) ?? 0))
  }
  if (options.until === undefined) throw fault('--for, --until', 'a mute needs an end: --for 2h, or --until 2026-12-01T08:00')
  const at = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(options.until) ? new Date(options.until.length === 10 ? `${options.until}T00:00` : options.until.replace(' ', 'T')) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime())) throw fault('--until', 'expected a date, or a date and a time: 2026-12-01, 2026-12-01T08:00, 2026-12-01T08:00Z', options.until)
  return at
}
