import { buildOutline, type Node, type Outline } from './outline.ts'

/**
 * Outline of XML: elements by local name, attributes as `@name`, texts and CDATA as values, comments apart.
 * One pass, no recursion, no entities (a DOCTYPE is skipped). A closing tag that fits nothing open is ignored.
 */
export function outlineXml(text: string): Outline {
  const outline = buildOutline(text)
  let node = outline.root
  let at = 0
  while (at < text.length && !outline.full()) {
    const open = text.indexOf('<', at)
    const end = open < 0 ? text.length : open
    addText(at, end)
    if (open < 0) break
    if (text.startsWith('<!--', open)) {
      at = after('-->', open + 4)
      outline.comment(node, open, at)
    } else if (text.startsWith('<![CDATA[', open)) {
      at = after(']]>', open + 9)
      outline.value(node, open + 9, Math.max(open + 9, at - 3))
    } else if (text.startsWith('<!', open) || text.startsWith('<?', open)) at = after('>', open + 2)
    else if (text.startsWith('</', open)) at = close(open + 2)
    else at = element(open + 1)
  }
  return outline.done()

  function after(mark: string, from: number): number {
    const found = text.indexOf(mark, from)
    return found < 0 ? text.length : found + mark.length
  }

  function addText(from: number, to: number): void {
    let start = from
    let end = to
    while (start < end && isBlank(text.charCodeAt(start))) start += 1
    while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
    if (start < end) outline.value(node, start, end)
  }

  function close(from: number): number {
    const to = nameEnd(text, from)
    const name = localName(text.slice(from, to))
    let found: Node | null = node
    while (found !== null && found.key !== name) found = found.parent
    if (found !== null && found.parent !== null) node = found.parent
    return after('>', to)
  }

  function element(from: number): number {
    const to = nameEnd(text, from)
    // `a < b` is not a tag.
    if (to === from) return from
    const child = outline.open(node, localName(text.slice(from, to)), from, to)
    let cursor = to
    while (cursor < text.length) {
      const code = text.charCodeAt(cursor)
      if (code === 62) break
      if (code === 60) return cursor
      if (isBlank(code) || code === 47) cursor += 1
      else cursor = attribute(child, cursor)
    }
    if (text.charCodeAt(cursor - 1) !== 47) node = child
    return cursor + 1
  }

  function attribute(owner: Node, from: number): number {
    const to = nameEnd(text, from)
    if (to === from) return from + 1
    const child = outline.open(owner, `@${localName(text.slice(from, to))}`, from, to)
    let cursor = skipBlanks(to)
    if (text.charCodeAt(cursor) !== 61) return to
    cursor = skipBlanks(cursor + 1)
    const quote = text.charAt(cursor)
    if (quote !== '"' && quote !== "'") return cursor
    const found = text.indexOf(quote, cursor + 1)
    const end = found < 0 ? text.length : found
    outline.value(child, cursor + 1, end)
    return end + 1
  }

  function skipBlanks(from: number): number {
    let cursor = from
    while (cursor < text.length && isBlank(text.charCodeAt(cursor))) cursor += 1
    return cursor
  }
}

/** Names are short; what is longer is cut so that no scan repeats itself. */
const maxName = 200

function nameEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && at - from < maxName && isNameCode(text.charCodeAt(at))) at += 1
  return at
}

function isNameCode(code: number): boolean {
  return (code >= 48 && code <= 58) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 45 || code === 46 || code === 95 || code >= 128
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
