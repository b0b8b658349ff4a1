import { useMemo } from 'react'
import type { Span } from '../parts/segments.ts'
import { Untrusted } from '../parts/untrusted.tsx'

function linesOf(text: string, highlights: readonly Span[], first: number): readonly { readonly content: string; readonly number: number; readonly highlights: readonly Span[] }[] {
  let at = 0
  // A snippet is one line, or a few; what claims to be more is shown as the first hundred.
  return text.split('\n', 100).map((content, index) => {
    const start = at
    at += content.length + 1
    return { content, number: first + index, highlights: highlights.filter((span) => span.end > start && span.start < start + content.length).map((span) => ({ start: span.start - start, end: span.end - start })) }
  })
}

/** Lines of the document with their numbers, the name marked. The first line is `line`. */
export function Snippet({ text, highlights, line }: { readonly text: string; readonly highlights: readonly Span[]; readonly line: number }) {
  const lines = useMemo(() => linesOf(text, highlights, line), [text, highlights, line])
  return (
    <div className="snippet" role="group" aria-label="What stands there">
      {lines.map(({ content, number, highlights }) => (
        <div key={number} className="snippet-line" data-marked={highlights.length > 0 || undefined}>
          <span className="snippet-number" aria-label={`Line ${number}`}>{number}</span>
          <code><Untrusted text={content} highlights={highlights} limit={600} /></code>
        </div>
      ))}
    </div>
  )
}
