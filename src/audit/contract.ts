import type { Ecosystem } from '../contracts/inventory.ts'
import type { SourceText } from '../evidence/source-text.ts'

/** `safe`: our names come from one place. `exposed`: from more than one, or from the public one. `unknown`: the files do not say. */
export type Verdict = 'safe' | 'exposed' | 'unknown'

/** What one file proves about one kind of dependency of one project. */
export interface Judgement {
  readonly verdict: Verdict
  /** In words, without a secret: addresses are given by their host. */
  readonly reason: string
  readonly path: string
  /** 1-based. */
  readonly line: number
  /** Lines to paste, and where; null where nothing is to be done. */
  readonly fix: string | null
}

/** The files that decide for one kind of dependency of one folder. */
export interface Project {
  /** Relative to what is audited, `/`-separated; '' for the top. */
  readonly folder: string
  /** What the project installs. */
  readonly manifests: readonly SourceText[]
  /** From where: the project's own files first, then those of the folders above it. */
  readonly settings: readonly SourceText[]
  /** Dockerfiles, CI files and environments of the project and of the folders above it. */
  readonly builds: readonly SourceText[]
}

/** One kind of dependency: which files count, and what they come to. */
export interface Judge {
  /** As it is shown. */
  readonly id: string
  readonly ecosystem: Ecosystem
  readonly isManifest: (file: SourceText) => boolean
  readonly isSetting: (file: SourceText) => boolean
  /** Null: neither a name nor a registry of ours is in it. Pure; never throws. */
  readonly judge: (project: Project, ours: Ours) => Judgement | null
}

/** A name of ours that a project installs. */
export interface Use {
  readonly name: string
  readonly path: string
  readonly line: number
  /** Offset into the file's text. */
  readonly start: number
}

/** Where an address leads. `unknown`: it is put together from variables. */
export type Direction = 'ours' | 'other' | 'unknown'

/** The inventory, as an audit asks it. */
export interface Ours {
  uses(ecosystem: Ecosystem, files: readonly SourceText[]): readonly Use[]
  direction(url: string): Direction
  /** A host to stand in a fix. */
  readonly host: string
}

/** One judged kind of dependency of one project. */
export interface AuditRow extends Judgement {
  readonly project: string
  readonly ecosystem: Ecosystem
  readonly kind: string
}

export interface AuditReport {
  /** Exposed before unknown before safe, then by project. */
  readonly rows: readonly AuditRow[]
  /** Folders with dependencies that have nothing of ours. */
  readonly notOurs: number
  /** What should have been read and was not. */
  readonly gaps: readonly { readonly path: string; readonly reason: string }[]
}
