import type { SearchTerm } from '../contracts/source.ts'
import type { Chosen } from './cover.ts'

/** One of so many names under stems is searched in full in a turn: after as many turns each was. */
const oneOf = 50

/**
 * The names that are searched in full although a stem covers them. Another window of the same shuffled list each
 * turn, so that every name has its turn; never so many that stems and checks together exceed a query for each name.
 */
export function sampleChecks(chosen: readonly Chosen[], turn: number): readonly SearchTerm[] {
  const stems = chosen.filter(({ members }) => members.length > 1)
  const names = stems
    .flatMap(({ term, members }) => members.filter(({ text }) => text.toLowerCase() !== term.text.toLowerCase()))
    .map((term) => ({ term, place: scatter(term.text) }))
    .sort((a, b) => a.place - b.place || (a.term.text < b.term.text ? -1 : 1))
  const size = Math.min(Math.ceil(names.length / oneOf), names.length - stems.length)
  if (size <= 0) return []
  const first = (((turn % oneOf) + oneOf) % oneOf) * size
  return Array.from({ length: size }, (_, at) => names[(first + at) % names.length]?.term).filter((term) => term !== undefined)
}

/** FNV-1a over UTF-16 units: only to mix the names, the same every time. */
function scatter(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
