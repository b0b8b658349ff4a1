import { primitives } from './boundaries.ts'
import type { Name } from './names.ts'
import { wholeWords } from './word-tree.ts'

/**
 * Every name has an anchor: a piece that stands in every form of it and is rare in ordinary text. The filter looks for
 * anchors only. An anchor is one of three:
 *
 * - a joint: the last four bytes of a word, a separator, the first four bytes of the next word. `acme-corp-auth`
 *   has `acme-corp`. A side may be open: `@acme` has nothing in front, `acme-*` anything behind.
 * - a word, for names of one word: its first four bytes, its last four bytes, its length.
 * - a stem, for prefixes that end inside their first word: `acmeco*`.
 *
 * Letters are folded and separators left out of the keys, so all forms of a name have one anchor. A key that is too
 * generous costs time; a key that misses a form loses a leak. Tests generate every form.
 */
export interface Anchors {
  /** Hash of a joint's two sides -> how many words before the joint's second word its names begin. */
  readonly joints: Map<number, number[]>
  /** Hash of a joint's first side alone. */
  readonly befores: Map<number, number[]>
  /** Hash of a word. */
  readonly words: Map<number, number[]>
  /** First bytes of stems, by the number of bytes in the key (1 to 4). */
  readonly stems: readonly Map<number, Name[]>[]
  /** The separators of all joints. */
  readonly separators: ReadonlySet<number>
  /** Bytes of the shortest word or stem; 0 when there is none. */
  readonly shortestWord: number
  /** Bytes of the longest word; 0 when there is none. */
  readonly longestWord: number
}

export const golden = 0x9e3779b1 | 0
export const odd = 0x85ebca77 | 0
export const lengthFactor = 0xc2b2ae3d | 0

/** Hash of a joint: up to four folded bytes of each side, the unused ones zero (see `packBefore`, `packAfter`). */
export function hashJoint(before: number, after: number): number {
  const hash = Math.imul(before, golden) ^ Math.imul(after, odd)
  return Math.imul(hash ^ (hash >>> 15), golden)
}

/** Hash of a joint's first side. */
export function hashBefore(before: number): number {
  return Math.imul(before, golden)
}

/** Hash of a word's first bytes. */
export function hashStart(first: number): number {
  return Math.imul(first, golden)
}

/** Hash of a whole word: its first four and last four bytes, folded, and its length. */
export function hashWord(first: number, last: number, length: number): number {
  const hash = Math.imul(first, golden) ^ Math.imul(last ^ Math.imul(length, lengthFactor), odd)
  return Math.imul(hash ^ (hash >>> 15), golden)
}

/** Bytes of a key's side. */
export const sideLength = 4

/** Up to four folded bytes `[start, end)` from the start on, little-endian, the unused upper bytes zero. */
export function packAfter(byteAt: (index: number) => number, start: number, end: number): number {
  let packed = 0
  for (let index = 0; index < sideLength && start + index < end; index += 1) packed |= (byteAt(start + index) | 0x20) << (8 * index)
  return packed
}

/** Up to four folded bytes that end at `end`, little-endian, the unused lower bytes zero. */
export function packBefore(byteAt: (index: number) => number, start: number, end: number): number {
  let packed = 0
  for (let index = 1; index <= sideLength && end - index >= start; index += 1) packed |= (byteAt(end - index) | 0x20) << (32 - 8 * index)
  return packed
}

const at = 0x40
const none = ''

export function chooseAnchors(names: readonly Name[]): Anchors {
  const joints = new Map<number, number[]>()
  const befores = new Map<number, number[]>()
  const words = new Map<number, number[]>()
  const stems = Array.from({ length: sideLength + 1 }, () => new Map<number, Name[]>())
  const separators = new Set<number>()
  let shortestWord = 0
  let longestWord = 0

  for (const name of names) {
    const byteAt = (index: number) => name.text.charCodeAt(index)
    const startOf = (word: number) => name.words[word * 2] ?? 0
    const endOf = (word: number) => name.words[word * 2 + 1] ?? 0
    const whole = wholeWords(name)
    const joint = bestJoint(name, whole)
    if (joint !== null) {
      for (const character of joint.separators) separators.add(character.charCodeAt(0))
      const after = packAfter(byteAt, startOf(joint.word), endOf(joint.word))
      for (const before of sidesBefore(name, joint.word)) {
        if (joint.word < whole) add(joints, hashJoint(before, after), joint.word)
        else add(befores, hashBefore(before), joint.word)
      }
    } else if (startsWithSign(name) && whole > 0) {
      separators.add(at)
      add(joints, hashJoint(0, packAfter(byteAt, startOf(0), endOf(0))), 0)
    } else if (whole > 0) {
      const word = longestWordOf(name, whole)
      const [start, end] = [startOf(word), endOf(word)]
      shortestWord = Math.min(shortestWord || end - start, end - start)
      longestWord = Math.max(longestWord, end - start)
      const hash = hashWord(packAfter(byteAt, start, end), packBefore(byteAt, start, end), end - start)
      add(words, hash, word)
    } else {
      const [start, end] = [startOf(0), endOf(0)]
      const length = Math.min(sideLength, end - start)
      shortestWord = Math.min(shortestWord || length, length)
      addStem(stems[length]!, hashStart(packAfter(byteAt, start, start + length)), name)
    }
  }
  return { joints, befores, words, stems, separators, shortestWord, longestWord }
}

/**
 * The side in front of a joint. In a JVM descriptor an `L`, and the signs of primitive types before it, stick to a first
 * label: `Lcom/acmecorp/auth/Client;`, `(IJLde/acme/Client;)V`. They matter where the label does not fill the side.
 */
function sidesBefore(name: Name, word: number): number[] {
  const [start, end] = [name.words[word * 2 - 2]!, name.words[word * 2 - 1]!]
  const pack = (text: string): number => packBefore((index) => text.charCodeAt(index), 0, text.length)
  const label = name.text.slice(start, end)
  const isFirst = word === 1 && name.separators === 'labels' && label.length < sideLength
  if (!isFirst) return [pack(label)]
  let glued = [`L${label}`]
  const all = [label, ...glued]
  while (glued[0]!.length < sideLength) {
    glued = glued.flatMap((text) => [...primitives].map((sign) => sign + text))
    all.push(...glued)
  }
  return all.map(pack)
}

interface Joint {
  /** Index of the word behind the joint. */
  readonly word: number
  readonly separators: string
}

/**
 * The joint with most bytes in its key; the first of equals, which names with a common beginning share. Null when no
 * joint is one separator in every form of the name, or (for names with `@`) when a poor one is no better than the sign.
 */
function bestJoint(name: Name, whole: number): Joint | null {
  let best: Joint | null = null
  let most = 0
  for (let word = 1; word < name.words.length / 2 + (endsWithSeparator(name) ? 1 : 0); word += 1) {
    const end = name.words[word * 2 - 1]!
    const next = name.words[word * 2] ?? name.text.length
    const separators = separatorsAt(name, name.text.slice(end, next))
    if (separators === none || word > whole) continue
    const isOpen = word === whole
    const before = Math.min(sideLength, end - name.words[word * 2 - 2]!)
    const after = isOpen ? 0 : Math.min(sideLength, name.words[word * 2 + 1]! - next)
    if (before + after > most) {
      most = before + after
      best = { word, separators }
    }
  }
  return startsWithSign(name) && most < 2 * sideLength ? null : best
}

function startsWithSign(name: Name): boolean {
  return name.separators === 'exact' && name.text.startsWith('@')
}

function endsWithSeparator(name: Name): boolean {
  return name.isPrefix && !name.endsInsideWord
}

/** What a separator may look like in a text, where it is one byte that an anchor can stand on; none otherwise. */
function separatorsAt(name: Name, separator: string): string {
  switch (name.separators) {
    case 'pypi':
      return separator === '-' ? '-_.' : none
    case 'crates':
      return separator === '-' ? '-_' : none
    case 'labels':
      return separator === '.' ? './' : '-_'.includes(separator) ? separator : none
    case 'exact':
      if (separator === '/' && name.surroundings === 'package' && name.term.ecosystem === 'npm') return '/+'
      return separator.length === 1 && '-_./:'.includes(separator) ? separator : none
    case 'prose':
      return separator.length === 1 && '-_.'.includes(separator) ? separator : none
  }
}

function longestWordOf(name: Name, whole: number): number {
  let longest = 0
  for (let word = 1; word < whole; word += 1) {
    if (lengthOf(name, word) > lengthOf(name, longest)) longest = word
  }
  return longest
}

function lengthOf(name: Name, word: number): number {
  return name.words[word * 2 + 1]! - name.words[word * 2]!
}

function add(map: Map<number, number[]>, key: number, word: number): void {
  const words = map.get(key)
  if (words === undefined) map.set(key, [word])
  else if (!words.includes(word)) words.push(word)
}

function addStem(map: Map<number, Name[]>, key: number, name: Name): void {
  const names = map.get(key)
  if (names === undefined) map.set(key, [name])
  else names.push(name)
}
