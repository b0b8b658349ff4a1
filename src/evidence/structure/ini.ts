import { lineEnd } from './flow.ts'
import { buildOutline, type Node, type Outline } from './outline.ts'

/**
 * Outline of INI in the dialects of npm, pip and Python's configparser: sections, `key = value` (or `key: value`),
 * values that go on in indented lines, comments with `#` and `;` at the beginning of a line.
 */
export function outlineIni(text: string): Outline {
  const outline = buildOutline(text)
  let section: Node = outline.root
  let key: Node | null = null
  for (let at = 0; at < text.length && !outline.full(); ) {
    const end = lineEnd(text, at)
    const start = skipBlanks(text, at, end)
    const char = text.charAt(start)
    if (start < end) {
      if (char === '#' || char === ';') outline.comment(key ?? section, start, end)
      else if (start > at && key !== null) outline.value(key, start, end)
      else if (char === '[') {
        const stop = closingBracket(text, start, end)
        section = outline.open(outline.root, text.slice(start + 1, stop), start + 1, stop)
        key = null
      } else key = readEntry(start, end)
    }
    at = end + 1
  }
  return outline.done()

  function readEntry(start: number, end: number): Node {
    const assign = assignAt(text, start, end)
    const keyEnd = trimEnd(text, start, assign)
    const node = outline.open(section, text.slice(start, keyEnd), start, keyEnd)
    const value = skipBlanks(text, assign + 1, end)
    const stop = trimEnd(text, value, end)
    const quote = text.charAt(value)
    const isQuoted = (quote === '"' || quote === "'") && stop > value + 1 && text.charAt(stop - 1) === quote
    if (value < end) outline.value(node, isQuoted ? value + 1 : value, isQuoted ? stop - 1 : stop)
    return node
  }
}

/**
 * Offset of the `=` between key and value. npm's keys hold colons (`//host/:_authToken=…`), so `=` goes first and a
 * colon counts only where the line has no `=` and a blank follows it.
 */
function assignAt(text: string, start: number, end: number): number {
  let colon = -1
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 61) return at
    if (code === 58 && colon < 0 && (at + 1 >= end || isBlank(text.charCodeAt(at + 1)))) colon = at
  }
  return colon < 0 ? end : colon
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(text.charCodeAt(at))) at += 1
  return at
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end
  while (at > start && isBlank(text.charCodeAt(at - 1))) at -= 1
  return at
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

function closingBracket(text: string, start: number, end: number): number {
  for (let at = start; at < end; at += 1) {
    if (text.charCodeAt(at) === 93) return at
  }
  return end
}
