import type { Subject } from './terms.ts'
import { isWordUnit } from './words.ts'

/**
 * The literal beginning that names of one family share, separator included (`@acme-corp/`, `com.acmecorp:`,
 * `acme-corp-`), or a whole name that is a stem already. Null: there is none, or it would spell out the name.
 */
export type StemOf = (subject: Subject) => string | null

/**
 * What a line with `disclose: stem` may show of itself:
 * - a pattern: its configured prefix; a scope or a group: itself, they name families
 * - a scoped npm package: its scope; a Maven coordinate: its group; a host: its registered domain
 * - any other name: its longest beginning, in whole words, that another name of `subjects` begins with too
 */
export function createStemOf(subjects: readonly Subject[]): StemOf {
  const shared = sharedBeginnings(subjects)
  const secret = new Set<string>()
  for (const { text, kind, form, disclose } of subjects) {
    if (disclose === 'stem' && form === 'name' && !isFamily(kind)) secret.add(text.toLowerCase())
  }
  return ({ text, kind, ecosystem, form }) => {
    if (form === 'prefix' || isFamily(kind)) return text
    if (kind === 'host') return registeredDomain(text)
    if (kind === 'package' && ecosystem === 'npm' && text.startsWith('@') && text.includes('/')) return text.slice(0, text.indexOf('/') + 1)
    if (kind === 'package' && ecosystem === 'maven' && text.includes(':')) return text.slice(0, text.indexOf(':') + 1)
    // `acme-corp-` would tell the whole of a name `acme-corp` that may not be told.
    return beginnings(text).findLast((beginning) => shared.has(beginning) && !secret.has(withoutTail(beginning).toLowerCase())) ?? null
  }
}

/** `text` without the separators at its end: `@acme-corp/` becomes `@acme-corp`. */
export function withoutTail(text: string): string {
  let end = text.length
  while (end > 0 && !isWordUnit(text.charCodeAt(end - 1))) end -= 1
  return text.slice(0, end)
}

/** `text` without the separators at both ends. */
export function withoutEnds(text: string): string {
  let start = 0
  while (start < text.length && !isWordUnit(text.charCodeAt(start))) start += 1
  return withoutTail(text.slice(start))
}

function isFamily(kind: Subject['kind']): boolean {
  return kind === 'scope' || kind === 'group'
}

/** Beginnings that at least two different names have. What is `never` disclosed proves nothing to anybody. */
function sharedBeginnings(subjects: readonly Subject[]): ReadonlySet<string> {
  const first = new Map<string, string>()
  const shared = new Set<string>()
  for (const { text, form, disclose } of subjects) {
    if (form === 'regex' || disclose === 'never') continue
    for (const beginning of form === 'prefix' ? [...beginnings(text), text] : beginnings(text)) {
      const owner = first.get(beginning)
      if (owner === undefined) first.set(beginning, text)
      else if (owner !== text) shared.add(beginning)
    }
  }
  return shared
}

/** `acme-corp-auth` has `acme-` and `acme-corp-`: proper beginnings that end with a separator, shortest first. */
function beginnings(text: string): readonly string[] {
  const found: string[] = []
  const { length } = withoutTail(text)
  for (let at = 1; at < length; at += 1) {
    if (isWordUnit(text.charCodeAt(at - 1)) && !isWordUnit(text.charCodeAt(at))) found.push(text.slice(0, at + 1))
  }
  return found
}

/** Second levels under which countries register names (`acme.co.uk`): the commonest, not the whole public suffix list. */
const secondLevels = new Set(['ac', 'co', 'com', 'edu', 'go', 'gob', 'gov', 'gouv', 'gv', 'ltd', 'me', 'mil', 'ne', 'net', 'nom', 'or', 'org', 'plc'])

/** `artifactory.acme-corp.com` has `acme-corp.com`. Null: an address, a single word, or nothing registered in it. */
function registeredDomain(host: string): string | null {
  const labels = host.replace(/:\d{1,5}$/, '').split('.').filter((label) => label !== '')
  const [second = '', top = ''] = labels.slice(-2)
  if (labels.length < 2 || /^\d+$/.test(top) || host.includes('[')) return null
  const size = top.length === 2 && secondLevels.has(second.toLowerCase()) ? 3 : 2
  return labels.length < size ? null : labels.slice(-size).join('.')
}
