import type { Matcher, Term } from '../contracts/match.ts'
import type { Fault } from '../errors.ts'
import { faultAt } from './place.ts'
import type { Understood } from './read-line.ts'

/**
 * Runs every example and counter-example through the matcher that will read the public, built of that line alone: a
 * line that misses its own example would lose leaks in silence.
 * @param anchors words that count as near for every codename
 */
export function proveExamples(
  understood: readonly Understood[],
  compile: (terms: readonly Term[], options?: { readonly anchors?: readonly string[] }) => Matcher,
  anchors: readonly string[],
): Fault[] {
  const encoder = new TextEncoder()
  return understood.flatMap(({ entry, line, implied }) => {
    const { examples = [], counterExamples = [] } = entry.raw
    if (examples.length + counterExamples.length === 0) return []
    const matcher = compile([line, ...implied].map((term, index) => ({ ...term, id: String(index) })), { anchors })
    const matches = (text: string) => matcher.find(encoder.encode(text)).length > 0
    const missed = examples.flatMap((text, index) => (matches(text) ? [] : [faultAt(entry.place, `examples.${index}`, text, 'this example does not match')]))
    const caught = counterExamples.flatMap((text, index) => (matches(text) ? [faultAt(entry.place, `counterExamples.${index}`, text, 'this counter-example matches')] : []))
    return [...missed, ...caught]
  })
}
