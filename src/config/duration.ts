const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
const longestMs = 366 * 86_400_000

/** What is wrong with a duration, in words for the person who wrote it; null: nothing. */
export function durationFault(text: string): string | null {
  if (/^\s*\d+\s*$/.test(text)) return 'expected a duration with its unit: 90m, 4h or 2d'
  const ms = parseDuration(text)
  if (ms === null) return 'expected a duration such as 90m, 4h, 2d or 1d12h'
  if (ms === 0) return 'expected a duration longer than nothing'
  return ms > longestMs ? 'expected a duration of at most 366d' : null
}

/** `90m`, `4h`, `2d`, `1d12h` in milliseconds: each unit at most once, the longest first; null for everything else. */
export function parseDuration(text: string): number | null {
  const match = /^(?:(?<d>\d{1,6})d)?(?:(?<h>\d{1,6})h)?(?:(?<m>\d{1,6})m)?$/.exec(text.trim())
  if (match?.groups === undefined || match[0] === '') return null
  let ms = 0
  for (const [unit, count] of Object.entries(match.groups)) if (count !== undefined) ms += Number(count) * (unitMs[unit] ?? 0)
  return ms
}

/** For messages: `4h`, `1d12h`. @param ms whole minutes */
export function writeDuration(ms: number): string {
  let left = Math.round(ms / 60_000) * 60_000
  const parts: string[] = []
  for (const unit of ['d', 'h', 'm']) {
    const count = Math.floor(left / (unitMs[unit] ?? 1))
    if (count > 0) parts.push(`${count}${unit}`)
    left -= count * (unitMs[unit] ?? 0)
  }
  return parts.length === 0 ? '0m' : parts.join('')
}
