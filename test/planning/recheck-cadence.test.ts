import { describe, expect, test } from 'vitest'
import { nextAttempt, nextRecheck } from '../../src/planning/recheck-cadence.ts'

const now = new Date('2026-11-01T00:00:00Z')
const hoursUntil = (date: Date) => (date.getTime() - now.getTime()) / 3_600_000
const seen = (daysAgo: number) => new Date(now.getTime() - daysAgo * 86_400_000)

describe('how soon a place is looked at again', () => {
  test.each([
    ['critical', 0, 6], ['critical', 4, 12], ['critical', 400, 72], ['high', 0, 12], ['medium', 0, 24], ['low', 0, 48], ['low', 400, 336],
  ] as const)('%s, first seen %i days ago: after %i hours', (severity, days, hours) => {
    expect(hoursUntil(nextRecheck({ severity, firstSeenAt: seen(days), live: true }, now))).toBe(hours)
  })

  test('what is gone, and what is settled, is still looked at now and then', () => {
    expect(hoursUntil(nextRecheck({ severity: 'critical', firstSeenAt: seen(0), live: false }, now))).toBe(168)
    expect(hoursUntil(nextRecheck({ severity: null, firstSeenAt: seen(2_000), live: true }, now))).toBe(720)
  })

  test.each([[1, 5], [2, 10], [5, 80], [40, 1_440]])('after %i answers that told nothing: %i minutes', (attempts, minutes) => {
    expect(hoursUntil(nextAttempt(attempts, now)) * 60).toBe(minutes)
  })
})
