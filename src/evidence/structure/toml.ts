import { lineEnd, quoteEnd, readFlow, type FlowDialect } from './flow.ts'
import { buildOutline, childOf, type Node, type Outline } from './outline.ts'

const dialect: FlowDialect = { assign: '=', doubledQuotes: false }
/** Parts of a dotted key; nobody writes more. */
const maxParts = 20

interface Part {
  readonly start: number
  readonly end: number
}

/** Outline of TOML. Tables of an array are items `[]` of it. One pass, no recursion; a line that is not TOML is skipped. */
export function outlineToml(text: string): Outline {
  const outline = buildOutline(text)
  let table: Node = outline.root
  for (let at = 0; at < text.length && !outline.full(); ) {
    const code = text.charCodeAt(at)
    if (isBlank(code) || code === 10 || code === 13) at += 1
    else if (code === 35) {
      const end = lineEnd(text, at)
      outline.comment(table, at, end)
      at = end
    } else if (code === 91) at = readHeader(at)
    else at = readEntry(at)
  }
  return outline.done()

  function readHeader(from: number): number {
    const isArray = text.charCodeAt(from + 1) === 91
    const { parts, behind } = keyParts(from + (isArray ? 2 : 1), lineEnd(text, from))
    table = descend(outline.root, parts)
    if (isArray) table = outline.open(table, '[]', -1, -1)
    return trailing(table, behind)
  }

  function readEntry(from: number): number {
    const end = lineEnd(text, from)
    const { parts, behind } = keyParts(from, end)
    if (text.charCodeAt(behind) !== 61) return end
    return readValue(descend(table, parts), behind + 1, end)
  }

  function readValue(node: Node, from: number, end: number): number {
    let start = from
    while (start < end && isBlank(text.charCodeAt(start))) start += 1
    const char = text.charAt(start)
    if (char === '[' || char === '{') return trailing(node, readFlow(outline, node, start, text.length, dialect))
    const triple = text.slice(start, start + 3)
    if (triple === '"""' || triple === "'''") {
      const found = text.indexOf(triple, start + 3)
      const close = found < 0 ? text.length : found
      outline.value(node, start + 3, close)
      return trailing(node, Math.min(close + 3, text.length))
    }
    if (char === '"' || char === "'") {
      const close = quoteEnd(text, start, end, false)
      outline.value(node, start + 1, close)
      return trailing(node, Math.min(close + 1, end))
    }
    let stop = start
    while (stop < end && text.charCodeAt(stop) !== 35) stop += 1
    if (start < stop) outline.value(node, start, stop)
    return trailing(node, stop)
  }

  /** The rest of the line behind a value: blanks and a comment. */
  function trailing(node: Node, from: number): number {
    const end = lineEnd(text, from)
    for (let at = from; at < end; at += 1) {
      if (text.charCodeAt(at) !== 35) continue
      outline.comment(node, at, end)
      break
    }
    return end
  }

  function descend(from: Node, parts: readonly Part[]): Node {
    let node = from
    for (const { start, end } of parts) {
      const last = node.children.at(-1)
      if (last?.key === '[]') node = last
      const key = text.slice(start, end)
      const known = childOf(node, key)
      if (known !== null) outline.name(known, start, end)
      node = known ?? outline.open(node, key, start, end)
    }
    return node
  }

  /** The parts of `a.b."c.d"` and the offset of what follows them, blanks skipped. */
  function keyParts(from: number, end: number): { readonly parts: readonly Part[]; readonly behind: number } {
    const parts: Part[] = []
    let at = from
    while (at < end && parts.length < maxParts) {
      while (at < end && isBlank(text.charCodeAt(at))) at += 1
      const char = text.charAt(at)
      const start = at
      if (char === '"' || char === "'") {
        const close = quoteEnd(text, at, end, false)
        parts.push({ start: start + 1, end: close })
        at = close + 1
      } else {
        while (at < end && isBare(text.charCodeAt(at))) at += 1
        if (at === start) break
        parts.push({ start, end: at })
      }
      while (at < end && isBlank(text.charCodeAt(at))) at += 1
      if (text.charAt(at) !== '.') break
      at += 1
    }
    return { parts, behind: Math.min(at, end) }
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}

function isBare(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 95
}
