import { describe, expect, test } from 'vitest'
import { durationFault, parseDuration, writeDuration } from '../../src/config/duration.ts'

const hour = 3_600_000

describe('a duration', () => {
  test.each([
    ['90m', 1.5 * hour], ['4h', 4 * hour], ['2d', 48 * hour], ['1d12h', 36 * hour], ['1d2h3m', 26 * hour + 180_000], [' 4h ', 4 * hour], ['366d', 366 * 24 * hour],
  ])('%j is %d ms', (text, ms) => {
    expect(durationFault(text)).toBeNull()
    expect(parseDuration(text)).toBe(ms)
  })

  test.each([
    ['4', /unit/], ['', /such as/], ['h', /such as/], ['4 h', /such as/], ['-4h', /such as/], ['4.5h', /such as/], ['4h2d', /such as/], ['4h4h', /such as/], ['4H', /such as/],
    ['4s', /such as/], ['4w', /such as/], ['0m', /longer than nothing/], ['0h0m', /longer than nothing/], ['367d', /at most 366d/], ['999999d', /at most/], ['9999999d', /such as/], ['١h', /such as/],
  ])('%j is refused, in words', (text, words) => {
    expect(durationFault(text)).toMatch(words)
  })

  test.each([['90m', '1h30m'], ['24h', '1d'], ['1d12h', '1d12h'], ['1m', '1m']])('of %s is written %s', (text, written) => {
    expect(writeDuration(parseDuration(text) ?? 0)).toBe(written)
    expect(parseDuration(written)).toBe(parseDuration(text))
  })

  test('shorter than a minute is written as none', () => {
    expect(writeDuration(1)).toBe('0m')
  })
})
