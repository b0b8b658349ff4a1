/**
 * The bytes to match and to cut lines from: UTF-8 (or something close to it) as it came, or, when a byte order mark
 * says UTF-16 or UTF-32, the same text transcoded to UTF-8 without the mark. Offsets of matches refer to what this
 * returns: whoever shows a place must call it too. Calling it twice changes nothing.
 *
 * A UTF-8 mark stays where it is. Broken surrogates and cut-off units become U+FFFD. Never throws.
 */
export function readable(bytes: Uint8Array): Uint8Array {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) {
    return third === 0 && fourth === 0 ? fromUtf32(bytes, true) : fromUtf16(bytes, 'utf-16le')
  }
  if (first === 0xfe && second === 0xff) return fromUtf16(bytes, 'utf-16be')
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return fromUtf32(bytes, false)
  return bytes
}

const mark = 2

function fromUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Uint8Array {
  return Buffer.from(new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(mark)))
}

const replacement = 0xfffd

function fromUtf32(bytes: Uint8Array, littleEndian: boolean): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: string[] = []
  let at = 4
  for (; at + 4 <= bytes.length; at += 4) {
    const codePoint = view.getUint32(at, littleEndian)
    parts.push(String.fromCodePoint(codePoint > 0x10ffff ? replacement : codePoint))
  }
  if (at < bytes.length) parts.push(String.fromCodePoint(replacement))
  return Buffer.from(parts.join(''))
}
