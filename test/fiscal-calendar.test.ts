import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarFault, openCalendar, type FiscalSettings } from '../src/fiscal-calendar.ts'

const plain: FiscalSettings = { timezone: 'UTC', fiscalYearStartsIn: 1, fiscalYearNamedAfter: 'end', fiscalYearChanges: [] }
const bounds = (settings: Partial<FiscalSettings>, name: string) => {
  const { from, to } = openCalendar({ ...plain, ...settings }).quarter(name)
  return [from.toISOString(), to.toISOString()]
}

describe('a quarter', () => {
  test('is three months of the calendar year in UTC, unless the company counts in another way', () => {
    expect(bounds({}, '2026-Q4')).toEqual(['2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
  })

  test.each([['2026-09-30T23:59:59.999Z', '2026-Q3'], ['2026-10-01T00:00:00Z', '2026-Q4'], ['2027-01-01T00:00:00Z', '2027-Q1']])('%s lies in %s', (moment, name) => {
    expect(openCalendar(plain).at(new Date(moment)).name).toBe(name)
  })

  test.each(['2026', '2026-Q5', 'Q4', '2026-Q4x', ''])('"%s" is refused with an example', (text) => {
    expect(() => openCalendar(plain).quarter(text)).toThrow(/such as 2026-Q4/)
  })

  test('begins and ends at midnight of the wall clock, whichever way the clocks are set', () => {
    expect(bounds({ timezone: 'Europe/Berlin' }, '2026-Q4')).toEqual(['2026-09-30T22:00:00.000Z', '2026-12-31T23:00:00.000Z'])
    expect(bounds({ timezone: 'America/New_York' }, '2026-Q1')).toEqual(['2026-01-01T05:00:00.000Z', '2026-04-01T04:00:00.000Z'])
    expect(bounds({ timezone: 'Asia/Kolkata' }, '2026-Q2')).toEqual(['2026-03-31T18:30:00.000Z', '2026-06-30T18:30:00.000Z'])
  })

  test('begins when its first day does, where that midnight was skipped', () => {
    expect(bounds({ timezone: 'America/Asuncion' }, '2023-Q4')[0]).toBe('2023-10-01T04:00:00.000Z')
  })

  test('of a fiscal year is called after the year in which that ends, or starts', () => {
    expect(bounds({ fiscalYearStartsIn: 2 }, '2027-Q4')).toEqual(['2026-11-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'])
    expect(bounds({ fiscalYearStartsIn: 2, fiscalYearNamedAfter: 'start' }, '2026-Q4')).toEqual(['2026-11-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'])
    expect(openCalendar({ ...plain, fiscalYearStartsIn: 10 }).at(new Date('2026-10-01T00:00:00Z')).name).toBe('2027-Q1')
  })
})

describe('a change of the fiscal year', () => {
  const changed: Partial<FiscalSettings> = { fiscalYearChanges: [{ from: '2027-02' }] }

  test('cuts the quarter short that goes on, and a new year begins', () => {
    expect(bounds(changed, '2026-Q4')).toEqual(['2026-10-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
    expect(bounds(changed, '2027-Q1')).toEqual(['2027-01-01T00:00:00.000Z', '2027-02-01T00:00:00.000Z'])
    expect(bounds(changed, '2028-Q1')).toEqual(['2027-02-01T00:00:00.000Z', '2027-05-01T00:00:00.000Z'])
    expect(bounds(changed, '2028-Q4')).toEqual(['2027-11-01T00:00:00.000Z', '2028-02-01T00:00:00.000Z'])
  })

  test('a quarter that never began is refused', () => {
    expect(() => openCalendar({ ...plain, ...changed }).quarter('2027-Q2')).toThrow(/changed its fiscal year/)
  })

  test('changes nothing about the quarters before it', () => {
    for (const name of ['2025-Q1', '2026-Q1', '2026-Q2', '2026-Q3', '2026-Q4']) expect(bounds(changed, name)).toEqual(bounds({}, name))
  })

  test('that would give one name to two quarters is refused until the year has a name', () => {
    const settings: FiscalSettings = { ...plain, fiscalYearStartsIn: 2, fiscalYearChanges: [{ from: '2027-10' }] }
    expect(calendarFault(settings)).toMatch(/would be called 2028, and one before it is called 2028 already/)
    expect(calendarFault({ ...settings, fiscalYearChanges: [{ from: '2027-10', named: 2029 }] })).toBeNull()
    expect(bounds({ ...settings, fiscalYearChanges: [{ from: '2027-10', named: 2029 }] }, '2029-Q1')).toEqual(['2027-10-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'])
  })

  test('out of order is refused', () => {
    expect(calendarFault({ ...plain, fiscalYearChanges: [{ from: '2027-02' }, { from: '2026-04', named: 2040 }] })).toMatch(/ascending/)
  })
})

test('quarters have no gap, no overlap and no name twice, in any zone and after any changes', () => {
  const settings = fc.record({
    timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
    fiscalYearStartsIn: fc.integer({ min: 1, max: 12 }),
    fiscalYearNamedAfter: fc.constantFrom('start' as const, 'end' as const),
    changes: fc.uniqueArray(fc.integer({ min: 0, max: 71 }), { maxLength: 3 }),
  })
  fc.assert(fc.property(settings, ({ changes, ...rest }) => {
    const fiscalYearChanges = changes.toSorted((a, b) => a - b).map((month, index) => ({ from: `${2024 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`, named: 2100 + 100 * index }))
    expect(calendarFault({ ...rest, fiscalYearChanges })).toBeNull()
    const calendar = openCalendar({ ...rest, fiscalYearChanges })
    const names = new Set<string>()
    let quarter = calendar.at(new Date('2030-06-15T12:00:00Z'))
    while (quarter.from.getTime() > Date.UTC(2023, 0, 2)) {
      const previous = calendar.before(quarter)
      expect(previous.to).toEqual(quarter.from)
      expect(previous.from < previous.to).toBe(true)
      expect(calendar.quarter(quarter.name)).toEqual(quarter)
      expect(names.has(quarter.name)).toBe(false)
      names.add(quarter.name)
      quarter = previous
    }
  }), { numRuns: 40, seed: 8 })
})
