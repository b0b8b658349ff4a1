import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'

/**
 * The canonical key of a name: within one kind and ecosystem, equal keys are the same name.
 *
 * | what                                | rule                                             | source |
 * | ----------------------------------- | ------------------------------------------------ | ------ |
 * | PyPI package                        | lower case, runs of `-`, `_`, `.` become one `-` | PEP 503 |
 * | crate                               | lower case, `_` becomes `-`                      | crates.io `canon_crate_name` |
 * | npm package and scope               | lower case (capitals are from before 2015)       | npm `validate-npm-package-name` |
 * | NuGet, RubyGems, Packagist, Docker  | lower case                                       | case-insensitive in the registry |
 * | Maven coordinate and group          | as written: case-sensitive                       | Maven repository layout |
 * | Go module                           | the host in lower case, the rest as written      | go.dev/ref/mod#module-path |
 * | host                                | lower case, no dot at the end                    | RFC 4343 |
 * | codename                            | NFC, Unicode case folding, white space as one space | |
 * | package without ecosystem           | lower case                                       | |
 * | other (found by an expression)      | as written: only its expression knows            | |
 *
 * Pure and total: every text has a key.
 */
export function normalise(name: string, kind: IdentifierKind, ecosystem: Ecosystem | null): string {
  switch (kind) {
    case 'package':
      return normalisePackage(name, ecosystem)
    case 'scope':
      return withAt(name.toLowerCase())
    case 'host':
      return name.toLowerCase().replace(/\.$/, '')
    case 'codename':
      // Folding can leave pairs that compose (`ſ` and an accent): a key must be its own key.
      return foldCase(name.normalize('NFC')).normalize('NFC').replaceAll(/\s+/gu, ' ')
    case 'group':
    case 'other':
      return name
  }
}

function normalisePackage(name: string, ecosystem: Ecosystem | null): string {
  switch (ecosystem) {
    case 'pypi':
      return name.toLowerCase().replaceAll(/[-_.]+/g, '-')
    case 'crates':
      return name.toLowerCase().replaceAll('_', '-')
    case 'maven':
      return name
    case 'go':
      return lowerHost(name)
    case 'npm':
    case 'nuget':
    case 'rubygems':
    case 'packagist':
    case 'docker':
    case null:
      return name.toLowerCase()
  }
}

/**
 * Simple case folding, one code point for one: `Σ`, `σ` and `ς` are equal, `ß` stays `ß` (and equals `ẞ`).
 * Keeps the number of code points, so a folded text can be compared with a text that is folded as it is read.
 */
export function foldCase(text: string): string {
  let folded = ''
  for (const character of text) folded += foldCharacter(character)
  return folded
}

/** One character (a code point) by the rule of `foldCase`. */
export function foldCharacter(character: string): string {
  const upper = character.toUpperCase()
  const lower = (isOneCodePoint(upper) ? upper : character).toLowerCase()
  return isOneCodePoint(lower) ? lower : character
}

function isOneCodePoint(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff)
}

function withAt(scope: string): string {
  return scope.startsWith('@') ? scope : `@${scope}`
}

function lowerHost(path: string): string {
  const slash = path.indexOf('/')
  return slash === -1 ? path.toLowerCase() : path.slice(0, slash).toLowerCase() + path.slice(slash)
}
