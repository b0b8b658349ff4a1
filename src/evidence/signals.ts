import type { PackageFacts } from '../contracts/registry.ts'
import { compareVersions, versionNumbers } from './versions.ts'

/** What is known when a public package under one of our names is judged. */
export interface SignalFacts {
  readonly facts: PackageFacts
  /** Highest version of ours that the inventory or a public place names; null: none does. */
  readonly ourVersion: string | null
  /** When the name was first public, or first ours as far as we know. */
  readonly oursSince: Date | null
  /** Ids of records of malicious packages (`MAL-…`). */
  readonly records: readonly string[]
  readonly now: Date
}

export interface Signal {
  readonly signal: string
  readonly weight: number
  /** In words, as it is shown. */
  readonly reason: string
}

interface Row {
  readonly signal: string
  readonly weight: number
  readonly reason: string
  readonly test: (about: SignalFacts) => boolean
}

const day = 86_400_000

/**
 * The table: signs of an attack in what a registry tells about a package under one of our names, with weight and
 * reason. None is a proof by itself; an absurd version alone misses three of four known attacks (of the records of
 * ossf/malicious-packages 21 % of npm, 9 % of PyPI), few versions alone stand for most honest packages too.
 * Metadata only: nothing is installed, nothing is run.
 */
export const signalTable: readonly Row[] = [
  { signal: 'malicious-record', weight: 10, reason: 'the public namesake is on record as malicious (OSV): a past attack, not a flaw of ours', test: ({ records }) => records.length > 0 },
  { signal: 'published-after-ours', weight: 4, reason: 'first published after our name was known to be in use or public', test: ({ facts, oursSince }) => oursSince !== null && facts.firstPublishedAt !== null && Date.parse(facts.firstPublishedAt) > oursSince.getTime() },
  { signal: 'version-above-ours', weight: 4, reason: 'its version is at or above ours: a build that asks both registries takes it', test: ({ facts, ourVersion }) => isAtOrAbove(facts.version, ourVersion) },
  { signal: 'absurd-version', weight: 4, reason: 'its major version is 90 or more, as attacks choose it to win over every internal version', test: ({ facts }) => hasAbsurdMajor(facts.version) },
  { signal: 'high-version', weight: 2, reason: 'a part of its version is 90 or more', test: ({ facts }) => !hasAbsurdMajor(facts.version) && hasHighPart(facts.version) },
  { signal: 'install-script', weight: 3, reason: 'it runs a script when it is installed', test: ({ facts }) => /\bscript\b/.test(facts.installTimeCode ?? '') },
  { signal: 'build-code', weight: 1, reason: 'it may run code when it is built or installed', test: ({ facts }) => facts.installTimeCode !== null && !/\bscript\b/.test(facts.installTimeCode) },
  { signal: 'telling-description', weight: 4, reason: 'its description speaks of security research, a bug bounty, a proof of concept or dependency confusion', test: ({ facts }) => tellsResearch(facts.description) },
  { signal: 'fresh', weight: 2, reason: 'first published within the last 30 days', test: ({ facts, now }) => facts.firstPublishedAt !== null && now.getTime() - Date.parse(facts.firstPublishedAt) < 30 * day },
  { signal: 'few-versions', weight: 1, reason: 'it has three versions or fewer', test: ({ facts }) => facts.versionCount !== null && facts.versionCount <= 3 },
  { signal: 'no-repository', weight: 1, reason: 'it names no repository and no home page', test: ({ facts }) => facts.versionCount !== null && facts.links.length === 0 },
]

/** From this sum on a package is called suspicious. */
export const suspiciousFrom = 5

/** The rows that hold, the heaviest first. Pure. */
export function signalsOf(about: SignalFacts): readonly Signal[] {
  return signalTable
    .filter(({ test }) => test(about))
    .map(({ signal, weight, reason }) => ({ signal, weight, reason }))
    .sort((a, b) => b.weight - a.weight)
}

export function isSuspicious(signals: readonly Pick<Signal, 'weight'>[]): boolean {
  return signals.reduce((sum, { weight }) => sum + weight, 0) >= suspiciousFrom
}

/** A version that wins over ours in a build that asks both registries; null on either side: cannot be said, so no. */
export function isAtOrAbove(version: string | null, ours: string | null): boolean {
  return version !== null && ours !== null && versionNumbers(version).length > 0 && versionNumbers(ours).length > 0 && compareVersions(version, ours) >= 0
}

function hasAbsurdMajor(version: string | null): boolean {
  const [major = 0] = versionNumbers(version ?? '')
  return major >= 90 && !isCalendar(major)
}

function hasHighPart(version: string | null): boolean {
  const numbers = versionNumbers(version ?? '')
  return !isCalendar(numbers[0] ?? 0) && numbers.slice(0, 3).some((number) => number >= 90)
}

/** `2026.1`, `20260131`: the year is no absurdity. */
function isCalendar(major: number): boolean {
  return (major >= 1990 && major <= 2100) || (major >= 19_900_101 && major <= 21_001_231)
}

function tellsResearch(description: string | null): boolean {
  return /\b(?:security research|bug ?bounty|proof[ -]of[ -]concept|poc|dependency confusion|pentest|burp ?collaborator|interact\.?sh|oast)\b/i.test(description ?? '')
}
