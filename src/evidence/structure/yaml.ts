import { lineEnd, quoteEnd, readFlow, type FlowDialect } from './flow.ts'
import { buildOutline, type Node, type Outline } from './outline.ts'

const dialect: FlowDialect = { assign: ':', doubledQuotes: true }

interface Level {
  /** Column of the key; items of a list stand half a column deeper than their dash. */
  readonly indent: number
  readonly node: Node
}

/**
 * Outline of YAML by its lines: maps, lists, block scalars, quoted and plain scalars, inline collections, comments,
 * several documents. It reads indentation as people do, so files that are only nearly YAML (Helm templates, files cut
 * off in the middle) keep their shape, which a strict parser refuses. One pass, no recursion, anchors are not followed.
 */
export function outlineYaml(text: string): Outline {
  const outline = buildOutline(text)
  const levels: Level[] = [{ indent: -1, node: outline.root }]
  // A block scalar takes every line that is deeper than its key.
  let block: Level | null = null
  let at = 0
  while (at < text.length && !outline.full()) {
    const end = lineEnd(text, at)
    const start = skipSpaces(at, end)
    if (start < end) at = readLine(at, start, end)
    else at = end
    // What a line's reader consumed may end in the middle of a later line; its rest is blank or a comment.
    at = nextLine(at)
  }
  return outline.done()

  function readLine(lineStart: number, start: number, end: number): number {
    const indent = start - lineStart
    if (block !== null && indent > block.indent) {
      outline.value(block.node, start, end)
      return end
    }
    block = null
    if (text.charAt(start) === '#') {
      outline.comment(current(), start, end)
      return end
    }
    if (indent === 0 && (text.startsWith('---', start) || text.startsWith('...', start))) {
      levels.length = 1
      return end
    }
    return readEntry(start, indent, end)
  }

  function readEntry(from: number, column: number, end: number): number {
    let start = from
    let indent = column
    while (text.charAt(start) === '-' && (start + 1 >= end || isBlank(text.charCodeAt(start + 1)))) {
      popTo(indent + 0.5)
      levels.push({ indent: indent + 0.5, node: outline.open(current(), '[]', -1, -1) })
      const next = skipSpaces(start + 1, end)
      indent += next - start
      start = next
      if (start >= end) return end
    }
    if (text.charAt(start) === '?' && isBlank(text.charCodeAt(start + 1))) {
      const key = skipSpaces(start + 1, end)
      popTo(indent)
      const [keyStart, keyEnd] = quotedSpan(key, end) ?? [key, trimEnd(key, end)]
      levels.push({ indent, node: outline.open(current(), text.slice(keyStart, keyEnd), keyStart, keyEnd) })
      return end
    }
    // The value of a `? key`.
    if (text.charAt(start) === ':' && (start + 1 >= end || isBlank(text.charCodeAt(start + 1)))) return readValue({ indent, node: current() }, start + 1, end)
    const key = keySpan(start, end)
    if (key === null) return readValue(continued(indent), start, end)
    popTo(indent)
    const level = { indent, node: outline.open(current(), text.slice(key.start, key.end), key.start, key.end) }
    levels.push(level)
    return readValue(level, key.behind, end)
  }

  /** What a line without a key goes on with: the value above it, where it is deeper than that one's key. */
  function continued(indent: number): Level {
    const last = levels.at(-1)
    return last !== undefined && last.indent < indent ? last : { indent: -1, node: outline.root }
  }

  function readValue(level: Level, from: number, end: number): number {
    let start = skipSpaces(from, end)
    // Tags and anchors stand before the value.
    while (start < end && (text.charAt(start) === '!' || text.charAt(start) === '&')) {
      while (start < end && !isBlank(text.charCodeAt(start))) start += 1
      start = skipSpaces(start, end)
    }
    if (start >= end) return end
    const char = text.charAt(start)
    if (char === '#') {
      outline.comment(level.node, start, end)
      return end
    }
    if ((char === '|' || char === '>') && isBlockHeader(start + 1, end)) {
      block = { indent: Math.floor(level.indent), node: level.node }
      return end
    }
    // `{{ … }}` is a template, not a map.
    if ((char === '{' && text.charAt(start + 1) !== '{') || char === '[') return trailingComment(level.node, readFlow(outline, level.node, start, text.length, dialect))
    if (char === '"' || char === "'") {
      const close = quoteEnd(text, start, text.length, true)
      outline.value(level.node, start + 1, close)
      return trailingComment(level.node, Math.min(close + 1, text.length))
    }
    const stop = commentStart(start, end)
    outline.value(level.node, start, trimEnd(start, stop))
    if (stop < end) outline.comment(level.node, stop, end)
    return end
  }

  function trailingComment(node: Node, from: number): number {
    const end = lineEnd(text, from)
    const start = skipSpaces(from, end)
    if (start < end) {
      if (text.charAt(start) === '#') outline.comment(node, start, end)
      else outline.value(node, start, end)
    }
    return end
  }

  function current(): Node {
    return levels.at(-1)?.node ?? outline.root
  }

  function popTo(indent: number): void {
    while (levels.length > 1 && (levels.at(-1)?.indent ?? -1) >= indent) levels.pop()
  }

  function nextLine(from: number): number {
    const end = lineEnd(text, from)
    return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1
  }

  function skipSpaces(from: number, end: number): number {
    let cursor = from
    while (cursor < end && isBlank(text.charCodeAt(cursor))) cursor += 1
    return cursor
  }

  function trimEnd(start: number, end: number): number {
    let cursor = end
    while (cursor > start && isBlank(text.charCodeAt(cursor - 1))) cursor -= 1
    return cursor
  }

  function quotedSpan(start: number, end: number): readonly [number, number] | null {
    if (text.charAt(start) !== '"' && text.charAt(start) !== "'") return null
    return [start + 1, quoteEnd(text, start, end, true)]
  }

  /** The key of `key: value`, null where the line has none. */
  function keySpan(start: number, end: number): { readonly start: number; readonly end: number; readonly behind: number } | null {
    const quoted = quotedSpan(start, end)
    if (quoted !== null) {
      const colon = skipSpaces(quoted[1] + 1, end)
      return text.charAt(colon) === ':' ? { start: quoted[0], end: quoted[1], behind: colon + 1 } : null
    }
    if (text.charAt(start) === '{' || text.charAt(start) === '[') return null
    for (let cursor = start; cursor < end; cursor += 1) {
      const code = text.charCodeAt(cursor)
      if (code === 58 && (cursor + 1 >= end || isBlank(text.charCodeAt(cursor + 1)))) return { start, end: trimEnd(start, cursor), behind: cursor + 1 }
      if (code === 35 && isBlank(text.charCodeAt(cursor - 1))) return null
    }
    return null
  }

  function commentStart(start: number, end: number): number {
    for (let cursor = start + 1; cursor < end; cursor += 1) {
      if (text.charCodeAt(cursor) === 35 && isBlank(text.charCodeAt(cursor - 1))) return cursor
    }
    return end
  }

  /** Behind `|` or `>` stand only a sign, a digit and a comment. */
  function isBlockHeader(from: number, end: number): boolean {
    for (let cursor = from; cursor < end; cursor += 1) {
      const char = text.charAt(cursor)
      if (char === '#') return true
      if (!(isBlank(text.charCodeAt(cursor)) || char === '-' || char === '+' || (char >= '1' && char <= '9'))) return false
    }
    return true
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9
}
