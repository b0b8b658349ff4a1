import { RE2JS } from 're2js'
import type { Term } from '../contracts/match.ts'
import { Invalid } from '../errors.ts'
import { lowerLatin1 } from './latin1.ts'
import { requiredLiteral } from './required-literal.ts'
import type { Raw } from './resolve.ts'

const lineFeed = 10
const carriageReturn = 13

/** Bytes of a match that are kept as its name. What matches more is not a name; its beginning is enough to see that. */
const longestName = 512

interface Expression {
  readonly term: Term
  readonly order: number
  readonly pattern: RE2JS
  readonly literal: { readonly text: string; readonly folded: boolean } | null
}

/**
 * Finds what the inventory's regular expressions match, through re2js: linear in the text whatever the expression. An
 * expression sees one line at a time, without its end (LF, CRLF or CR), of any length, as UTF-8; offsets are in bytes.
 * Where every match must hold a literal, only lines that hold it are looked at.
 *
 * @throws Invalid when an expression does not compile; the message names the line of the inventory, not the expression.
 */
export function createExpressionFinder(terms: readonly { term: Term; order: number }[]): (bytes: Uint8Array) => Raw[] {
  const expressions = terms.map(compileExpression)

  return function find(bytes) {
    const raws: Raw[] = []
    const texts = { plain: '', folded: '' }
    for (const expression of expressions) {
      const { literal } = expression
      if (literal === null) matchEverywhere(bytes, expression, raws)
      else matchLinesWith(bytes, textFor(bytes, literal.folded, texts), literal.text, expression, raws)
    }
    return raws
  }
}

function compileExpression({ term, order }: { term: Term; order: number }): Expression {
  try {
    return { term, order, pattern: RE2JS.compile(term.text, RE2JS.MULTILINE), literal: requiredLiteral(term.text) }
  } catch (cause) {
    throw new Invalid([{ where: term.where, key: 'regex', expected: 'expected a regular expression of RE2 syntax' }], { cause })
  }
}

/** The text as one character a byte, made once for all expressions. */
function textFor(bytes: Uint8Array, folded: boolean, texts: { plain: string; folded: string }): string {
  if (folded) return (texts.folded ||= lowerLatin1(bytes))
  return (texts.plain ||= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
}

function matchLinesWith(bytes: Uint8Array, text: string, literal: string, expression: Expression, raws: Raw[]): void {
  for (let at = text.indexOf(literal); at !== -1;) {
    const line = lineAt(bytes, at)
    matchLine(bytes, line.start, line.end, line.start, expression, raws)
    at = text.indexOf(literal, line.end)
  }
}

/** Several lines at once, where no match can tell: faster than line by line by far. */
function matchEverywhere(bytes: Uint8Array, expression: Expression, raws: Raw[]): void {
  // `$` stands before a line feed only, and \A and \z at the ends of what is given.
  const oneByOne = bytes.includes(carriageReturn) || /\\[AzZ]/.test(expression.term.text)
  let from = 0
  while (from < bytes.length) {
    if (!oneByOne) {
      const next = matchUntilLineEnd(bytes, from, expression, raws)
      if (next === -1) return
      from = next
    }
    const line = lineAt(bytes, from)
    matchLine(bytes, line.start, line.end, from, expression, raws)
    from = Math.max(from + 1, behindLine(bytes, line.end))
  }
}

/** Matches on until one holds the end of a line; answers an offset in its first line that is not matched yet, -1: done. */
function matchUntilLineEnd(bytes: Uint8Array, from: number, expression: Expression, raws: Raw[]): number {
  const matcher = expression.pattern.matcher(bytes.subarray(from))
  while (matcher.find()) {
    const [start, end] = [from + matcher.start(), from + matcher.end()]
    const lineEnd = bytes.indexOf(lineFeed, start)
    if (lineEnd !== -1 && lineEnd < end) return start
    report(bytes, start, end, expression, raws)
  }
  return -1
}

/** Matches one line; what begins before `from` has been reported. */
function matchLine(bytes: Uint8Array, lineStart: number, lineEnd: number, from: number, expression: Expression, raws: Raw[]): void {
  const matcher = expression.pattern.matcher(bytes.subarray(lineStart, lineEnd))
  while (matcher.find()) {
    const start = lineStart + matcher.start()
    if (start >= from) report(bytes, start, lineStart + matcher.end(), expression, raws)
  }
}

function report(bytes: Uint8Array, start: number, end: number, { term, order }: Expression, raws: Raw[]): void {
  if (end === start) return
  const cut = characterEnd(bytes, start, Math.min(end, start + longestName))
  raws.push({ term, order, start, end: cut, text: Buffer.from(bytes.buffer, bytes.byteOffset + start, cut - start).toString('utf8') })
}

/** Not in the middle of a character, unless there is nothing but middle. */
function characterEnd(bytes: Uint8Array, start: number, end: number): number {
  let cut = end
  while (cut > start && cut > end - 4 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1
  return cut > start ? cut : end
}

function lineAt(bytes: Uint8Array, offset: number): { start: number; end: number } {
  let start = offset
  while (start > 0 && bytes[start - 1] !== lineFeed && bytes[start - 1] !== carriageReturn) start -= 1
  let end = offset
  while (end < bytes.length && bytes[end] !== lineFeed && bytes[end] !== carriageReturn) end += 1
  return { start, end }
}

function behindLine(bytes: Uint8Array, end: number): number {
  return bytes[end] === carriageReturn && bytes[end + 1] === lineFeed ? end + 2 : end + 1
}
