import { isAt, runByte, spaceByte, wordByte } from './byte-classes.ts'
import { versionFollows } from './boundaries.ts'
import type { Literal } from './compare.ts'
import { spelledAt, standsAt } from './escapes.ts'

/**
 * Where the artifact of a Maven group may stand, once the group was found:
 *
 * | form                            | example                                                              |
 * | ------------------------------- | -------------------------------------------------------------------- |
 * | coordinate                      | `com.acmecorp:auth:1.2`, with `:` in any spelling                     |
 * | path                            | `com/acmecorp/auth/1.2/auth-1.2.jar`                                  |
 * | purl, Leiningen                 | `com.acmecorp/auth`, with `/` in any spelling                         |
 * | XML, either order               | `<groupId>com.acmecorp</groupId> <artifactId>auth</artifactId>`; other simple elements and comments may stand between when the group comes first |
 * | keys and values, either order   | `group: 'com.acmecorp', name: 'auth'`, `"groupId": "…", "artifactId": "…"`, `org="…" name="…"`, YAML |
 * | sbt                             | `"com.acmecorp" %% "auth"`                                            |
 */
export interface Artifact {
  readonly start: number
  readonly end: number
  /** The longest reading, its separators as plain characters; a dot in it may also end the artifact. */
  readonly text: string
  /** Where the first so many characters of the text end. */
  endOf(length: number): number
}

const dot = 0x2e
const slash = 0x2f
const colon = 0x3a
const equals = 0x3d
const less = 0x3c
const greater = 0x3e
const percent = 0x25
const backslash = 0x5c

/** Bytes between group and artifact at most. */
const longestGap = 512
/** Maven Central's longest artifact ids have less than 130 bytes. */
const longestArtifact = 200

/** The artifact that stands with a group; null when none does. Looks at no more than `longestGap` bytes around it. */
export function artifactOf(bytes: Uint8Array, group: Literal): Artifact | null {
  if (group.isPath) return readArtifact(bytes, group.end + spelledAt(bytes, group.end, slash), group.end)
  const joint = spelledAt(bytes, group.end, colon) || spelledAt(bytes, group.end, slash)
  if (joint > 0) {
    const direct = readArtifact(bytes, group.end + joint, group.end)
    if (direct !== null) return direct
  }
  const start = behindTag(bytes, group.end) ?? behindKey(bytes, group.end) ?? behindPercent(bytes, group.end)
  return start === null ? artifactBefore(bytes, group.start) : readArtifact(bytes, start, group.end)
}

function readArtifact(bytes: Uint8Array, start: number, groupEnd: number): Artifact | null {
  if (start <= groupEnd || !isAt(wordByte, bytes, start)) return null
  let end = start
  let text = ''
  const ends = [start]
  while (text.length <= longestArtifact && !versionFollows(bytes, end)) {
    const [character, length] = nextOfArtifact(bytes, end)
    if (length === 0) break
    text += character
    end += length
    ends.push(end)
  }
  return text.length > longestArtifact ? null : { start, end, text, endOf: (length) => ends[length] ?? end }
}

/** A letter, a digit or a separator in any spelling, and how many bytes it takes; none when the artifact ends here. */
function nextOfArtifact(bytes: Uint8Array, at: number): readonly [character: string, length: number] {
  if (isAt(runByte, bytes, at)) return [String.fromCharCode(bytes[at]!), 1]
  for (const separator of '-_.') {
    const length = spelledAt(bytes, at, separator.charCodeAt(0))
    if (length > 0 && (separator !== '.' || isAt(wordByte, bytes, at + length))) return [separator, length]
  }
  return ['', 0]
}

/** Behind `</groupId> … <artifactId>`: where the artifact begins. */
function behindTag(bytes: Uint8Array, end: number): number | null {
  const limit = end + longestGap
  let at = skipSpace(bytes, end)
  const closing = wordAt(bytes, at, '</groupid>')
  if (closing === 0) return null
  at = skipSpace(bytes, at + closing)
  while (at < limit) {
    const opening = wordAt(bytes, at, '<artifactid>')
    if (opening > 0) return skipSpace(bytes, at + opening)
    const next = wordAt(bytes, at, '<!--') > 0 ? behindComment(bytes, at, limit) : behindElement(bytes, at, limit)
    if (next === null) return null
    at = skipSpace(bytes, next)
  }
  return null
}

function behindComment(bytes: Uint8Array, at: number, limit: number): number | null {
  for (let index = at; index < limit; index += 1) {
    if (wordAt(bytes, index, '-->') > 0) return index + 3
  }
  return null
}

/** Behind `<version>1.2</version>`: an element without attributes and without elements in it, and not another group. */
function behindElement(bytes: Uint8Array, at: number, limit: number): number | null {
  if (bytes[at] !== less || !isAt(wordByte, bytes, at + 1) || wordAt(bytes, at, '<groupid>') > 0) return null
  let index = at + 1
  while (index < limit && bytes[index] !== less) index += 1
  if (bytes[index] !== less || bytes[index + 1] !== slash) return null
  while (index < limit && bytes[index] !== greater) index += 1
  return bytes[index] === greater ? index + 1 : null
}

const artifactKeys = ['artifactid', 'artifact', 'module', 'name']
const groupKeys = ['organization', 'organisation', 'groupid', 'group', 'org']

/** Behind `', name: '`: where the value of the artifact's key begins. */
function behindKey(bytes: Uint8Array, end: number): number | null {
  let at = skipQuote(bytes, end)
  const punctuation = skipWhile(bytes, at, (byte) => spaceByte[byte] === 1 || byte === 0x2c || byte === 0x3b)
  if (punctuation === at) return null
  at = skipQuote(bytes, punctuation)
  const key = artifactKeys.find((candidate) => wordAt(bytes, at, candidate) > 0)
  if (key === undefined) return null
  at = skipSpace(bytes, skipQuote(bytes, at + key.length))
  if (bytes[at] !== colon && bytes[at] !== equals) return null
  at += bytes[at] === equals && bytes[at + 1] === greater ? 2 : 1
  return skipQuote(bytes, skipSpace(bytes, at))
}

/** Behind `" %% "`. */
function behindPercent(bytes: Uint8Array, end: number): number | null {
  const quote = skipQuote(bytes, end)
  if (quote === end) return null
  const at = skipSpace(bytes, quote)
  const sign = skipWhile(bytes, at, (byte) => byte === percent)
  if (sign === at || sign > at + 3) return null
  const space = skipSpace(bytes, sign)
  const value = skipQuote(bytes, space)
  return value > space ? value : null
}

/** The artifact in front of its group: `<artifactId>auth</artifactId> <groupId>`, `name: 'auth', group: '`. */
function artifactBefore(bytes: Uint8Array, start: number): Artifact | null {
  const end = beforeTag(bytes, start) ?? beforeKey(bytes, start)
  if (end === null) return null
  let first = end
  while (first >= end - longestArtifact && (isAt(runByte, bytes, first - 1) || bytes[first - 1] === dot)) first -= 1
  if (first === end || first < end - longestArtifact || !isAt(wordByte, bytes, first)) return null
  return isLabelled(bytes, first) ? { start: first, end, text: latin1(bytes, first, end), endOf: (length) => first + length } : null
}

function beforeTag(bytes: Uint8Array, start: number): number | null {
  let at = skipSpaceBack(bytes, start)
  const opening = wordBefore(bytes, at, '<groupid>')
  if (opening === 0) return null
  at = skipSpaceBack(bytes, at - opening)
  const closing = wordBefore(bytes, at, '</artifactid>')
  return closing === 0 ? null : skipSpaceBack(bytes, at - closing)
}

function beforeKey(bytes: Uint8Array, start: number): number | null {
  let at = skipSpaceBack(bytes, skipQuoteBack(bytes, start))
  at = skipSignBack(bytes, at)
  if (at === -1) return null
  at = skipQuoteBack(bytes, skipSpaceBack(bytes, at))
  const key = groupKeys.find((candidate) => wordBefore(bytes, at, candidate) > 0)
  if (key === undefined) return null
  at = skipQuoteBack(bytes, at - key.length)
  const punctuation = skipWhileBack(bytes, at, (byte) => spaceByte[byte] === 1 || byte === 0x2c || byte === 0x3b)
  return punctuation === at ? null : skipQuoteBack(bytes, punctuation)
}

/** Does the artifact's own tag or key stand in front of it? */
function isLabelled(bytes: Uint8Array, start: number): boolean {
  const space = skipSpaceBack(bytes, start)
  if (wordBefore(bytes, space, '<artifactid>') > 0) return true
  const sign = skipSignBack(bytes, skipSpaceBack(bytes, skipQuoteBack(bytes, start)))
  if (sign === -1) return false
  const key = skipQuoteBack(bytes, skipSpaceBack(bytes, sign))
  return artifactKeys.some((candidate) => wordBefore(bytes, key, candidate) > 0)
}

/** Before `:`, `=` or `=>`; -1 when none stands there. */
function skipSignBack(bytes: Uint8Array, end: number): number {
  if (bytes[end - 1] === greater && bytes[end - 2] === equals) return end - 2
  return bytes[end - 1] === colon || bytes[end - 1] === equals ? end - 1 : -1
}

function skipSpace(bytes: Uint8Array, at: number): number {
  return skipWhile(bytes, at, (byte) => spaceByte[byte] === 1)
}

function skipSpaceBack(bytes: Uint8Array, at: number): number {
  return skipWhileBack(bytes, at, (byte) => spaceByte[byte] === 1)
}

function skipWhile(bytes: Uint8Array, from: number, holds: (byte: number) => boolean): number {
  let at = from
  while (at < from + longestGap && at < bytes.length && holds(bytes[at]!)) at += 1
  return at
}

function skipWhileBack(bytes: Uint8Array, from: number, holds: (byte: number) => boolean): number {
  let at = from
  while (at > from - longestGap && at > 0 && holds(bytes[at - 1]!)) at -= 1
  return at
}

/** Behind one quotation mark, also an escaped one: `"`, `'`, `\"`. */
function skipQuote(bytes: Uint8Array, at: number): number {
  const quote = bytes[at] === backslash ? at + 1 : at
  return isQuote(bytes[quote]) ? quote + 1 : at
}

function skipQuoteBack(bytes: Uint8Array, at: number): number {
  if (!isQuote(bytes[at - 1])) return at
  return bytes[at - 2] === backslash ? at - 2 : at - 1
}

const isQuote = (byte: number | undefined): boolean => byte === 0x22 || byte === 0x27

/** Length of the word (given in lower case) if it stands here, else 0. */
function wordAt(bytes: Uint8Array, at: number, word: string): number {
  return standsAt(bytes, at, word) ? word.length : 0
}

function wordBefore(bytes: Uint8Array, end: number, word: string): number {
  return wordAt(bytes, end - word.length, word)
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}
