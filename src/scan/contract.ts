import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Role, Term } from '../contracts/match.ts'
import type { Severity } from '../evidence/severity.ts'
import type { CompileOptions } from '../matching/compile.ts'

/** Where a name can stand in a history that is no file. A person is the author or committer of a commit. */
export type ScanPlace = 'commit-message' | 'commit-author' | 'tag-message' | 'ref-name'

/** One internal name at one place of what was scanned. `scan --format json` prints these fields, and no others. */
export interface LocalMention {
  readonly identifier: string
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  readonly team: string | null
  readonly severity: Severity
  readonly reasons: readonly string[]
  /** As the person would type it; `archive.zip!/inner/path` inside archives; `<commit 1a2b3c4d5e6f>` where it is no file. */
  readonly path: string
  /** 1-based. Column counts bytes of the line. */
  readonly line: number
  readonly column: number
  readonly role: Role
  readonly details: Readonly<Record<string, string>>
  readonly snippet: string
  /** Of a history: what it is, where it is no file. */
  readonly place?: ScanPlace
  /** Of a history: the commit whose message it is, or the oldest that brought the blob, where it could be told. */
  readonly commit?: string
  /** Of a history and of the index: id of the blob. */
  readonly blob?: string
}

/** A mention with what only some formats show. */
export interface ScanMention extends LocalMention {
  /** 1-based UTF-16 unit of the line, as SARIF counts; null where the line is too long to count. */
  readonly character: number | null
}

/** Something that should have been looked at and was not, or not wholly. */
export interface Gap {
  readonly path: string
  readonly reason: string
}

export interface ScanReport {
  /** In order of path, line and column. */
  readonly mentions: readonly ScanMention[]
  readonly gaps: readonly Gap[]
  /** Documents and bytes that were matched; entries of archives count, archives do not. */
  readonly documents: number
  readonly bytes: number
  /** Of a history: messages, people and names of branches and tags, beside the documents. */
  readonly messages: number
  /** Left out by `ignore.paths`. */
  readonly ignored: number
  /** Blobs with mentions whose commit was not looked for, because there are too many of them. */
  readonly withoutCommit: number
  readonly interrupted: boolean
}

/** What a matcher is made of; plain data, so that every worker can make its own. */
export interface Recipe {
  readonly terms: readonly Term[]
  readonly options: CompileOptions
}

/** How far a scan is; totals are null as long as nobody knows them. */
export interface ScanProgress {
  readonly documents: number
  readonly bytes: number
  readonly totalDocuments: number | null
}
