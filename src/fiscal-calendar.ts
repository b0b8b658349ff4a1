import { Invalid } from './errors.ts'
import { instantOf, wallTimeOf } from './zoned-time.ts'

/** How the company counts quarters. Months are 1 to 12. */
export interface FiscalSettings {
  /** Quarters begin at midnight on the wall clock of this zone. */
  readonly timezone: string
  readonly fiscalYearStartsIn: number
  /** Whether a fiscal year is called after the calendar year that it starts in, or ends in. */
  readonly fiscalYearNamedAfter: 'start' | 'end'
  /**
   * Months (`2027-02`) at which the company went over to another fiscal year, ascending: one begins there and every twelve
   * months after. `named`: what the first of them is called; absent: by the rule.
   */
  readonly fiscalYearChanges: readonly { readonly from: string; readonly named?: number | undefined }[]
}

/** From (inclusive) to (exclusive). */
export interface Quarter {
  /** Fiscal year and number: `2026-Q4`. */
  readonly name: string
  readonly from: Date
  readonly to: Date
}

export interface FiscalCalendar {
  readonly timezone: string
  /** `2026-Q4` -> the quarter. @throws Invalid: no name of a quarter, or one that this calendar does not have */
  quarter(name: string): Quarter
  /** The quarter that a moment lies in. */
  at(moment: Date): Quarter
  before(quarter: Quarter): Quarter
}

/** Fiscal years of one kind: from one month, every twelve. Months are counted from January of the year 0. */
interface Era {
  readonly from: number
  /** The first month that is not its any more. */
  readonly to: number
  /** Any first month of a fiscal year of it, and what that year is called. */
  readonly anchor: number
  readonly named: number
}

/** Quarters of three months; the one in which the company goes over is cut short there, so that no day is in two or in none. */
export function openCalendar(settings: FiscalSettings): FiscalCalendar {
  const eras = erasOf(settings)
  const { timezone } = settings
  const startOf = (month: number) => instantOf({ year: Math.floor(month / 12), month: (month % 12) + 1, day: 1, minute: 0 }, timezone)
  const describe = (era: Era, month: number): Quarter => {
    const first = era.anchor + Math.floor((month - era.anchor) / 3) * 3
    const year = Math.floor((first - era.anchor) / 12)
    const number = (first - era.anchor - year * 12) / 3 + 1
    return { name: `${era.named + year}-Q${number}`, from: startOf(first), to: startOf(Math.min(first + 3, era.to)) }
  }
  const at = (moment: Date): Quarter => {
    const { year, month } = wallTimeOf(moment, timezone)
    const index = year * 12 + month - 1
    return describe(eraOf(eras, index), index)
  }
  return {
    timezone,
    at,
    before: ({ from }) => at(new Date(from.getTime() - 1)),
    quarter(text) {
      const match = /^(?<year>\d{4})-Q(?<number>[1-4])$/i.exec(text.trim())
      if (match?.groups === undefined) throw new Invalid([{ where: 'command line', key: '--quarter', value: text, expected: 'a quarter such as 2026-Q4' }])
      const { year, number } = { year: Number(match.groups['year']), number: Number(match.groups['number']) }
      for (const era of eras) {
        const first = era.anchor + (year - era.named) * 12 + (number - 1) * 3
        if (first >= era.from && first < era.to) return describe(era, first)
      }
      throw new Invalid([{ where: 'command line', key: '--quarter', value: text, expected: 'a quarter of the fiscal calendar: the company changed its fiscal year before that one began' }])
    },
  }
}

/** Why a calendar cannot be: changes out of order, or one name for two quarters; null: it can. */
export function calendarFault(settings: FiscalSettings): string | null {
  const eras = erasOf(settings)
  for (const [index, era] of eras.entries()) {
    const next = eras[index + 1]
    if (next === undefined) return null
    if (next.from <= era.from) return 'the changes of the fiscal year are expected in ascending order'
    const last = era.named + Math.floor((next.from - 1 - era.anchor) / 12)
    if (next.named <= last) return `the fiscal year that begins in ${monthText(next.from)} would be called ${next.named}, and one before it is called ${last} already: say with "named" what it is called`
  }
  return null
}

function erasOf({ fiscalYearStartsIn, fiscalYearNamedAfter, fiscalYearChanges }: FiscalSettings): readonly Era[] {
  const nameAt = (month: number) => Math.floor((fiscalYearNamedAfter === 'start' ? month : month + 11) / 12)
  const changes = fiscalYearChanges.map(({ from, named }) => ({ from: monthOf(from), named }))
  const ends = [...changes.map(({ from }) => from), Infinity]
  const anchor = fiscalYearStartsIn - 1
  return [
    { from: -Infinity, to: ends[0] ?? Infinity, anchor, named: nameAt(anchor) },
    ...changes.map(({ from, named }, index) => ({ from, to: ends[index + 1] ?? Infinity, anchor: from, named: named ?? nameAt(from) })),
  ]
}

function eraOf(eras: readonly Era[], month: number): Era {
  const era = eras.find(({ from, to }) => month >= from && month < to)
  // The first has no beginning and the last no end.
  if (era === undefined) throw new Error('a month that no era has')
  return era
}

function monthOf(text: string): number {
  const [year = 0, month = 1] = text.split('-').map(Number)
  return year * 12 + month - 1
}

function monthText(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
}
