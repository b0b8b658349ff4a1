import { describe, expect, test } from 'vitest'
import { indexLines } from '../../src/matching/lines.ts'
import { readable } from '../../src/matching/readable.ts'

const lines = (text: string | Uint8Array) => indexLines(typeof text === 'string' ? Buffer.from(text) : text)

describe('the place of an offset', () => {
  test.each([
    ['the first byte', 'abc', 0, { line: 1, column: 1 }],
    ['the end of the text', 'abc', 3, { line: 1, column: 4 }],
    ['a later line', 'a\nb\ncd', 5, { line: 3, column: 2 }],
    ['an end of line belongs to its line', 'ab\ncd', 2, { line: 1, column: 3 }],
    ['behind CRLF', 'ab\r\ncd', 4, { line: 2, column: 1 }],
    ['both bytes of CRLF belong to the line', 'ab\r\ncd', 3, { line: 1, column: 4 }],
    ['behind a lone CR', 'ab\rcd', 3, { line: 2, column: 1 }],
    ['empty lines count', '\n\r\r\n\nx', 5, { line: 5, column: 1 }],
    ['a line separator of Unicode is no end of line', 'a\u2028b\u0085c', 5, { line: 1, column: 6 }],
    ['columns are bytes', 'é€x', 5, { line: 1, column: 6 }],
    ['an offset too far is the end', 'a\nb', 99, { line: 2, column: 2 }],
    ['an offset before the text is its beginning', 'a\nb', -1, { line: 1, column: 1 }],
    ['an empty text has one place', '', 0, { line: 1, column: 1 }],
    ['a text that ends with an end of line has an empty last line', 'a\n', 2, { line: 2, column: 1 }],
  ])('%s', (_sentence, text, offset, place) => {
    expect(lines(text).locate(offset)).toEqual(place)
  })

  test('is right on many lines', () => {
    const text = Array.from({ length: 5_000 }, (_, index) => `line ${index}`).join('\n')
    const index = lines(text)
    for (const line of [1, 1_023, 1_024, 1_025, 4_999]) {
      expect(index.locate(text.indexOf(`line ${line}\n`) === -1 ? text.length : text.indexOf(`line ${line}\n`))).toMatchObject({ line: line === 4_999 ? 5_000 : line + 1 })
    }
  })
})

describe('the line around an offset', () => {
  test.each([
    ['without LF', 'ab\ncd\nef', 3, 'cd'],
    ['without CRLF', 'ab\r\ncd\r\n', 4, 'cd'],
    ['without a lone CR', 'ab\rcd\r', 3, 'cd'],
    ['from its own end', 'ab\ncd', 2, 'ab'],
    ['at the end of the text', 'ab\ncd', 5, 'cd'],
    ['empty', 'ab\n\ncd', 3, ''],
  ])('%s', (_sentence, text, offset, line) => {
    const { start, end } = lines(text).lineAround(offset)
    expect(Buffer.from(text).subarray(start, end).toString()).toBe(line)
  })
})

describe('the text around a span', () => {
  const around = (text: string, name: string, limit: number): string => {
    const start = Buffer.from(text).indexOf(name)
    return lines(text).textAround(start, start + Buffer.byteLength(name), limit)
  }

  test('a short line is whole', () => {
    expect(around('x\n  "acme": 1,\ny', 'acme', 300)).toBe('  "acme": 1,')
  })

  test('a long line is cut on both sides, with the name in the middle', () => {
    const text = around(`${'a'.repeat(500)}NAME${'b'.repeat(500)}`, 'NAME', 100)
    expect(text).toBe(`${'a'.repeat(48)}NAME${'b'.repeat(48)}`)
  })

  test.each([['NAME', ''], ['', 'NAME']])('a name at an end of a long line leaves more room on the other side', (first, last) => {
    const text = around(`${first}${'b'.repeat(500)}${last}`, 'NAME', 100)
    expect(text).toHaveLength(100)
    expect(text).toContain('NAME')
  })

  test('a name longer than the limit is cut', () => {
    expect(around(`xx${'N'.repeat(500)}yy`, 'N'.repeat(500), 100)).toBe('N'.repeat(100))
  })

  test('a span over several lines shows the first', () => {
    expect(around('<g>com.acme</g>\n<a>auth</a>', 'com.acme</g>\n<a>auth', 300)).toBe('<g>com.acme</g>')
  })

  test('no character is cut in two', () => {
    for (let limit = 1; limit < 60; limit += 1) {
      const text = around(`${'😀'.repeat(40)}é€NAME€é${'😀'.repeat(40)}`, 'NAME', limit)
      expect(text.length).toBeLessThanOrEqual(limit)
      expect(text).not.toMatch(/\ufffd|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
    }
  })

  test('what is not UTF-8 is replaced', () => {
    expect(lines(Buffer.from([0x61, 0xff, 0x62])).textAround(0, 1, 10)).toBe('a\ufffdb')
  })

  test('a line of many megabytes costs no more than what is shown of it', () => {
    const bytes = Buffer.alloc(20_000_000, 'x')
    expect(lines(bytes).textAround(10_000_000, 10_000_004, 300)).toBe('x'.repeat(300))
  })
})

describe('readable', () => {
  const text = 'acme-corp é 😀\r\n'
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')

  test('leaves UTF-8 as it is, with and without its mark', () => {
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), Buffer.alloc(0), Buffer.from([0xff]), Buffer.from([0xc3, 0xff, 0xfe])]) {
      expect(readable(bytes)).toBe(bytes)
    }
  })

  test('transcodes UTF-16 of both orders, without its mark', () => {
    expect(Buffer.from(readable(utf16)).toString()).toBe(text)
    expect(Buffer.from(readable(Buffer.from(utf16).swap16())).toString()).toBe(text)
  })

  test('transcodes UTF-32 of both orders', () => {
    const points = [0xfeff, ...[...text].map((character) => character.codePointAt(0) ?? 0)]
    const little = Buffer.alloc(points.length * 4)
    for (const [index, point] of points.entries()) little.writeUInt32LE(point, index * 4)
    expect(Buffer.from(readable(little)).toString()).toBe(text)
    expect(Buffer.from(readable(Buffer.from(little).swap32())).toString()).toBe(text)
  })

  test('puts a replacement for half a unit, half a pair and what is no character', () => {
    expect(Buffer.from(readable(Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x62]))).toString()).toBe('a\ufffd')
    expect(Buffer.from(readable(Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00]))).toString()).toBe('\ufffda')
    expect(Buffer.from(readable(Buffer.from([0xff, 0xfe, 0, 0, 0, 0, 0x22, 0, 0x61]))).toString()).toBe('\ufffd\ufffd')
    expect(Buffer.from(readable(Buffer.from([0xff, 0xfe, 0, 0, 0, 0xd8, 0, 0]))).toString()).toBe('\ufffd')
  })

  const unmarked = utf16.subarray(2)

  test('transcodes UTF-16 of both orders that has no mark', () => {
    for (const bytes of [unmarked, Buffer.concat(Array.from({ length: 999 }, () => unmarked))]) {
      const expected = Buffer.from(text.repeat(bytes.length / unmarked.length))
      expect(Buffer.from(readable(bytes)).equals(expected)).toBe(true)
      expect(Buffer.from(readable(Buffer.from(bytes).swap16())).equals(expected)).toBe(true)
    }
    expect(Buffer.from(readable(Buffer.concat([unmarked, Buffer.from('x')]))).toString()).toBe(`${text}\ufffd`)
    expect(Buffer.from(readable(Buffer.from('Гермес is acme-corp-auth-client', 'utf16le'))).toString()).toBe('Гермес is acme-corp-auth-client')
  })

  test.each([
    ['a few characters', Buffer.from('ab\r', 'utf16le')],
    ['text with a NUL at its end', Buffer.from('acme-corp\0')],
    ['names between NUL bytes', Buffer.from('acme\0corp\0a\0b\0c\0d\0')],
    ['small numbers of two bytes', Buffer.from(Array.from({ length: 99 }, (_, index) => [0x40 + index, 0, 3, 0]).flat())],
    ['zeros', Buffer.alloc(99)],
    ['numbers of four bytes', Buffer.from(Array.from({ length: 99 }, (_, index) => [0x40 + index, 0, 0, 0]).flat())],
    ['mostly not Latin', Buffer.from('Проект Гермес', 'utf16le')],
    ['text in the middle of a program', Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]), Buffer.from('acme-corp-auth', 'utf16le')])],
  ])('does not take for UTF-16: %s', (_what, bytes) => {
    expect(readable(bytes)).toBe(bytes)
  })

  test('twice is once', () => {
    for (const bytes of [utf16, unmarked, Buffer.concat([Buffer.from('x'.repeat(2_048), 'utf16le'), Buffer.from('a\0b\0'.repeat(999), 'utf16le')])]) {
      const once = readable(bytes)
      expect(once).not.toBe(bytes)
      expect(readable(once)).toBe(once)
    }
  })
})
