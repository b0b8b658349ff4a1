import type { Match, Term } from '../contracts/match.ts'

/** A match before it is known what stands in it and around it. */
export interface Raw {
  readonly term: Term
  /** Position of the term in the inventory: the order at one place. */
  readonly order: number
  /** The name, spelled out. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** What speaks for a name with near words; absent where it needs nothing. */
  readonly support?: string
}

/** A name says more than a pattern, a pattern more than an expression. */
const rank = { name: 0, prefix: 1, regex: 2 } as const

/**
 * Decides which matches stay, by start, longest first:
 *
 * 1. The same term at the same place is one match.
 * 2. At exactly the same place, a pattern yields to a name of the same kind (and ecosystem, or when the pattern has
 *    none) and to a longer pattern, an expression to everything. Names of different kinds or ecosystems stay: nobody can tell here which it is.
 * 3. Inside a longer match, a shorter one is a part of that name and goes (the scope of a scoped name, the group of a
 *    coordinate), unless it is a name of its own there: a host in anything that is not a host, and anything in what an
 *    expression matched.
 *
 * Matches that merely overlap stay both.
 */
export function resolve(raws: Raw[]): Raw[] {
  raws.sort(byPlace)
  const kept: Raw[] = []
  /** Kept matches that reach beyond the start of the current one. Names are short, so these are few. */
  let open: Raw[] = []
  for (const raw of raws) {
    open = open.filter((other) => other.end > raw.start)
    if (open.some((other) => swallows(other, raw))) continue
    kept.push(raw)
    open.push(raw)
  }
  return kept
}

export function toMatch({ term, text, start, end, support }: Raw): Match {
  return { term, name: text, kind: term.kind, ecosystem: term.ecosystem, start, end, ...(support === undefined ? {} : { support }) }
}

function byPlace(a: Raw, b: Raw): number {
  return a.start - b.start || b.end - a.end || rank[a.term.form] - rank[b.term.form]
    || b.term.text.length - a.term.text.length || a.order - b.order
}

function swallows(other: Raw, raw: Raw): boolean {
  if (raw.end > other.end) return false
  if (raw.start === other.start && raw.end === other.end) return saysTheSame(other.term, raw.term)
  if (other.term.form === 'regex') return raw.term.form === 'regex' && raw.term === other.term
  return raw.term.kind !== 'host' || other.term.kind === 'host'
}

function saysTheSame(better: Term, term: Term): boolean {
  if (term.form === 'regex' && better.form !== 'regex') return true
  if (better.kind !== term.kind) return false
  if (better.ecosystem === term.ecosystem) return true
  return term.form === 'prefix' && term.ecosystem === null
}
