/** Less than this many characters are in every other line. */
const shortest = 3

/**
 * A text that every match of the expression must hold, read off its source without understanding all of it: whatever is
 * not plain here ends a literal, and an alternative anywhere means that there is none. With `(?i)` in front it is in
 * lower case, without `k` and `s`, which also equal letters outside ASCII. Null: none.
 */
export function requiredLiteral(source: string): { readonly text: string; readonly folded: boolean } | null {
  const folded = source.startsWith('(?i)')
  const rest = folded ? source.slice(4) : source
  if (rest.includes('|') || rest.includes('(?') || rest.includes('\\Q')) return null
  let longest = ''
  for (const literal of literals(rest)) {
    for (const part of folded ? literal.toLowerCase().split(/[ks]/) : [literal]) {
      if (part.length > longest.length) longest = part
    }
  }
  return longest.length >= shortest ? { text: longest, folded } : null
}

/** Stretches of plain characters at the outermost level. */
function literals(source: string): string[] {
  const found: string[] = []
  let current = ''
  for (let at = 0; at < source.length;) {
    const token = tokenAt(source, at)
    at += token.length
    const quantifier = quantifierAt(source, at)
    at += quantifier.length
    const isOptional = quantifier.startsWith('?') || quantifier.startsWith('*') || quantifier.startsWith('{')
    if (token.literal !== null && !isOptional) current += token.literal
    if (token.literal === null || quantifier !== '') {
      found.push(current)
      current = ''
    }
  }
  return [...found, current]
}

interface Token {
  readonly length: number
  /** The character that it stands for; null when it is more than a character. */
  readonly literal: string | null
}

function tokenAt(source: string, at: number): Token {
  const first = source.charAt(at)
  if (first === '[') return { length: classLength(source, at), literal: null }
  if (first === '(') return { length: groupLength(source, at), literal: null }
  if (first === '\\') return escapeAt(source, at)
  return { length: 1, literal: /[A-Za-z0-9_\-/@:,;=# ]/.test(first) ? first : null }
}

/** `\.` is a dot. Behind a letter or digit there may be more (`\x41`, `\pL`, `\x{263a}`): as much as can belong to it is skipped. */
function escapeAt(source: string, at: number): Token {
  const escaped = source.charAt(at + 1)
  if (/[^A-Za-z0-9]/.test(escaped) && escaped.charCodeAt(0) < 0x80) return { length: 2, literal: escaped }
  if (/[bBdDsSwW]/.test(escaped)) return { length: 2, literal: null }
  const braces = source.charAt(at + 2) === '{' ? source.indexOf('}', at) : -1
  return { length: braces === -1 ? source.length - at : braces + 1 - at, literal: null }
}

/** A class runs to its first `]` that is neither escaped nor the first character in it. */
function classLength(source: string, at: number): number {
  let index = at + 1
  if (source.charAt(index) === '^') index += 1
  if (source.charAt(index) === ']') index += 1
  while (index < source.length && source.charAt(index) !== ']') {
    if (source.startsWith('[:', index)) index = Math.max(index + 1, source.indexOf(':]', index) + 1)
    else index += source.charAt(index) === '\\' ? 2 : 1
  }
  return Math.min(source.length, index + 1) - at
}

function groupLength(source: string, at: number): number {
  let depth = 0
  for (let index = at; index < source.length;) {
    const first = source.charAt(index)
    if (first === '(') depth += 1
    if (first === ')') depth -= 1
    if (depth === 0) return index + 1 - at
    index += first === '[' ? classLength(source, index) : first === '\\' ? 2 : 1
  }
  return source.length - at
}

function quantifierAt(source: string, at: number): string {
  return /^(?:[?*+]|\{[0-9]+(?:,[0-9]*)?\})\??/.exec(source.slice(at, at + 16))?.[0] ?? ''
}
