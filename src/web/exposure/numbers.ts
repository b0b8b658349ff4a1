/** Hours as a person says them: 45 min, 5 h, 3 d 4 h, 12 d. */
export function inWords(hours: number): string {
  if (hours < 1) return `${Math.round(hours * 60)} min`
  if (hours < 48) return `${Math.round(hours * 10) / 10} h`
  const days = Math.floor(hours / 24)
  const rest = Math.round(hours - days * 24)
  if (rest === 24) return `${days + 1} d`
  return days >= 10 || rest === 0 ? `${Math.round(hours / 24)} d` : `${days} d ${rest} h`
}

/** A share without rounding up to all or down to nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const percent = (part / whole) * 100
  if (percent > 99 && percent < 100) return '> 99 %'
  if (percent > 0 && percent < 1) return '< 1 %'
  return `${Math.round(percent)} %`
}
