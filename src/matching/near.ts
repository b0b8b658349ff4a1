import { isAt, wordByte } from './byte-classes.ts'
import { lowerLatin1, lowerLatin1Of } from './latin1.ts'
import type { Raw } from './resolve.ts'

export interface Reach {
  /** Words that support every mention: the organisation's name and domains. */
  readonly anchors: readonly string[]
  /** Bytes between a mention and its support at most; Infinity: anywhere in the document. */
  readonly window: number
}

/** Support passes from codename to codename this often; then it has come far enough. */
const mostRounds = 8

/** What speaks for a mention: the word or the other identifier in reach; null where the name needs none. */
type Counted = Map<Raw, string | null>

/**
 * Drops the mentions of names with near words for which nothing speaks: neither one of the near words, nor an anchor, nor
 * a mention of another identifier that counts itself. A near word is found as the beginning of a word, whatever its case
 * (`acme` in `AcmeCorp`, not in `macme`). A mention does not support itself, nor does another of the same name. What is kept says what speaks for it.
 */
export function keepSupported(bytes: Uint8Array, raws: readonly Raw[], reach: Reach): Raw[] {
  const waiting = raws.filter((raw) => raw.term.near.length > 0).sort((a, b) => a.start - b.start)
  if (waiting.length === 0) return [...raws]
  const counted: Counted = new Map(raws.filter((raw) => raw.term.near.length === 0).map((raw) => [raw, null]))
  countByWords(bytes, waiting, counted, reach)
  const all = [...raws].sort((a, b) => a.start - b.start)
  const fromEnd = [...raws].sort((a, b) => b.end - a.end)
  for (let round = 0; round < mostRounds; round += 1) {
    const before = counted.size
    countByNeighbours(all, counted, reach.window, 1)
    countByNeighbours(fromEnd, counted, reach.window, -1)
    if (counted.size === before) break
  }
  return raws.filter((raw) => counted.has(raw)).map((raw) => {
    const support = counted.get(raw) ?? null
    return support === null ? raw : { ...raw, support }
  })
}

function countByWords(bytes: Uint8Array, waiting: readonly Raw[], counted: Counted, reach: Reach): void {
  const text = lowerLatin1(bytes)
  const places = new Map<string, Places>()
  const mentions = Map.groupBy(waiting, (raw) => raw.term)
  for (const [term, raws] of mentions) {
    for (const [word, support] of new Map([...reach.anchors, ...term.near].flatMap((said) => spellings(said).map((spelled) => [spelled, said])))) {
      let found = places.get(word)
      if (found === undefined) places.set(word, (found = placesOf(bytes, text, word)))
      // A word that is a part of the name stands in each of its mentions: these are no support.
      const usable = lowerLatin1Of(term.text).includes(word) ? outside(found, raws) : found
      for (const raw of raws) {
        if (!counted.has(raw) && isInReach(usable, raw, reach.window)) counted.set(raw, support)
      }
    }
  }
}

/** `Acme Corp` also as `acme-corp`, `acme_corp`, `acmecorp`; letters beyond ASCII small and large. */
function spellings(word: string): string[] {
  const words = [word, word.toLowerCase(), word.toUpperCase()]
  return words
    .flatMap((text) => [text, ...['-', '_', ''].map((joint) => text.replaceAll(/\s+/g, joint))])
    .map(lowerLatin1Of)
    .filter((text) => text !== '')
}

/** Where a word stands, in order; all of one length. */
interface Places {
  readonly starts: readonly number[]
  readonly length: number
}

function placesOf(bytes: Uint8Array, text: string, word: string): Places {
  const starts: number[] = []
  const beginsWord = wordByte[word.charCodeAt(0)] === 1
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!beginsWord || !isAt(wordByte, bytes, at - 1)) starts.push(at)
  }
  return { starts, length: word.length }
}

function outside({ starts, length }: Places, raws: readonly Raw[]): Places {
  let index = 0
  const kept = starts.filter((start) => {
    while (index < raws.length && raws[index]!.end <= start) index += 1
    const raw = raws[index]
    return raw === undefined || start + length <= raw.start
  })
  return { starts: kept, length }
}

function isInReach({ starts, length }: Places, raw: Raw, window: number): boolean {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (starts[middle]! < raw.end) low = middle + 1
    else high = middle
  }
  const behind = starts[low]
  if (behind !== undefined && behind - raw.end <= window) return true
  // Before the mention, a place may also overlap it; the one before that does not, or supports as well.
  for (let index = low - 1; index >= 0; index -= 1) {
    const end = starts[index]! + length
    if (raw.start - end > window) return false
    if (end <= raw.start) return true
  }
  return false
}

/**
 * One sweep over the mentions in one direction: what counts supports what comes next in reach. Two ends are kept, of
 * different terms, because a term does not support itself.
 */
function countByNeighbours(raws: readonly Raw[], counted: Counted, window: number, direction: 1 | -1): void {
  const near = (raw: Raw): number => (direction === 1 ? raw.start : -raw.end)
  const far = (raw: Raw): number => (direction === 1 ? raw.end : -raw.start)
  let last: Raw | undefined
  let lastOther: Raw | undefined
  let overlapping: Raw[] = []
  for (const raw of raws) {
    const stillOverlapping: Raw[] = []
    for (const other of overlapping) {
      if (far(other) > near(raw)) {
        stillOverlapping.push(other)
        continue
      }
      if (last !== undefined && last.term !== other.term && far(last) > far(other)) {
        if (lastOther === undefined || lastOther.term === last.term || far(other) > far(lastOther)) lastOther = other
        continue
      }
      if (last !== undefined && last.term !== other.term) lastOther = last
      last = other
    }
    overlapping = stillOverlapping
    if (!counted.has(raw)) {
      const support = last?.term === raw.term ? lastOther : last
      if (support !== undefined && near(raw) - far(support) <= window) counted.set(raw, support.text)
    }
    if (counted.has(raw)) overlapping.push(raw)
  }
}
