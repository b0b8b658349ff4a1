import type { Ecosystem } from '../contracts/inventory.ts'
import { packageFault } from '../inventory/check-name.ts'
import type { Normalise } from '../inventory/merge-duplicates.ts'
import type { Found } from './contract.ts'
import { newerVersion } from './newest-version.ts'

/** One of our packages, over all its versions and all origins that have it. */
export interface Gathered {
  readonly name: string
  readonly key: string
  readonly ecosystem: Ecosystem
  readonly latestVersion: string | null
  readonly firstPublishedAt: string | null
  /** Names of imports, in the order in which they told it. */
  readonly from: readonly string[]
}

export interface Gathering {
  readonly names: ReadonlyMap<string, Gathered>
  /** What was there and is no name that an inventory can hold, with how often. */
  readonly unreadable: ReadonlyMap<string, number>
}

/** Different sentences about what could not be read that are kept; what is beyond is counted together. */
const maxSentences = 100

/** Folds versions into packages: memory is the packages, not their versions. */
export function createGatherer(normalise: Normalise): {
  readonly take: (from: string, found: Found) => void
  readonly unreadable: (what: string) => void
  readonly gathered: Gathering
  /** Packages that an import has told. */
  readonly countOf: (from: string) => number
} {
  const names = new Map<string, Gathered>()
  const unreadable = new Map<string, number>()
  const counts = new Map<string, number>()

  function note(what: string): void {
    const sentence = unreadable.has(what) || unreadable.size < maxSentences ? what : 'something else'
    unreadable.set(sentence, (unreadable.get(sentence) ?? 0) + 1)
  }

  return {
    take(from, { name, ecosystem, version, publishedAt }) {
      const fault = packageFault(name, ecosystem)
      if (fault !== null) return note(`a name that is not ${fault.replace(/^expected /, '')}`)
      const key = normalise(name, 'package', ecosystem)
      const identity = identityOf(key, ecosystem)
      const known = names.get(identity)
      const moment = momentOf(publishedAt)
      const plain = version === null || version.trim() === '' || version.length > 200 ? null : version.trim()
      if (known?.from.includes(from) !== true) counts.set(from, (counts.get(from) ?? 0) + 1)
      names.set(identity, {
        name: known?.name ?? name,
        key,
        ecosystem,
        latestVersion: newest(known?.latestVersion ?? null, plain),
        firstPublishedAt: earlier(known?.firstPublishedAt ?? null, moment),
        from: known === undefined ? [from] : known.from.includes(from) ? known.from : [...known.from, from],
      })
    },
    unreadable: note,
    gathered: { names, unreadable },
    countOf: (from) => counts.get(from) ?? 0,
  }
}

export function identityOf(key: string, ecosystem: Ecosystem): string {
  return `${ecosystem}\n${key}`
}

function newest(one: string | null, other: string | null): string | null {
  return one === null || other === null ? (one ?? other) : newerVersion(one, other)
}

/** The earlier of two moments (ISO 8601, UTC); null knows nothing. */
export function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other
  return one <= other ? one : other
}

function momentOf(text: string | null): string | null {
  if (text === null) return null
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
