import { buildOutline, type Node, type Outline } from './outline.ts'

/**
 * Outline of JSON, with the freedoms that real files take (comments, trailing commas, cut off in the middle).
 * One pass, no recursion. Keys are kept as written, escapes included, except that `\/` becomes `/`.
 */
export function outlineJson(text: string): Outline {
  const outline = buildOutline(text)
  const stack: { readonly node: Node; readonly list: boolean }[] = []
  let holder = outline.root
  // A key that waits for its value.
  let pending: Node | null = null
  let at = 0
  while (at < text.length && !outline.full()) {
    const code = text.charCodeAt(at)
    const top = stack.at(-1)
    if (code === quote) {
      const end = closingQuote(text, at)
      // Pieces of documentation often lack the outer braces.
      const isKey = top?.list !== true && pending === null
      if (isKey) pending = outline.open(holder, unescapeKey(text.slice(at + 1, end)), at + 1, end)
      else outline.value(target(), at + 1, end)
      if (!isKey) pending = null
      at = end + 1
    } else if (code === openBrace || code === openBracket) {
      const node = target()
      stack.push({ node: holder, list: code === openBracket })
      holder = node
      pending = null
      at += 1
    } else if (code === closeBrace || code === closeBracket) {
      holder = stack.pop()?.node ?? outline.root
      pending = null
      at += 1
    } else if (code === comma) {
      pending = null
      at += 1
    } else if (code === slash && (text.charCodeAt(at + 1) === slash || text.charCodeAt(at + 1) === star)) {
      const end = commentEnd(text, at)
      outline.comment(holder, at, end)
      at = end
    } else if (isBare(code)) {
      const start = at
      while (at < text.length && isBare(text.charCodeAt(at))) at += 1
      outline.value(target(), start, at)
      pending = null
    } else at += 1
  }
  return outline.done()

  function target(): Node {
    if (pending !== null) return pending
    return stack.at(-1)?.list === true ? outline.open(holder, '[]', -1, -1) : holder
  }
}

const quote = 34
const openBrace = 123
const closeBrace = 125
const openBracket = 91
const closeBracket = 93
const comma = 44
const slash = 47
const star = 42
const backslash = 92

/** Offset of the quote that ends the string which begins at `start`; the text's end where none does. */
function closingQuote(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === backslash) at += 1
    else if (code === quote) return at
  }
  return text.length
}

function commentEnd(text: string, start: number): number {
  const block = text.charCodeAt(start + 1) === star
  const end = text.indexOf(block ? '*/' : '\n', start + 2)
  if (end < 0) return text.length
  return block ? end + 2 : end
}

/** Letters, digits, signs and dots: true, null, numbers, and the unquoted words of JSON5. */
function isBare(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 43 || code === 46 || code === 95 || code === 36 || code === 64
}

function unescapeKey(key: string): string {
  return key.includes('\\/') ? key.replaceAll('\\/', '/') : key
}
