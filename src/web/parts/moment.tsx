import { useSyncExternalStore } from 'react'

/** One timer for all moments of the page. */
let now = Date.now()
const listeners = new Set<() => void>()
setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, 30_000)
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' })
const narrow = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' })
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const units = [['year', 31_536_000], ['month', 2_592_000], ['week', 604_800], ['day', 86_400], ['hour', 3_600], ['minute', 60]] as const

export function fromNow(at: string, from: number, short = false): string {
  const seconds = (Date.parse(at) - from) / 1000
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  if (unit === 'second' && Math.abs(seconds) < 60) return seconds > 0 ? 'in a moment' : 'just now'
  return (short ? narrow : relative).format(Math.trunc(seconds / size), unit)
}
export function inFull(at: string): string {
  return absolute.format(new Date(at))
}

/** The day that many days from now, for a date field (UTC). */
export function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** A moment as a distance from now; in full on hover and for screen readers. */
export function Moment({ at, short = false }: { readonly at: string; readonly short?: boolean }) {
  const from = useNow()
  return <time dateTime={at} title={`${inFull(at)} (${at})`} className="nowrap">{fromNow(at, from, short)}</time>
}
/** A moment in full. */
export function FullMoment({ at, only = 'minute' }: { readonly at: string; readonly only?: 'day' | 'minute' }) {
  return <time dateTime={at} title={at}>{only === 'day' ? day.format(new Date(at)) : inFull(at)}</time>
}
