import { describe, expect, test } from 'vitest'
import { createTally } from '../../src/telemetry/tally.ts'
import { fixedClock } from '../support/clock.ts'

describe('a tally', () => {
  function counting() {
    const rows: Date[] = []
    const asked: [Date | null, Date | null][] = []
    const tally = createTally((from, to) => {
      asked.push([from, to])
      const number = rows.filter((at) => (from === null || at > from) && (to === null || at <= to)).length
      return Promise.resolve(new Map(number === 0 ? [] : [['all', [number]]]))
    })
    return { rows, asked, tally }
  }

  test('counts what is settled once, and what is young at each reading', async () => {
    const clock = fixedClock('2026-11-27T12:00:00Z')
    const { rows, asked, tally } = counting()
    rows.push(new Date('2026-11-01T00:00:00Z'), new Date('2026-11-27T11:59:00Z'))
    expect((await tally.read(clock.now())).get('all')).toEqual([2])
    clock.advance(60_000)
    // Written late, with a time that lies behind the mark's neighbourhood but is not settled yet.
    rows.push(new Date('2026-11-27T11:50:00Z'))
    expect((await tally.read(clock.now())).get('all')).toEqual([3])
    expect(asked.filter(([from]) => from === null)).toHaveLength(1)
    clock.advance(24 * 3_600_000)
    expect((await tally.read(clock.now())).get('all')).toEqual([3])
    expect((await tally.read(clock.now())).get('all')).toEqual([3])
  })

  test('two readings at once count no stretch twice', async () => {
    const clock = fixedClock('2026-11-27T12:00:00Z')
    const { rows, tally } = counting()
    rows.push(new Date('2026-11-01T00:00:00Z'))
    expect((await Promise.all([tally.read(clock.now()), tally.read(clock.now())])).map((totals) => totals.get('all'))).toEqual([[1], [1]])
  })

  test('a reading that failed is made again, and nothing is lost or doubled', async () => {
    const clock = fixedClock('2026-11-27T12:00:00Z')
    let calls = 0
    const tally = createTally(() => {
      calls += 1
      return calls === 2 ? Promise.reject(new Error('away')) : Promise.resolve(new Map([['all', [calls === 1 ? 5 : 1]]]))
    })
    await expect(tally.read(clock.now())).rejects.toThrow('away')
    expect((await tally.read(clock.now())).get('all')).toEqual([6])
  })
})
