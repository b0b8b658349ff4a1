import { wordByte } from './byte-classes.ts'
import { nextWord } from './escapes.ts'
import type { Name } from './names.ts'

/**
 * All names as sequences of words, in one hash table of their beginnings: the separators between words do not count
 * here. From a place in the text one walk along its words answers which names may begin there, at a cost that does not
 * depend on how many names there are or how much they have in common. The comparison then decides.
 */
export interface WordTree {
  /** Calls back with every name whose words stand from this word on. */
  visit(bytes: Uint8Array, word: number, found: (name: Name, word: number) => void): void
  /** Bytes of the longest word of any name. */
  readonly longestWord: number
}

const seed = 0x811c9dc5 | 0
const prime = 0x01000193
const endOfWord = 0x2f

/** An entry with no name: the beginning of longer names only. */
const nothing = -1

export function buildWordTree(names: readonly Name[]): WordTree {
  const capacity = sizeOfTable(names)
  const hashes = new Int32Array(capacity)
  const used = new Uint8Array(capacity)
  /** First name of an entry; `next` chains further names with the same words. */
  const first = new Int32Array(capacity).fill(nothing)
  const next = new Int32Array(names.length).fill(nothing)
  let longestWord = 0

  for (const [index, name] of names.entries()) {
    let hash = seed
    let slot = -1
    for (let word = 0; word < wholeWords(name); word += 1) {
      const start = name.words[word * 2]!
      const end = name.words[word * 2 + 1]!
      longestWord = Math.max(longestWord, end - start)
      for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (name.text.charCodeAt(at) | 0x20), prime)
      hash = Math.imul(hash ^ endOfWord, prime)
      slot = slotOf(hashes, used, hash)
      hashes[slot] = hash
      used[slot] = 1
    }
    if (slot === -1) continue
    next[index] = first[slot]!
    first[slot] = index
  }

  function visit(bytes: Uint8Array, word: number, found: (name: Name, word: number) => void): void {
    let hash = seed
    for (let at = word; at !== -1;) {
      let end = at
      const limit = at + longestWord + 1
      while (end < bytes.length && wordByte[bytes[end]!] === 1) {
        if (end === limit) return
        hash = Math.imul(hash ^ (bytes[end]! | 0x20), prime)
        end += 1
      }
      hash = Math.imul(hash ^ endOfWord, prime)
      const slot = slotOf(hashes, used, hash)
      if (used[slot] === 0) return
      for (let index = first[slot]!; index !== nothing; index = next[index]!) found(names[index]!, word)
      at = nextWord(bytes, end)
    }
  }

  return { visit, longestWord }
}

/** Words of the name that stand whole in the text: all but the last of a prefix that ends inside a word. */
export function wholeWords(name: Name): number {
  return name.words.length / 2 - (name.endsInsideWord ? 1 : 0)
}

function sizeOfTable(names: readonly Name[]): number {
  let entries = 0
  for (const name of names) entries += wholeWords(name)
  return 2 ** Math.ceil(Math.log2(Math.max(16, entries * 2)))
}

function slotOf(hashes: Int32Array, used: Uint8Array, hash: number): number {
  const mask = hashes.length - 1
  let slot = (hash ^ (hash >>> 15)) & mask
  while (used[slot] === 1 && hashes[slot] !== hash) slot = (slot + 1) & mask
  return slot
}
