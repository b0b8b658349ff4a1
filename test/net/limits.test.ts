import { describe, expect, test } from 'vitest'
import { limitOf, limits } from '../../src/net/limits.ts'
import { sourceSettings } from '../../src/sources/settings.ts'

const perMs = (limit: { max: number; perMs: number }) => limit.max / limit.perMs

describe('the table of limits', () => {
  test.each(limits)('$host $resource: we use less than the policy allows, and name the policy', ({ documented, ours, policy }) => {
    expect(perMs(ours)).toBeLessThan(documented === null ? Infinity : perMs(documented))
    expect(policy).toMatch(/^https:\/\//)
  })

  test('a host and resource have one row', () => {
    const keys = limits.map(({ host, resource }) => `${host} ${resource}`)
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.toSorted()).toEqual(keys)
  })

  test('the defaults of the settings are our numbers for github.com', () => {
    const { github } = sourceSettings.parse({ github: { token: 't' } })
    expect(github?.searchesPerMinute).toBe(limitOf('api.github.com', 'code_search')?.ours.max)
    expect(github?.fetchesPerHour).toBe(limitOf('api.github.com', 'graphql')?.ours.max)
    expect(github?.otherSearchesPerMinute).toBe(limitOf('api.github.com', 'search')?.ours.max)
    expect(github?.requestsPerHour).toBe(limitOf('api.github.com', 'core')?.ours.max)
  })

  test('of an own server no limit is known', () => {
    expect(limitOf('github.acme.example', 'code_search')).toBeNull()
    expect(limitOf('api.github.com', 'unheard of')).toBeNull()
  })
})
