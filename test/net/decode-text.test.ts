import { describe, expect, test } from 'vitest'
import { asUtf8, decodeText } from '../../src/net/decode-text.ts'

const bytes = (...parts: readonly (string | readonly number[])[]) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))))
const utf16 = (text: string) => [0xff, 0xfe, ...Buffer.from(text, 'utf16le')]

describe('the encoding of a text', () => {
  test.each<[string, Uint8Array, string | null, string]>([
    ['a byte order mark wins over everything', bytes([0xef, 0xbb, 0xbf], Buffer.from('ü').toString('latin1')), 'text/html; charset=latin1', 'ü'],
    ['UTF-16 by its mark', bytes(utf16('Projekt Ü')), 'text/html; charset=utf-8', 'Projekt Ü'],
    ['then the header', bytes([0xfc]), 'text/html;charset="ISO-8859-1"', 'ü'],
    ['a label as browsers read it: latin1 is windows-1252', bytes([0x80]), 'text/html; charset=latin1', '€'],
    ['then the meta element', bytes('<meta charset=shift_jis>', [0x83, 0x6e]), 'text/html', '<meta charset=shift_jis>ハ'],
    ['the older form of it', bytes('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', [0xcf]), null, '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">П'],
    ['a meta element that lies in UTF-16 means UTF-8', bytes('<meta charset="utf-16">a'), null, '<meta charset="utf-16">a'],
    ['a label nobody knows says nothing', bytes('<meta charset=latin1>', [0xfc]), 'text/html; charset=klingon', '<meta charset=latin1>ü'],
    ['else UTF-8 if it is', Buffer.from('ünï'), null, 'ünï'],
    ['else windows-1252', bytes([0xfc, 0x80]), null, 'ü€'],
    ['bytes that are wrong cost only themselves', bytes('a', [0xff], 'b'), 'text/html; charset=utf-8', 'a\u{fffd}b'],
  ])('%s', (_, given, contentType, text) => {
    expect(decodeText(given, contentType)).toBe(text)
  })

  test('UTF-8 is not copied; anything else becomes UTF-8', () => {
    const text = Buffer.from('ünï')
    expect(asUtf8(text, 'text/javascript')).toBe(text)
    expect(Buffer.from(asUtf8(bytes([0xfc]), 'text/javascript; charset=latin1')).toString()).toBe('ü')
    expect(Buffer.from(asUtf8(bytes(utf16('a')), null)).toString()).toBe('a')
  })
})
