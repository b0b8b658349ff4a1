import { classOf, digitByte, foldedByte, hexByte, isAt, wordByte } from './byte-classes.ts'

/**
 * Names travel through JSON, URLs, HTML and coloured terminals. Two things follow:
 *
 * 1. Separators inside a name may be spelled otherwise: `%2f`, `\/`, `\u002f`, `&#x2F;` … (`spelledAt`).
 * 2. The end of an escape may be letters or digits that stick to the name behind it: `\nacme-auth`,
 *    `%22acme-auth`, `\u001b[32macme-auth` (`escapeEndsAt`).
 */

const backslash = 0x5c
const percent = 0x25
const ampersand = 0x26
const semicolon = 0x3b
const bracket = 0x5b
const escapeByte = 0x1b

const at = 0x40
const slash = 0x2f
const colon = 0x3a
const hyphen = 0x2d
const dot = 0x2e
const underscore = 0x5f

/** Spellings other than the plain byte, in lower case. */
const spellings = new Map<number, readonly string[]>([
  [at, ['%40', '%2540', '\\u0040', '\\x40', '&#64;', '&#064;', '&#x40;', '&commat;']],
  [slash, ['%2f', '%252f', '\\u002f', '\\x2f', '&#47;', '&#047;', '&#x2f;', '&sol;']],
  [colon, ['%3a', '%253a', '\\u003a', '\\x3a', '&#58;', '&#058;', '&#x3a;', '&colon;']],
  [hyphen, ['%2d', '%252d', '\\u002d', '\\x2d', '&#45;', '&#045;', '&#x2d;']],
  [dot, ['%2e', '%252e', '\\u002e', '\\x2e', '&#46;', '&#046;', '&#x2e;', '&period;']],
  [underscore, ['%5f', '%255f', '\\u005f', '\\x5f', '&#95;', '&#095;', '&#x5f;', '&lowbar;']],
])

/** JSON in JSON in JSON escapes a slash with 1, 3, 7 backslashes; Markdown and expressions escape `_` and `.` with one. */
const mostBackslashes = 8

/** Bytes of the separator as it is spelled from this offset on: 0 when it does not stand here. */
export function spelledAt(bytes: Uint8Array, offset: number, separator: number): number {
  const byte = bytes[offset]
  if (byte === separator) return 1
  if (byte !== percent && byte !== backslash && byte !== ampersand) return 0
  for (const spelling of spellings.get(separator) ?? []) {
    if (standsAt(bytes, offset, spelling)) return spelling.length
  }
  return byte === backslash && separator !== at ? behindBackslashes(bytes, offset, separator) : 0
}

/** Bytes of the separator as it is spelled up to this offset: 0 when it does not stand before it. The longest spelling. */
export function spelledBefore(bytes: Uint8Array, offset: number, separator: number): number {
  if (bytes[offset - 1] === separator) return 1 + (separator === at ? 0 : backslashesBefore(bytes, offset - 1))
  if (!isAt(spellingEnd, bytes, offset - 1) || !escapeBegins(bytes, offset)) return 0
  for (const spelling of spellings.get(separator) ?? []) {
    if (standsAt(bytes, offset - spelling.length, spelling)) return spelling.length
  }
  return 0
}

/** The last bytes of all spellings above. */
const spellingEnd = classOf((byte) => '0adef;'.includes(String.fromCharCode(foldedByte[byte]!)))

/** Bytes of any separator that is spelled as an escape up to this offset; 0 for none. */
export function escapedSeparatorBefore(bytes: Uint8Array, offset: number): number {
  if (!isAt(spellingEnd, bytes, offset - 1) || !escapeBegins(bytes, offset)) return 0
  for (const separator of spellings.keys()) {
    if (bytes[offset - 1] === separator) continue
    const length = spelledBefore(bytes, offset, separator)
    if (length > 0) return length
  }
  return 0
}

const escapeStart = classOf((byte) => byte === percent || byte === backslash || byte === ampersand)
const longestSpelling = 8

/** Does a byte that begins an escape stand close enough in front for one to end here? */
function escapeBegins(bytes: Uint8Array, offset: number): boolean {
  for (let index = offset - 2; index >= offset - longestSpelling && index >= 0; index -= 1) {
    if (escapeStart[bytes[index]!] === 1) return true
  }
  return false
}

/** Does a text, given in lower case, stand here in any case? */
export function standsAt(bytes: Uint8Array, offset: number, text: string): boolean {
  if (offset < 0 || offset + text.length > bytes.length) return false
  for (let index = 0; index < text.length; index += 1) {
    if (foldedByte[bytes[offset + index]!] !== text.charCodeAt(index)) return false
  }
  return true
}

function behindBackslashes(bytes: Uint8Array, offset: number, separator: number): number {
  let count = 0
  while (count < mostBackslashes && bytes[offset + count] === backslash) count += 1
  return bytes[offset + count] === separator ? count + 1 : 0
}

function backslashesBefore(bytes: Uint8Array, offset: number): number {
  let count = 0
  while (count < mostBackslashes && bytes[offset - 1 - count] === backslash) count += 1
  return count
}

/** The letters of `\n` and its like. */
const letterEscape = classOf((byte) => 'abfnrtv0'.includes(String.fromCharCode(byte)))

/** The bytes before a word that may make its first bytes the end of an escape. */
export const escapeLead: Uint8Array = classOf((byte) => byte === percent || byte === backslash || byte === bracket || byte === semicolon)

/** `\u` and its four digits are the longest tail that sticks to a word, but for the numbers of a colour. */
const longestTail = 5
/** Digits of one number in a terminal's escape; no escape sticks more to a word. */
export const longestNumber = 12

/**
 * Does an escape end exactly here, with a letter or digit as its last byte? `\n` and its like, `%22`, `%2522`, `\x22`,
 * `\u0022`, and a terminal's colours `ESC[1;32m`, also where the ESC itself was lost: `[32m`.
 */
export function escapeEndsAt(bytes: Uint8Array, offset: number): boolean {
  const last = bytes[offset - 1]
  if (last === undefined) return false
  if (letterEscape[last] === 1 && bytes[offset - 2] === backslash) return true
  if (hexByte[last] === 1 && isAt(hexByte, bytes, offset - 2)) {
    if (bytes[offset - 3] === percent || standsAt(bytes, offset - 5, '%25')) return true
    if (standsAt(bytes, offset - 4, '\\x')) return true
    if (standsAt(bytes, offset - 6, '\\u') && isAt(hexByte, bytes, offset - 3) && isAt(hexByte, bytes, offset - 4)) return true
  }
  return (last === 0x6d || last === 0x4b) && terminalEscapeEndsAt(bytes, offset)
}

/** `ESC[` or, with a number, `[`; then numbers and semicolons; then `m` (colour) or, only behind ESC, `K` (erase). */
function terminalEscapeEndsAt(bytes: Uint8Array, offset: number): boolean {
  const first = offset - 2
  let index = first
  while (index > first - 12 && (isAt(digitByte, bytes, index) || bytes[index] === semicolon)) index -= 1
  if (bytes[index] !== bracket) return false
  if (bytes[index - 1] === escapeByte) return true
  return index < first && bytes[offset - 1] === 0x6d
}

/**
 * The next place behind `from` where a name could begin inside the word at `[start, end)`, because an escape's tail
 * sticks to it; -1: none. Mostly there is none. Begin with `from = start`.
 */
export function nextBehindEscape(bytes: Uint8Array, start: number, end: number, from: number): number {
  const lead = bytes[start - 1]
  if (lead === undefined || escapeLead[lead] === 0) return -1
  let offset = tailEnd(bytes, start, lead)
  // `%2522` may be `%25` and a name, or `%2522` and a name.
  if (offset <= from && lead === percent) offset += 2
  return offset > from && offset < end && escapeEndsAt(bytes, offset) ? offset : -1
}

/** Where the tail of an escape with this lead would end; what stands there is not looked at yet. */
function tailEnd(bytes: Uint8Array, start: number, lead: number): number {
  if (lead === percent) return start + 2
  if (lead === backslash) {
    const letter = bytes[start]! | 0x20
    return start + (letter === 0x75 ? 5 : letter === 0x78 ? 3 : 1)
  }
  let offset = start
  while (offset < start + longestNumber && isAt(digitByte, bytes, offset)) offset += 1
  return offset + 1
}

/** Between two words of a name there is at most this much: white space of a wrapped line, separators of PyPI. */
export const longestJoint = 64

/**
 * Start of the word that follows the one that ends here, with an escape between them counted as what it spells.
 * -1 when there is none within reach. Judges nothing: the comparison does.
 */
export function nextWord(bytes: Uint8Array, end: number): number {
  let offset = end
  const limit = Math.min(bytes.length, end + longestJoint)
  while (offset < limit) {
    const byte = bytes[offset]!
    if (wordByte[byte] === 1) return offset
    offset += byte === percent || byte === backslash || byte === ampersand ? separatorLength(bytes, offset) : 1
  }
  return offset < bytes.length && wordByte[bytes[offset]!] === 1 ? offset : -1
}

function separatorLength(bytes: Uint8Array, offset: number): number {
  for (const separator of spellings.keys()) {
    const length = spelledAt(bytes, offset, separator)
    if (length > 0) return length
  }
  return 1
}

/** End of the word before the one that starts here; -1 when there is none within reach. The inverse of `nextWord`. */
export function previousWordEnd(bytes: Uint8Array, start: number): number {
  const limit = Math.max(0, start - longestJoint)
  // Only the escape next to the word can end in letters of the word's own kind; further ones end in a semicolon.
  let offset = start - (isAt(wordByte, bytes, start - 1) ? escapedSeparatorBefore(bytes, start) : 0)
  while (offset > limit) {
    const byte = bytes[offset - 1]!
    if (wordByte[byte] === 1) return offset
    offset -= byte === semicolon ? Math.max(1, escapedSeparatorBefore(bytes, offset)) : 1
  }
  return -1
}

/**
 * Start of the word that ends here, at most `longest` bytes of it (-1 beyond): where its letters begin, or behind an
 * escaped separator that sticks to it.
 */
export function wordStart(bytes: Uint8Array, end: number, longest: number): number {
  let start = end
  while (start > 0 && wordByte[bytes[start - 1]!] === 1) {
    if (end - start > longest) return -1
    start -= 1
  }
  const lead = bytes[start - 1]
  if (lead !== percent && lead !== backslash) return start
  for (let offset = Math.min(end - 1, start + longestTail); offset > start; offset -= 1) {
    if (escapedSeparatorBefore(bytes, offset) > 0) return offset
  }
  return start
}
