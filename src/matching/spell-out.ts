import type { Ecosystem } from '../contracts/inventory.ts'
import { classOf, digitByte, isAt, runByte, wordByte } from './byte-classes.ts'
import { endOfEmphasis, versionFollows } from './boundaries.ts'
import type { Literal } from './compare.ts'
import { spelledAt } from './escapes.ts'
import type { Name } from './names.ts'
import { normalise } from './normalise.ts'

/**
 * Longer than any registry allows (a host has 253, an npm name 214). What goes on longer is not a name but data that
 * begins like one.
 */
const longestName = 300

const dot = 0x2e
const slash = 0x2f
const hyphen = 0x2d
const underscore = 0x5f
const tilde = 0x7e
const plus = 0x2b

/** How a name goes on behind its literal prefix. */
interface Grammar {
  /** `.` belongs to the name when a letter or digit follows. */
  readonly dots: boolean
  /** How many `/` (in any spelling) may follow. */
  readonly slashes: number
  /** A slash may be written `+`: pnpm's folder names. */
  readonly plus?: boolean
  /** A version may follow in the name of an archive: `-1.2`, `.1.2`. It is not part of the name. */
  readonly versions: boolean
  /** What a file may be called after the name: the ending is not part of the name. */
  readonly endings: readonly string[]
}

const none: readonly string[] = []
const archives = ['tgz', 'gz', 'tar', 'zip', 'git', 'json', 'md', 'txt', 'log', 'html', 'yml', 'yaml', 'xml']

/** Everything that matches `prefix…`, spelled out to its end by the rules of its kind; null when nothing follows the prefix. */
export function spellOut(bytes: Uint8Array, name: Name, prefix: Literal): { readonly end: number; readonly text: string } | null {
  const longest = name.separators === 'labels' ? endOfLabels(bytes, prefix) : endOfName(bytes, prefix.end, grammarOf(name))
  const end = name.term.kind === 'package' ? endOfEmphasis(bytes, prefix.start, prefix.end + 1, longest) : longest
  if (end <= prefix.end || end - prefix.start > longestName) return null
  if (!hasWord(bytes, prefix.end, end)) return null
  const text = canonical(bytes, name, prefix, end)
  // `@acme-*` stands for packages: a scope alone is none.
  return isScoped(name) && !text.includes('/') ? null : { end, text }
}

function isScoped({ term: { kind, ecosystem, text } }: Name): boolean {
  return kind === 'package' && ecosystem === 'npm' && text.startsWith('@')
}

function grammarOf(name: Name): Grammar {
  const { kind, ecosystem, text } = name.term
  if (kind === 'host') return { dots: true, slashes: 0, versions: false, endings: none }
  if (kind !== 'package') return { dots: false, slashes: 0, versions: false, endings: none }
  switch (ecosystem) {
    case 'npm':
      return text.startsWith('@')
        ? { dots: true, slashes: text.includes('/') ? 0 : 1, plus: true, versions: true, endings: none }
        : { dots: true, slashes: 0, versions: true, endings: archives }
    case 'nuget':
      return { dots: true, slashes: 0, versions: true, endings: [...archives, 'dll', 'exe', 'pdb', 'nupkg', 'snupkg', 'nuspec', 'csproj', 'fsproj', 'vbproj', 'sln', 'cs', 'config'] }
    case 'rubygems':
      return { dots: true, slashes: 0, versions: true, endings: [...archives, 'gem', 'gemspec', 'rb'] }
    case 'packagist':
      return { dots: true, slashes: text.includes('/') ? 0 : 1, versions: true, endings: [...archives, 'php'] }
    case 'go':
    case 'docker':
      return { dots: true, slashes: 8, versions: false, endings: [...archives, 'go', 'mod', 'sum'] }
    case 'crates':
      return { dots: false, slashes: 0, versions: true, endings: none }
    case 'pypi':
    case 'maven':
    case null:
      // In `import acme_corp_auth.client` the dot leads to a module: it is part of a name only where the pattern has one.
      return { dots: text.includes('.'), slashes: 0, versions: true, endings: archives }
  }
}

function endOfName(bytes: Uint8Array, from: number, grammar: Grammar): number {
  let end = from
  let slashes = grammar.slashes
  // The limit keeps the work linear in texts that repeat the prefix; such a name is refused anyway.
  const limit = Math.min(bytes.length, from + longestName + 1)
  while (end < limit) {
    if (grammar.versions && startsVersion(bytes, end, from)) break
    const byte = bytes[end]!
    if (runByte[byte] === 1 || byte === tilde) {
      end += 1
      continue
    }
    const step = (slashes > 0 && (byte === plus && grammar.plus ? 1 : spelledAt(bytes, end, slash))) || 0
    const joint = step || (grammar.dots ? spelledAt(bytes, end, dot) : 0) || spelledAt(bytes, end, hyphen) || spelledAt(bytes, end, underscore)
    if (joint === 0 || !isAt(wordByte, bytes, end + joint)) break
    if (step > 0) slashes -= 1
    end += joint
  }
  return withoutEnding(bytes, from, end, grammar.endings)
}

/** `-1.2` of an archive or, behind a dot, the number of a version: `Acme.Auth.1.2.3.nupkg`. */
function startsVersion(bytes: Uint8Array, at: number, from: number): boolean {
  if (at <= from) return false
  return versionFollows(bytes, at) || (bytes[at] === dot && isAt(digitByte, bytes, at + 1))
}

function withoutEnding(bytes: Uint8Array, from: number, to: number, endings: readonly string[]): number {
  let end = to
  for (let changed = true; changed;) {
    changed = false
    for (const ending of endings) {
      const cut = end - ending.length - 1
      if (cut > from && bytes[cut] === dot && latin1(bytes, cut + 1, end).toLowerCase() === ending) {
        end = cut
        changed = true
      }
    }
  }
  while (end > from && !isAt(wordByte, bytes, end - 1)) end -= 1
  return end
}

const capital = classOf((byte) => byte >= 0x41 && byte <= 0x5a)
const fileEndings = new Set(['java', 'kt', 'scala', 'groovy', 'class', 'jar', 'war', 'xml', 'pom', 'properties', 'cfg', 'yml', 'yaml', 'json', 'html', 'md', 'txt', 'md5', 'sha1'])

/**
 * The labels of a group behind its prefix: up to a class (by convention with a capital), a version, the ending of a
 * file. In a repository path the last label before the version is the artifact: `com/acmecorp/pay/auth/1.2/`.
 */
function endOfLabels(bytes: Uint8Array, prefix: Literal): number {
  const separator = prefix.isPath ? slash : dot
  const limit = prefix.start + longestName + 1
  const ends: number[] = []
  let at = prefix.end
  for (;;) {
    if (isAt(capital, bytes, at)) break
    if (isAt(digitByte, bytes, at) && at > prefix.end) {
      if (prefix.isPath) ends.pop()
      break
    }
    let end = at
    while (end < limit && isAt(runByte, bytes, end)) end += 1
    if (end === at) break
    const isFile = prefix.isPath ? bytes[end] === dot && isAt(wordByte, bytes, end + 1) : fileEndings.has(latin1(bytes, at, end))
    if (isFile && (prefix.isPath || at > prefix.end)) break
    ends.push(end)
    if (bytes[end] !== separator || !isAt(wordByte, bytes, end + 1)) break
    at = end + 1
  }
  let end = ends.at(-1) ?? prefix.end
  while (end > prefix.end && !isAt(wordByte, bytes, end - 1)) end -= 1
  return end
}

function hasWord(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (wordByte[bytes[at]!] === 1) return true
  }
  return false
}

/** Where the registry has one way to write a name, the name is written so; elsewhere as it was found. */
function canonical(bytes: Uint8Array, name: Name, prefix: Literal, end: number): string {
  const { kind, ecosystem } = name.term
  if (name.separators === 'labels') {
    const whole = name.text + plainText(bytes, prefix.end, end)
    return prefix.isPath ? whole.replaceAll('/', '.') : whole
  }
  const found = plainText(bytes, prefix.start, end)
  const whole = isScoped(name) ? found.replaceAll('+', '/') : found
  return kind === 'host' || kind === 'scope' || (kind === 'package' && writesOneWay(ecosystem)) ? normalise(whole, kind, ecosystem) : whole
}

function writesOneWay(ecosystem: Ecosystem | null): boolean {
  return ecosystem === 'npm' || ecosystem === 'pypi' || ecosystem === 'packagist' || ecosystem === 'docker' || ecosystem === 'crates'
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The text with escaped separators as plain ones. */
function plainText(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  let plain = from
  for (let at = from; at < to;) {
    const [separator, length] = escapedAt(bytes, at)
    if (length === 0) {
      at += 1
      continue
    }
    text += utf8.decode(bytes.subarray(plain, at)) + separator
    at += length
    plain = at
  }
  return text + utf8.decode(bytes.subarray(plain, to))
}

function escapedAt(bytes: Uint8Array, at: number): readonly [string, number] {
  for (const separator of '@/:.-_') {
    const length = spelledAt(bytes, at, separator.charCodeAt(0))
    if (length > 0) return [separator, length]
  }
  return ['', 0]
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, Math.max(0, to - from)).toString('latin1')
}
