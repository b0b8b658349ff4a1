import { hashBefore, hashJoint, hashStart, sideLength, stopsAlways, type Anchors } from './anchors.ts'
import { wordByte } from './byte-classes.ts'

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

/** Bits for each joint in its table: one in 48 passes by chance. */
const bitsPerJoint = 48

const foldWord = 0x20202020

export function createScanner(anchors: Anchors): Scanner {
  const pairs = classifyPairs(anchors)
  const { bits: jointBits, shift: jointShift } = jointTable(anchors)
  const beforeBits = new Int32Array(startBits >>> 5)
  for (const hash of anchors.befores.keys()) setBit(beforeBits, hash >>> startShift)
  const firstBits = startTable(anchors)
  const alwaysBehind = Uint8Array.from({ length: 256 }, (_, byte) => (stopsAlways(byte) ? 1 : 0))
  // Behind two separators, or an escaped slash, the joint is measured by the slow path.
  const alwaysBefore = Uint8Array.from({ length: 256 }, (_, byte) => (anchors.separators.has(byte) || stopsAlways(byte) ? 1 : 0))
  const masks = sideMasks()
  const { shortestWord } = anchors
  const jointStarts = new Int32Array(startsInChunk)
  const wordStarts = new Int32Array(startsInChunk)
  const carried = { words: 0, separators: 0, jointCount: 0, wordCount: 0 }
  const scratch = new Uint8Array(blockLength)
  const scratchBlock = new Int32Array(scratch.buffer)

  function scan(bytes: Uint8Array, found: Found): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // Whole 32-bit words are read from where the memory is aligned; what is before and behind goes through a copy.
    const head = Math.min(bytes.length, -bytes.byteOffset & 3)
    const whole = (bytes.length - head) >>> 5
    const blocks = whole === 0 ? scratchBlock : new Int32Array(bytes.buffer, bytes.byteOffset + head, whole << 3)
    carried.words = 0
    carried.separators = 0
    if (head > 0) {
      copyToScratch(bytes, 0, head, blockLength - head)
      emit(bytes, view, scratchBlock, 0, 1, head - blockLength, found)
    }
    for (let block = 0; block < whole; block += blocksInChunk) {
      emit(bytes, view, blocks, block, Math.min(whole, block + blocksInChunk), head, found)
    }
    const tail = head + whole * blockLength
    if (tail < bytes.length) {
      copyToScratch(bytes, tail, bytes.length, 0)
      emit(bytes, view, scratchBlock, 0, 1, tail, found)
    }
  }

  function copyToScratch(bytes: Uint8Array, from: number, to: number, at: number): void {
    scratch.fill(0)
    scratch.set(bytes.subarray(from, to), at)
  }

  function emit(bytes: Uint8Array, view: DataView, blocks: Int32Array, from: number, to: number, origin: number, found: Found): void {
    collect(blocks, from, to, origin)
    const joints = thinJoints(bytes, view, carried.jointCount)
    for (let index = 0; index < joints; index += 1) found.behindSeparator(jointStarts[index]!)
    const words = thinWords(view, carried.wordCount)
    for (let index = 0; index < words; index += 1) found.startOfWord(wordStarts[index]!)
  }

  /** Fills both lists with the starts in the blocks `[from, to)`; `origin` is the offset of block 0. */
  function collect(blocks: Int32Array, from: number, to: number, origin: number): void {
    let { words: lastWords, separators: lastSeparators } = carried
    let jointCount = 0
    let wordCount = 0
    const more = Math.max(0, Math.min(4, shortestWord - 4))
    const least = Math.min(4, shortestWord)
    for (let block = from; block < to; block += 1) {
      const first = block << 3
      let four = blocks[first]!
      let low = pairs[four & 0xffff]! | (pairs[four >>> 16]! << 2)
      four = blocks[first + 1]!
      low |= (pairs[four & 0xffff]! << 4) | (pairs[four >>> 16]! << 6)
      four = blocks[first + 2]!
      low |= (pairs[four & 0xffff]! << 8) | (pairs[four >>> 16]! << 10)
      four = blocks[first + 3]!
      low |= (pairs[four & 0xffff]! << 12) | (pairs[four >>> 16]! << 14)
      four = blocks[first + 4]!
      let high = pairs[four & 0xffff]! | (pairs[four >>> 16]! << 2)
      four = blocks[first + 5]!
      high |= (pairs[four & 0xffff]! << 4) | (pairs[four >>> 16]! << 6)
      four = blocks[first + 6]!
      high |= (pairs[four & 0xffff]! << 8) | (pairs[four >>> 16]! << 10)
      four = blocks[first + 7]!
      high |= (pairs[four & 0xffff]! << 12) | (pairs[four >>> 16]! << 14)
      const words = (low & 0xffff) | (high << 16)
      const separators = (low >>> 16) | (high & 0xffff0000)
      const offset = origin + (block << 5)

      // The first one is written whether it is there or not, so that most blocks need no branch.
      let starts = words & ((separators << 1) | lastSeparators)
      jointStarts[jointCount] = offset + 31 - Math.clz32(starts & -starts)
      jointCount += (starts | -starts) >>> 31
      starts &= starts - 1
      while (starts !== 0) {
        jointStarts[jointCount] = offset + 31 - Math.clz32(starts & -starts)
        jointCount += 1
        starts &= starts - 1
      }

      if (shortestWord !== 0) {
        starts = words & ~((words << 1) | lastWords)
        // Arithmetic shifts repeat the last bit: a word that reaches the block's end counts as long enough.
        let long = words
        if (least > 1) long &= long >> 1
        if (least > 3) long &= long >> 2
        else if (least > 2) long &= words >> 2
        starts &= long & (long >> more)
        wordStarts[wordCount] = offset + 31 - Math.clz32(starts & -starts)
        wordCount += (starts | -starts) >>> 31
        starts &= starts - 1
        wordStarts[wordCount] = offset + 31 - Math.clz32(starts & -starts)
        wordCount += (starts | -starts) >>> 31
        starts &= starts - 1
        while (starts !== 0) {
          wordStarts[wordCount] = offset + 31 - Math.clz32(starts & -starts)
          wordCount += 1
          starts &= starts - 1
        }
      }
      lastWords = words >>> 31
      lastSeparators = separators >>> 31
    }
    carried.words = lastWords
    carried.separators = lastSeparators
    carried.jointCount = jointCount
    carried.wordCount = wordCount
  }

  /** Keeps the starts whose joint is in the table, or whose neighbourhood needs a closer look; answers how many. */
  function thinJoints(bytes: Uint8Array, view: DataView, count: number): number {
    const last = bytes.length - sideLength
    let kept = 0
    for (let index = 0; index < count; index += 1) {
      const start = jointStarts[index]!
      jointStarts[kept] = start
      if (start <= sideLength || start > last) {
        kept += 1
        continue
      }
      const behind = view.getInt32(start, true)
      const before = view.getInt32(start - 1 - sideLength, true)
      const after = (behind | foldWord) & masks.after[(pairs[behind & 0xffff]! | (pairs[behind >>> 16]! << 2)) & 15]!
      const ahead = (before | foldWord) & masks.before[(pairs[before & 0xffff]! | (pairs[before >>> 16]! << 2)) & 15]!
      const joint = hashJoint(ahead, after) >>> jointShift
      const side = hashBefore(ahead) >>> startShift
      kept += ((jointBits[joint >>> 5]! >>> joint) | (beforeBits[side >>> 5]! >>> side)
        | alwaysBehind[bytes[start - 1]!]! | alwaysBefore[bytes[start - 2]!]!) & 1
    }
    return kept
  }

  /** Keeps the starts whose first four bytes begin a word of the anchors; answers how many. */
  function thinWords(view: DataView, count: number): number {
    const last = view.byteLength - sideLength
    let kept = 0
    for (let index = 0; index < count; index += 1) {
      const start = wordStarts[index]!
      wordStarts[kept] = start
      if (start > last) {
        kept += 1
        continue
      }
      const behind = view.getInt32(start, true)
      const after = (behind | foldWord) & masks.after[(pairs[behind & 0xffff]! | (pairs[behind >>> 16]! << 2)) & 15]!
      const side = hashStart(after) >>> startShift
      kept += (firstBits[side >>> 5]! >>> side) & 1
    }
    return kept
  }

  return { scan }
}

/** For each pair of bytes (little-endian): bits 0 and 1, which are letters or digits; bits 16 and 17, which are separators. */
function classifyPairs(anchors: Anchors): Int32Array {
  const pairs = new Int32Array(1 << 16)
  const single = Int32Array.from({ length: 256 }, (_, byte) => {
    const isSeparator = anchors.separators.has(byte) || (stopsAlways(byte) && byte !== 0x40)
    return wordByte[byte]! | (isSeparator ? 1 << 16 : 0)
  })
  for (let second = 0; second < 256; second += 1) {
    for (let first = 0; first < 256; first += 1) pairs[(second << 8) | first] = single[first]! | (single[second]! << 1)
  }
  return pairs
}

function jointTable(anchors: Anchors): { bits: Int32Array; shift: number } {
  const size = Math.max(12, Math.ceil(Math.log2((anchors.joints.size + 1) * bitsPerJoint)))
  const bits = new Int32Array(2 ** (size - 5))
  for (const hash of anchors.joints.keys()) setBit(bits, hash >>> (32 - size))
  return { bits, shift: 32 - size }
}

/** The beginnings of words and stems. Stems of less than four bytes let every word pass. */
function startTable(anchors: Anchors): Int32Array {
  const bits = new Int32Array(startBits >>> 5)
  for (const start of anchors.starts) setBit(bits, hashStart(start) >>> startShift)
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
