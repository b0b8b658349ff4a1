import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/contracts/json.ts'
import type { Memory } from '../../../src/contracts/source.ts'
import { RetryLater } from '../../../src/errors.ts'
import { createQuota, type Resource } from '../../../src/remotes/github/quota.ts'
import { createForgetfulMemory } from '../../../src/runs/source-memory.ts'
import { fixedClock } from '../../support/clock.ts'

const clock = () => fixedClock('2026-11-22T12:00:00Z')
const later = new Date('2026-11-22T12:05:00Z')
const resources: readonly Resource[] = ['code_search', 'search', 'graphql', 'core']

async function refused(admission: Promise<void>): Promise<Date | null> {
  return admission.then(() => null, (error: unknown) => {
    if (error instanceof RetryLater) return error.until
    throw error
  })
}

const broken: Memory = { get: () => Promise.reject(new Error('no database')), set: () => Promise.reject(new Error('no database')) }

describe('what is known of used-up limits', () => {
  test('a used-up limit stops what counts against it, and nothing else', async () => {
    const quota = createQuota(clock().now, null)
    quota.block('search', later)
    expect(await refused(quota.admit('search'))).toEqual(later)
    for (const resource of resources.filter((one) => one !== 'search')) expect(await refused(quota.admit(resource))).toBeNull()
  })

  test('a secondary limit stops everything', async () => {
    const quota = createQuota(clock().now, null)
    quota.block('all', later)
    for (const resource of resources) expect(await refused(quota.admit(resource))).toEqual(later)
  })

  test('another process on the same account learns it before it sends, and forgets it when it is over', async () => {
    const memory = createForgetfulMemory()
    const time = clock()
    const [one, other] = [createQuota(time.now, memory), createQuota(time.now, memory)]
    expect(await refused(other.admit('core'))).toBeNull()
    one.block('core', later)
    one.block('all', new Date('2026-11-22T12:01:00Z'))
    await one.admit('graphql').catch(() => undefined)
    expect(await refused(other.admit('core'))).toEqual(later)
    expect(await refused(other.admit('graphql'))).toEqual(new Date('2026-11-22T12:01:00Z'))
    time.advance(5 * 60_000)
    for (const resource of resources) expect(await refused(other.admit(resource))).toBeNull()
  })

  test('a wait is not shortened by a shorter one that comes later', async () => {
    const quota = createQuota(clock().now, createForgetfulMemory())
    quota.block('core', later)
    quota.block('core', new Date('2026-11-22T12:01:00Z'))
    expect(await refused(quota.admit('core'))).toEqual(later)
  })

  test('a memory that cannot be used is no obstacle: this process still knows', async () => {
    const quota = createQuota(clock().now, broken)
    expect(await refused(quota.admit('core'))).toBeNull()
    quota.block('core', later)
    expect(await refused(quota.admit('core'))).toEqual(later)
  })

  test.each<Json>([null, 5, {}, { until: 'never' }, { until: '2226-01-01T00:00:00.000Z' }])('what a memory holds (%j) cannot silence us for more than a day', async (value) => {
    const memory = createForgetfulMemory()
    await memory.set('exhausted:core', value)
    const until = await refused(createQuota(clock().now, memory).admit('core'))
    expect(until?.getTime() ?? 0).toBeLessThanOrEqual(Date.parse('2026-11-23T12:00:00Z'))
  })
})
