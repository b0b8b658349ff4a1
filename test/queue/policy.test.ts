import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Conflict, ContractBroken, Invalid, NotFound, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { backoffMs, defaultTuning, nextStep } from '../../src/queue/policy.ts'

const now = new Date('2026-03-01T09:00:00Z')
const chance = { now, random: 0.5 }
const inMs = (ms: number) => new Date(now.getTime() + ms)

describe('what follows an error', () => {
  test('RetryLater of a destination stops the queue until then, however often', () => {
    for (const attempt of [1, 8, 1_000]) {
      expect(nextStep(new RetryLater('slow down', inMs(90_000)), attempt, defaultTuning, chance)).toEqual({ step: 'pause-queue', ms: 90_000 })
    }
  })

  test('RetryLater of a job delays the job until then, however often', () => {
    expect(nextStep(new RetryLater('not yet', inMs(5_500), 'job'), 1_000, defaultTuning, chance)).toEqual({ step: 'delay-job', ms: 5_500 })
  })

  test('a time that is past, or none at all, means a second, so that nobody is asked in a tight loop', () => {
    for (const until of [inMs(-60_000), now, new Date(0), new Date(Number.NaN)]) {
      expect(nextStep(new RetryLater('now', until), 1, defaultTuning, chance)).toEqual({ step: 'pause-queue', ms: 1_000 })
    }
  })

  test('nobody silences us for more than a day', () => {
    expect(nextStep(new RetryLater('go away', new Date('2099-01-01')), 1, defaultTuning, chance)).toEqual({ step: 'pause-queue', ms: 24 * 60 * 60_000 })
  })

  test.each([new Permanent('a'), new ContractBroken('b'), new NotFound('c'), new Conflict('d'), new Invalid('e')])('$name is given up at the first attempt', (error) => {
    expect(nextStep(error, 1, defaultTuning, chance)).toEqual({ step: 'give-up' })
  })

  test.each([['Transient', new Transient('away')], ['an unknown error', new RangeError('x')], ['a text', 'x'], ['nothing', undefined], ['a look-alike', { name: 'Permanent' }]])(
    '%s is tried eight times, then given up', (_, error) => {
      for (const attempt of [1, 2, 3, 4, 5, 6, 7]) expect(nextStep(error, attempt, defaultTuning, chance).step).toBe('try-again')
      expect(nextStep(error, 8, defaultTuning, chance)).toEqual({ step: 'give-up' })
    })
})

describe('the backoff', () => {
  test('begins at 5 s, doubles, and ends at 10 min', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 9, 60].map((attempt) => backoffMs(attempt, defaultTuning, 1))
    expect(longest).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 600_000, 600_000, 600_000])
  })

  test('is drawn from its second half, whatever the attempt', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const ms = backoffMs(attempt, defaultTuning, random)
      const full = backoffMs(attempt, defaultTuning, 1)
      expect(Number.isSafeInteger(ms)).toBe(true)
      expect(ms).toBeGreaterThanOrEqual(full / 2)
      expect(ms).toBeLessThanOrEqual(full)
    }))
  })
})

test('a job of a killed process is taken over within 15 s by default', () => {
  expect(defaultTuning.lockMs + defaultTuning.stalledCheckMs).toBeLessThanOrEqual(15_000)
})
