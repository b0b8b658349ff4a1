import type { HttpClient } from './http.ts'
import type { Ecosystem } from './inventory.ts'
import type { Json } from './json.ts'
import type { RateLimit } from './source.ts'

/**
 * What a public registry holds under a name:
 * - `unclaimed`: nothing; the registry said so cleanly
 * - `ours`: something of a publisher that is us, or of a namespace that is ours
 * - `placeholder`: something of the registry itself, which nobody else can take
 * - `stranger`: something of anybody else
 * - `unknown`: could not be told
 */
export const claimStates = ['unclaimed', 'ours', 'placeholder', 'stranger', 'unknown'] as const
export type ClaimState = (typeof claimStates)[number]

/** Whether a stranger could take the name today. */
export const claimables = ['yes', 'no', 'unknown'] as const
export type Claimable = (typeof claimables)[number]

/** What a registry is asked for: a package, an npm scope with its `@`, or a Maven group. */
export interface RegistryName {
  readonly kind: 'package' | 'scope' | 'group'
  readonly name: string
}

/** What a registry tells about a package. Times are ISO 8601. Text is the publisher's: hostile, cut to a length. */
export interface PackageFacts {
  readonly version: string | null
  /** Versions that are or were there; null: not told. */
  readonly versionCount: number | null
  readonly firstPublishedAt: string | null
  readonly publishedAt: string | null
  /** Logins of those who may publish or did, as the registry tells them. */
  readonly publishers: readonly string[]
  /** What an installation would run, in words; null: nothing that the metadata show. */
  readonly installTimeCode: string | null
  readonly description: string | null
  readonly deprecated: string | null
  /** Repository, home page, page of the registry. */
  readonly links: readonly string[]
}

/**
 * The answer of one look. `claimable: yes` means that no rule that we know of stands in the way; that a second look has
 * to agree is the caller's rule. `why` is a sentence without the name.
 */
export interface RegistryAnswer {
  readonly state: ClaimState
  readonly claimable: Claimable
  readonly why: string
  readonly facts: PackageFacts | null
  /** The registry also says "absent" when it means "not now": one look is not enough even for `unclaimed`. */
  readonly doubtful?: true
  /** When the answer changes by itself (an unpublished name is blocked until then); ISO 8601. */
  readonly until?: string
}

/** `more`: another request is needed; hand it back as `progress`. It survives storage as JSON. */
export type Asked = { readonly more: Json } | { readonly answer: RegistryAnswer }

/** A registry, opened with its settings. It answers; it never decides whether it may be asked, stores, or sleeps. */
export interface OpenRegistry {
  /** Host that learns the names. */
  readonly destination: string
  readonly limit: RateLimit
  /** Null: the registry can be asked for it; else why not, in words (no name of this registry, an explicit yes is missing). */
  refuses(name: RegistryName): string | null
  /**
   * One outbound request. `progress` is null for the first, then what the last one gave as `more`.
   * @throws the closed set of errors.ts: whatever is not a clean answer
   */
  ask(name: RegistryName, progress: Json | null): Promise<Asked>
}

export interface RegistryEnvironment {
  readonly http: HttpClient
  readonly now: () => Date
  /** Domains that are ours: nobody else can publish below them where a registry verifies domains. */
  readonly domains: readonly string[]
  /** Accounts on code hosts that are ours. */
  readonly accounts: readonly string[]
}

export interface Registry<Settings> {
  readonly id: string
  readonly title: string
  /** Whose packages it holds. */
  readonly ecosystem: Ecosystem
  /** Documentation of the remote's API. */
  readonly docs: string
  /** One sentence: what leaves us when it is asked. */
  readonly discloses: string
  /** What its answers do not say, in words. */
  readonly blindSpots: readonly string[]
  /** Base URLs that it asks; empty when not configured. */
  origins(settings: Settings): readonly string[]
  /** Null: not configured (its row of the settings is absent). */
  open(settings: Settings, environment: RegistryEnvironment): OpenRegistry | null
}
