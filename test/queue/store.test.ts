import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLog } from '../../src/log.ts'
import { codeOf, reportTo } from '../../src/queue/store.ts'

describe('trouble with the store', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('is logged once in 30 s, however often it strikes', () => {
    const lines: string[] = []
    const report = reportTo(createLog({ level: 'warn', destination: { write: (line) => { lines.push(line) } } }), { queue: 'search.x' })
    for (let second = 0; second < 60; second += 1) {
      report(Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:6379'), { code: 'ECONNREFUSED' }))
      vi.advanceTimersByTime(1_000)
    }
    expect(lines).toHaveLength(2)
    expect(lines.join('')).toContain('"code":"ECONNREFUSED"')
    expect(lines.join('')).not.toContain('10.0.0.7')
  })
})

describe('the code of an error', () => {
  test.each([
    ['of Node', Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    ['of PostgreSQL', Object.assign(new Error('terminating connection'), { code: '57P01' }), '57P01'],
    ['of Redis', new Error('WRONGPASS invalid username-password pair'), 'WRONGPASS'],
    ['without a code', new RangeError('acme-corp-auth is out of range'), 'RangeError'],
    ['with text for a code', Object.assign(new Error('x'), { code: 'acme-corp at 10.0.0.7' }), 'Error'],
    ['with text for a name', Object.assign(new Error('x'), { name: 'acme-corp auth' }), 'unknown'],
    ['that is none', 'acme-corp', 'unknown'],
  ])('%s is one word', (_, error, code) => {
    expect(codeOf(error)).toBe(code)
  })
})
