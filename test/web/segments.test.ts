import { describe, expect, test } from 'vitest'
import { array, check, integer, property, record, string } from 'fast-check'
import { cap, codePoint, segments } from '../../src/web/parts/segments.ts'

const hidden = (text: string) => segments(text).flatMap((segment) => segment.hidden ?? [])
const joined = (text: string) => segments(text).map(({ text }) => text).join('')

describe('text from the public', () => {
  test('is shown as it is when there is nothing to hide', () => {
    expect(segments('acme-corp-auth')).toEqual([{ text: 'acme-corp-auth', hidden: null, marked: false }])
    expect(hidden('شركة/مشروع, 株式会社, Ångström, 👩 🇩🇪, a\tb')).toEqual([])
  })

  test.each([
    ['the override of Trojan Source', 'a\u202Eb', ['U+202E']],
    ['isolates', '\u2066x\u2069', ['U+2066', 'U+2069']],
    ['marks of direction', '\u200E\u200F\u061C', ['U+200E', 'U+200F', 'U+061C']],
    ['zero width', 'ac\u200Bme\u200C\u200D\u2060\uFEFF', ['U+200B', 'U+200C', 'U+200D', 'U+2060', 'U+FEFF']],
    ['soft hyphen, fillers, grapheme joiner', '\u00AD\u115F\u3164\uFFA0\u034F', ['U+00AD', 'U+115F', 'U+3164', 'U+FFA0', 'U+034F']],
    ['controls, escape and delete', '\u0000\u001B[31m\u007F\u0085', ['U+0000', 'U+001B', 'U+007F', 'U+0085']],
    ['tags, with which text is smuggled', '\u{E0041}\u{E007F}', ['U+E0041', 'U+E007F']],
    ['variation selectors beyond emoji', 'a\u{E0100}', ['U+E0100']],
    ['separators of lines', 'a\u2028b\u2029', ['U+2028', 'U+2029']],
    ['halves of a pair', '\uD800x\uDC00', ['U+D800', 'U+DC00']],
  ])('makes visible: %s', (_, text, codes) => {
    expect(hidden(text)).toEqual(codes)
  })

  test('keeps line feeds where lines are kept, and shows them elsewhere', () => {
    expect(hidden('a\nb')).toEqual(['U+000A'])
    expect(segments('a\nb\r', { lines: true }).flatMap((segment) => segment.hidden ?? [])).toEqual(['U+000D'])
  })

  test('marks the name, and what is hidden inside of it', () => {
    expect(segments('x ac\u200Bme y', { highlights: [{ start: 2, end: 7 }] })).toEqual([
      { text: 'x ', hidden: null, marked: false }, { text: 'ac', hidden: null, marked: true }, { text: '\u200B', hidden: 'U+200B', marked: true }, { text: 'me', hidden: null, marked: true }, { text: ' y', hidden: null, marked: false },
    ])
  })

  test('takes highlights that overlap, stand in no order, or reach beyond the text', () => {
    const text = 'abcdef'
    for (const highlights of [[{ start: 4, end: 99 }, { start: -3, end: 2 }], [{ start: 1, end: 4 }, { start: 2, end: 3 }], [{ start: 5, end: 1 }], [{ start: NaN, end: 2 }]]) {
      expect(segments(text, { highlights }).map((segment) => segment.text).join('')).toBe(text)
    }
  })

  test('loses and adds no letter, whatever comes', () => {
    const span = record({ start: integer({ min: -5, max: 220 }), end: integer({ min: -5, max: 220 }) })
    const result = check(property(string({ unit: 'binary', maxLength: 200 }), array(span, { maxLength: 5 }), (text, highlights) =>
      joined(text) === text && segments(text, { highlights }).map((segment) => segment.text).join('') === text))
    expect(result.counterexample).toBeNull()
  })

  test('is cut, never through a character', () => {
    expect(cap('abc', 3)).toBe('abc')
    expect(cap('ab👩', 3)).toBe('ab')
    expect(cap('x'.repeat(2_000_000), 400)).toHaveLength(400)
  })

  test('code points are named as Unicode does', () => {
    expect([codePoint('\u0000'), codePoint('\u202E'), codePoint('\u{E0041}')]).toEqual(['U+0000', 'U+202E', 'U+E0041'])
  })
})
