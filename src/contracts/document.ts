import type { Json } from './json.ts'

/**
 * One thing that a source returned, normalised to bytes of UTF-8 text with a stable id, a permalink,
 * a content hash and provenance. A source fills it; nothing source-specific crosses this line.
 */
export interface Document {
  /** Id of the source, for example `github-code`. */
  readonly source: string
  /** Stable within the source and across edits and renames, for example `<repository node id>:<path>`. */
  readonly ref: string
  /** The state that was read: commit, revision number, or '' where the source has none. */
  readonly revision: string
  /** Hash of the content; equal for copies. Git blobs: the blob id. */
  readonly contentHash: string
  /** Permalink to that revision. */
  readonly url: string
  /** How to point at a line of it, 1-based: `url` followed by this prefix and the number; '' if impossible. */
  readonly lineAnchor: string
  readonly title: string
  /** Where it lives: a repository, a site, a board. `id` survives renames. */
  readonly container: { readonly id: string; readonly name: string; readonly owner: string | null }
  /** Path inside the container, `/`-separated; null where there is none. */
  readonly path: string | null
  /** UTF-8 bytes as published (not decoded: offsets of matches are byte offsets into this). */
  readonly text: Uint8Array
  /** The source gave only the first part of the text. */
  readonly truncated: boolean
  readonly author: string | null
  /** When it became public by the source's own claim; null when the source does not say. */
  readonly publishedAt: Date | null
  /** It was public at `publishedAt` and may have been before (a last edit, say). Absent: false. */
  readonly publishedAtIsLowerBound?: boolean
  /** Published by the company itself (its own job board, its own site): a codename needs no other anchor there. Absent: false. */
  readonly own?: boolean
  /** The line that the source's terms want beside a quotation: licence and attribution, plain text. Absent: none. */
  readonly licence?: string
  /** What the source needs to look at this place again (recheck, who introduced it); ids that survive renames. Absent: `ref` is enough. */
  readonly locator?: Json
}
