import type { Ecosystem } from '../contracts/inventory.ts'

/** Rules of names: all linear, none built from data. `null` means that nothing is wrong. */
interface NameRule {
  readonly valid: RegExp
  /** Characters. */
  readonly max: number
  /** What a name looks like, for the message. */
  readonly expected: string
}

/**
 * What a package may be called, per ecosystem. A rule is as wide as what the ecosystem ever accepted: the inventory
 * holds old names too.
 */
const packageRules: Readonly<Record<Ecosystem, NameRule>> = {
  // https://github.com/npm/validate-npm-package-name (names from before 2015 may have capitals)
  npm: { valid: /^(?:@[\w~-][\w.~-]*\/[\w~-][\w.~-]*|[a-z\d~][\w.~-]*)$/i, max: 214, expected: 'an npm name: name or @scope/name, of letters, digits, - _ and .' },
  // https://packaging.python.org/en/latest/specifications/name-normalization/
  pypi: { valid: /^(?:[a-z\d]|[a-z\d][\w.-]*[a-z\d])$/i, max: 200, expected: 'a PyPI name: letters, digits, - _ and ., a letter or digit first and last' },
  // https://maven.apache.org/ref/current/maven-model-builder (DefaultModelValidator: ids are [A-Za-z0-9_\-.]+)
  maven: { valid: /^[\w.-]+:[\w.-]+$/, max: 300, expected: 'group:artifact, without a version' },
  // https://learn.microsoft.com/en-us/nuget/reference/nuspec#id (PackageIdValidator: \w+([_.-]\w+)*, at most 100)
  nuget: { valid: /^\w+(?:[.-]\w+)*$/, max: 100, expected: 'a NuGet id: letters, digits and _, with single . or - between' },
  // https://guides.rubygems.org/specification-reference/#name
  rubygems: { valid: /^[a-z\d][\w.-]*$/i, max: 200, expected: 'a gem name: letters, digits, - _ and .' },
  // https://doc.rust-lang.org/cargo/reference/manifest.html#the-name-field, and the limit of crates.io
  crates: { valid: /^[a-z_][\w-]*$/i, max: 64, expected: 'a crate name: letters, digits, - and _, a letter first' },
  // https://getcomposer.org/doc/04-schema.md#name, written so that it stays linear
  packagist: { valid: /^[a-z\d]+(?:[_.-][a-z\d]+)*\/[a-z\d]+(?:(?:[_.]|-{1,2})[a-z\d]+)*$/i, max: 200, expected: 'vendor/package' },
  // https://go.dev/ref/mod#go-mod-file-ident
  go: { valid: /^[\w~-][\w.~-]*(?:\/[\w~-][\w.~-]*)*$/, max: 300, expected: 'a module path, without https:// and version' },
  // https://github.com/distribution/reference (regexp.go)
  docker: { valid: /^(?:[a-z\d][a-z\d.-]*(?::\d{1,5})?\/)?[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*(?:\/[a-z\d]+(?:(?:[._]|__|-+)[a-z\d]+)*)*$/i, max: 255, expected: 'an image name, without tag and digest' },
}

const scopeRule: NameRule = { valid: /^@[\w~-][\w.~-]*$/, max: 214, expected: 'an npm scope: @name' }
const groupRule: NameRule = { valid: /^[\w-]+(?:\.[\w-]+)*$/, max: 200, expected: 'a Maven group: com.acmecorp' }
/** RFC 1123, section 2.1; at least two labels, because a single word is found everywhere. `_` stands in real internal names. */
const hostRule: NameRule = { valid: /^[a-z\d_](?:[\w-]{0,61}[a-z\d])?(?:\.[a-z\d_](?:[\w-]{0,61}[a-z\d])?)+$/i, max: 253, expected: 'a host name with a dot, without https://, port and path' }

/** Says what is wrong with the name of a package; null when nothing is. */
export function packageFault(name: string, ecosystem: Ecosystem): string | null {
  return apply(packageRules[ecosystem], name)
}

/** The same for the part of a pattern before its star; the ecosystem may be unknown. */
export function packageStartFault(prefix: string, ecosystem: Ecosystem | null): string | null {
  if (ecosystem === null) return /^[\w-][\w.-]*$/.test(prefix) ? null : 'expected the start of a package name; give its ecosystem'
  // The shortest names that start so: a pattern may end before the separator (`@acme-*`, `acme-*` of Packagist).
  const valid = ['x', 'x/x'].some((ending) => packageFault(prefix + ending, ecosystem) === null)
  return valid ? null : packageFault(`${prefix}x`, ecosystem)
}

/** The same for an npm scope (`@acme-corp`). */
export function scopeFault(name: string): string | null {
  return apply(scopeRule, name)
}

/** The same for a Maven group (`com.acmecorp.auth`). */
export function groupFault(name: string): string | null {
  return apply(groupRule, name)
}

/** The same for a host (`artifactory.acme-corp.com`). */
export function hostFault(name: string): string | null {
  return apply(hostRule, name)
}

function apply(rule: NameRule, name: string): string | null {
  if (name.length > rule.max) return `expected ${rule.expected}; at most ${rule.max} characters`
  return rule.valid.test(name) ? null : `expected ${rule.expected}`
}
