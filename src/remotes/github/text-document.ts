import { createHash } from 'node:crypto'
import type { Document } from '../../contracts/document.ts'

export interface TextFacts extends Pick<Document, 'source' | 'ref' | 'revision' | 'url' | 'title' | 'container' | 'author' | 'publishedAt'> {
  readonly text: string
  readonly path?: string | null
  readonly truncated?: boolean
  readonly lineAnchor?: string
  readonly publishedAtIsLowerBound?: boolean
  readonly locator?: Document['locator']
}

/** A document that GitHub gives as text, not as a file of a repository. */
export function textDocument({ text, path = null, truncated = false, lineAnchor = '', locator, ...facts }: TextFacts): Document {
  const bytes = new TextEncoder().encode(text)
  return {
    ...facts, path, truncated, lineAnchor, text: bytes,
    contentHash: createHash('sha256').update(bytes).digest('hex'),
    ...(locator === undefined ? {} : { locator }),
  }
}

/** `owner` of `owner/name`. */
export function ownerOf(name: string): string {
  return name.slice(0, name.indexOf('/'))
}
