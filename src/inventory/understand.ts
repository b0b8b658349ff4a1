import type { Line } from '../contracts/inventory.ts'
import type { Matcher, Term } from '../contracts/match.ts'
import type { Fault } from '../errors.ts'
import { quote } from './describe-issues.ts'
import { mergeDuplicates, type Normalise } from './merge-duplicates.ts'
import { isOrdinaryWord } from './ordinary-words.ts'
import { proveExamples } from './prove-examples.ts'
import { readLine, type Entry, type Understood } from './read-line.ts'

export interface Understanding {
  /** The real matcher, for examples. */
  readonly compile: (terms: readonly Term[], options?: { readonly anchors?: readonly string[] }) => Matcher
  /** The canonical key of a name: equal keys are the same name. */
  readonly normalise: Normalise
  /** Words that count as near for every codename. */
  readonly anchors: readonly string[]
}

/**
 * What lines as written mean, wherever they stand: each is read, repetitions are merged, a pattern that means a whole
 * npm scope or Maven group brings the scope or group as a line of its own, and examples are proven.
 */
export function understand(entries: readonly Entry[], { compile, normalise, anchors }: Understanding): { readonly lines: readonly Line[]; readonly faults: readonly Fault[]; readonly warnings: readonly string[] } {
  const faults: Fault[] = []
  const understood: Understood[] = []
  for (const entry of entries) {
    const read = readLine(entry)
    if ('faults' in read) faults.push(...read.faults)
    else understood.push(read)
  }
  const merged = mergeDuplicates(understood, normalise)
  return {
    lines: merged.lines,
    faults: [...faults, ...merged.faults, ...proveExamples(understood, compile, anchors)],
    warnings: merged.warnings,
  }
}

/** Names that stand everywhere: each would bury the findings that matter. */
export function drowning(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => {
    if (line.form !== 'name' || line.near.length > 0 || line.publicOnPurpose || (line.kind !== 'package' && line.kind !== 'codename')) return []
    const short = line.text.length <= 3
    if (!short && !isOrdinaryWord(line.text)) return []
    const advice = line.kind === 'codename' ? 'say in near what stands beside it' : 'is it written in full?'
    return [`${line.where}: ${quote(line.text)} is ${short ? 'very short' : 'an ordinary word'}; what it finds will drown the reader; ${advice}`]
  })
}
