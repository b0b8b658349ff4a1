import type { Node, OutlineBuilder } from './outline.ts'

/** What differs between the inline collections of YAML and TOML. */
export interface FlowDialect {
  /** Between key and value: `:` or `=`. */
  readonly assign: ':' | '='
  /** A backslash escapes inside double quotes in both; only YAML doubles single quotes. */
  readonly doubledQuotes: boolean
}

/**
 * Adds an inline collection (`{ a: 1, b: [x, y] }`) to the outline, over as many lines as it takes.
 * One pass, no recursion.
 * @returns the offset behind the bracket that closes it, or where the text or `limit` ends
 */
export function readFlow(outline: OutlineBuilder, owner: Node, from: number, limit: number, dialect: FlowDialect): number {
  const { text } = outline
  const stack: { readonly holder: Node; readonly list: boolean }[] = []
  let holder = owner
  let pending: Node | null = null
  let at = from
  while (at < limit && !outline.full()) {
    const char = text.charAt(at)
    if (char === '{' || char === '[') {
      const node = target()
      stack.push({ holder, list: char === '[' })
      holder = node
      pending = null
      at += 1
    } else if (char === '}' || char === ']') {
      holder = stack.pop()?.holder ?? owner
      pending = null
      at += 1
      if (stack.length === 0) return at
    } else if (char === ',') {
      pending = null
      at += 1
    } else if (char === '#' && isBlankBefore(text, at)) {
      const end = lineEnd(text, at)
      outline.comment(holder, at, end)
      at = end
    } else if (isSpace(char) || char === dialect.assign) at += 1
    else at = word(at)
  }
  return at

  function target(): Node {
    if (pending !== null) return pending
    return stack.at(-1)?.list === true ? outline.open(holder, '[]', -1, -1) : holder
  }

  function word(start: number): number {
    const quoted = text.charAt(start) === '"' || text.charAt(start) === "'"
    const end = quoted ? quoteEnd(text, start, limit, dialect.doubledQuotes) : bareEnd(start)
    const [from, to] = quoted ? [start + 1, end] : [start, end]
    const behind = quoted ? end + 1 : end
    const isKey = pending === null && stack.at(-1)?.list === false && followedByAssign(behind)
    if (isKey) pending = outline.open(holder, text.slice(from, to), from, to)
    else outline.value(target(), from, to)
    if (!isKey) pending = null
    return Math.max(behind, start + 1)
  }

  function followedByAssign(from: number): boolean {
    let cursor = from
    while (cursor < limit && (text.charCodeAt(cursor) === 32 || text.charCodeAt(cursor) === 9)) cursor += 1
    return text.charAt(cursor) === dialect.assign
  }

  function bareEnd(start: number): number {
    let cursor = start
    while (cursor < limit) {
      const char = text.charAt(cursor)
      if (char === ',' || char === ']' || char === '}' || char === '[' || char === '{' || char === '\n' || char === '\r') break
      if (char === dialect.assign && (dialect.assign === '=' || isSpace(text.charAt(cursor + 1)))) break
      if (char === '#' && isBlankBefore(text, cursor)) break
      cursor += 1
    }
    while (cursor > start + 1 && isSpace(text.charAt(cursor - 1))) cursor -= 1
    return cursor
  }
}

/** Offset of the closing quote of the string that begins at `start`; `limit` where none closes it. */
export function quoteEnd(text: string, start: number, limit: number, doubledQuotes: boolean): number {
  const quote = text.charAt(start)
  for (let at = start + 1; at < limit; at += 1) {
    const char = text.charAt(at)
    if (char === '\\' && quote === '"') at += 1
    else if (char === quote) {
      if (!(doubledQuotes && quote === "'" && text.charAt(at + 1) === "'")) return at
      at += 1
    }
  }
  return limit
}

export function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 10 || code === 13) return at
  }
  return text.length
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r'
}

function isBlankBefore(text: string, at: number): boolean {
  return at === 0 || isSpace(text.charAt(at - 1))
}
