import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { checkPayload, checkQueueName, storedId } from '../../src/queue/payload.ts'

describe('a payload', () => {
  test.each([
    [{}], [{ step: '9007199254740993' }], [{ step: 12, page: 0, part: -1 }], [{ tick: '2026-03-01T09:00:00.000Z' }],
    [{ noticeId: '0197b1f0-2b7e-7cc3-98c5-4a4f3f2d8e10' }], [{ hash: '9daeafb9864cf43055ae93beb0afd6c7d144bfa4' }],
    [{ source: 'github-code', registry: 'npm', channel: 'slack', kind: 'search' }],
  ])('may be %j', (payload) => {
    expect(checkPayload(payload)).toEqual(payload)
  })

  test.each([
    [{ step: 'acme' }], [{ step: 'acme-corp-auth-client' }], [{ step: 'deadbeef-cafe' }], [{ step: 'HermesBuilder' }], [{ step: 'ACME-123' }],
    [{ step: 'com.acmecorp.auth' }], [{ step: '' }], [{ step: ' 1' }], [{ step: '1\n2' }], [{ step: '1'.repeat(65) }],
    [{ source: '@acme-corp/auth' }], [{ source: 'Acme' }], [{ source: 'acme "internal"' }],
    [{ page: 0.1 }], [{ page: Number.NaN }], [{ page: Number.POSITIVE_INFINITY }], [{ page: 2 ** 60 }],
    [{ page: null }], [{ page: undefined }], [{ page: true }], [{ page: ['1'] }], [{ page: { id: '1' } }],
    [{ 'acme-corp': '1' }], [{ acme_corp: '1' }], [{ Acme: '1' }], [{ a1: '1' }], [{ ['a'.repeat(25)]: '1' }], [{ __proto__x: 1 }],
    [Object.fromEntries('abcdefghi'.split('').map((key) => [key, 1]))],
    [null], ['1'], [1], [['1']], [undefined],
  ])('is never %j', (data) => {
    expect(() => checkPayload(data)).toThrow(Invalid)
  })

  test('is never a bigint, which JSON cannot hold', () => {
    expect(() => checkPayload({ step: 1n })).toThrow(Invalid)
  })

  test('is refused without repeating what was in it', () => {
    for (const data of [{ step: 'acme-corp-auth' }, { 'acme-corp-auth': '1' }]) {
      expect(() => checkPayload(data)).not.toThrow(/acme/)
    }
  })

  test('is a copy: what is stored is what was checked', () => {
    let reads = 0
    const shifty = { get step() { reads += 1; return reads === 1 ? '1' : 'acme' } }
    expect(checkPayload(shifty)).toEqual({ step: '1' })
  })
})

describe('a job id', () => {
  test('is stored so that two ids stay two', () => {
    const id = fc.stringMatching(/^[\w:.-]{1,20}$/)
    fc.assert(fc.property(id, id, (one, other) => {
      expect(storedId(one) === storedId(other)).toBe(one === other)
      expect(storedId(one)).not.toMatch(/^\d+$|:/)
    }))
  })

  test.each(['', ' ', 'a b', '@acme-corp/auth', 'a~b', 'a\n', 'é', 'x'.repeat(129)])('is never %j', (id) => {
    expect(() => storedId(id)).toThrow(Invalid)
  })
})

test.each(['', 'Search', 'a b', '1a', 'a:b', 'a/b', '../x', 'a'.repeat(65)])('a queue is never named %j', (name) => {
  expect(() => checkQueueName(name)).toThrow(Invalid)
})
