import { lastAtOrBelow } from './source-text.ts'

/** How a family of languages marks comments and texts. */
export interface CommentStyle {
  /** Begin a comment that ends with the line. */
  readonly line: readonly string[]
  readonly block: readonly (readonly [open: string, close: string])[]
  /** Open and close a text on one line; a backslash escapes. */
  readonly quotes: string
  /** Open and close a text over several lines, tried before `quotes`. */
  readonly longQuotes: readonly string[]
  /** A line comment counts only at the beginning of a word (`#` of shells and YAML). */
  readonly afterBlank: boolean
}

/** Spans of comments, ascending, end exclusive. */
export interface Comments {
  isComment(offset: number): boolean
}

/**
 * Finds the comments of a program in one pass. It knows texts, so that `"http://x"` is not a comment; what it does
 * not know (regular expressions, heredocs) can mislead it until the end of the line at most, for texts that
 * may not run over lines.
 */
export function findComments(text: string, style: CommentStyle): Comments {
  const starts: number[] = []
  const ends: number[] = []
  // By character: whether a comment or a text may begin with it.
  const marks = new Uint8Array(256)
  let lineStop = -1
  // Quotes that nothing closes on this line: a lifetime, a character, an apostrophe.
  let lone = ''
  for (const mark of [...style.line, ...style.block.map(([open]) => open), ...style.longQuotes, ...style.quotes]) marks[mark.charCodeAt(0)] = 1
  for (let at = 0; at < text.length; ) {
    if (marks[text.charCodeAt(at)] !== 1) {
      at += 1
      continue
    }
    const block = style.block.find(([open]) => text.startsWith(open, at))
    if (block !== undefined) at = add(at, endOf(text, block[1], at + block[0].length))
    else if (beginsLineComment(text, at, style)) at = add(at, endOfLine(at))
    else at = skipText(at)
  }
  return {
    isComment(offset) {
      const index = lastAtOrBelow(starts, offset)
      return (starts[index] ?? Infinity) <= offset && offset < (ends[index] ?? 0)
    },
  }

  /** Behind the text that begins at `at`; the next character where none does. */
  function skipText(at: number): number {
    const long = style.longQuotes.find((mark) => text.startsWith(mark, at))
    if (long !== undefined) return closing(text, long, at + long.length, text.length) ?? text.length
    const quote = text.charAt(at)
    const stop = endOfLine(at)
    if (!style.quotes.includes(quote) || lone.includes(quote)) return at + 1
    const behind = closing(text, quote, at + 1, stop)
    if (behind === null) lone += quote
    return behind ?? at + 1
  }

  /** Each line is measured once, however many marks it has. */
  function endOfLine(at: number): number {
    if (at >= lineStop) {
      lineStop = lineEnd(text, at)
      lone = ''
    }
    return lineStop
  }

  function add(start: number, end: number): number {
    starts.push(start)
    ends.push(end)
    return end
  }
}

/** The offset behind the closing mark; null where none comes before `limit`. */
function closing(text: string, mark: string, from: number, limit: number): number | null {
  for (let at = from; at < limit; at += 1) {
    if (text.charCodeAt(at) === 92) at += 1
    else if (text.startsWith(mark, at)) return at + mark.length
  }
  return null
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? text.length : found + mark.length
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return at
  }
  return text.length
}

/** The slashes of `https://` begin no comment, even where no quotes tell so. */
function beginsLineComment(text: string, at: number, style: CommentStyle): boolean {
  const mark = style.line.find((mark) => text.startsWith(mark, at))
  if (mark === undefined || (mark === '//' && text.charAt(at - 1) === ':')) return false
  return !style.afterBlank || isWordStart(text, at)
}

function isWordStart(text: string, at: number): boolean {
  if (at === 0) return true
  const before = text.charCodeAt(at - 1)
  return before <= 32 || before === 59
}
