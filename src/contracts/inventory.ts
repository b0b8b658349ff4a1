/** The inventory: what must not be public. Vocabulary of the whole project starts here. */

export const ecosystems = ['npm', 'pypi', 'maven', 'nuget', 'rubygems', 'crates', 'packagist', 'go', 'docker'] as const
export type Ecosystem = (typeof ecosystems)[number]

/**
 * What a name is:
 * - `package`: a package of an ecosystem (`acme-corp-auth-client`, `com.acmecorp:auth`, `@acme-corp/auth`)
 * - `scope`: an npm scope (`@acme-corp`)
 * - `group`: a Maven group (`com.acmecorp.auth`)
 * - `host`: a registry or Git host (`artifactory.acme-corp.com`)
 * - `codename`: a word of the company's language (`HermesBuilder`)
 * - `other`: a name found by a regular expression of the inventory
 */
export const identifierKinds = ['package', 'scope', 'group', 'host', 'codename', 'other'] as const
export type IdentifierKind = (typeof identifierKinds)[number]

/**
 * Who may learn the name from us:
 * - `name`: a source may be asked for it in full
 * - `stem`: only its shared stem (`acme-corp` of `acme-corp-auth`) may be sent
 * - `never`: no request to anybody contains it; it is matched locally only
 */
export const disclosures = ['name', 'stem', 'never'] as const
export type Disclosure = (typeof disclosures)[number]

/**
 * How a line of the inventory covers names:
 * - `name`: exactly the one
 * - `prefix`: every name that starts with it (`acme-corp-*`, `@acme-corp/*`, `com.acmecorp.*`); `text` is
 *   the literal part up to the star, separator included
 * - `regex`: every text that matches, through a linear-time engine
 */
export type Form = 'name' | 'prefix' | 'regex'

/** One line of the inventory, validated. */
export interface Line {
  readonly form: Form
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  /** The name, the literal prefix, or the regular expression's source; as written, trimmed. */
  readonly text: string
  readonly team: string | null
  readonly disclose: Disclosure
  readonly publicOnPurpose: boolean
  /** For codenames: at least one of these must stand in reach of a mention. Empty: none needed. */
  readonly near: readonly string[]
  /** The newest version that our own registry has, as it writes it; absent or null: not told. */
  readonly latestVersion?: string | null
  /** When our own registry got the first version of it (ISO 8601, UTC); absent or null: not told. */
  readonly firstPublishedAt?: string | null
  /** Where the line stands, for messages: `namesake.yaml: inventory.3`, `inventory.csv:17`. */
  readonly where: string
}
