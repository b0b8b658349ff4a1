import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProgress, cut, excerpt, humanDuration, plural, shown, table, wrap } from '../../src/cli/terminal.ts'

describe('text of strangers on a terminal', () => {
  test.each([
    ['an escape sequence', '\u001b[2J\u001b]0;owned\u0007x', '·[2J·]0;owned·x'],
    ['a one-byte escape sequence', '\u009b2Jx', '·2Jx'],
    ['bidi controls', 'a\u202eb\u2066c\u200f', 'a·b·c·'],
    ['zero-width characters and tags', 'a\u200bb\u2060c\ufeffd\u{e0041}', 'a·b·c·d·'],
    ['several lines', 'a\r\n\tb\u2028c', 'a b·c'],
    ['half a pair', 'a\ud800b', 'a·b'],
  ])('%s', (_what, text, safe) => expect(shown(text)).toBe(safe))

  test('names in other scripts stay as they are', () => expect(shown('Lucía Fernández 佐藤 👩')).toBe('Lucía Fernández 佐藤 👩'))

  test('whatever it is, an excerpt is one line of safe characters and no longer than asked', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 50 }), (text, length) => {
      const line = excerpt(text, length)
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      expect(Array.from(line).length).toBeLessThanOrEqual(length)
    }))
  })

  test('megabytes cost no more than their beginning', () => {
    const began = performance.now()
    for (let count = 0; count < 200; count += 1) excerpt('\u001b'.repeat(2_000_000), 120)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

test('a text is cut at characters, not inside one', () => {
  expect([cut('abc', 3), cut('abcd', 3), cut('👩👩👩👩', 3)]).toEqual(['abc', 'ab…', '👩👩…'])
})

test('a long text is broken at its spaces; a long word stays whole', () => {
  expect(wrap('one two three', '  ', 9)).toBe('  one two\n  three')
  expect(wrap('http://example.org/a/long/address it', '', 9)).toBe('http://example.org/a/long/address\nit')
})

test('numbers and durations are for people', () => {
  expect([plural(1, 'query', 'queries'), plural(1_200, 'query', 'queries')]).toEqual(['1 query', '1,200 queries'])
  expect([499, 61_000, 120_000, 3_600_000, 12_000_000].map(humanDuration)).toEqual(['0 s', '1 min 1 s', '2 min', '1 h', '3 h 20 min'])
  expect(table([['a', 'bb', 'c'], ['aaa', 'b', '']])).toBe('a    bb  c\naaa  b')
})

describe('progress', () => {
  function screen(isTTY: boolean) {
    const said: string[] = []
    return { said, stream: { isTTY, columns: 30, write: (text: string | Uint8Array) => said.push(String(text)) > 0 } }
  }

  test('off a terminal it is plain lines, the first at once and then rarely', () => {
    const { said, stream } = screen(false)
    const progress = createProgress(stream)
    for (let count = 0; count < 100; count += 1) progress.show(`step ${count}`)
    progress.write('{"msg":"a log line"}\n')
    progress.end()
    expect(said).toEqual(['step 0\n', '{"msg":"a log line"}\n'])
  })

  test('on a terminal it is one line that rewrites itself, never wider than the terminal, and gone at the end', () => {
    const { said, stream } = screen(true)
    const progress = createProgress(stream)
    progress.show('x'.repeat(100))
    progress.write('{"msg":"a log line"}\n')
    progress.end()
    const line = `\r\u001b[2K${'x'.repeat(28)}…`
    expect(said).toEqual([line, '\r\u001b[2K{"msg":"a log line"}\n', line, '\r\u001b[2K'])
  })
})
