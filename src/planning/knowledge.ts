import type { StemFacts } from '../contracts/source.ts'
import type { Edge } from './words.ts'

/** What past runs taught about a source. Nothing of it is needed: without it a sweep costs more. */
export interface Knowledge {
  /** Null: the source is asked for each name. */
  readonly facts: StemFacts | null
  /**
   * Does the search find a run of words when this mark stands next to it? `proven`: a document showed it.
   * `tried`: a query that depends on it was run and no document showed it. Absent: nobody tried.
   */
  readonly edges: ReadonlyMap<Edge, 'proven' | 'tried'>
  /** Stems, by `keyOf`, that missed a document that they should have brought. */
  readonly demoted: ReadonlySet<string>
  /** Results that the source counted when a text, by `keyOf`, was searched last. */
  readonly counted: ReadonlyMap<string, number>
}

export function knowNothing(facts: StemFacts | null): Knowledge {
  return { facts, edges: new Map(), demoted: new Set(), counted: new Map() }
}

/**
 * Whether whatever holds a name is certain to be found by a run of its words.
 * `trial`: probably, and one query will tell. `no`: it was tried, and nothing showed it.
 */
export type Belief = 'sure' | 'trial' | 'no'

export function believe({ facts, edges, demoted }: Knowledge, key: string, at: readonly Edge[]): Belief {
  if (facts === null || demoted.has(key)) return 'no'
  let belief: Belief = 'sure'
  for (const edge of at) {
    if (facts.separators.includes(edge.slice(1)) || edges.get(edge) === 'proven') continue
    if (edges.get(edge) === 'tried') return 'no'
    belief = 'trial'
  }
  return belief
}

/** Requests that a search with so many results takes, slices of what is over the cap included. */
export function requestsFor(counted: number, { perPage, cap }: StemFacts): number {
  const pages = Math.max(1, Math.ceil(counted / perPage))
  // Bisection asks once for every part that turns out to be too large, and leaves parts half full.
  return counted <= cap ? pages : pages + 3 * Math.ceil(counted / cap)
}
