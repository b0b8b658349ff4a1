/**
 * How the words of a query are found in a text; GitHub does not document it, so a client must stand all of them.
 * - `tokens`: the runs of [A-Za-z0-9] of the query, as consecutive words; what stands between them is ignored
 * - `substring`: the same, but the first and the last may be inside longer words
 * - `compounds`: as `tokens`, but hyphen and underscore belong to words: `acme-corp` is not found in `acme-corp-auth`
 * - `literal`: the query as it is written
 * Always ASCII case-insensitive.
 */
export const tokenisations = ['tokens', 'substring', 'compounds', 'literal'] as const
export type Tokenisation = (typeof tokenisations)[number]

/** A term of a query, ready to be looked for. */
export interface Needle {
  readonly parts: readonly Buffer[]
  /** The longest part: the one that is searched for, the others are compared around it. */
  readonly anchor: number
  readonly wholeWords: boolean
  /** 1 for each byte that belongs to words. */
  readonly wordBytes: Uint8Array
}

/** Byte offsets, end exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

const isWord = new Uint8Array(256)
for (let byte = 0; byte < 256; byte += 1) {
  if ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)) isWord[byte] = 1
}
const isCompound = Uint8Array.from(isWord)
isCompound[45] = 1
isCompound[95] = 1

/** Lower-cases A to Z in place and returns the same buffer. */
export function foldCase(bytes: Buffer): Buffer {
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]!
    if (byte >= 65 && byte <= 90) bytes[index] = byte | 0x20
  }
  return bytes
}

/** Null: nothing is left of the term (punctuation only); such a term restricts nothing. */
export function compileNeedle(term: string, tokenisation: Tokenisation): Needle | null {
  const literal = foldCase(Buffer.from(term, 'utf8'))
  if (literal.length === 0) return null
  const words = tokenisation === 'literal' ? [] : literal.toString('latin1').split(tokenisation === 'compounds' ? /[^a-z0-9_-]+/ : /[^a-z0-9]+/).filter((word) => word !== '')
  if (words.length === 0) {
    // A term of other scripts has no words in this sense; it is looked for as it is.
    const hasLetters = literal.some((byte) => byte >= 0x80 || isWord[byte] === 1)
    return hasLetters ? { parts: [literal], anchor: 0, wholeWords: false, wordBytes: isWord } : null
  }
  const parts = words.map((word) => Buffer.from(word, 'latin1'))
  let anchor = 0
  for (const [index, part] of parts.entries()) if (part.length > parts[anchor]!.length) anchor = index
  const compounds = tokenisation === 'compounds'
  return { parts, anchor, wholeWords: compounds || tokenisation === 'tokens', wordBytes: compounds ? isCompound : isWord }
}

function startsAt(text: Buffer, part: Buffer, at: number): boolean {
  for (let index = 0; index < part.length; index += 1) if (text[at + index] !== part[index]) return false
  return true
}

/**
 * The whole needle around an anchor that was found at `at`, inside [low, high); null if it is not there.
 * A gap between two parts is at least one byte, so inner parts are whole words in every mode.
 */
function around(text: Buffer, needle: Needle, at: number, low: number, high: number): Span | null {
  const { parts, anchor, wholeWords, wordBytes } = needle
  let start = at
  for (let index = anchor - 1; index >= 0; index -= 1) {
    const part = parts[index]!
    let gap = start
    while (gap > low && wordBytes[text[gap - 1]!] === 0) gap -= 1
    if (gap === start || gap - part.length < low || !startsAt(text, part, gap - part.length)) return null
    start = gap - part.length
  }
  let end = at + parts[anchor]!.length
  for (let index = anchor + 1; index < parts.length; index += 1) {
    const part = parts[index]!
    let gap = end
    while (gap < high && wordBytes[text[gap]!] === 0) gap += 1
    if (gap === end || gap + part.length > high || !startsAt(text, part, gap)) return null
    end = gap + part.length
  }
  if (wholeWords && start > low && wordBytes[text[start - 1]!] === 1) return null
  if (wholeWords && end < high && wordBytes[text[end]!] === 1) return null
  return { start, end }
}

/** The first place of the needle in folded bytes, its anchor at or after `from`, wholly inside [low, high). */
export function findNeedle(text: Buffer, needle: Needle, from: number, low: number, high: number): Span | null {
  const anchor = needle.parts[needle.anchor]!
  let at = text.indexOf(anchor, from)
  while (at !== -1 && at + anchor.length <= high) {
    const found = around(text, needle, at, low, high)
    if (found !== null) return found
    at = text.indexOf(anchor, at + 1)
  }
  return null
}

/** Places of the needle in folded bytes, in order, without overlap, at most `limit`. */
export function findAll(text: Buffer, needle: Needle, limit: number): Span[] {
  const found: Span[] = []
  let from = 0
  while (found.length < limit) {
    const next = findNeedle(text, needle, from, 0, text.length)
    if (next === null) break
    if (next.start >= (found.at(-1)?.end ?? 0)) found.push(next)
    from = Math.max(next.end, from + 1)
  }
  return found
}

/** Many texts in a few large buffers, folded: a search is one native scan per buffer. */
export interface Corpus {
  /** Takes a copy. Texts are numbered from 0 in the order they are added. */
  add(text: Uint8Array): void
  /** Calls `each` with the number of every text that holds the needle, in order. */
  search(needle: Needle, each: (text: number) => void): Promise<void>
  readonly texts: number
  readonly bytes: number
}

interface Slab {
  readonly bytes: Buffer
  used: number
  readonly first: number
  /** Where each text begins; one entry more than texts. */
  readonly starts: number[]
}

/** Wide enough for the largest indexed file, small enough to let other requests run between two slabs. */
const slabBytes = 16 * 1024 * 1024

export function createCorpus(): Corpus {
  const slabs: Slab[] = []
  let texts = 0
  let bytes = 0

  function slabFor(length: number): Slab {
    const last = slabs.at(-1)
    if (last !== undefined && last.used + length <= last.bytes.length) return last
    const slab: Slab = { bytes: Buffer.allocUnsafeSlow(Math.max(slabBytes, length)), used: 0, first: texts, starts: [0] }
    slabs.push(slab)
    return slab
  }

  function searchSlab(slab: Slab, needle: Needle, each: (text: number) => void): void {
    const view = slab.bytes.subarray(0, slab.used)
    const anchor = needle.parts[needle.anchor]!
    let at = view.indexOf(anchor)
    while (at !== -1) {
      // The text in which the anchor begins: the last start that is not behind it.
      let [left, right] = [0, slab.starts.length - 2]
      while (left < right) {
        const middle = (left + right + 1) >> 1
        if (slab.starts[middle]! <= at) left = middle
        else right = middle - 1
      }
      const [low, high] = [slab.starts[left]!, slab.starts[left + 1]!]
      if (findNeedle(view.subarray(0, high), needle, at, low, high) !== null) each(slab.first + left)
      at = view.indexOf(anchor, high)
    }
  }

  return {
    add(text) {
      const slab = slabFor(text.length)
      slab.bytes.set(text, slab.used)
      foldCase(slab.bytes.subarray(slab.used, slab.used + text.length))
      slab.used += text.length
      slab.starts.push(slab.used)
      texts += 1
      bytes += text.length
    },
    async search(needle, each) {
      for (const slab of slabs) {
        searchSlab(slab, needle, each)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    get texts() { return texts },
    get bytes() { return bytes },
  }
}
