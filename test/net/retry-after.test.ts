import { describe, expect, test } from 'vitest'
import { atServerTime, longestWaitMs, retryAfter, serverDate } from '../../src/net/retry-after.ts'

const now = new Date('2026-11-22T12:00:00Z')
const after = (ms: number) => new Date(now.getTime() + ms)
const headers = (entries: Record<string, string>) => new Headers(entries)

describe('Retry-After', () => {
  test('seconds count from now', () => {
    expect(retryAfter(headers({ 'retry-after': '60' }), now)).toEqual(after(60_000))
  })

  test('fractions of a second are kept, rounded up to a millisecond', () => {
    expect(retryAfter(headers({ 'retry-after': '1.0004' }), now)).toEqual(after(1_001))
  })

  test('an HTTP date is read by our clock when the server does not tell its own', () => {
    expect(retryAfter(headers({ 'retry-after': 'Sun, 22 Nov 2026 12:01:30 GMT' }), now)).toEqual(after(90_000))
  })

  test('an HTTP date counts from the Date of the server: a skewed clock shortens or lengthens nothing', () => {
    const skewed = { date: 'Sun, 22 Nov 2026 12:10:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 12:10:30 GMT' }
    expect(retryAfter(headers(skewed), now)).toEqual(after(30_000))
    const late = { date: 'Sun, 22 Nov 2026 11:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 11:00:30 GMT' }
    expect(retryAfter(headers(late), now)).toEqual(after(30_000))
  })

  test('the two older forms of an HTTP date are read too', () => {
    expect(retryAfter(headers({ 'retry-after': 'Sunday, 22-Nov-26 12:00:05 GMT' }), now)).toEqual(after(5_000))
  })

  test('a moment in the past is now', () => {
    expect(retryAfter(headers({ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }), now)).toEqual(now)
    expect(retryAfter(headers({ 'retry-after': '0' }), now)).toEqual(now)
  })

  test.each(['99999999', '999999999999999', 'Sun, 22 Nov 2099 12:00:00 GMT'])('no wait is longer than a day: %s', (value) => {
    expect(retryAfter(headers({ 'retry-after': value }), now)).toEqual(after(longestWaitMs))
  })

  test.each(['', ' ', 'soon', '-5', '1e9', '0x10', '12, 13', 'Sun, 99 Nov 2026 12:00:00 GMT', `Sun, ${'9'.repeat(100)}`])(
    'what cannot be read says nothing: "%s"',
    (value) => {
      expect(retryAfter(headers({ 'retry-after': value }), now)).toBeNull()
    },
  )

  test('an absent header says nothing', () => {
    expect(retryAfter(headers({}), now)).toBeNull()
  })
})

describe('the clock of the server', () => {
  test('a moment of the server is moved onto our clock', () => {
    const behind = headers({ date: 'Sun, 22 Nov 2026 11:55:00 GMT' })
    expect(atServerTime(new Date('2026-11-22T11:55:40Z'), behind, now)).toEqual(after(40_000))
  })

  test('without a Date header both clocks are taken as equal', () => {
    expect(atServerTime(after(40_000), headers({}), now)).toEqual(after(40_000))
  })

  test('a moment that is over for the server is now, never before', () => {
    expect(atServerTime(new Date('2026-11-22T11:00:00Z'), headers({ date: 'Sun, 22 Nov 2026 12:00:00 GMT' }), now)).toEqual(now)
  })

  test('an unreadable Date is no date', () => {
    expect(serverDate(headers({ date: 'yesterday' }))).toBeNull()
    expect(serverDate(headers({ date: 'Sun, 22 Nov 2026 12:00:00 GMT' }))).toEqual(now)
  })
})
