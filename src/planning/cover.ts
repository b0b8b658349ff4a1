import type { SearchTerm } from '../contracts/source.ts'
import { isOrdinaryWord } from '../inventory/ordinary-words.ts'
import { believe, requestsFor, type Knowledge } from './knowledge.ts'
import { keyOf, runsOf, wordsIn, type Edge } from './words.ts'

/** A query of the plan: one term, or a stem in place of several. */
export interface Chosen {
  readonly term: SearchTerm
  /** The terms that a stem stands for; of a single term itself. */
  readonly members: readonly SearchTerm[]
  /** Marks that it depends on and that nothing has proven yet: its run decides. */
  readonly trial: readonly Edge[]
}

interface Candidate {
  readonly key: string
  readonly text: string
  readonly members: Map<number, readonly Edge[]>
  /** Requests. */
  readonly price: number
  /** Searched before, or to be searched in any case. */
  readonly known: boolean
}

/** Share of all requests that a stem must save to be worth a first try: a hot one costs a request and saves nothing. */
const leastSaving = 0.03

/**
 * A small set of queries that covers all terms: greedy weighted set cover. Whatever holds a text holds every run of
 * its words, so a stem covers the terms that it stands in; the stem that saves most requests is taken first, as long
 * as one saves any. So the plan never takes more requests than one query per term. Deterministic; the order of the
 * terms makes no difference, and a stem that was searched before wins over an untried one, so that plans are stable.
 * Greedy is within ln n of the best cover (Chvátal 1979), and families of names rarely overlap.
 */
export function coverTerms(terms: readonly SearchTerm[], knowledge: Knowledge, discloses: (text: string) => boolean): readonly Chosen[] {
  const ordered = [...terms].sort((a, b) => compare(a.text, b.text))
  const prices = ordered.map(({ text }) => priceOf(text, knowledge) ?? 1)
  const candidates = findCandidates(ordered, prices, knowledge, discloses)
  const covered = new Set<number>()
  const chosen: Chosen[] = []
  for (const { key, text, members } of pickGreedily(candidates, prices, covered)) {
    const kept = [...members].filter(([index]) => !covered.has(index)).sort(([a], [b]) => a - b)
    for (const [index] of kept) covered.add(index)
    chosen.push(stemOf(key, text, kept.map(([index, edges]) => ({ term: at(ordered, index), price: prices[index] ?? 1, edges })), knowledge))
  }
  for (const [index, term] of ordered.entries()) if (!covered.has(index)) chosen.push({ term, members: [term], trial: [] })
  return chosen.sort((a, b) => compare(a.term.text, b.term.text))
}

/** Requests that the plan takes, as far as past runs tell. */
export function requestsOf(chosen: readonly Pick<Chosen, 'term'>[], knowledge: Knowledge): number {
  let requests = 0
  for (const { term } of chosen) requests += expectedRequests(term.text, knowledge)
  return requests
}

/** Requests of one search: what the last one took, else one. */
export function expectedRequests(text: string, knowledge: Knowledge): number {
  return priceOf(text, knowledge) ?? 1
}

interface Member {
  readonly term: SearchTerm
  readonly price: number
  readonly edges: readonly Edge[]
}

function stemOf(key: string, text: string, members: readonly Member[], knowledge: Knowledge): Chosen {
  // A line that has no other text than the stem must be searched by it, whatever it costs.
  const must = members.some(({ term }) => keyOf(term.text) === key)
  const trial = new Set(members.flatMap(({ edges }) => edges.filter((edge) => believe(knowledge, key, [edge]) === 'trial')))
  const covers = [...new Set(members.flatMap(({ term }) => term.covers))]
  const worth = members.reduce((sum, { price }) => sum + price, 0)
  return { term: { text, covers, ...(must ? {} : { worth }) }, members: members.map(({ term }) => term), trial: [...trial].sort() }
}

function findCandidates(terms: readonly SearchTerm[], prices: readonly number[], knowledge: Knowledge, discloses: (text: string) => boolean): Candidate[] {
  const byKey = new Map<string, Candidate>()
  const owned = new Set(terms.map(({ text }) => keyOf(text)))
  const least = leastPrices(knowledge)
  for (const [index, { text }] of terms.entries()) {
    for (const run of runsOf(text)) {
      const own = run.key === keyOf(text)
      if (!own && believe(knowledge, run.key, run.edges) === 'no') continue
      // Terms come in order: of several spellings the first stays.
      const candidate = byKey.get(run.key) ?? { key: run.key, text: run.text, members: new Map(), ...priceOfStem(run.key, owned, knowledge, least) }
      byKey.set(run.key, candidate)
      candidate.members.set(index, own ? [] : run.edges)
    }
  }
  const worthwhile = Math.max(2, leastSaving * prices.reduce((sum, price) => sum + price, 0))
  return [...byKey.values()].filter((candidate) => {
    const { key, members, known } = candidate
    if (members.size < 2 || discloses(candidate.text) || isFlooded(key, knowledge)) return false
    return known || (isRare(key) && saving(candidate, prices, new Set()) >= worthwhile)
  })
}

/** The candidates that save most, one after the other; `covered` grows meanwhile. */
function* pickGreedily(candidates: readonly Candidate[], prices: readonly number[], covered: ReadonlySet<number>): Generator<Candidate> {
  // Savings only shrink while terms get covered: the first whose saving still holds is the best.
  const queue = candidates.map((candidate) => ({ candidate, saves: saving(candidate, prices, covered) })).sort(bySaving)
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { candidate } = next
    const saves = saving(candidate, prices, covered)
    if (saves <= 0) continue
    const behind = queue[0]
    if (behind === undefined || bySaving({ candidate, saves }, behind) <= 0) yield candidate
    else insert(queue, { candidate, saves })
  }
}

interface Ranked {
  readonly candidate: Candidate
  readonly saves: number
}

/** Among equals the longer one: it brings less that is not ours. */
function bySaving(a: Ranked, b: Ranked): number {
  return b.saves - a.saves || b.candidate.key.length - a.candidate.key.length || compare(a.candidate.key, b.candidate.key)
}

function insert(queue: Ranked[], entry: Ranked): void {
  let [low, high] = [0, queue.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const there = queue[middle]
    if (there !== undefined && bySaving(there, entry) <= 0) low = middle + 1
    else high = middle
  }
  queue.splice(low, 0, entry)
}

/** Requests that searching the stem saves; zero or less when it covers fewer than two terms. */
function saving({ members, price }: Candidate, prices: readonly number[], covered: ReadonlySet<number>): number {
  let saved = -price
  let count = 0
  for (const index of members.keys()) {
    if (covered.has(index)) continue
    saved += prices[index] ?? 1
    count += 1
  }
  return count < 2 ? 0 : saved
}

/** The text of a line is searched in any case: as a stem it costs what it costs by itself. */
function priceOfStem(key: string, owned: ReadonlySet<string>, knowledge: Knowledge, least: ReadonlyMap<string, number>): Pick<Candidate, 'price' | 'known'> {
  const known = priceOf(key, knowledge)
  // Unless it is short: what brings half the world is cut off, and nothing else should depend on it.
  if (owned.has(key) && (known !== null || guess(key) < 4)) return { price: known ?? 1, known: true }
  return { price: known ?? Math.max(guess(key), least.get(key) ?? 0), known: known !== null }
}

function priceOf(text: string, { facts, counted }: Knowledge): number | null {
  const results = counted.get(keyOf(text))
  return facts === null || results === undefined ? null : requestsFor(results, facts)
}

/** A part of a text has at least its results: what the parts of searched texts cost at least. */
function leastPrices(knowledge: Knowledge): ReadonlyMap<string, number> {
  const least = new Map<string, number>()
  for (const text of knowledge.counted.keys()) {
    const price = (priceOf(text, knowledge) ?? 0) + 1
    for (const { key } of runsOf(text)) least.set(key, Math.max(price, least.get(key) ?? 0))
  }
  return least
}

/** Requests of a stem that was never searched: short ones bring half the world. */
function guess(key: string): number {
  const letters = wordsIn(key).filter((word) => !isOrdinaryWord(word)).join('').length
  return 1 + 16 / Math.max(1, letters)
}

/** Far over the cap nothing is complete, however it is cut. */
function isFlooded(key: string, { facts, counted }: Knowledge): boolean {
  return facts !== null && (counted.get(key) ?? 0) > 10 * facts.cap
}

/** Words that stand in the names of every other company. */
const companyWords = new Set(['bank', 'corp', 'corporation', 'company', 'data', 'digital', 'global', 'gmbh', 'group', 'holding', 'international', 'labs', 'limited', 'online', 'soft', 'software', 'solutions', 'studios', 'systems', 'tech', 'technologies', 'technology'])

/** At least one word of four letters that does not stand in every repository. */
function isRare(key: string): boolean {
  return wordsIn(key).some((word) => word.length >= 4 && !isOrdinaryWord(word) && !companyWords.has(word) && !/^\d+$/.test(word))
}

function at(terms: readonly SearchTerm[], index: number): SearchTerm {
  const term = terms[index]
  if (term === undefined) throw new RangeError('the plan lost a term')
  return term
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
