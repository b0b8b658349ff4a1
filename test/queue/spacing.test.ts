import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { spacing } from '../../src/queue/spacing.ts'

describe('even spacing', () => {
  test.each([
    [{ max: 10, perMs: 60_000 }, { everyMs: 6_100, lateMs: 1_000 }],
    [{ max: 30, perMs: 60_000 }, { everyMs: 2_034, lateMs: 1_000 }],
    [{ max: 1, perMs: 1_000 }, { everyMs: 1_100, lateMs: 100 }],
    [{ max: 5_000, perMs: 3_600_000 }, { everyMs: 721, lateMs: 1_000 }],
  ])('of %j is %j', (limit, expected) => {
    expect(spacing(limit)).toEqual(expected)
  })

  test('keeps every window within the limit, however late the starts are within their turn', () => {
    const limits = fc.record({ max: fc.integer({ min: 1, max: 50 }), perMs: fc.integer({ min: 1, max: 100_000 }) })
    fc.assert(fc.property(limits, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 120 }), (limit, delays) => {
      const { everyMs, lateMs } = spacing(limit)
      const starts = delays.map((share, turn) => turn * everyMs + Math.floor(share * lateMs)).sort((a, b) => a - b)
      for (const from of starts) expect(starts.filter((at) => at >= from && at < from + limit.perMs).length).toBeLessThanOrEqual(limit.max)
    }))
  })

  test('is at most a tenth slower than the limit allows', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 1_000, max: 100_000_000 }), (max, perMs) => {
      expect(spacing({ max, perMs }).everyMs).toBeLessThanOrEqual(Math.ceil((perMs * 1.1) / max) + 1)
    }))
  })

  test.each([{ max: 0, perMs: 1 }, { max: -1, perMs: 1 }, { max: 1, perMs: 0 }, { max: 1.5, perMs: 1 }, { max: 1, perMs: Number.POSITIVE_INFINITY }, { max: Number.NaN, perMs: 1 }])(
    'of %j is refused', (limit) => {
      expect(() => spacing(limit)).toThrow(Invalid)
    })
})
