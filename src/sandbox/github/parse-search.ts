import { cut } from './parse-query.ts'

/** A query of any search but code search. */
export interface Search {
  /** Phrases and words that must all be there. */
  readonly terms: readonly string[]
  readonly qualifiers: readonly { readonly name: string; readonly value: string; readonly negated: boolean }[]
}

const known = new Set([
  'in', 'is', 'type', 'user', 'org', 'repo', 'author', 'created', 'updated', 'pushed', 'committer-date', 'author-date', 'fork',
  'archived', 'state', 'hash', 'topic', 'language', 'merge',
])

/** Reads a query as the searches of issues, commits and repositories do; `NOT x` and `-x` both leave out. */
export function parseSearch(q: string): Search {
  const terms: string[] = []
  const qualifiers: { name: string; value: string; negated: boolean }[] = []
  let negateNext = false
  for (const { text, quoted } of cut(q)) {
    if (!quoted && ['AND', 'OR', 'NOT'].includes(text)) {
      negateNext = text === 'NOT'
      continue
    }
    const { minus, name, value } = quoted ? {} : /^(?<minus>-?)(?<name>[a-z-]+):(?<value>.+)$/i.exec(text)?.groups ?? {}
    if (name !== undefined && value !== undefined && known.has(name.toLowerCase())) {
      qualifiers.push({ name: name.toLowerCase(), value, negated: minus === '-' || negateNext })
    } else terms.push(text)
    negateNext = false
  }
  return { terms, qualifiers }
}

/** A window of time, both ends inclusive, in milliseconds; null when it is no date. */
export function parseDates(value: string): { readonly from: number; readonly to: number } | null {
  const { low, high, sign, one } = /^(?:(?<low>[^.<>]+)\.\.(?<high>[^.<>]+)|(?<sign>[<>]=?)?(?<one>[^.<>]+))$/.exec(value)?.groups ?? {}
  if (low !== undefined && high !== undefined) return { from: low === '*' ? -Infinity : startOf(low), to: high === '*' ? Infinity : endOf(high) }
  if (one === undefined) return null
  if (sign === '>') return { from: endOf(one) + 1, to: Infinity }
  if (sign === '>=') return { from: startOf(one), to: Infinity }
  if (sign === '<') return { from: -Infinity, to: startOf(one) - 1 }
  if (sign === '<=') return { from: -Infinity, to: endOf(one) }
  return { from: startOf(one), to: endOf(one) }
}

function startOf(date: string): number {
  return Date.parse(date)
}

/** A day ends with its last millisecond, a second with its last. */
function endOf(date: string): number {
  return Date.parse(date) + (date.includes('T') ? 999 : 86_399_999)
}

/** Whether a thing of this moment is inside every window that the query gives. */
export function isInTime(search: Search, names: Readonly<Record<string, string>>): boolean {
  return search.qualifiers.every(({ name, value, negated }) => {
    const at = names[name]
    const window = at === undefined ? null : parseDates(value)
    if (at === undefined || window === null) return true
    const inside = Date.parse(at) >= window.from && Date.parse(at) <= window.to
    return inside !== negated
  })
}

/**
 * Whether a repository is within the owners and repositories that the query names. Several of them are alternatives;
 * in the advanced search of issues they must all hold, so that two of a kind find nothing.
 */
export function isInScope(search: Search, fullName: string, advanced: boolean): boolean {
  const owner = fullName.slice(0, fullName.indexOf('/')).toLowerCase()
  const holds = ({ name, value }: Search['qualifiers'][number]) => (name === 'repo' ? fullName.toLowerCase() : owner) === value.toLowerCase()
  const scopes = search.qualifiers.filter(({ name }) => ['user', 'org', 'repo'].includes(name))
  const wanted = scopes.filter(({ negated }) => !negated)
  if (scopes.some((scope) => scope.negated && holds(scope))) return false
  if (wanted.length === 0) return true
  return advanced ? wanted.every(holds) : wanted.some(holds)
}
