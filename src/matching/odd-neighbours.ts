import type { Anchors } from './anchors.ts'
import { digitByte, foldedByte, hexByte, wordByte } from './byte-classes.ts'

/**
 * Where a word begins behind a byte that an escape or a joint may end with, three bytes tell whether the place needs a
 * closer look than its joint's key: the two in front of the word and its first. Each byte has a set of flags; a place is
 * odd when `last & (first | lastButOne)` is not zero.
 */
export interface OddNeighbours {
  readonly last: Uint8Array
  readonly lastButOne: Uint8Array
  readonly first: Uint8Array
}

/** `%` and a hex digit. */
const percent = 1
/** A backslash and the letter of an escape. */
const backslash = 2
/** `[` of a terminal's colour and what may follow it. */
const bracket = 4
/** `;` between the numbers of a colour. */
const semicolon = 8
/** `;` at the end of `&#64;`, `&sol;` and their like. */
const entity = 16
/** A separator behind a separator or a backslash: `--`, `\\/`. */
const double = 32
/** `@` in front of a scope: always. */
const sign = 64

export function oddNeighbours({ separators, hasEscapes }: Anchors): OddNeighbours {
  return { last: flags((byte) => lastFlags(byte, separators) & (hasEscapes ? 0xff : ~entity)), lastButOne: flags((byte) => lastButOneFlags(byte, separators)), first: flags(firstFlags) }
}

function flags(of: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => of(byte))
}

function lastFlags(byte: number, separators: ReadonlySet<number>): number {
  const separator = separators.has(byte) ? double | (byte === 0x40 ? sign : 0) : 0
  switch (byte) {
    case 0x25:
      return separator | percent
    case 0x5c:
      return separator | backslash
    case 0x5b:
      return separator | bracket
    case 0x3b:
      return separator | semicolon | entity
    default:
      return separator
  }
}

function lastButOneFlags(byte: number, separators: ReadonlySet<number>): number {
  return (wordByte[byte] === 1 ? entity : 0) | (separators.has(byte) || byte === 0x5c ? double : 0)
}

function firstFlags(byte: number): number {
  if (wordByte[byte] === 0) return 0
  const letter = String.fromCharCode(foldedByte[byte]!)
  return sign
    | (hexByte[byte] === 1 ? percent : 0)
    | ('abfnrtv0xu'.includes(letter) ? backslash : 0)
    | (digitByte[byte] === 1 || byte === 0x6d || byte === 0x4b ? bracket : 0)
    | (digitByte[byte] === 1 ? semicolon : 0)
}
