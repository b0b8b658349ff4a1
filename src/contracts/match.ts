import type { Ecosystem, IdentifierKind, Line } from './inventory.ts'

/** What the matcher is built from: a line of the inventory with its database id. */
export interface Term extends Line {
  readonly id: string
}

/** An identifier at a place in a document, not stored yet. */
export interface Match {
  /** The line of the inventory that covers it. */
  readonly term: Term
  /** The canonical name that became public: the line's own name, or what its pattern matched, spelled out. */
  readonly name: string
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  /** Byte offsets into the scanned bytes, end exclusive. */
  readonly start: number
  readonly end: number
  /** What speaks for a name with near words: one of them, the company, another identifier in reach. Absent: it needs nothing. */
  readonly support?: string
}

/** "Is this name ours?" Pure; built once per inventory by `matching/compile.ts`. */
export interface Matcher {
  /** Number of terms. */
  readonly size: number
  /** Changes when the inventory or the matching rules change: what was matched with another digest is matched again. */
  readonly digest: string
  /**
   * All matches in order of `start`. Linear in the bytes; never throws on any input.
   * `own`: the company published it itself, so that a name with near words needs none of them.
   */
  find(bytes: Uint8Array, circumstances?: { readonly own?: boolean }): Match[]
}

export const roles = [
  'dependency', 'own-name', 'resolved-url', 'registry-config', 'import', 'ci', 'stack-trace', 'code', 'prose',
] as const
export type Role = (typeof roles)[number]

/** A match with its meaning: where it stands for a person, and what the mention is. */
export interface Mention extends Match {
  /** 1-based. Column counts bytes of the line. */
  readonly line: number
  readonly column: number
  readonly role: Role
  /** What the format says about it: declared version, section, registry URL … Plain words, no secrets. */
  readonly details: Readonly<Record<string, string>>
  /** The line of the mention, decoded, at most 300 characters around the name. */
  readonly snippet: string
}
