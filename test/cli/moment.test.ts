import { describe, expect, test } from 'vitest'
import { endOf } from '../../src/cli/moment.ts'
import { Invalid } from '../../src/errors.ts'

const now = new Date('2026-11-23T06:00:00Z')

describe('the end of something that begins now', () => {
  test.each([
    [{ for: '90m' }, '2026-11-23T07:30:00.000Z'],
    [{ until: '2026-12-01T08:00Z' }, '2026-12-01T08:00:00.000Z'],
    [{ until: '2026-12-01 08:00+01:00' }, '2026-12-01T07:00:00.000Z'],
    [{ until: '2026-12-01T08:00:30Z' }, '2026-12-01T08:00:30.000Z'],
  ])('%j', (options, expected) => {
    expect(endOf(options, now).toISOString()).toBe(expected)
  })

  test('without a zone is one of this machine, of a date its first moment', () => {
    expect(endOf({ until: '2026-12-01' }, now)).toEqual(new Date('2026-12-01T00:00'))
    expect(endOf({ until: '2026-12-01T08:00' }, now)).toEqual(new Date('2026-12-01T08:00'))
  })

  test.each([
    [{}, /a mute needs an end/],
    [{ for: '2' }, /--for: expected a duration with its unit: 90m, 4h or 2d \(got "2"\)/],
    [{ for: '2h', until: '2026-12-01' }, /give one of them/],
    [{ until: 'tomorrow' }, /--until: expected a date/],
    [{ until: '2026-13-01' }, /--until: expected a date/],
    [{ until: '12/01/2026' }, /--until: expected a date/],
  ])('%j is refused in words', (options, words) => {
    expect(() => endOf(options, now)).toThrow(words)
    expect(() => endOf(options, now)).toThrow(Invalid)
  })
})
