import { lastAtOrBelow } from './source-text.ts'

/** The piece of a program inside one pair of brackets, and the word before the opening one. */
export interface Enclosure {
  readonly word: string
  readonly start: number
  readonly end: number
  readonly parent: Enclosure | null
}

/** A text between quotes; offsets without the quotes. */
export interface Quoted {
  readonly start: number
  readonly end: number
}

export interface Enclosures {
  /** Innermost first, at most 12. */
  around(offset: number): readonly Enclosure[]
  /** The quoted text that the offset is in; null where it is in none. */
  quotedAt(offset: number): Quoted | null
}

/** What a character does, by its code; everything else is nothing. */
const opens = 1
const closes = 2
const quotes = 3
const delimits = 4
const meanings = new Uint8Array(256)
for (const [characters, meaning] of [['([{', opens], [')]}', closes], ['"\'', quotes], ['\n,;', delimits]] as const) {
  for (const character of characters) meanings[character.charCodeAt(0)] = meaning
}
const maxAround = 12
const maxWord = 120
/** A program with more brackets keeps those of its beginning. */
const maxMarks = 300_000

/**
 * Brackets and texts of a program in one of the C-like or scripting languages, in one pass: enough to tell in which
 * call, list or block an offset stands. Comments are skipped by `isComment`; what is not closed goes on to the end.
 * The word before a bracket is what stands between the last delimiter and it: `install_requires=`, `maven`, `setup`.
 */
export function findEnclosures(text: string, isComment: (offset: number) => boolean): Enclosures {
  const starts: number[] = [0]
  const inside: (Enclosure | null)[] = [null]
  const quotedStarts: number[] = []
  const quoted: Quoted[] = []
  const stack: { -readonly [Key in keyof Enclosure]: Enclosure[Key] }[] = []
  let wordStart = 0
  for (let at = 0; at < text.length && starts.length < maxMarks; ) {
    const meaning = meanings[text.charCodeAt(at)]
    if (meaning === quotes) at = readText(at)
    else if (meaning === opens && !isComment(at)) at = open(at)
    else if (meaning === closes && !isComment(at)) {
      const closed = stack.pop()
      if (closed !== undefined) closed.end = at
      at = mark(at + 1, stack.at(-1) ?? null)
    } else {
      at += 1
      if (meaning === delimits) wordStart = at
    }
  }
  return {
    around(offset) {
      const found: Enclosure[] = []
      for (let at = inside[lastAtOrBelow(starts, offset)] ?? null; at !== null && found.length < maxAround; at = at.parent) found.push(at)
      return found
    },
    quotedAt(offset) {
      const candidate = quoted[lastAtOrBelow(quotedStarts, offset)]
      return candidate !== undefined && candidate.start <= offset && offset < candidate.end ? candidate : null
    },
  }

  function open(at: number): number {
    const enclosure = { word: text.slice(Math.max(wordStart, at - maxWord), at).trim(), start: at + 1, end: text.length, parent: stack.at(-1) ?? null }
    stack.push(enclosure)
    return mark(at + 1, enclosure)
  }

  function mark(at: number, enclosure: Enclosure | null): number {
    starts.push(at)
    inside.push(enclosure)
    wordStart = at
    return at
  }

  function readText(start: number): number {
    if (isComment(start)) return start + 1
    const quote = text.charAt(start)
    const triple = quote.repeat(3)
    const long = text.startsWith(triple, start)
    const from = long ? start + 3 : start + 1
    let at = from
    for (; at < text.length; at += 1) {
      const char = text.charAt(at)
      if (char === '\\') at += 1
      else if (long ? text.startsWith(triple, at) : char === quote || char === '\n') break
    }
    const end = Math.min(at, text.length)
    quotedStarts.push(from)
    quoted.push({ start: from, end })
    return text.charAt(end) === '\n' ? end : end + (long ? 3 : 1)
  }
}
