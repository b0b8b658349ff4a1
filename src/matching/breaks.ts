import { classOf } from './byte-classes.ts'
import { standsAt } from './escapes.ts'
import type { Raw } from './resolve.ts'

/**
 * A name may be broken by what nobody sees: a soft hyphen, `<wbr>` (javadoc writes `com.<wbr>acmecorp`), a zero-width
 * space. The filter lists where such a break may stand; around each, the text without its breaks is searched once more.
 */
interface Break {
  readonly start: number
  readonly end: number
  /** A zero-width space also stands between words, where a language has no others: what ends at it may be whole. */
  readonly mayEndWord: boolean
}

/** Bytes that begin a break, and bytes that may follow them: a pair belongs together where both have a flag. */
export const breakFirst: Uint8Array = flags([['\xc2', 1], ['\xe2', 2], ['<', 4], ['&', 8]])
export const breakSecond: Uint8Array = flags([['\xad', 1], ['\x80', 2], ['wW', 4], ['#sSzZ', 8]])

/** In lower case. */
const spellings: readonly (readonly [text: string, mayEndWord: boolean])[] = [
  ['\xc2\xad', false], ['&shy;', false], ['&#173;', false], ['&#xad;', false],
  ['<wbr>', false], ['<wbr/>', false], ['<wbr />', false],
  ['\xe2\x80\x8b', true], ['&#8203;', true], ['&#x200b;', true], ['&zerowidthspace;', true],
]

/** More than the longest name of a registry: so much text on both sides of a break is searched again. */
const reach = 300

/**
 * What is found in a text once the breaks at these places (in order) are taken out. `raws` is what was found with them;
 * it stays, but for names that only seemed to end at a soft hyphen or `<wbr>` (`acme-auth&shy;-client`).
 */
export function acrossBreaks(bytes: Uint8Array, places: readonly number[], raws: readonly Raw[], find: (joined: Uint8Array) => Raw[]): Raw[] {
  const breaks = places.map((at) => breakAt(bytes, at)).filter((found) => found !== null)
  if (breaks.length === 0) return [...raws]
  const joined = stretches(breaks).flatMap((stretch) => findJoined(bytes, stretch, find))
  const whole = new Set(joined.map(({ raw }) => placeOf(raw)))
  const ends = new Set(breaks.filter(({ mayEndWord }) => !mayEndWord).flatMap(({ start, end }) => [`end ${start}`, `start ${end}`]))
  const touches = ({ start, end }: Raw): boolean => ends.has(`end ${end}`) || ends.has(`start ${start}`)
  return [
    ...raws.filter((raw) => ends.size === 0 || !touches(raw) || whole.has(placeOf(raw))),
    ...joined.filter(({ spans }) => spans).map(({ raw }) => raw),
  ]
}

const placeOf = ({ order, start, end }: Raw): string => `${order} ${start} ${end}`

function breakAt(bytes: Uint8Array, start: number): Break | null {
  for (const [text, mayEndWord] of spellings) {
    if (standsAt(bytes, start, text)) return { start, end: start + text.length, mayEndWord }
  }
  return null
}

/** Breaks near enough for one name to span several of them. */
function stretches(breaks: readonly Break[]): Break[][] {
  const all: Break[][] = []
  let last = Number.NEGATIVE_INFINITY
  for (const one of breaks) {
    if (one.start - last > 2 * reach) all.push([])
    all.at(-1)!.push(one)
    last = one.end
  }
  return all
}

interface Joined {
  readonly raw: Raw
  /** There is a break in it, so that it was not found before. */
  readonly spans: boolean
}

function findJoined(bytes: Uint8Array, breaks: readonly Break[], find: (joined: Uint8Array) => Raw[]): Joined[] {
  const from = Math.max(0, breaks[0]!.start - reach)
  const to = Math.min(bytes.length, breaks.at(-1)!.end + reach)
  /** Where each piece between breaks begins in the joined text, and where in the document. */
  const pieces: { readonly at: number; readonly start: number }[] = []
  const parts: Uint8Array[] = []
  let at = 0
  let start = from
  for (const { start: end, end: next } of [...breaks, { start: to, end: to }]) {
    pieces.push({ at, start })
    parts.push(bytes.subarray(start, end))
    at += end - start
    start = next
  }
  return find(Buffer.concat(parts)).flatMap((raw) => {
    // At a cut the text goes on: what stands there was not seen whole.
    if ((raw.start === 0 && from > 0) || (raw.end === at && to < bytes.length)) return []
    const [first, last] = [pieceOf(pieces, raw.start), pieceOf(pieces, raw.end - 1)]
    const place = { start: raw.start - first.at + first.start, end: raw.end - last.at + last.start }
    return [{ raw: { ...raw, ...place }, spans: first !== last }]
  })
}

/** The last piece that does not begin behind this offset; empty pieces have none. */
function pieceOf<Piece extends { readonly at: number }>(pieces: readonly Piece[], offset: number): Piece {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (pieces[middle]!.at <= offset) low = middle
    else high = middle - 1
  }
  return pieces[low]!
}

function flags(groups: readonly (readonly [characters: string, flag: number])[]): Uint8Array {
  const table = classOf(() => false)
  for (const [characters, flag] of groups) for (const character of characters) table[character.charCodeAt(0)]! |= flag
  return table
}
