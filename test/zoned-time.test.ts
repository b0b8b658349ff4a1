import { describe, expect, test } from 'vitest'
import { instantOf, timeZoneFault, wallClockAsUtc, wallTimeOf } from '../src/zoned-time.ts'

const wall = (year: number, month: number, day: number, hour: number, minute = 0) => ({ year, month, day, minute: hour * 60 + minute })

describe('the wall clock of a zone', () => {
  test.each([
    ['UTC', '2026-07-01T12:34:00Z', wall(2026, 7, 1, 12, 34)],
    ['Europe/Berlin', '2026-07-01T22:30:00Z', wall(2026, 7, 2, 0, 30)],
    ['Europe/Berlin', '2026-12-31T23:00:00Z', wall(2027, 1, 1, 0)],
    ['America/New_York', '2026-01-01T04:59:00Z', wall(2025, 12, 31, 23, 59)],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', wall(2026, 1, 1, 5, 45)],
    ['Australia/Lord_Howe', '2026-01-01T00:00:00Z', wall(2026, 1, 1, 11)],
  ])('%s at %s', (zone, at, expected) => {
    expect(wallTimeOf(new Date(at), zone)).toEqual(expected)
    expect(instantOf(expected, zone)).toEqual(new Date(at))
  })

  test('shows midnight as the beginning of a day', () => {
    expect(wallTimeOf(new Date('2026-07-01T22:00:00Z'), 'Europe/Berlin')).toEqual(wall(2026, 7, 2, 0))
  })

  test('read as UTC keeps seconds', () => {
    expect(wallClockAsUtc(new Date('2026-07-01T10:00:07.250Z'), 'Europe/Berlin')).toEqual(new Date('2026-07-01T12:00:07.250Z'))
  })

  test('takes days and minutes that overflow', () => {
    expect(instantOf({ year: 2026, month: 12, day: 32, minute: 25 * 60 }, 'UTC')).toEqual(new Date('2027-01-02T01:00:00Z'))
  })
})

describe('the night that loses an hour', () => {
  test.each([
    ['Europe/Berlin', wall(2026, 3, 29, 1, 59), '2026-03-29T00:59:00Z'],
    ['Europe/Berlin', wall(2026, 3, 29, 2), '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', wall(2026, 3, 29, 2, 30), '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', wall(2026, 3, 29, 3), '2026-03-29T01:00:00Z'],
    ['America/New_York', wall(2026, 3, 8, 2, 30), '2026-03-08T07:00:00Z'],
    ['Australia/Lord_Howe', wall(2026, 10, 4, 2, 15), '2026-10-03T15:30:00Z'],
  ])('%s: a skipped time is the moment at which the clock has passed it', (zone, time, expected) => {
    expect(instantOf(time, zone)).toEqual(new Date(expected))
  })
})

describe('the night that has an hour twice', () => {
  test.each([
    ['Europe/Berlin', wall(2026, 10, 25, 1, 59), '2026-10-24T23:59:00Z'],
    ['Europe/Berlin', wall(2026, 10, 25, 2, 30), '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', wall(2026, 10, 25, 3), '2026-10-25T02:00:00Z'],
    ['America/New_York', wall(2026, 11, 1, 1, 30), '2026-11-01T05:30:00Z'],
  ])('%s: such a time is its first coming', (zone, time, expected) => {
    expect(instantOf(time, zone)).toEqual(new Date(expected))
  })

  test('both comings show the same wall clock', () => {
    expect(wallTimeOf(new Date('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toEqual(wallTimeOf(new Date('2026-10-25T01:30:00Z'), 'Europe/Berlin'))
  })
})

describe('the name of a zone', () => {
  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])('%s is one', (name) => {
    expect(timeZoneFault(name)).toBeNull()
  })
  test.each(['', 'Berlin', 'CEST+2', 'Europe/Berlín', `Europe/${'x'.repeat(100)}`])('%j is none', (name) => {
    expect(timeZoneFault(name)).toContain('Europe/Berlin')
  })
})
