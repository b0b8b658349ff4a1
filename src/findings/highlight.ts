import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import { compile } from '../matching/compile.ts'

export interface Span {
  /** UTF-16 offsets, end exclusive. */
  readonly start: number
  readonly end: number
}

/**
 * Finds a name in the snippets of its places as the matcher found it in the documents: escaped, broken, in another case.
 * Where the snippet shows it in a way that only the document explains, nothing is highlighted.
 */
export function highlighter(name: { readonly name: string; readonly kind: IdentifierKind; readonly ecosystem: Ecosystem | null }): (snippet: string) => Span[] {
  // Near words stand in the document, not in the snippet.
  const matcher = compile([{ id: '0', form: 'name', kind: name.kind, ecosystem: name.ecosystem, text: name.name, team: null, disclose: 'name', publicOnPurpose: false, near: [], where: '' }])
  return (snippet) => {
    const bytes = Buffer.from(snippet)
    const lengthOf = (start: number, end: number) => bytes.toString('utf8', start, end).length
    return matcher.find(bytes).map(({ start, end }) => {
      const from = lengthOf(0, start)
      return { start: from, end: from + lengthOf(start, end) }
    })
  }
}
