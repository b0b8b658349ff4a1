/** No server makes us wait longer than this: a day later the situation is another one. Milliseconds. */
export const longestWaitMs = 24 * 60 * 60 * 1000

/**
 * What our clock will show when the server's clock shows `moment`. The server's `Date` header cancels the skew
 * between the two clocks; without it the clocks are taken as equal. Never before `now`, never over 24 h after it.
 */
export function atServerTime(moment: Date, headers: Headers, now: Date): Date {
  const serverNow = serverDate(headers) ?? now
  return boundWait(moment.getTime() - serverNow.getTime(), now)
}

/**
 * The moment before which the server asks not to be asked again, by our clock; null when the header is absent or
 * says nothing. Seconds or an HTTP date (RFC 9110, section 10.2.3); bounded like {@link atServerTime}.
 */
export function retryAfter(headers: Headers, now: Date): Date | null {
  const value = headers.get('retry-after')?.trim()
  if (value === undefined || value === '') return null
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(value)) return boundWait(Math.ceil(Number(value) * 1000), now)
  const date = httpDate(value)
  return date === null ? null : atServerTime(date, headers, now)
}

/** The server's clock as it stands in the `Date` header, in whole seconds; null when absent or unreadable. */
export function serverDate(headers: Headers): Date | null {
  const value = headers.get('date')
  return value === null ? null : httpDate(value)
}

/** `now` plus so many milliseconds, not in the past and at most a day ahead. */
export function boundWait(waitMs: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(Math.max(waitMs, 0), longestWaitMs))
}

function httpDate(value: string): Date | null {
  // Every form of an HTTP date begins with the day's name; Date.parse alone would also read "-5" or "12".
  if (!/^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(value) || value.length > 64) return null
  const time = Date.parse(value)
  return Number.isNaN(time) ? null : new Date(time)
}
