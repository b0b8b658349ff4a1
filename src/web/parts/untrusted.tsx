import { useState } from 'react'
import { cap, nameOf, segments, type Span } from './segments.ts'
import './untrusted.css'

/**
 * Text from the public: names of repositories, paths, authors, snippets, what a registry answered. Everything that
 * comes from outside goes through here: rendered as text, isolated from the direction of what stands around, characters
 * that nobody sees drawn as a box with their code point, and capped, with the rest on demand.
 */
export function Untrusted({ text, highlights, lines = false, limit = 400, className = '' }: {
  readonly text: string
  readonly highlights?: readonly Span[]
  /** Line feeds are kept: snippets, comments. */
  readonly lines?: boolean
  /** In UTF-16 units. */
  readonly limit?: number
  readonly className?: string
}) {
  const [shown, setShown] = useState(limit)
  const part = cap(text, shown)
  const rest = text.length - part.length
  return (
    <bdi className={`untrusted ${lines ? 'untrusted-lines' : ''} ${className}`}>
      {segments(part, { lines, ...(highlights === undefined ? {} : { highlights }) }).map((segment, index) => {
        const content = segment.hidden === null ? segment.text : <span className="unseen-character" role="img" aria-label={nameOf(segment.hidden)} title={nameOf(segment.hidden)}>{segment.hidden}</span>
        // The list is made anew with each text and has no state of its own: its place is its key.
        return segment.marked ? <mark key={index}>{content}</mark> : <span key={index}>{content}</span>
      })}
      {rest === 0 ? null : (
        <button type="button" className="more-text" onClick={() => setShown(shown + 20_000)}>
          … show more ({rest.toLocaleString('en')} characters)
        </button>
      )}
    </bdi>
  )
}

/** The same as plain text, for places that take only text: labels, titles, messages. */
export function plain(text: string, limit = 120): string {
  const part = cap(text, limit)
  return segments(part).map(({ text: own, hidden }) => (hidden === null ? own : `[${hidden}]`)).join('') + (part.length < text.length ? '…' : '')
}
