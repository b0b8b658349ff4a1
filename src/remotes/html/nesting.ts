/** Elements open at once; the parser's time grows with the square of it. No page of a person comes near. */
const deepest = 20_000
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))

/**
 * Whether HTML nests so deep that a parser takes minutes over it: elements opened and not closed, by name. That is more
 * than a parser keeps open, never less. Linear.
 */
export function isTooDeep(html: string): boolean {
  const open = new Map<string, number>()
  let depth = 0
  for (const [, slash, written = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9:-]{0,40})/gi)) {
    const name = written.toLowerCase()
    if (voidElements.has(name)) continue
    const before = open.get(name) ?? 0
    if (slash === '/' && before === 0) continue
    open.set(name, before + (slash === '/' ? -1 : 1))
    depth += slash === '/' ? -1 : 1
    if (depth > deepest) return true
  }
  return false
}
