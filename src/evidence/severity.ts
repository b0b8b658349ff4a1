import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import { roles, type Role } from '../contracts/match.ts'

/** Worst first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** State of the name in a public registry, as far as it was asked. */
export interface ClaimFacts {
  readonly state: 'unclaimed' | 'ours' | 'placeholder' | 'stranger' | 'unknown'
  readonly claimable: 'yes' | 'no' | 'unknown'
  /** Of a stranger's package: the signs of an attack add up. */
  readonly suspicious?: boolean
  /** The public namesake is on record as malicious. */
  readonly onRecord?: boolean
}

/** How many places are known, by what the last look at them told. */
export interface StatusCounts {
  readonly live: number
  readonly unknown: number
  /** Not in the current version any more; the history still has it. */
  readonly 'gone-from-head': number
  readonly gone: number
}

export interface Facts {
  readonly kind: IdentifierKind
  readonly ecosystem: Ecosystem | null
  /** The worst role among live occurrences. */
  readonly role: Role
  /** Public places where it stands. */
  readonly places: number
  /** Absent: all places are live. */
  readonly statuses?: StatusCounts
  /** Absent: no registry was asked. */
  readonly claim?: ClaimFacts
  /** False: nobody else has seen it yet, as in a file on this machine. Absent: true. */
  readonly isPublic?: boolean
}

export interface Assessment {
  readonly severity: Severity
  /** Why it matters, in words, most important first. */
  readonly reasons: readonly string[]
}

/** Names that a stranger can publish; hosts and words cannot be. */
type Subject = 'publishable' | 'host' | 'word'

const subjects: Readonly<Record<IdentifierKind, Subject>> = {
  package: 'publishable',
  scope: 'publishable',
  group: 'publishable',
  host: 'host',
  codename: 'word',
  other: 'word',
}

/** The table: what a name is, what the mention is, how bad that is before anybody asked a registry, and why. `{public|local}`: the words for what is public already, and for what would be. */
const table: Readonly<Record<Subject, Readonly<Record<Role, readonly [Severity, string]>>>> = {
  publishable: {
    dependency: ['critical', 'declared as a dependency in a {public file|file that would be public once pushed}: a build that resolves it from the public registry installs whatever a stranger publishes under this name'],
    'own-name': ['high', 'the file is the manifest of the internal package itself: its name, and probably its source, {are public|would be public once pushed}'],
    'resolved-url': ['high', 'a {public file says|file that would be public once pushed says} from which URL it is fetched: the name and where it lives are proven, and a build without that registry setting falls back to the public registry'],
    'registry-config': ['high', 'stands in a registry setting{ that is public|, public once pushed}: the name is known to be internal, and every client without that setting asks the public registry for it'],
    import: ['high', 'imported by code{ that is public| that would be public once pushed}: whoever builds that code has to get the name from a registry'],
    ci: ['high', 'stands in a build definition or build log{|, public once pushed}: a machine with credentials resolves it'],
    'stack-trace': ['medium', 'stands in a stack trace{|, public once pushed}: the name is proven to run in production'],
    code: ['medium', 'stands in {public code: an attacker learns|code: once it is pushed, an attacker learns} the exact name'],
    prose: ['low', 'mentioned in {public text: an attacker learns|text: once it is pushed, an attacker learns} the name, though not how it is resolved'],
  },
  host: {
    dependency: ['medium', 'a {public file|file that would be public once pushed} fetches dependencies from this internal host: its address is known, and so is what it serves'],
    'own-name': ['low', 'a {public manifest|manifest that would be public once pushed} names this internal host as its home'],
    'resolved-url': ['medium', 'a {public file|file that would be public once pushed} fetches packages or images from this internal host: its address and what lies on it are known'],
    'registry-config': ['medium', 'a {public setting|setting that would be public once pushed} names this internal host as a registry: an attacker knows which clients ask it, and what they do when it does not answer'],
    import: ['medium', '{public code|code that would be public once pushed} imports from this internal host'],
    ci: ['medium', 'a build definition or build log{|, public once pushed,} talks to this internal host'],
    'stack-trace': ['low', 'the internal host stands in a stack trace{|, public once pushed}'],
    code: ['low', 'the internal host stands in {public code|code that would be public once pushed}'],
    prose: ['low', 'the internal host is mentioned in {public text|text that would be public once pushed}'],
  },
  word: {
    dependency: ['medium', 'stands in the name of a dependency{|, which would be public once pushed}: an attacker learns how internal packages of this project are called'],
    'own-name': ['medium', 'stands in the name of a package whose manifest {is public: internal source is probably public|would be public once pushed, and internal source with it}'],
    'resolved-url': ['medium', 'stands in a URL from which packages or images are fetched{|, public once pushed}'],
    'registry-config': ['medium', 'stands in a registry setting{|, public once pushed}'],
    import: ['medium', 'stands in the import of an internal module{|, public once pushed}'],
    ci: ['medium', 'stands in a build definition or build log{|, public once pushed}'],
    'stack-trace': ['medium', 'stands in a stack trace of internal software{|, public once pushed}'],
    code: ['low', 'stands in {public code|code that would be public once pushed}'],
    prose: ['low', 'mentioned in {public text|text that would be public once pushed}'],
  },
}

/** Registries in which a stranger cannot simply take a free name; the severity of a dependency drops to `high`. */
const guarded: Partial<Readonly<Record<Ecosystem, string>>> = {
  maven: 'the central repository gives a group only to the owner of its domain: dangerous where that domain, or a repository which does not check, can be taken',
  go: 'a Go module path is fetched from its host: dangerous where the host, or the account on it, can be taken',
}

/** `up` and `down` are one step; `at most medium` keeps what is lower already. */
type Change = 'critical' | 'up' | 'none' | 'down' | 'at most medium'

/** What became of the places: the best that is left of them decides. */
const livenessRows: readonly { readonly left: keyof StatusCounts; readonly change: Change; readonly reason: string | null }[] = [
  { left: 'live', change: 'none', reason: null },
  { left: 'unknown', change: 'none', reason: 'whether the places are still there could not be told: treat them as public' },
  { left: 'gone-from-head', change: 'down', reason: 'removed from the current versions, but their history still has it, and so has whoever copied them' },
  { left: 'gone', change: 'at most medium', reason: 'gone from every known place; whoever read it there knows it still' },
]

/** What a registry's answer does to the severity of a publishable name. Rows are tried from above; a missing `claimable` fits all. */
const claimRows: readonly {
  readonly state: ClaimFacts['state']
  readonly claimable?: ClaimFacts['claimable']
  readonly change: Change
  readonly reason: string
}[] = [
  { state: 'stranger', change: 'critical', reason: 'somebody who is not us has published a package under this name: builds may already install it' },
  { state: 'placeholder', claimable: 'yes', change: 'up', reason: 'the public registry holds a placeholder under this name, and a stranger could still take it' },
  { state: 'placeholder', change: 'none', reason: 'the public registry holds a placeholder under this name: nobody can publish it now, but somebody has tried before' },
  { state: 'ours', change: 'at most medium', reason: 'we hold this name in the public registry: nobody else can publish it' },
  { state: 'unclaimed', claimable: 'yes', change: 'up', reason: 'the name is free in the public registry: anybody can publish it today' },
  { state: 'unclaimed', claimable: 'no', change: 'down', reason: 'the name is free in the public registry, but its rules stop a stranger from taking it' },
  { state: 'unclaimed', change: 'none', reason: 'the name is not in the public registry; whether a stranger could take it is not known' },
  { state: 'unknown', change: 'none', reason: 'whether the name is taken in the public registry could not be told: treat it as free until it is known' },
]

const suspicious = 'the package shows several signs of a dependency confusion attack'
const onRecord = 'a public package of this name is on record as malicious: somebody attacked this name before; it is no flaw of our own package'

/** From so many places on, taking one down changes little. */
const manyPlaces = 5

/**
 * How bad it is that a name is public, and why, in words for an analyst at three in the morning.
 * Pure: the same facts always give the same answer.
 */
export function assess(facts: Facts): Assessment {
  const subject = subjects[facts.kind]
  const [base, why] = table[subject][facts.role]
  const reasons = [wordsFor(facts.isPublic ?? true, why)]
  let severity: Severity = base
  const guard = facts.ecosystem === null || subject !== 'publishable' ? undefined : guarded[facts.ecosystem]
  if (guard !== undefined && severity === 'critical') {
    severity = 'high'
    reasons.push(guard)
  }
  const left = livenessRows.find((row) => (facts.statuses?.[row.left] ?? 0) > 0)
  if (left !== undefined) {
    severity = changed(severity, left.change)
    if (left.reason !== null) reasons.push(left.reason)
  }
  const claim = subject === 'publishable' ? claimRow(facts.claim) : undefined
  if (claim !== undefined) {
    severity = changed(severity, claim.change)
    // A stranger's package is the first thing to know.
    if (claim.change === 'critical') reasons.unshift(claim.reason)
    else reasons.push(claim.reason)
    if (facts.claim?.onRecord === true) reasons.splice(1, 0, onRecord)
    else if (facts.claim?.suspicious === true && claim.change === 'critical') reasons.splice(1, 0, suspicious)
  }
  if (facts.places >= manyPlaces) reasons.push(`public in ${facts.places} places: taking one of them down does not make it private again`)
  return { severity, reasons }
}

/** Chooses from every `{public|local}`. */
function wordsFor(isPublic: boolean, reason: string): string {
  return reason.replaceAll(/\{(?<now>[^|{}]*)\|(?<later>[^{}]*)\}/g, isPublic ? '$<now>' : '$<later>')
}

function claimRow(claim: ClaimFacts | undefined): (typeof claimRows)[number] | undefined {
  if (claim === undefined) return undefined
  return claimRows.find((row) => row.state === claim.state && (row.claimable === undefined || row.claimable === claim.claimable))
}

function changed(severity: Severity, change: Change): Severity {
  const index = severities.indexOf(severity)
  if (change === 'critical') return 'critical'
  if (change === 'up') return severities[index - 1] ?? severity
  if (change === 'down') return severities[index + 1] ?? severity
  if (change === 'at most medium') return severity === 'low' ? 'low' : 'medium'
  return severity
}

/** The role that matters most: dependency before everything, prose last. Nothing at all counts as prose. */
export function worstRole(candidates: readonly Role[]): Role {
  return roles.find((role) => candidates.includes(role)) ?? 'prose'
}
