import type { ZodType } from 'zod'
import type { Ecosystem } from '../contracts/inventory.ts'
import type { HttpClient } from '../contracts/http.ts'

/** A version of one of our packages, as an origin tells it. */
export interface Found {
  /** As the ecosystem writes it: `@acme/auth`, `com.acme:auth`. */
  readonly name: string
  readonly ecosystem: Ecosystem
  /** Null where the origin tells none. */
  readonly version: string | null
  /** ISO 8601; null where the origin tells none. */
  readonly publishedAt: string | null
}

/** What an origin has told so far, for a person who waits. */
export interface Told {
  found(found: Found): void
  /** Something that stands there and is no package whose name we can read: a path, a format. */
  unreadable(what: string): void
  progress(line: string): void
}

export interface ImportEnvironment {
  /** Asks again after hiccups; see `ask.ts`. */
  readonly http: HttpClient
  /** Bytes of a local file; absolute path. @throws Invalid */
  readonly readFile: (file: string) => Promise<Uint8Array>
  /** Files below a folder (or the file itself), absolute paths. @throws Invalid */
  readonly listFiles: (place: string) => AsyncIterable<string>
  /** Whether a name of a list that also has other people's names is ours, by the scopes, groups, patterns and hosts of the inventory. */
  readonly isOurs: (candidate: { readonly name: string; readonly ecosystem: Ecosystem; readonly host: string | null }) => boolean
}

/**
 * A place where our names live. `read` tells everything that it has, or throws: half a list is none, because what is
 * missing from it would count as removed.
 * @throws RetryLater | Transient | NotFound | Permanent | ContractBroken | Invalid
 */
export interface Importer<Settings extends { readonly type: string }> {
  readonly type: Settings['type']
  /** What it is, for help and messages. */
  readonly title: string
  /** The page that describes its answers. */
  readonly docs: string
  /** One element of `imports:` in namesake.yaml. */
  readonly settings: ZodType<Settings>
  /** What it is called in messages and in the column importedFrom: without secrets. */
  readonly nameOf: (settings: Settings) => string
  readonly read: (settings: Settings, environment: ImportEnvironment, told: Told) => Promise<void>
}
