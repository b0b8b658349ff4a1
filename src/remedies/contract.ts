import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Role } from '../contracts/match.ts'

/** A public place where the name stands. */
export interface LeakPlace {
  readonly source: string
  readonly url: string
  readonly repository: string
  readonly path: string | null
  readonly role: Role
}

/** A name that is public, or could become it: `places` may be empty. */
export interface Leak {
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  readonly name: string
  readonly places: readonly LeakPlace[]
}

/** Where our packages really come from. */
export interface OwnRegistry {
  /** Base URL without a slash at its end. */
  readonly url: string
  readonly product: 'artifactory' | 'nexus' | null
  /** The configuration names none: the URL is an example to be replaced. */
  readonly isExample: boolean
}

export interface Company {
  readonly name: string
  readonly registry: OwnRegistry
  /** Domains that are ours, for proofs of ownership. */
  readonly domains: readonly string[]
}

export const languages = ['ini', 'json', 'markdown', 'text', 'toml', 'xml', 'yaml'] as const
export type Language = (typeof languages)[number]

/** Something to paste. */
export interface Remedy {
  readonly title: string
  /** Why it helps and where it goes, in one or two sentences. */
  readonly note: string
  /** The file it belongs into; null: it is sent, or worked through. */
  readonly file: string | null
  readonly language: Language
  readonly text: string
}

/** One kind of fix: what it has to say about a leak, nothing where it does not apply. Pure; names are quoted for the format. */
export type Fix = (leak: Leak, company: Company) => readonly Remedy[]
