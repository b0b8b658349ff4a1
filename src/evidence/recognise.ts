import type { Match, Mention } from '../contracts/match.ts'
import { indexLines } from '../matching/lines.ts'
import { readable } from '../matching/readable.ts'
import { explainContext } from './context.ts'
import { verdict } from './format.ts'
import { openReader } from './open-reader.ts'
import { createSourceText } from './source-text.ts'

/** Bytes at the beginning of a document that get structure; mentions behind them are plain code. */
const maxStructured = 8 * 1024 * 1024
const maxSnippet = 300
const beyond = verdict('code', { note: 'stands behind the first 8 MB, whose structure was not read' })

/**
 * What every match is: the place as a person counts it, the role, and what the file's format says about it.
 * One mention per match, in the same order. Linear in the text; never throws, whatever the text is.
 *
 * Offsets of the matches are byte offsets into the readable bytes of `text` (see `matching/readable.ts`). A broken or
 * unknown file degrades to `code` or `prose`.
 */
export function recognise(document: { readonly path: string | null; readonly text: Uint8Array }, matches: readonly Match[]): Mention[] {
  if (matches.length === 0) return []
  const bytes = readable(document.text)
  const lines = indexLines(bytes)
  const file = createSourceText(document.path ?? '', structuredText(bytes))
  const read = openReader(file)
  const explain = explainContext(file)
  return matches.map((match) => {
    const { line, column } = lines.locate(match.start)
    const { role, details } = match.start < maxStructured ? read(match) : beyond
    const context = match.start < maxStructured ? explain(match, role) : null
    return {
      ...match,
      line,
      column,
      role,
      details: { ...details, ...(context === null ? {} : { context }), ...(match.support === undefined ? {} : { near: match.support }) },
      snippet: withoutControls(lines.textAround(match.start, match.end, maxSnippet)),
    }
  })
}

/** The beginning of the document, one character per byte. A byte order mark becomes empty lines, which no format minds. */
function structuredText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, maxStructured)).toString('latin1')
  return text.startsWith('\u00EF\u00BB\u00BF') ? `\n\n\n${text.slice(3)}` : text
}

function withoutControls(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => (character === '\t' ? character : ''))
}
