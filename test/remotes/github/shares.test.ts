import { describe, expect, test } from 'vitest'
import { limitOf } from '../../../src/net/limits.ts'
import { lowerOf, partOf, shareOf, shares } from '../../../src/remotes/github/shares.ts'

const sum = (parts: Readonly<Record<string, number>>) => Object.values(parts).reduce((all, part) => all + part, 0)

describe('how the limits of one account are split', () => {
  test.each(['search', 'core', 'graphql'] as const)('the parts of %s are together what we use of it', (limit) => {
    expect(sum(shares[limit])).toBe(limitOf('api.github.com', limit)?.ours.max)
  })

  test('a part grows and shrinks with what the settings allow, and is never nothing', () => {
    expect(shareOf('search', 'issues', { max: 26, perMs: 60_000 })).toEqual({ max: 10, perMs: 60_000 })
    expect(shareOf('search', 'issues', { max: 2_600, perMs: 60_000 }).max).toBe(1_000)
    expect(shareOf('core', 'code', { max: 10, perMs: 1_000 }).max).toBe(1)
  })

  test('all parts together never exceed what the settings allow', () => {
    for (const max of [26, 27, 100, 4_199]) {
      expect(shareOf('search', 'issues', { max, perMs: 1 }).max + shareOf('search', 'commits', { max, perMs: 1 }).max + shareOf('search', 'repositories', { max, perMs: 1 }).max).toBeLessThanOrEqual(max)
    }
  })

  test('a queue that meets two limits keeps to the lower one, whatever their windows', () => {
    const [minute, hour] = [{ max: 10, perMs: 60_000 }, { max: 599, perMs: 3_600_000 }]
    expect(lowerOf(minute, hour)).toBe(hour)
    expect(lowerOf(hour, minute)).toBe(hour)
    expect(lowerOf(minute, { max: 601, perMs: 3_600_000 })).toBe(minute)
  })

  test('the queues of a source share its part', () => {
    expect(partOf({ max: 100, perMs: 5 }, 0.25)).toEqual({ max: 25, perMs: 5 })
    expect(partOf({ max: 1, perMs: 5 }, 0.25).max).toBe(1)
  })
})
