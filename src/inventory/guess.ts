import type { Ecosystem } from '../contracts/inventory.ts'
import type { Subject } from './raw-line.ts'

/** First labels of Maven groups: domains written backwards. */
const reversedRoots = new Set(['com', 'org', 'net', 'io', 'dev', 'co', 'edu', 'gov', 'eu', 'de', 'fr', 'uk', 'nl', 'ch', 'at', 'it', 'es', 'se', 'no', 'fi', 'dk', 'pl', 'be', 'us', 'ca', 'au', 'jp', 'cn', 'in', 'br', 'ru', 'app', 'cloud', 'ai'])
/** Last labels of hosts: the domains above, and those of private networks. */
const hostEndings = new Set([...reversedRoots, 'corp', 'internal', 'intern', 'intra', 'intranet', 'lan', 'local', 'localdomain', 'home', 'private', 'arpa', 'test', 'example'])

/** A guess, or why there is none: a wrong guess would search for the wrong thing and find nothing. */
export type Guess<Value> = { readonly value: Value } | { readonly fault: string }

const undecided = 'say which in a .yaml or .csv'

/**
 * What a bare text of a list is, by its shape:
 *
 * | shape                                             | is                     |
 * | ------------------------------------------------- | ---------------------- |
 * | ends with `*`                                     | a pattern              |
 * | `artifactory.acme-corp.com` (lower case, an ending of hosts, not a domain written backwards) | a host |
 * | words with spaces, `HermesBuilder`, letters beyond ASCII | a codename      |
 * | all else                                          | a name, see `guessEcosystem` |
 */
export function guessSubject(text: string): Guess<Exclude<Subject, 'regex'>> {
  if (text.endsWith('*')) return { value: 'pattern' }
  if (/\s/.test(text) || /[^\x20-\x7e]/.test(text) || /^[A-Z][a-z\d]+(?:[A-Z][a-z\d]*)+$/.test(text)) return { value: 'codename' }
  const labels = text.split('.')
  if (labels.length < 2 || !/^[a-z\d.-]+$/.test(text) || !hostEndings.has(labels.at(-1) ?? '')) return { value: 'name' }
  if (reversedRoots.has(labels[0] ?? '')) return { fault: `this could be a host or a Maven group; ${undecided}` }
  return { value: 'host' }
}

/**
 * The ecosystem of a name (or of the part of a pattern before its star) by its shape: `@scope/name` and `@scope` are
 * npm, `group:artifact` and domains written backwards are Maven. Null: a package of any ecosystem.
 */
export function guessEcosystem(text: string): Guess<Ecosystem | null> {
  if (text.startsWith('@')) return { value: 'npm' }
  if (text.includes('/')) return { fault: 'this could be a Go module, a Packagist package or an image; say which with ecosystem' }
  if (text.includes(':')) return { value: 'maven' }
  const labels = text.split('.')
  return { value: labels.length > 1 && reversedRoots.has(labels[0] ?? '') ? 'maven' : null }
}
