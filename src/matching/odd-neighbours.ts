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
/** A separator of PyPI behind another one. */
const run = 32
/** A separator behind a backslash. */
const escaped = 64
/** `@` behind a letter or digit, which may be the end of an escape. */
const sign = 128

export function oddNeighbours({ separators }: Anchors): OddNeighbours {
  const isRun = (byte: number): boolean => separators.has(byte) && '-_.'.includes(String.fromCharCode(byte))

  function last(byte: number): number {
    switch (String.fromCharCode(byte)) {
      case '%':
        return percent
      case '\\':
        return backslash
      case '[':
        return bracket
      case ';':
        return semicolon | (separators.size > 0 ? entity : 0)
      case '/':
      case ':':
        return separators.has(byte) ? escaped : 0
      case '@':
        return separators.has(byte) ? sign : 0
      default:
        return isRun(byte) ? run | escaped : 0
    }
  }

  function lastButOne(byte: number): number {
    return (wordByte[byte] === 1 ? entity | sign : 0) | (isRun(byte) ? run : 0) | (byte === 0x5c ? escaped : 0)
  }

  return { last: flags(last), lastButOne: flags(lastButOne), first: flags(first) }
}

function first(byte: number): number {
  if (wordByte[byte] === 0) return 0
  const letter = String.fromCharCode(foldedByte[byte]!)
  return (hexByte[byte] === 1 ? percent : 0)
    | ('abfnrtv0xu'.includes(letter) ? backslash : 0)
    | (digitByte[byte] === 1 || byte === 0x6d || byte === 0x4b ? bracket : 0)
    | (digitByte[byte] === 1 ? semicolon : 0)
}

function flags(of: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => of(byte))
}
