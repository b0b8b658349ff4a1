import { compileModule, defineFunction, i32, i64, i8x16, loopWhile, set, v128, writeModule, type Code, type Local, type Statement } from './wasm.ts'
import { golden, lengthFactor, odd } from './anchors.ts'

/**
 * The inner loops of scan.ts, as WebAssembly: sixteen bytes an instruction, which JavaScript has no way to say. At 1,000
 * names the same filter reads 740 MB/s in plain JavaScript and 1,690 MB/s here.
 *
 * Memory, in this order; the tables of joints and words follow, as large as the inventory needs them. Positions count
 * from `text`: one block that was read before, then the chunk, then one block that is read again with the next chunk.
 * Beyond the document's ends all bytes are zero, which is neither a letter nor a separator.
 */
export const blockLength = 64
export const chunkLength = 32_768
const areaLength = chunkLength + 2 * blockLength
/** A position for each second byte (neighbours are never both the start of a word, or of a break), and room for `atOnce`. */
const listLength = (chunkLength / 2 + 16) * 4

export const layout = {
  /** What a byte is: the entry of its lower half and the entry of its upper half, and-ed (see `classes`). */
  lowerHalves: 0,
  upperHalves: 16,
  /** For four flags of letters or digits: the mask of the bytes that belong to the word behind, and before. */
  maskAfter: 32,
  maskBefore: 96,
  /** One byte for each byte: flags of odd-neighbours.ts, and of breaks.ts. */
  oddLast: 256,
  oddLastButOne: 512,
  oddFirst: 768,
  breakFirst: 1024,
  breakSecond: 1280,
  /** Where the lists end. */
  results: 1536,
  /** One bit for each upper half of a hash. */
  befores: 2048,
  stems: 2048 + 8192,
  text: 2048 + 2 * 8192,
  /** One bit for each byte of the text. */
  wordBits: 2048 + 2 * 8192 + areaLength,
  separatorBits: 2048 + 2 * 8192 + areaLength + areaLength / 8,
  breakBits: 2048 + 2 * 8192 + areaLength + 2 * (areaLength / 8),
  joints: 2048 + 2 * 8192 + areaLength + 3 * (areaLength / 8),
  words: 2048 + 2 * 8192 + areaLength + 3 * (areaLength / 8) + listLength,
  breaks: 2048 + 2 * 8192 + areaLength + 3 * (areaLength / 8) + 2 * listLength,
  tables: 2048 + 2 * 8192 + areaLength + 3 * (areaLength / 8) + 3 * listLength,
} as const

/** Bits of the entries of `lowerHalves` and `upperHalves`: which of them make a letter or digit, a separator, a break. */
export const classes = { word: 0x07, separator: 0x38, break: 0xc0 } as const

/** The exports of the module; numbers of blocks include the first and the last, which are only looked at. */
export interface ScanProgram {
  readonly classify: (blocks: number) => void
  readonly select: (blocks: number, jointTable: number, jointShift: number, wordTable: number, wordShift: number, shifts: number, hasWords: number) => void
}

const constant = i32.const
const foldWord = constant(0x20202020)

/** Fills the three arrays of bits. */
const classify = defineFunction('classify', ({ parameter, local }) => {
  const blocks = parameter('i32')
  const block = local('i32')
  const lower = local('v128')
  const upper = local('v128')
  const notWord = local('i64')
  const vectors = [local('v128'), local('v128'), local('v128'), local('v128')] as const
  const address = i32.add(constant(layout.text), i32.shl(block, constant(6)))
  const halfByte = i8x16.splat(constant(0x0f))
  const zero = i8x16.splat(constant(0))

  const classOf = (bytes: Code<'v128'>): Code<'v128'> =>
    v128.and(i8x16.swizzle(lower, v128.and(bytes, halfByte)), i8x16.swizzle(upper, i8x16.shrUnsigned(bytes, constant(4))))
  const isOutside = (mask: number) => (vector: Code<'v128'>) => i8x16.bitmask(i8x16.eq(v128.and(vector, i8x16.splat(constant(mask))), zero))
  /** The upper bit of each byte, with the bit below it moved there. */
  const isBreak = (vector: Code<'v128'>) => i8x16.bitmask(v128.or(vector, i8x16.add(vector, vector)))
  function sixtyFour(bits: (vector: Code<'v128'>) => Code<'i32'>): Code<'i64'> {
    const [first, second, third, fourth] = vectors
    const low = i32.or(bits(first), i32.shl(bits(second), constant(16)))
    const high = i32.or(bits(third), i32.shl(bits(fourth), constant(16)))
    return i64.or(i64.fromI32(low), i64.shl(i64.fromI32(high), i64.const(32n)))
  }
  const all = i64.const(-1n)
  const at = i32.shl(block, constant(3))

  return [
    set(lower, v128.load(constant(layout.lowerHalves))),
    set(upper, v128.load(constant(layout.upperHalves))),
    loopWhile(i32.lessUnsigned(block, blocks), [
      ...vectors.map((vector, index) => set(vector, v128.load(address, 16 * index))),
      ...vectors.map((vector) => set(vector, classOf(vector))),
      set(notWord, sixtyFour(isOutside(classes.word))),
      i64.store(at, i64.xor(notWord, all), layout.wordBits),
      i64.store(at, i64.and(i64.xor(sixtyFour(isOutside(classes.separator)), all), notWord), layout.separatorBits),
      i64.store(at, i64.and(sixtyFour(isBreak), notWord), layout.breakBits),
      set(block, i32.add(block, constant(1))),
    ]),
  ]
})

/** Lists the places where something may stand, of all blocks but the first and the last. */
const select = defineFunction('select', ({ parameter, local }) => {
  const blocks = parameter('i32')
  const jointTable = parameter('i32')
  const jointShift = parameter('i32')
  const wordTable = parameter('i32')
  const wordShift = parameter('i32')
  /** Four shifts, a byte each: a word is long enough when all of its bits and-ed with themselves so far on are set. */
  const shifts = parameter('i32')
  const hasWords = parameter('i32')

  const block = local('i32')
  const at = local('i32')
  const word = local('i64')
  const next = local('i64')
  const long = local('i64')
  const starts = local('i64')
  const notBehindWord = local('i64')
  const position = local('i32')
  const length = local('i32')
  const flags = local('i32')
  const ahead = local('i32')
  const behind = local('i32')
  const before = local('i32')
  const after = local('i32')
  const hash = local('i32')
  const keep = local('i32')
  const joint = local('i32')
  const wordEnd = local('i32')
  const breakEnd = local('i32')
  const rest = local('i32')

  const one = i64.const(1n)
  const lastBit = (bits: Code<'i64'>): Code<'i64'> => i64.shrUnsigned(bits, i64.const(63n))
  const bitOf = (table: Code<'i32'>, index: Code<'i32'>): Code<'i32'> =>
    i32.shrUnsigned(i32.load8(i32.add(table, i32.shrUnsigned(index, constant(3)))), i32.and(index, constant(7)))
  const mix = (value: Code<'i32'>): Code<'i32'> => i32.mul(i32.xor(value, i32.shrUnsigned(value, constant(15))), constant(golden))

  /**
   * Appends the positions of the set bits of `starts`. So many are written at once, whether they are there or not: most
   * blocks have no more, and a loop's end that depends on the text costs the processor as much as ten of them.
   */
  function append(end: Local<'i32'>, atOnce: number): Statement[] {
    const first = i32.add(i32.shl(block, constant(6)), i32.fromI64(i64.trailingZeros(starts)))
    const next = set(starts, i64.and(starts, i64.sub(starts, one)))
    return [
      set(rest, i32.add(end, constant(4 * atOnce))),
      set(end, i32.add(end, i32.shl(i32.fromI64(i64.ones(starts)), constant(2)))),
      ...Array.from({ length: atOnce }, (_, index) => [i32.store(i32.add(rest, constant(4 * (index - atOnce))), first), next]).flat(),
      loopWhile(i32.eq(i64.isZero(starts), constant(0)), [i32.store(rest, first), next, set(rest, i32.add(rest, constant(4)))]),
    ]
  }

  /** Keeps those positions of a list for which the statements make `keep` 1. */
  const thin = (list: number, end: Local<'i32'>, statements: readonly Statement[]): Statement[] => [
    set(at, constant(list)),
    set(rest, constant(list)),
    loopWhile(i32.lessUnsigned(at, end), [
      set(position, i32.load(at)),
      ...statements,
      // Written whether it stays or not: no branch here depends on the text.
      i32.store(rest, position),
      set(rest, i32.add(rest, i32.shl(i32.and(keep, constant(1)), constant(2)))),
      set(at, i32.add(at, constant(4))),
    ]),
    set(end, rest),
  ]

  /** Bits of letters and digits from the eighth byte before the position on. */
  const flagsBefore = (place: Code<'i32'>): Code<'i32'> =>
    i32.shrUnsigned(i32.load(i32.shrUnsigned(place, constant(3)), layout.wordBits - 1), i32.and(place, constant(7)))
  const masked = (table: number, bytes: Code<'i32'>, fourTimesFlags: Code<'i32'>): Code<'i32'> =>
    i32.and(i32.or(bytes, foldWord), i32.load(i32.and(fourTimesFlags, constant(60)), table))

  const joints: readonly Statement[] = [
    set(flags, flagsBefore(position)),
    set(ahead, i32.load(position, layout.text - 5)),
    set(behind, i32.load(position, layout.text)),
    // Bytes -5 to -2, in front of the separator, and 0 to 3: bits 3 to 6 and 8 to 11 of the flags.
    set(before, masked(layout.maskBefore, ahead, i32.shrUnsigned(flags, constant(1)))),
    set(after, masked(layout.maskAfter, behind, i32.shrUnsigned(flags, constant(6)))),
    set(before, i32.mul(before, constant(golden))),
    set(hash, i32.xor(before, i32.mul(after, constant(odd)))),
    set(keep, bitOf(jointTable, i32.shrUnsigned(mix(hash), jointShift))),
    set(keep, i32.or(keep, bitOf(constant(layout.befores), i32.shrUnsigned(before, constant(16))))),
    set(flags, i32.or(i32.load8(i32.and(behind, constant(0xff)), layout.oddFirst), i32.load8(i32.shrUnsigned(ahead, constant(24)), layout.oddLastButOne))),
    set(flags, i32.and(flags, i32.load8(i32.load8(position, layout.text - 1), layout.oddLast))),
    set(keep, i32.or(keep, i32.ne(flags, constant(0)))),
  ]

  const longestKnown = 56
  const words: readonly Statement[] = [
    // At least 57 bits from the position on; a word that is longer than that stays.
    set(long, i64.shrUnsigned(i64.load(i32.shrUnsigned(position, constant(3)), layout.wordBits), i64.and(i64.fromI32(position), i64.const(7n)))),
    set(length, i32.fromI64(i64.trailingZeros(i64.xor(long, i64.const(-1n))))),
    set(keep, i32.lessUnsigned(constant(longestKnown), length)),
    set(flags, flagsBefore(i32.add(position, length))),
    set(before, masked(layout.maskBefore, i32.load(i32.add(position, length), layout.text - 4), i32.shrUnsigned(flags, constant(2)))),
    set(after, masked(layout.maskAfter, i32.load(position, layout.text), i32.shl(i32.fromI64(long), constant(2)))),
    set(after, i32.mul(after, constant(golden))),
    set(keep, i32.or(keep, bitOf(constant(layout.stems), i32.shrUnsigned(after, constant(16))))),
    set(hash, i32.xor(after, i32.mul(i32.xor(before, i32.mul(length, constant(lengthFactor))), constant(odd)))),
    set(keep, i32.or(keep, bitOf(wordTable, i32.shrUnsigned(mix(hash), wordShift)))),
  ]

  const breaks: readonly Statement[] = [
    set(flags, i32.and(i32.load8(i32.load8(position, layout.text), layout.breakFirst), i32.load8(i32.load8(position, layout.text + 1), layout.breakSecond))),
    set(keep, i32.ne(flags, constant(0))),
  ]

  /** Keeps the bits that are set so far on too. `next` is shifted with copies of its last bit: as if its word went on. */
  function keepLong(step: number): Statement[] {
    const by = i64.fromI32(i32.and(i32.shrUnsigned(shifts, constant(8 * step)), constant(0xff)))
    const fromNext = i64.shl(i64.shl(next, one), i64.xor(by, i64.const(63n)))
    return [
      set(long, i64.and(long, i64.or(i64.shrUnsigned(long, by), fromNext))),
      set(next, i64.and(next, i64.shrSigned(next, by))),
    ]
  }

  return [
    set(joint, constant(layout.joints)),
    set(wordEnd, constant(layout.words)),
    set(breakEnd, constant(layout.breaks)),
    set(block, constant(1)),
    loopWhile(i32.lessUnsigned(block, i32.sub(blocks, constant(1))), [
      set(at, i32.shl(block, constant(3))),
      set(word, i64.load(at, layout.wordBits)),
      set(next, i64.load(at, layout.separatorBits)),
      set(starts, i64.and(word, i64.or(i64.shl(next, one), lastBit(i64.load(at, layout.separatorBits - 8))))),
      ...append(joint, 6),
      set(next, i64.load(at, layout.wordBits + 8)),
      set(notBehindWord, i64.xor(i64.or(i64.shl(word, one), lastBit(i64.load(at, layout.wordBits - 8))), i64.const(-1n))),
      set(long, word),
      ...[0, 1, 2, 3].flatMap(keepLong),
      set(starts, i64.and(i64.and(long, notBehindWord), i64.sub(i64.const(0n), i64.fromI32(hasWords)))),
      ...append(wordEnd, 3),
      set(starts, i64.load(at, layout.breakBits)),
      ...append(breakEnd, 0),
      set(block, i32.add(block, constant(1))),
    ]),
    ...thin(layout.joints, joint, joints),
    ...thin(layout.words, wordEnd, words),
    ...thin(layout.breaks, breakEnd, breaks),
    i32.store(constant(layout.results), joint),
    i32.store(constant(layout.results + 4), wordEnd),
    i32.store(constant(layout.results + 8), breakEnd),
  ]
})

/** The module; made once for all matchers of the process. */
export const scanModule = compileModule(writeModule([classify, select]))
