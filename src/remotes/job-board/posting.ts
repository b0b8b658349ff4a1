import { createHash } from 'node:crypto'
import type { Document } from '../../contracts/document.ts'
import type { Json } from '../../contracts/json.ts'

/** A part of a job ad, plain text: its label as the board shows it ('' for none) and what stands there. */
export interface Part {
  readonly label: string
  readonly text: string
}

/** One job ad, as every board has it. */
export interface Posting {
  /** Stable within the board, across edits. */
  readonly id: string
  /** Where everybody reads it. */
  readonly url: string
  readonly title: string
  readonly parts: readonly Part[]
  readonly publishedAt: Date | null
  /** `publishedAt` is when it was last changed: it was public before. */
  readonly publishedAtIsLowerBound?: boolean
  /** Told before the posting is fetched; '' where the board has none. */
  readonly revision?: string
  /** What the board needs to get it again. */
  readonly locator?: Json
}

/** A board of the company's own: everything on it was published by the company. */
export interface BoardPlace {
  readonly source: string
  /** As the board's address has it. */
  readonly name: string
}

/** Characters of an ad's text; the rest is cut off and said to be. Boards end far below. */
const longestText = 1_000_000

export function documentOf(board: BoardPlace, posting: Posting): Document {
  const whole = [posting.title, ...posting.parts.filter(({ text }) => text.trim() !== '').map(({ label, text }) => (label === '' ? text : `${label}: ${text}`))].join('\n')
  const text = new TextEncoder().encode(whole.slice(0, longestText))
  return {
    source: board.source,
    ref: refOf(board, posting.id),
    revision: posting.revision ?? '',
    contentHash: createHash('sha256').update(text).digest('hex'),
    url: posting.url,
    lineAnchor: '',
    title: posting.title,
    container: containerOf(board),
    path: null,
    text,
    truncated: whole.length > longestText,
    author: null,
    publishedAt: posting.publishedAt,
    publishedAtIsLowerBound: posting.publishedAtIsLowerBound === true,
    own: true,
    locator: [board.name, posting.id, posting.locator ?? null],
  }
}

export function refOf(board: BoardPlace, id: string): string {
  return `${board.name}/${id}`
}

export function containerOf({ source, name }: BoardPlace): Document['container'] {
  return { id: `${source}:${name}`, name, owner: null }
}
