import { chooseAnchors, hashBefore, hashJoint, hashStart, hashWord, packAfter, packBefore, sideLength } from './anchors.ts'
import { descriptorFollows, firstLabelInDescriptor, runMayStart } from './boundaries.ts'
import { classOf, isAt, wordByte } from './byte-classes.ts'
import { compareAt, mayBegin, standsAlone, type Literal } from './compare.ts'
import { artifactOf } from './coordinates.ts'
import {
  escapedSeparatorBefore, longestJoint, longestNumber, nextWord, previousWordEnd, spelledBefore, nextBehindEscape, wordStart,
} from './escapes.ts'
import { artifactsNamed, type Name } from './names.ts'
import type { Raw } from './resolve.ts'
import { createScanner } from './scan.ts'
import { spellOut } from './spell-out.ts'
import { buildWordTree } from './word-tree.ts'

const sign = 0x40
const semicolon = 0x3b
const backslash = 0x5c
const percent = 0x25

/**
 * Can an escape in front of this word spell no separator? Most escapes are of this kind and stand in front of words that
 * begin no name: the end of a line of JSON, say.
 */
function isOnlyInFront(bytes: Uint8Array, word: number): boolean {
  const lead = bytes[word - 1]
  const first = bytes[word]! | 0x20
  return lead !== percent && !(lead === backslash && (first === 0x75 || first === 0x78))
}

/**
 * Finds names of ASCII words. Answers every match, contained and repeated ones too, in no particular order. Where a name
 * may be broken (breaks.ts) is added to `breaks`, in order.
 *
 * The scanner says where an anchor may stand; from there it is so many words back to where the name would begin; the
 * word tree says which names have these words; the comparison decides.
 */
export function createNameFinder(names: readonly Name[]): (bytes: Uint8Array, breaks: number[]) => Raw[] {
  const tree = buildWordTree(names)
  const anchors = chooseAnchors(names)
  const scanner = createScanner(anchors)
  /** One byte more than any word that matters: enough to see that a word is too long. */
  const longest = Math.max(tree.longestWord, sideLength) + 1
  const longestGlued = longest + longestNumber
  const stemsByLength = [...anchors.stems.entries()].filter(([, stems]) => stems.size > 0)
  const separator = classOf((byte) => anchors.separators.has(byte))
  const separatorOrBackslash = classOf((byte) => separator[byte] === 1 || byte === backslash)
  const jointStart = classOf((byte) => separator[byte] === 1 || '%\\&'.includes(String.fromCharCode(byte)))

  return function find(bytes, breaks) {
    const raws: Raw[] = []
    const byteAt = (index: number): number => bytes[index]!
    // Neighbouring anchors mostly lead to the same place.
    let walked = -1

    function judge(name: Name, word: number): void {
      const literal = compareAt(bytes, word, name)
      if (literal === null || !mayBegin(bytes, name, literal.start)) return
      if (name.artifacts !== null) judgeCoordinates(name, literal)
      else if (name.isPrefix) judgePrefix(name, literal)
      else if (standsAlone(bytes, name, literal)) report(name, name.term.text, literal.start, literal.end)
    }

    function judgePrefix(name: Name, literal: Literal): void {
      const spelled = spellOut(bytes, name, literal)
      if (spelled === null || !standsAlone(bytes, name, { ...literal, end: spelled.end })) return
      report(name, spelled.text, literal.start, spelled.end)
    }

    function judgeCoordinates(group: Name, literal: Literal): void {
      if (!standsAlone(bytes, group, literal)) return
      const artifact = artifactOf(bytes, literal)
      if (artifact === null) return
      const isBehind = artifact.start > literal.start
      for (const { term, order, text, length } of artifactsNamed(group, artifact.text)) {
        // In front of its group, an artifact must be read whole: there is nothing behind a dot that it could lead to.
        if (!isBehind && length < artifact.text.length) continue
        const [start, end] = isBehind ? [literal.start, artifact.endOf(length)] : [artifact.start, literal.end]
        if (isBehind && !runMayStart(bytes, start) && !descriptorFollows(bytes, end)) continue
        raws.push({ term, order, text, start, end })
      }
    }

    function report({ term, order }: Name, text: string, start: number, end: number): void {
      raws.push({ term, order, text, start, end })
    }

    function walk(word: number): void {
      if (word === walked) return
      walked = word
      tree.visit(bytes, word, judge)
    }

    /** Walks from where a name begins in which `word` is the word with index `index`. */
    function walkBack(word: number, index: number): void {
      let start = word
      for (let left = index; left > 0; left -= 1) {
        const end = previousWordEnd(bytes, start)
        if (end === -1) return
        start = wordStart(bytes, end, longestGlued)
        if (start === -1) return
        if (left > 1) continue
        const label = firstLabelInDescriptor(bytes, start, end)
        if (label !== -1) walk(label)
        for (let inside = nextBehindEscape(bytes, start, end, start); inside !== -1;) {
          walk(inside)
          inside = nextBehindEscape(bytes, start, end, inside)
        }
      }
      walk(start)
    }

    /** `[from, end)` is the word in front of the joint, no longer than a key's side; empty when nothing belongs there. */
    function lookUpJoint(from: number, end: number, word: number): void {
      const before = packBefore(byteAt, from, end)
      const after = packAfter(byteAt, word, endOfWord(word, sideLength))
      for (const index of anchors.joints.get(hashJoint(before, after)) ?? []) walkBack(word, index)
      if (before === 0) return
      for (const index of anchors.befores.get(hashBefore(before)) ?? []) walkBack(word, index)
    }

    function lookUpJointBehind(end: number, word: number): void {
      let from = end
      while (end - from < sideLength && isAt(wordByte, bytes, from - 1)) from -= 1
      if (from < end) lookUpJoint(from, end, word)
    }

    function lookUpWord(word: number): void {
      if (anchors.shortestWord === 0) return
      const end = endOfWord(word, longest)
      const hash = hashWord(packAfter(byteAt, word, end), packBefore(byteAt, word, end), end - word)
      for (const index of anchors.words.get(hash) ?? []) walkBack(word, index)
      for (const [length, stems] of stemsByLength) {
        if (end - word < length) continue
        for (const name of stems.get(hashStart(packAfter(byteAt, word, word + length))) ?? []) judge(name, word)
      }
    }

    function endOfWord(word: number, limit: number): number {
      let end = word
      while (end - word < limit && isAt(wordByte, bytes, end)) end += 1
      return end
    }

    function lookUpSeparator(word: number, length: number): void {
      if (spelledBefore(bytes, word, sign) > 0) lookUpJoint(word, word, word)
      else lookUpJointBehind(word - length, word)
    }

    function behindSeparator(word: number): void {
      const last = bytes[word - 1]!
      if (separator[last] === 1) {
        if (last === sign) return lookUpJoint(word, word, word)
        // More than one: a run of PyPI's separators, or an escaped slash.
        let end = word - 1
        while (end > word - longestJoint && isAt(separatorOrBackslash, bytes, end - 1)) end -= 1
        return lookUpJointBehind(end, word)
      }
      const entity = last === semicolon ? escapedSeparatorBefore(bytes, word) : 0
      if (entity > 0) lookUpSeparator(word, entity)
      const end = endOfWord(word, longestGlued)
      if (isOnlyInFront(bytes, word) && !isAt(jointStart, bytes, end) && !mayBeWord(end - word)) return
      for (let inside = nextBehindEscape(bytes, word, end, word); inside !== -1;) {
        behindEscape(inside)
        inside = nextBehindEscape(bytes, word, end, inside)
      }
    }

    /** Could a word be an anchor once an escape's tail, at least one byte, is taken from it? */
    function mayBeWord(length: number): boolean {
      return anchors.shortestWord > 0 && length > anchors.shortestWord
    }

    /** Everything that an anchor may be when its first word begins behind an escape's last letters. */
    function behindEscape(word: number): void {
      const separator = escapedSeparatorBefore(bytes, word)
      if (separator > 0) lookUpSeparator(word, separator)
      lookUpWord(word)
      const end = endOfWord(word, longest)
      if (!isAt(jointStart, bytes, end)) return
      const next = nextWord(bytes, end)
      if (next !== -1) lookUpJoint(Math.max(word, end - sideLength), end, next)
    }

    scanner.scan(bytes, { behindSeparator, startOfWord: lookUpWord, atBreak: (at) => breaks.push(at) })
    return raws
  }
}
