import { describe, expect, test } from 'vitest'
import type { QuietHours } from '../../src/contracts/routing.ts'
import { quietUntil } from '../../src/notices/quiet-hours.ts'

const everyDay = [0, 1, 2, 3, 4, 5, 6]
const night: QuietHours = { timezone: 'Europe/Berlin', from: 22 * 60, to: 7 * 60, days: everyDay, wholeDays: [], except: {} }
const until = (hours: QuietHours, at: string) => quietUntil(hours, new Date(at))?.toISOString() ?? null

describe('quiet hours', () => {
  test.each([
    ['a minute before', '2026-07-01T19:59:00Z', null],
    ['at the beginning', '2026-07-01T20:00:00Z', '2026-07-02T05:00:00.000Z'],
    ['before midnight', '2026-07-01T21:59:00Z', '2026-07-02T05:00:00.000Z'],
    ['after midnight', '2026-07-02T01:00:00Z', '2026-07-02T05:00:00.000Z'],
    ['in the last minute', '2026-07-02T04:59:59Z', '2026-07-02T05:00:00.000Z'],
    ['at the end', '2026-07-02T05:00:00Z', null],
  ])('over midnight: %s', (_, at, expected) => {
    expect(until(night, at)).toBe(expected)
  })

  test('within one day', () => {
    const lunch = { ...night, timezone: 'UTC', from: 12 * 60, to: 13 * 60 }
    expect(until(lunch, '2026-07-01T12:30:00Z')).toBe('2026-07-01T13:00:00.000Z')
    expect(until(lunch, '2026-07-01T13:00:00Z')).toBeNull()
    expect(until(lunch, '2026-07-01T00:30:00Z')).toBeNull()
  })

  test('belong to the day on which they begin: a night of Friday lasts into Saturday', () => {
    const friday = { ...night, days: [5] }
    expect(until(friday, '2026-07-03T21:00:00Z')).toBe('2026-07-04T05:00:00.000Z')
    expect(until(friday, '2026-07-04T04:00:00Z')).toBe('2026-07-04T05:00:00.000Z')
    expect(until(friday, '2026-07-04T21:00:00Z')).toBeNull()
    expect(until(friday, '2026-07-03T04:00:00Z')).toBeNull()
  })

  test('that touch quiet days are one time: from Friday night to Monday morning', () => {
    const weekend = { ...night, wholeDays: [0, 6] }
    expect(until(weekend, '2026-07-03T20:30:00Z')).toBe('2026-07-06T05:00:00.000Z')
    expect(until(weekend, '2026-07-05T10:00:00Z')).toBe('2026-07-06T05:00:00.000Z')
    expect(until(weekend, '2026-07-06T05:00:00Z')).toBeNull()
  })

  test('of the same beginning and end last a whole day', () => {
    const whole = { ...night, timezone: 'UTC', from: 8 * 60, to: 8 * 60, days: [1] }
    expect(until(whole, '2026-07-06T08:00:00Z')).toBe('2026-07-07T08:00:00.000Z')
    expect(until(whole, '2026-07-07T08:00:00Z')).toBeNull()
  })

  test('on no day are never', () => {
    expect(until({ ...night, days: [] }, '2026-07-01T21:00:00Z')).toBeNull()
  })

  test('that never end do not keep the program busy', () => {
    expect(until({ ...night, wholeDays: everyDay }, '2026-07-01T21:00:00Z')).not.toBeNull()
  })
})

describe('the night that loses an hour', () => {
  test('is an hour shorter, and ends by the wall clock', () => {
    expect(until(night, '2026-03-28T21:00:00Z')).toBe('2026-03-29T05:00:00.000Z')
    expect(until(night, '2026-03-27T21:00:00Z')).toBe('2026-03-28T06:00:00.000Z')
  })
  test('hours that end within it end when the clock has passed their end', () => {
    expect(until({ ...night, to: 2 * 60 + 30 }, '2026-03-29T00:59:59Z')).toBe('2026-03-29T01:00:00.000Z')
    expect(until({ ...night, to: 2 * 60 + 30 }, '2026-03-29T01:00:00Z')).toBeNull()
  })
  test('hours that begin within it begin when the clock has passed their beginning', () => {
    const late = { ...night, from: 2 * 60 + 30, to: 5 * 60 }
    expect(until(late, '2026-03-29T00:59:00Z')).toBeNull()
    expect(until(late, '2026-03-29T01:00:00Z')).toBe('2026-03-29T03:00:00.000Z')
  })
  test('hours that are skipped whole are no quiet time', () => {
    const skipped = { ...night, from: 2 * 60 + 10, to: 2 * 60 + 50 }
    for (const at of ['2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z']) expect(until(skipped, at)).toBeNull()
  })
})

describe('the night that has an hour twice', () => {
  test('is an hour longer, and ends by the wall clock', () => {
    expect(until(night, '2026-10-24T21:00:00Z')).toBe('2026-10-25T06:00:00.000Z')
  })
  test('hours that end within the hour that comes twice end when it is first shown', () => {
    const short = { ...night, to: 2 * 60 + 30 }
    expect(until(short, '2026-10-25T00:29:00Z')).toBe('2026-10-25T00:30:00.000Z')
    expect(until(short, '2026-10-25T01:15:00Z')).toBeNull()
  })
  test('hours that begin within it last over both comings', () => {
    const late = { ...night, from: 2 * 60 + 30, to: 5 * 60 }
    expect(until(late, '2026-10-25T00:15:00Z')).toBeNull()
    for (const at of ['2026-10-25T00:30:00Z', '2026-10-25T01:15:00Z', '2026-10-25T03:59:00Z']) expect(until(late, at)).toBe('2026-10-25T04:00:00.000Z')
  })
})
