import type { Ecosystem, IdentifierKind, Line } from '../contracts/inventory.ts'
import type { Fault } from '../errors.ts'
import { quote } from './describe-issues.ts'
import type { Understood } from './read-line.ts'

export type Normalise = (name: string, kind: IdentifierKind, ecosystem: Ecosystem | null) => string

/** Form, kind, ecosystem and canonical name: lines of equal identity are about the same names. */
export function identityOf(line: Line, normalise: Normalise): string {
  return `${line.form}\n${line.kind}\n${line.ecosystem ?? ''}\n${keyOf(line, normalise)}`
}

function keyOf(line: Line, normalise: Normalise): string {
  if (line.form === 'name') return normalise(line.text, line.kind, line.ecosystem)
  return line.form === 'prefix' ? normalisePrefix(line, normalise) : line.text
}

/** The canonical form of the start of a name. A start is no name: without something behind it, its end could be bitten off. */
export function normalisePrefix(line: Line, normalise: Normalise): string {
  return normalise(`${line.text}x`, line.kind, line.ecosystem).slice(0, -1)
}

/**
 * The lines without repetition, those that a pattern implies after all that are written. Two lines about the same name
 * that differ in anything are a fault, because one of them would be lost; equal ones are a warning. What a pattern
 * implies yields to what is written. A line without settings of its own that tells what a registry knows (an import
 * wrote it) adds that to the other one, quietly: neither loses anything.
 */
export function mergeDuplicates(
  understood: readonly Understood[],
  normalise: Normalise,
): { readonly lines: readonly Line[]; readonly faults: readonly Fault[]; readonly warnings: readonly string[] } {
  const lines = new Map<string, Line>()
  const faults: Fault[] = []
  const warnings: string[] = []
  for (const { line, entry } of understood) {
    const identity = identityOf(line, normalise)
    const first = lines.get(identity)
    if (first === undefined) {
      lines.set(identity, line)
    } else if (onlyTellsFacts(line) || onlyTellsFacts(first)) {
      lines.set(identity, onlyTellsFacts(line) ? withFacts(first, line) : withFacts(line, first))
    } else if (sameSettings(first, line)) {
      warnings.push(`${line.where}: ${quote(line.text)} stands already at ${first.where}`)
    } else {
      const { where, key } = entry.place
      faults.push({ where, key, value: quote(line.text), expected: `the same name stands at ${first.where}, with other settings or spelt differently; keep one of them` })
    }
  }
  for (const { implied } of understood) {
    for (const line of implied) {
      const identity = identityOf(line, normalise)
      if (!lines.has(identity)) lines.set(identity, line)
    }
  }
  return { lines: [...lines.values()], faults, warnings }
}

function sameSettings(one: Line, other: Line): boolean {
  return one.text === other.text && one.team === other.team && one.disclose === other.disclose && one.publicOnPurpose === other.publicOnPurpose
    && one.near.length === other.near.length && one.near.every((word, index) => word === other.near[index])
}

function onlyTellsFacts(line: Line): boolean {
  const settled = line.team !== null || line.disclose !== 'name' || line.publicOnPurpose || line.near.length > 0
  return !settled && (line.latestVersion !== undefined || line.firstPublishedAt !== undefined)
}

/** `line` with the facts of `other` where it has none. */
function withFacts(line: Line, other: Line): Line {
  const latestVersion = line.latestVersion ?? other.latestVersion
  const firstPublishedAt = line.firstPublishedAt ?? other.firstPublishedAt
  return { ...line, ...(latestVersion === undefined ? {} : { latestVersion }), ...(firstPublishedAt === undefined ? {} : { firstPublishedAt }) }
}
