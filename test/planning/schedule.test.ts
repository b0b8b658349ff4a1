import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseDue, learnYield, nextDue, type Due } from '../../src/planning/schedule.ts'

const now = new Date('2026-11-01T12:00:00Z')
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const watch = (id: number, more: Partial<Due> = {}): Due => ({ id: BigInt(id), price: 1, dueAt: ago(id), kind: 'usual', ...more })

describe('a tick', () => {
  test('starts first what is public and claimable, then what never ran, then what waits longest', () => {
    const watches = [watch(1), watch(2, { kind: 'new', dueAt: now }), watch(3), watch(4, { kind: 'urgent' }), watch(5, { kind: 'urgent', dueAt: ago(-1) })]
    expect(chooseDue(watches, 100, now).map(Number)).toEqual([4, 2, 3, 1, 5])
  })

  test('starts as many as the budget pays for, and fills it with what still fits', () => {
    expect(chooseDue([watch(3, { price: 4 }), watch(2, { price: 7 }), watch(1, { price: 6 })], 10, now).map(Number)).toEqual([3, 1])
  })

  test('starts one that costs more than a whole budget alone, when it is its turn', () => {
    expect(chooseDue([watch(2, { price: 60 }), watch(1)], 10, now).map(Number)).toEqual([2])
  })

  test('starts nothing while what was started before has the budget', () => {
    expect(chooseDue([watch(1)], 0, now)).toEqual([])
    expect(chooseDue([watch(1)], -5, now)).toEqual([])
  })

  test('starves nobody: every watch has its turn', () => {
    fc.assert(fc.property(fc.array(fc.record({ price: fc.integer({ min: 1, max: 30 }), kind: fc.constantFrom('urgent' as const, 'usual' as const) }), { minLength: 1, maxLength: 12 }), (kinds) => {
      let watches = kinds.map((kind, at) => watch(at, { ...kind, dueAt: now }))
      const ran = new Set<bigint>()
      let debt = 0
      for (let tick = 0; tick < 1_500 && ran.size < watches.length; tick += 1) {
        const at = new Date(now.getTime() + tick * 600_000)
        const chosen = new Set(chooseDue(watches, 20 - debt, at))
        const spent = watches.filter(({ id }) => chosen.has(id)).reduce((sum, { price }) => sum + price, 0)
        debt = Math.max(0, debt + spent - 20)
        for (const id of chosen) ran.add(id)
        watches = watches.map((one) => (chosen.has(one.id) ? { ...one, dueAt: nextDue({ startedAt: at, price: one.price, yields: 0, urgent: one.kind === 'urgent' }) } : one))
      }
      expect(ran.size).toBe(kinds.length)
    }))
  })
})

test('what brings news is due sooner, what is dear later, what is urgent within the hour', () => {
  const due = (price: number, yields: number, urgent = false) => (nextDue({ startedAt: now, price, yields, urgent }).getTime() - now.getTime()) / 3_600_000
  expect([due(1, 0), due(4, 0), due(400, 0), due(1, 3), due(1, 1_000), due(40, 0, true)]).toEqual([24, 48, 96, 6, 1, 1])
  expect([learnYield(0, 4), learnYield(2, 0)]).toEqual([2, 1])
})
