import { classOf, digitByte, isAt, runByte, wordByte } from './byte-classes.ts'
import { escapeEndsAt, spelledAt, spelledBefore } from './escapes.ts'

const dot = 0x2e
const hyphen = 0x2d
const underscore = 0x5f
const at = 0x40
const slash = 0x2f

/** May a name of runs begin here: nothing in front, no run byte in front, or the end of an escape that spells none. */
export function runMayStart(bytes: Uint8Array, start: number): boolean {
  if (isAt(runByte, bytes, start - 1) && !escapeEndsAt(bytes, start)) return false
  return spelledBefore(bytes, start, hyphen) === 0 && spelledBefore(bytes, start, underscore) === 0
}

/** May a name of runs end here: no run byte behind it, in any spelling. */
export function runMayEnd(bytes: Uint8Array, end: number): boolean {
  return !isAt(runByte, bytes, end) && spelledAt(bytes, end, hyphen) === 0 && spelledAt(bytes, end, underscore) === 0
}

/** Is a version in the name of an archive behind the name: `-1.2` of `acme-auth-1.2.0.tgz`, `-v2.0`? */
export function versionFollows(bytes: Uint8Array, end: number): boolean {
  const joint = spelledAt(bytes, end, hyphen)
  if (joint === 0) return false
  let offset = end + joint
  if (((bytes[offset] ?? 0) | 0x20) === 0x76) offset += 1
  const first = offset
  while (offset < first + 6 && isAt(digitByte, bytes, offset)) offset += 1
  return offset > first && bytes[offset] === dot && isAt(digitByte, bytes, offset + 1)
}

const mostUnderscores = 3

/** Is the name set in underscores as markup: `_name_`, `__name__`, `___name___`, the same number on both sides? */
export function isEmphasised(bytes: Uint8Array, start: number, end: number): boolean {
  let count = 0
  while (count <= mostUnderscores && bytes[start - 1 - count] === underscore) count += 1
  if (count === 0 || count > mostUnderscores) return false
  for (let index = 0; index < count; index += 1) {
    if (bytes[end + index] !== underscore) return false
  }
  return runMayStart(bytes, start - count) && runMayEnd(bytes, end + count)
}

/** The first end in `[from, to]` at which the name is set in underscores; `to` when there is none. */
export function endOfEmphasis(bytes: Uint8Array, start: number, from: number, to: number): number {
  if (bytes[start - 1] !== underscore) return to
  for (let end = from; end < to; end += 1) {
    if (isEmphasised(bytes, start, end)) return end
  }
  return to
}

/** Is a label and a dot in front: `org.` of `org.com.acmecorp`? */
export function labelPrecedes(bytes: Uint8Array, start: number): boolean {
  const joint = spelledBefore(bytes, start, dot)
  return joint > 0 && isAt(wordByte, bytes, start - joint - 1)
}

/** Is a dot and a label behind: `.evil` of `acme-corp.com.evil.net`? */
export function labelFollows(bytes: Uint8Array, end: number): boolean {
  const joint = spelledAt(bytes, end, dot)
  return joint > 0 && isAt(wordByte, bytes, end + joint)
}

const classSign = 0x4c

/** Signs of the primitive types that may stand before a class in a descriptor: `(IJLcom/acmecorp/Client;)V`. */
export const primitives = 'BCDFIJSZ'
const primitive = classOf((byte) => primitives.includes(String.fromCharCode(byte)))
const mostPrimitives = 32

/** The `L` of a class in a JVM descriptor (JVMS 4.3.2) in front, with primitive types before it: where they begin; else -1. */
export function descriptorBefore(bytes: Uint8Array, start: number): number {
  if (bytes[start - 1] !== classSign) return -1
  let first = start - 1
  while (first > start - 1 - mostPrimitives && isAt(primitive, bytes, first - 1)) first -= 1
  return isAt(runByte, bytes, first - 1) ? -1 : first
}

/** Where the first label begins in a word such as `Lcom` or `IJLcom`; -1 when the word is none. */
export function firstLabelInDescriptor(bytes: Uint8Array, start: number, end: number): number {
  let sign = start
  while (sign < end && isAt(primitive, bytes, sign)) sign += 1
  return sign + 1 < end && bytes[sign] === classSign ? sign + 1 : -1
}

const classEnd = classOf((byte) => byte === 0x3b || byte === 0x3c)
const classByte = classOf((byte) => runByte[byte] === 1 || byte === dot || byte === slash || byte === 0x24)
const longestClass = 200

/** Does a class of the package follow, and end as one in a descriptor: `/Client;`, `/Box<`? */
export function descriptorFollows(bytes: Uint8Array, end: number): boolean {
  if (bytes[end] !== slash && bytes[end] !== dot) return false
  let offset = end
  while (offset < end + longestClass && isAt(classByte, bytes, offset)) offset += 1
  return isAt(classEnd, bytes, offset)
}

/** npm allows 214 bytes for the whole name. */
const longestScope = 214

/** Is an npm scope in front: `@other/` of `@other/auth-client`? */
export function scopePrecedes(bytes: Uint8Array, start: number): boolean {
  const joint = spelledBefore(bytes, start, slash)
  if (joint === 0) return false
  const limit = Math.max(0, start - joint - longestScope)
  let offset = start - joint
  while (offset > limit && (isAt(runByte, bytes, offset - 1) || bytes[offset - 1] === dot)) {
    offset -= 1
    if (atSignPrecedes(bytes, offset)) return true
  }
  return false
}

/** Is the sign of a scope (not of an address such as `git@host`) in front? */
export function atSignPrecedes(bytes: Uint8Array, start: number): boolean {
  const sign = spelledBefore(bytes, start, at)
  return sign > 0 && runMayStart(bytes, start - sign)
}

/** Is a path step behind? */
export function slashFollows(bytes: Uint8Array, end: number): boolean {
  return spelledAt(bytes, end, slash) > 0
}

/**
 * May a word of prose begin here? In front stands no ASCII letter or digit (but an escape may end here) and no letter of
 * a script that puts spaces between words: `Hermes` in `プロジェクトHermes` is the word, in `éHermes` it is not.
 */
export function wordMayStart(bytes: Uint8Array, start: number): boolean {
  const before = bytes[start - 1]
  if (before === undefined) return true
  if (before < 0x80) return wordByte[before] === 0 || escapeEndsAt(bytes, start)
  return !joinsWords(characterBefore(bytes, start))
}

/** May a word of prose end here? The mirror image of `wordMayStart`. */
export function wordMayEnd(bytes: Uint8Array, end: number): boolean {
  const after = bytes[end]
  if (after === undefined) return true
  if (after < 0x80) return wordByte[after] === 0
  return !joinsWords(characterAt(bytes, end))
}

const letter = /^[\p{L}\p{M}\p{N}]/u
/** Written without spaces: a neighbour says nothing about where a word ends. */
const unspaced = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u

function joinsWords(character: string): boolean {
  return letter.test(character) && !unspaced.test(character)
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

function characterAt(bytes: Uint8Array, offset: number): string {
  return String.fromCodePoint(utf8.decode(bytes.subarray(offset, offset + 4)).codePointAt(0) ?? 0)
}

function characterBefore(bytes: Uint8Array, offset: number): string {
  let start = offset - 1
  while (start > 0 && start > offset - 4 && (bytes[start]! & 0xc0) === 0x80) start -= 1
  return [...utf8.decode(bytes.subarray(start, offset))].at(-1) ?? ''
}
