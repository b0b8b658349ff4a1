import { classOf } from './byte-classes.ts'
import { standsAt } from './escapes.ts'
import type { Raw } from './resolve.ts'

/**
 * A name may be broken by what nobody sees: a soft hyphen, `<wbr>` (javadoc writes `com.<wbr>acmecorp`), a zero-width
 * space. The filter lists where such a break may stand; around each, the text without its breaks is searched once more.
 */
interface Breaks {
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** A zero-width space also stands between words, where a language has no others: what ends at it may be whole. */
  readonly mayEndWord: readonly boolean[]
}

/** Bytes that begin a break, and bytes that may follow them: a pair belongs together where both have a flag. */
export const breakFirst: Uint8Array = flags([['\xc2', 1], ['\xe2', 2], ['<', 4], ['&', 8]])
export const breakSecond: Uint8Array = flags([['\xad', 1], ['\x80', 2], ['wW', 4], ['#sSzZ', 8]])

interface Spelling {
  /** In lower case. */
  readonly text: string
  readonly mayEndWord: boolean
}

const spellings: readonly Spelling[] = [
  ...['\xc2\xad', '&shy;', '&#173;', '&#xad;', '<wbr>', '<wbr/>', '<wbr />'].map((text) => ({ text, mayEndWord: false })),
  ...['\xe2\x80\x8b', '&#8203;', '&#x200b;', '&zerowidthspace;'].map((text) => ({ text, mayEndWord: true })),
]
const spellingsByFirst = Array.from({ length: 256 }, (_, byte) => spellings.filter(({ text }) => text.charCodeAt(0) === byte))

/** More than the longest name of a registry: so much text on both sides of a break is searched again. */
const reach = 300

/**
 * What is found in a text once the breaks at these places (in order) are taken out. `raws` is what was found with them;
 * it stays, but for names that only seemed to end at a soft hyphen or `<wbr>` (`acme-auth&shy;-client`).
 */
export function acrossBreaks(bytes: Uint8Array, places: readonly number[], raws: Raw[], find: (joined: Uint8Array) => Raw[]): Raw[] {
  const breaks = readBreaks(bytes, places)
  if (breaks.starts.length === 0) return raws
  const joined = stretchesOf(breaks).flatMap((stretch) => findJoined(bytes, breaks, stretch, find))
  const whole = new Set(joined.map(({ raw }) => placeOf(raw)))
  const isSoft = (at: number): boolean => breaks.mayEndWord[at] === false
  const seemsToEnd = ({ start, end }: Raw): boolean => isSoft(indexOf(breaks.starts, end)) || isSoft(indexOf(breaks.ends, start))
  return [
    ...raws.filter((raw) => !seemsToEnd(raw) || whole.has(placeOf(raw))),
    ...joined.filter(({ spans }) => spans).map(({ raw }) => raw),
  ]
}

const placeOf = ({ order, start, end }: Raw): string => `${order} ${start} ${end}`

function readBreaks(bytes: Uint8Array, places: readonly number[]): Breaks {
  const [starts, ends, mayEndWord]: [number[], number[], boolean[]] = [[], [], []]
  for (const start of places) {
    const found = spellingsByFirst[bytes[start]!]!.find(({ text }) => standsAt(bytes, start, text))
    if (found === undefined) continue
    starts.push(start)
    ends.push(start + found.text.length)
    mayEndWord.push(found.mayEndWord)
  }
  return { starts, ends, mayEndWord }
}

/** Breaks `[first, last]` near enough for one name to span several of them. */
interface Stretch {
  readonly first: number
  readonly last: number
}

function stretchesOf({ starts, ends }: Breaks): Stretch[] {
  const all: Stretch[] = []
  let first = 0
  for (let next = 1; next <= starts.length; next += 1) {
    if (next < starts.length && starts[next]! - ends[next - 1]! <= 2 * reach) continue
    all.push({ first, last: next - 1 })
    first = next
  }
  return all
}

interface Joined {
  readonly raw: Raw
  /** There is a break in it, so that it was not found before. */
  readonly spans: boolean
}

function findJoined(bytes: Uint8Array, { starts, ends }: Breaks, { first, last }: Stretch, find: (joined: Uint8Array) => Raw[]): Joined[] {
  const from = Math.max(0, starts[first]! - reach)
  const to = Math.min(bytes.length, ends[last]! + reach)
  const joined = new Uint8Array(to - from)
  /** Where each piece between breaks begins in the joined text. Pieces are short: their bytes are copied one by one. */
  const pieces: number[] = []
  let length = 0
  const startOf = (piece: number): number => (piece === 0 ? from : ends[first + piece - 1]!)
  for (let piece = 0; piece <= last - first + 1; piece += 1) {
    pieces.push(length)
    const end = first + piece <= last ? starts[first + piece]! : to
    for (let at = startOf(piece); at < end; at += 1) {
      joined[length] = bytes[at]!
      length += 1
    }
  }
  return find(joined.subarray(0, length)).flatMap((raw) => {
    // At a cut the text goes on: what stands there was not seen whole.
    if ((raw.start === 0 && from > 0) || (raw.end === length && to < bytes.length)) return []
    const [one, other] = [lastNotAfter(pieces, raw.start), lastNotAfter(pieces, raw.end - 1)]
    const place = { start: raw.start - pieces[one]! + startOf(one), end: raw.end - pieces[other]! + startOf(other) }
    return [{ raw: { ...raw, ...place }, spans: one !== other }]
  })
}

/** Index of the last number that is not above the wanted one; -1: none. */
function lastNotAfter(sorted: readonly number[], wanted: number): number {
  let low = -1
  let high = sorted.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (sorted[middle]! <= wanted) low = middle
    else high = middle - 1
  }
  return low
}

function indexOf(sorted: readonly number[], wanted: number): number {
  const index = lastNotAfter(sorted, wanted)
  return sorted[index] === wanted ? index : -1
}

function flags(groups: readonly (readonly [characters: string, flag: number])[]): Uint8Array {
  const table = classOf(() => false)
  for (const [characters, flag] of groups) for (const character of characters) table[character.charCodeAt(0)]! |= flag
  return table
}
