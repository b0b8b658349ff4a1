import { sideLength, type Anchors } from './anchors.ts'
import { breakFirst, breakSecond } from './breaks.ts'
import { wordByte } from './byte-classes.ts'
import { escapeLead } from './escapes.ts'
import { oddNeighbours } from './odd-neighbours.ts'
import { blockLength, chunkLength, layout, scanModule, type ScanProgram } from './scan-program.ts'
import { createInstance } from './wasm.ts'

/**
 * The filter in front of the matcher: it reads every byte once and answers where an anchor may stand. It is allowed to
 * be wrong in one direction only: a place too many.
 *
 * Chunks are copied into the memory of a WebAssembly program (scan-program.ts), beside the tables of the inventory. There
 * the bytes become masks of bits: which are letters or digits, which are separators that matter. Shifts of the masks
 * give the starts of words behind a separator, and the starts of words of enough length. Both lists are thinned by one
 * table look-up each, without a branch that depends on the text.
 */
export interface Scanner {
  /** Calls back with starts of words, in order within each kind, not deduplicated. */
  scan(bytes: Uint8Array, found: Found): void
}

export interface Found {
  /** A word behind a separator: a joint, or something in front that may be the end of an escape. */
  behindSeparator(word: number): void
  /** The start of a word that is an anchor. */
  startOfWord(word: number): void
  /** The start of what breaks.ts looks at. */
  atBreak(at: number): unknown
}

/** Bits for each key in its table: so many in one pass by chance. */
const bitsPerKey = 192
/** Tables stay in the processor's second cache: from here on a larger one costs more than what it keeps away. */
const mostBits = 22

/** Hashes whose upper half alone is looked up. */
const halfHash = 16

export function createScanner(anchors: Anchors): Scanner {
  const joints = tableOf(anchors.joints)
  const words = tableOf(anchors.words)
  const jointTable = layout.tables
  const wordTable = jointTable + joints.bits.length
  const { memory, functions } = createInstance<ScanProgram>(scanModule, wordTable + words.bits.length)
  memory.set(joints.bits, jointTable)
  memory.set(words.bits, wordTable)
  writeTables(memory, anchors)
  const view = new DataView(memory.buffer)
  const shifts = shiftsOf(anchors.shortestWord)
  const text = memory.subarray(layout.text, layout.wordBits)

  function scan(bytes: Uint8Array, found: Found): void {
    for (let from = 0; from < bytes.length; from += chunkLength) {
      const blocks = copyChunk(bytes, from)
      functions.classify(blocks)
      functions.select(blocks, jointTable, joints.shift, wordTable, words.shift, shifts, Math.sign(anchors.shortestWord))
      callBack(0, layout.joints, from, found.behindSeparator)
      callBack(1, layout.words, from, found.startOfWord)
      callBack(2, layout.breaks, from, found.atBreak)
    }
  }

  /** The chunk, a block in front of it and one behind it; zero where the document is not. Answers how many blocks. */
  function copyChunk(bytes: Uint8Array, from: number): number {
    const first = Math.max(0, from - blockLength)
    const last = Math.min(bytes.length, from + chunkLength + blockLength)
    const start = first - from + blockLength
    const end = last - from + blockLength
    const blocks = Math.ceil(Math.min(bytes.length - from, chunkLength) / blockLength) + 2
    text.fill(0, 0, start)
    text.set(bytes.subarray(first, last), start)
    text.fill(0, end, blocks * blockLength)
    return blocks
  }

  function callBack(list: number, start: number, from: number, found: (at: number) => unknown): void {
    const end = view.getInt32(layout.results + 4 * list, true)
    for (let entry = start; entry < end; entry += 4) found(view.getInt32(entry, true) + from - blockLength)
  }

  return { scan }
}

function writeTables(memory: Uint8Array, anchors: Anchors): void {
  const { lower, upper } = halves(anchors.separators)
  memory.set(lower, layout.lowerHalves)
  memory.set(upper, layout.upperHalves)
  writeSideMasks(new DataView(memory.buffer))
  const { last, lastButOne, first } = oddNeighbours(anchors)
  memory.set(last, layout.oddLast)
  memory.set(lastButOne, layout.oddLastButOne)
  memory.set(first, layout.oddFirst)
  memory.set(breakFirst, layout.breakFirst)
  memory.set(breakSecond, layout.breakSecond)
  for (const hash of anchors.befores.keys()) setBit(memory, layout.befores, hash >>> halfHash)
  for (const [length, stems] of anchors.stems.entries()) {
    // A stem of less than four bytes lets every word pass: the program hashes four.
    if (length < sideLength && stems.size > 0) memory.fill(0xff, layout.stems, layout.text)
    else for (const hash of stems.keys()) setBit(memory, layout.stems, hash >>> halfHash)
  }
}

/**
 * What the upper half of a byte and its lower half have in common tells its class. Each row of sixteen characters that
 * has members of a class needs a bit of its own, unless rows agree: `A`-`O` and `a`-`o`, `P`-`Z` and `p`-`z`. `@` and
 * `[\]_` share a bit and let letters pass, which the program takes out of the separators again by asking for letters.
 */
function halves(separators: ReadonlySet<number>): { lower: Uint8Array; upper: Uint8Array } {
  const lower = new Uint8Array(16)
  const upper = new Uint8Array(16)
  const rows: readonly (readonly [bit: number, rows: readonly number[], holds: (byte: number) => boolean])[] = [
    [0x01, [3], isWord],
    [0x02, [4, 6], isWord],
    [0x04, [5, 7], isWord],
    [0x08, [2], isSeparator],
    [0x10, [3], isSeparator],
    [0x20, [4, 5], isSeparator],
    [0x40, [2], isBreak],
    [0x80, [3, 0xc, 0xe], isBreak],
  ]
  function isSeparator(byte: number): boolean {
    return separators.has(byte) || escapeLead[byte] === 1
  }
  for (const [bit, ofBit, holds] of rows) {
    for (const row of ofBit) {
      upper[row]! |= bit
      for (let column = 0; column < 16; column += 1) if (holds(row * 16 + column)) lower[column]! |= bit
    }
  }
  return { lower, upper }
}

const isWord = (byte: number): boolean => wordByte[byte] === 1
const isBreak = (byte: number): boolean => breakFirst[byte] !== 0

/**
 * Four shifts that make every bit of a mask stay whose next bits are set too, so many as the shortest word has bytes
 * (sixteen, when it is more): and-ing a mask with itself, shifted, adds the shift to what is known.
 */
function shiftsOf(shortest: number): number {
  let shifts = 0
  let known = 1
  for (let step = 0; step < 4; step += 1) {
    const shift = Math.max(0, Math.min(known, shortest - known))
    shifts |= shift << (8 * step)
    known += shift
  }
  return shifts
}

function tableOf(keys: ReadonlyMap<number, unknown>): { bits: Uint8Array; shift: number } {
  const size = Math.min(mostBits, Math.max(12, Math.ceil(Math.log2((keys.size + 1) * bitsPerKey))))
  const bits = new Uint8Array(2 ** (size - 3))
  for (const hash of keys.keys()) setBit(bits, 0, hash >>> (32 - size))
  return { bits, shift: 32 - size }
}

function setBit(bytes: Uint8Array, start: number, index: number): void {
  bytes[start + (index >>> 3)]! |= 1 << (index & 7)
}

/** For four flags (one a byte): the mask of the bytes that belong to a word that begins at the first, or ends at the last. */
function writeSideMasks(view: DataView): void {
  for (let flags = 0; flags < 16; flags += 1) {
    let after = 0
    let before = 0
    for (let index = 0; index < sideLength && isSet(flags, index); index += 1) after |= 0xff << (8 * index)
    for (let index = sideLength - 1; index >= 0 && isSet(flags, index); index -= 1) before |= 0xff << (8 * index)
    view.setInt32(layout.maskAfter + 4 * flags, after, true)
    view.setInt32(layout.maskBefore + 4 * flags, before, true)
  }
}

const isSet = (flags: number, index: number): boolean => ((flags >>> index) & 1) === 1
