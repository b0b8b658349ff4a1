/**
 * The bytes to match and to cut lines from: UTF-8 (or something close to it) as it came, or, when a byte order mark
 * says UTF-16 or UTF-32, the same text transcoded to UTF-8 without the mark. UTF-16 without a mark is known by its NUL
 * bytes, if most of its beginning is Latin. Offsets of matches refer to what this returns: whoever shows a place must
 * call it too. Calling it twice changes nothing.
 *
 * A UTF-8 mark stays where it is. Broken surrogates and cut-off units become U+FFFD. Never throws.
 */
export function readable(bytes: Uint8Array): Uint8Array {
  const [first, second, third, fourth] = bytes
  if (first === 0xff && second === 0xfe) {
    return third === 0 && fourth === 0 ? fromUtf32(bytes, true) : fromUtf16(bytes.subarray(mark), 'utf-16le')
  }
  if (first === 0xfe && second === 0xff) return fromUtf16(bytes.subarray(mark), 'utf-16be')
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return fromUtf32(bytes, false)
  if (looksLikeUtf16(bytes, 0)) return fromUtf16(bytes, 'utf-16le')
  return looksLikeUtf16(bytes, 1) ? fromUtf16(bytes, 'utf-16be') : bytes
}

const mark = 2

function fromUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Uint8Array {
  return Buffer.from(new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes))
}

/** Bytes at the beginning that are looked at, and characters that say too little. */
const head = 4096
const fewest = 4

/**
 * Is the beginning UTF-16, with the lower byte of each unit first (0) or second (1)? More than three quarters of its units are
 * Latin letters, punctuation or white space, and none is another control character: numbers of a binary file are.
 */
function looksLikeUtf16(bytes: Uint8Array, lower: 0 | 1): boolean {
  const end = Math.min(bytes.length, head) & ~1
  let latin = 0
  for (let at = 0; at < end; at += 2) {
    if (bytes[at + 1 - lower] !== 0) continue
    if (!isLatin(bytes[at + lower] ?? 0)) return false
    latin += 1
  }
  return latin >= fewest && latin > (end / 2) * 0.75
}

function isLatin(unit: number): boolean {
  if (unit < 0x20) return unit >= 0x09 && unit <= 0x0d
  return unit < 0x7f || unit >= 0xa0
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
