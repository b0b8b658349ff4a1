import { chooseAnchors, hashBefore, hashJoint, hashStart, hashWord, packAfter, packBefore, sideLength } from './anchors.ts'
import { isAt, wordByte } from './byte-classes.ts'
import { compareAt, standsAlone, type Literal } from './compare.ts'
import { artifactOf } from './coordinates.ts'
import {
  escapedSeparatorBefore, nextWord, previousWordEnd, spelledBefore, startsBehindEscape, wordStart,
} from './escapes.ts'
import { artifactsNamed, type Name } from './names.ts'
import type { Raw } from './resolve.ts'
import { createScanner } from './scan.ts'
import { spellOut } from './spell-out.ts'
import { buildWordTree } from './word-tree.ts'

const sign = 0x40

/**
 * Finds names of ASCII words. Answers every match, contained and repeated ones too, in no particular order.
 *
 * The scanner says where an anchor may stand; from there it is so many words back to where the name would begin; the
 * word tree says which names have these words; the comparison decides.
 */
export function createNameFinder(names: readonly Name[]): (bytes: Uint8Array) => Raw[] {
  const tree = buildWordTree(names)
  const anchors = chooseAnchors(names)
  const scanner = createScanner(anchors)
  const longest = tree.longestWord + 1

  return function find(bytes) {
    const raws: Raw[] = []
    const byteAt = (index: number): number => bytes[index]!
    // Neighbouring anchors mostly lead to the same place.
    let walked = -1

    function judge(name: Name, word: number): void {
      const literal = compareAt(bytes, word, name)
      if (literal === null) return
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
        const [start, end] = isBehind ? [literal.start, artifact.start + length] : [artifact.start, literal.end]
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
        start = wordStart(bytes, end, longest + sideLength * 2)
        if (start === -1) return
        if (left === 1) for (const inside of startsBehindEscape(bytes, start, end)) walk(inside)
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
      lookUpJoint(from, end, word)
    }

    function lookUpWord(word: number): void {
      const end = endOfWord(word, longest)
      const hash = hashWord(packAfter(byteAt, word, end), packBefore(byteAt, word, end), end - word)
      for (const index of anchors.words.get(hash) ?? []) walkBack(word, index)
      for (const [length, stems] of anchors.stems.entries()) {
        if (stems.size === 0 || end - word < length) continue
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
      if (anchors.separators.has(last)) {
        if (last === sign) return lookUpJoint(word, word, word)
        const end = previousWordEnd(bytes, word)
        return end === -1 ? undefined : lookUpJointBehind(end, word)
      }
      const entity = escapedSeparatorBefore(bytes, word)
      if (entity > 0) lookUpSeparator(word, entity)
      for (const start of startsBehindEscape(bytes, word, endOfWord(word, sideLength * 2))) behindEscape(start)
    }

    /** Everything that an anchor may be when its first word begins behind an escape's last letters. */
    function behindEscape(word: number): void {
      const separator = escapedSeparatorBefore(bytes, word)
      if (separator > 0) lookUpSeparator(word, separator)
      lookUpWord(word)
      const end = endOfWord(word, longest)
      const next = nextWord(bytes, end)
      if (next !== -1) lookUpJoint(Math.max(word, end - sideLength), end, next)
    }

    scanner.scan(bytes, { behindSeparator, startOfWord: lookUpWord })
    return raws
  }
}
