import { hashBefore, hashJoint, hashWord, sideLength, type Anchors } from './anchors.ts'
import { wordByte } from './byte-classes.ts'
import { escapeLead } from './escapes.ts'
import { oddNeighbours, type OddNeighbours } from './odd-neighbours.ts'

/**
 * The filter in front of the matcher: it reads every byte once and answers where an anchor may stand. It is allowed to
 * be wrong in one direction only: a place too many.
 *
 * Thirty-two bytes at a time become two masks of 32 bits: which bytes are letters or digits, which are separators that
 * matter. Shifts of the masks give the starts of words behind a separator, and the starts of words of enough length.
 * Both lists are thinned by one table look-up each, without a branch that depends on the text.
 */
export interface Scanner {
  /** Calls back with starts of words, in order within each kind, not deduplicated. */
  scan(bytes: Uint8Array, found: Found): void
}

export interface Found {
  /** A word behind a separator: a joint, or something in front that may be the end of an escape. */
  behindSeparator(word: number): void
  /** The start of a word whose first bytes begin an anchor. */
  startOfWord(word: number): void
}

const blockLength = 32
const blocksInChunk = 1024
/** In a block, every second byte can start a word. */
const startsInChunk = blocksInChunk * (blockLength / 2) + 2

/** One bit for each upper half of a hash. */
const startBits = 1 << 16
const startShift = 16

/** Bits for each key in its table: one in 48 passes by chance. */
const bitsPerKey = 48

const foldWord = 0x20202020
const lastBit = 1 << 31

export function createScanner(anchors: Anchors): Scanner {
  const tables = buildTables(anchors)
  const words = new Int32Array(blocksInChunk + 1)
  const separators = new Int32Array(blocksInChunk)
  const starts = new Int32Array(startsInChunk)
  const scratch = new Uint8Array(blockLength)
  const scratchBlock = new Int32Array(scratch.buffer)

  function scan(bytes: Uint8Array, found: Found): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // Whole 32-bit words are read from where the memory is aligned; what is before and behind goes through a copy.
    const head = Math.min(bytes.length, -bytes.byteOffset & 3)
    const whole = (bytes.length - head) >>> 5
    const blocks = whole === 0 ? scratchBlock : new Int32Array(bytes.buffer, bytes.byteOffset + head, whole << 3)
    let lastWord = 0
    let lastSeparator = 0

    function emit(source: Int32Array, from: number, to: number, origin: number): void {
      const count = to - from
      const offset = origin + (from << 5)
      classify(source, from, to, tables.pairs, words, separators)
      const joints = listJoints(words, separators, count, offset, lastSeparator, starts)
      callBack(starts, thinJoints(bytes, view, starts, joints, tables), found.behindSeparator)
      if (tables.shortestWord > 0) {
        const long = listWords(words, count, offset, lastWord, tables.shortestWord, starts)
        const begun = thinWords(view, starts, long, tables)
        callBack(starts, thinWholeWords(bytes, view, starts, begun, tables), found.startOfWord)
      }
      lastWord = words[count - 1]! >>> 31
      lastSeparator = separators[count - 1]! >>> 31
    }

    function copyToScratch(from: number, to: number, at: number): void {
      scratch.fill(0)
      scratch.set(bytes.subarray(from, to), at)
    }

    if (head > 0) {
      copyToScratch(0, head, blockLength - head)
      emit(scratchBlock, 0, 1, head - blockLength)
    }
    for (let block = 0; block < whole; block += blocksInChunk) {
      emit(blocks, block, Math.min(whole, block + blocksInChunk), head)
    }
    const tail = head + whole * blockLength
    if (tail < bytes.length) {
      copyToScratch(tail, bytes.length, 0)
      emit(scratchBlock, 0, 1, tail)
    }
  }

  return { scan }
}

function callBack(starts: Int32Array, count: number, found: (start: number) => void): void {
  for (let index = 0; index < count; index += 1) found(starts[index]!)
}

interface Tables {
  readonly pairs: Int32Array
  readonly shortestWord: number
  readonly jointBits: Int32Array
  readonly jointShift: number
  readonly beforeBits: Int32Array
  readonly firstBits: Int32Array
  /** Bytes of a word that `firstBits` knows. */
  readonly startLength: number
  readonly wordBits: Int32Array
  readonly wordShift: number
  /** 0: words are not looked at as a whole, because stems go on. */
  readonly longestWord: number
  readonly maskAfter: Int32Array
  readonly maskBefore: Int32Array
  readonly odd: OddNeighbours
}

/** Fills the masks of the blocks `[from, to)`: which bytes are letters or digits, which are separators; bit 0 is the first. */
function classify(blocks: Int32Array, from: number, to: number, pairs: Int32Array, words: Int32Array, separators: Int32Array): void {
  let at = from << 3
  const count = to - from
  for (let index = 0; index < count; index += 1) {
    let four = blocks[at]!
    let low = pairs[four & 0xffff]! | (pairs[four >>> 16]! << 2)
    four = blocks[at + 1]!
    low |= (pairs[four & 0xffff]! << 4) | (pairs[four >>> 16]! << 6)
    four = blocks[at + 2]!
    low |= (pairs[four & 0xffff]! << 8) | (pairs[four >>> 16]! << 10)
    four = blocks[at + 3]!
    low |= (pairs[four & 0xffff]! << 12) | (pairs[four >>> 16]! << 14)
    four = blocks[at + 4]!
    let high = pairs[four & 0xffff]! | (pairs[four >>> 16]! << 2)
    four = blocks[at + 5]!
    high |= (pairs[four & 0xffff]! << 4) | (pairs[four >>> 16]! << 6)
    four = blocks[at + 6]!
    high |= (pairs[four & 0xffff]! << 8) | (pairs[four >>> 16]! << 10)
    four = blocks[at + 7]!
    high |= (pairs[four & 0xffff]! << 12) | (pairs[four >>> 16]! << 14)
    words[index] = (low & 0xffff) | (high << 16)
    separators[index] = (low >>> 16) | (high & 0xffff0000)
    at += 8
  }
}

/**
 * Lists the words that begin behind a separator; answers how many. `last` is 1 when the byte before the masks is one.
 * The first start of a block is written whether it is there or not, so that most blocks need no branch.
 */
function listJoints(words: Int32Array, separators: Int32Array, count: number, origin: number, last: number, out: Int32Array): number {
  let found = 0
  let carry = last
  for (let index = 0; index < count; index += 1) {
    const offset = origin + (index << 5)
    const separator = separators[index]!
    let starts = words[index]! & ((separator << 1) | carry)
    carry = separator >>> 31
    out[found] = offset + 31 - Math.clz32(starts & -starts)
    found += (starts | -starts) >>> 31
    starts &= starts - 1
    while (starts !== 0) {
      out[found] = offset + 31 - Math.clz32(starts & -starts)
      found += 1
      starts &= starts - 1
    }
  }
  return found
}

/**
 * Lists the words of at least `shortest` bytes (of twelve, when it is more); answers how many. Arithmetic shifts repeat
 * the last bit, so that a word that reaches a block's end counts as long enough until the next block is looked at.
 */
function listWords(words: Int32Array, count: number, origin: number, last: number, shortest: number, out: Int32Array): number {
  const one = Math.min(1, shortest - 1)
  const two = Math.min(2, Math.max(0, shortest - 2))
  const four = Math.min(4, Math.max(0, shortest - 4))
  const eight = Math.min(8, Math.max(0, shortest - 4))
  // What follows the chunk is not known yet: as if the word went on.
  words[count] = -1
  let found = 0
  let carry = last
  for (let index = 0; index < count; index += 1) {
    const offset = origin + (index << 5)
    const word = words[index]!
    let long = word & (word >> one)
    long &= long >> two
    let starts = long & (long >> four) & (long >> eight) & ~((word << 1) | carry)
    carry = word >>> 31
    // The word that reaches the end: so many bytes here, so many in the next block (a block of one word is kept).
    const here = Math.clz32(~word)
    const rest = ~words[index + 1]! | lastBit
    const there = 31 - Math.clz32(rest & -rest)
    const isShort = (here + there - shortest) >> 31
    starts &= ~(((1 << (31 - here)) << 1) & isShort)
    out[found] = offset + 31 - Math.clz32(starts & -starts)
    found += (starts | -starts) >>> 31
    starts &= starts - 1
    while (starts !== 0) {
      out[found] = offset + 31 - Math.clz32(starts & -starts)
      found += 1
      starts &= starts - 1
    }
  }
  return found
}

/** Keeps the starts whose joint is in the table, or whose neighbourhood needs a closer look; answers how many. */
function thinJoints(bytes: Uint8Array, view: DataView, starts: Int32Array, count: number, tables: Tables): number {
  const { pairs, jointBits, jointShift, beforeBits, maskAfter, maskBefore, odd: { last, lastButOne, first } } = tables
  const limit = bytes.length - sideLength
  let kept = 0
  for (let index = 0; index < count; index += 1) {
    const start = starts[index]!
    starts[kept] = start
    if (start <= sideLength || start > limit) {
      kept += 1
      continue
    }
    const behind = view.getInt32(start, true)
    const ahead = view.getInt32(start - 1 - sideLength, true)
    const after = (behind | foldWord) & maskAfter[(pairs[behind & 0xffff]! | (pairs[behind >>> 16]! << 2)) & 15]!
    const before = (ahead | foldWord) & maskBefore[(pairs[ahead & 0xffff]! | (pairs[ahead >>> 16]! << 2)) & 15]!
    const joint = hashJoint(before, after) >>> jointShift
    const side = hashBefore(before) >>> startShift
    const oddity = last[bytes[start - 1]!]! & (first[behind & 0xff]! | lastButOne[ahead >>> 24]!)
    kept += ((jointBits[joint >>> 5]! >>> joint) | (beforeBits[side >>> 5]! >>> side) | (-oddity >>> 31)) & 1
  }
  return kept
}

/** Keeps the starts whose first bytes (four, or eight where every anchor has them) begin an anchor; answers how many. */
function thinWords(view: DataView, starts: Int32Array, count: number, tables: Tables): number {
  const { pairs, firstBits, maskAfter, startLength } = tables
  const isLong = startLength > sideLength
  const limit = view.byteLength - startLength
  let kept = 0
  for (let index = 0; index < count; index += 1) {
    const start = starts[index]!
    starts[kept] = start
    if (start > limit) {
      kept += 1
      continue
    }
    const behind = view.getInt32(start, true)
    const first = (behind | foldWord) & maskAfter[(pairs[behind & 0xffff]! | (pairs[behind >>> 16]! << 2)) & 15]!
    const second = isLong ? view.getInt32(start + sideLength, true) | foldWord : 0
    const side = hashJoint(first, second) >>> startShift
    kept += (firstBits[side >>> 5]! >>> side) & 1
  }
  return kept
}

/** Keeps the starts of words that are, as far as a table knows, one of the anchors; answers how many. */
function thinWholeWords(bytes: Uint8Array, view: DataView, starts: Int32Array, count: number, tables: Tables): number {
  const { wordBits, wordShift, longestWord, shortestWord } = tables
  if (longestWord === 0) return count
  let kept = 0
  for (let index = 0; index < count; index += 1) {
    const start = starts[index]!
    const limit = Math.min(bytes.length, start + longestWord + 1)
    let end = start
    while (end < limit && wordByte[bytes[end]!] === 1) end += 1
    const length = end - start
    if (length < shortestWord || length > longestWord) continue
    starts[kept] = start
    kept += 1
    // Shorter words have no four bytes to hash: they are few, and looked up at once.
    if (length < sideLength) continue
    const word = hashWord(view.getInt32(start, true) | foldWord, view.getInt32(end - sideLength, true) | foldWord, length) >>> wordShift
    kept -= 1 - ((wordBits[word >>> 5]! >>> word) & 1)
  }
  return kept
}

function buildTables(anchors: Anchors): Tables {
  const beforeBits = new Int32Array(startBits >>> 5)
  for (const hash of anchors.befores.keys()) setBit(beforeBits, hash >>> startShift)
  const { bits: jointBits, shift: jointShift } = tableOf(anchors.joints)
  const { bits: wordBits, shift: wordShift } = tableOf(anchors.words)
  const startLength = anchors.shortestWord >= 2 * sideLength ? 2 * sideLength : sideLength
  const hasStems = anchors.stems.some((stems) => stems.size > 0)
  const { after: maskAfter, before: maskBefore } = sideMasks()
  return {
    pairs: classifyPairs(anchors),
    shortestWord: anchors.shortestWord,
    jointBits,
    jointShift,
    beforeBits,
    firstBits: startTable(anchors, startLength > sideLength),
    startLength,
    wordBits,
    wordShift,
    longestWord: hasStems ? 0 : anchors.longestWord,
    maskAfter,
    maskBefore,
    odd: oddNeighbours(anchors),
  }
}

/** For each pair of bytes (little-endian): bits 0 and 1, which are letters or digits; bits 16 and 17, which are separators. */
function classifyPairs(anchors: Anchors): Int32Array {
  const pairs = new Int32Array(1 << 16)
  const single = Int32Array.from({ length: 256 }, (_, byte) => {
    return wordByte[byte]! | (anchors.separators.has(byte) || escapeLead[byte] === 1 ? 1 << 16 : 0)
  })
  for (let second = 0; second < 256; second += 1) {
    for (let first = 0; first < 256; first += 1) pairs[(second << 8) | first] = single[first]! | (single[second]! << 1)
  }
  return pairs
}

function tableOf(keys: ReadonlyMap<number, unknown>): { bits: Int32Array; shift: number } {
  const size = Math.max(12, Math.ceil(Math.log2((keys.size + 1) * bitsPerKey)))
  const bits = new Int32Array(2 ** (size - 5))
  for (const hash of keys.keys()) setBit(bits, hash >>> (32 - size))
  return { bits, shift: 32 - size }
}

/** The beginnings of words and stems. Stems of less than four bytes let every word pass. */
function startTable(anchors: Anchors, isLong: boolean): Int32Array {
  const bits = new Int32Array(startBits >>> 5)
  for (const [first, second] of anchors.starts) setBit(bits, hashJoint(first, isLong ? second : 0) >>> startShift)
  const hasShortStem = anchors.stems.some((stems, length) => length < sideLength && stems.size > 0)
  return hasShortStem ? bits.fill(-1) : bits
}

function setBit(bits: Int32Array, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31)
}

/** For four flags (one a byte): the mask of the bytes that belong to a word that begins at the first, or ends at the last. */
function sideMasks(): { after: Int32Array; before: Int32Array } {
  const after = new Int32Array(16)
  const before = new Int32Array(16)
  for (let flags = 0; flags < 16; flags += 1) {
    for (let index = 0; index < sideLength && isSet(flags, index); index += 1) after[flags]! |= 0xff << (8 * index)
    for (let index = sideLength - 1; index >= 0 && isSet(flags, index); index -= 1) before[flags]! |= 0xff << (8 * index)
  }
  return { after, before }
}

const isSet = (flags: number, index: number): boolean => ((flags >>> index) & 1) === 1
