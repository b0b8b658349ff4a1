import type { Ecosystem, IdentifierKind } from '../contracts/inventory.ts'
import type { Term } from '../contracts/match.ts'
import { wordByte } from './byte-classes.ts'
import { normalise } from './normalise.ts'

/**
 * How the separators of a name may look in a text:
 * - `exact`: as in the name (`@`, `/`, `:` also as escapes; `/` of an npm name also as `+`, pnpm's folder names)
 * - `crates`: `-` and `_` are one
 * - `pypi`: `-`, `_`, `.` and runs of them are one
 * - `labels`: all `.`, or all `/` (a Maven group as a path)
 * - `prose`: exact, and a space is any white space
 */
export type Separators = 'exact' | 'crates' | 'pypi' | 'labels' | 'prose'

/** What must stand around a name. The table in compile.ts says it in words. */
export type Surroundings = 'package' | 'npm' | 'dotted' | 'scope' | 'host' | 'labels' | 'prose'

/** A term in the form in which it is compared. */
export interface Name {
  readonly term: Term
  /** Position in the list of terms: the order of matches at one place. */
  readonly order: number
  /** Its characters as compared: folded where case does not matter. Latin-1 or longer (then it is not ASCII). */
  readonly text: string
  /** The whole name, or the literal beginning of one. */
  readonly isPrefix: boolean
  /** Characters from here on are compared with their case. */
  readonly foldUntil: number
  readonly separators: Separators
  readonly surroundings: Surroundings
  /** Where the words `[A-Za-z0-9]+` of the text stand: start and end alternating, 0-based. */
  readonly words: readonly number[]
  /** The last word of a prefix goes on in the text: `acm` of `acm*`. */
  readonly endsInsideWord: boolean
  /** Set on a Maven group that only leads to its artifacts; it is not reported itself. */
  readonly artifacts: Artifacts | null
}

/** The coordinates of one Maven group. */
export interface Artifacts {
  readonly exact: Map<string, Ordered[]>
  readonly prefixes: Ordered[]
}

export interface Ordered {
  readonly term: Term
  readonly order: number
}

/** A term that names or begins a name, ready to be compared. Coordinates are handled by `groupNames`. */
export function nameOf(term: Term, order: number): Name {
  const { kind, ecosystem } = term
  const text = comparedText(term)
  return describe({
    term,
    order,
    text,
    isPrefix: term.form === 'prefix',
    foldUntil: foldUntil(kind, ecosystem, text),
    separators: separatorsOf(kind, ecosystem),
    surroundings: surroundingsOf(kind, ecosystem, text),
    artifacts: null,
  })
}

/** Does the term name coordinates (`group:artifact`), which are found through their group? */
export function isCoordinate(term: Term): boolean {
  return term.kind === 'package' && term.ecosystem === 'maven' && term.text.includes(':')
}

/** One name for each Maven group that has coordinates; the group itself is not reported by it. */
export function groupNames(coordinates: readonly Ordered[]): Name[] {
  const groups = new Map<string, Artifacts>()
  for (const { term, order } of coordinates) {
    const [group = '', artifact = ''] = splitCoordinate(term.text)
    const artifacts = groups.get(group) ?? { exact: new Map<string, Ordered[]>(), prefixes: [] }
    groups.set(group, artifacts)
    if (term.form === 'prefix') artifacts.prefixes.push({ term, order })
    else artifacts.exact.set(artifact, [...(artifacts.exact.get(artifact) ?? []), { term, order }])
  }
  return [...groups].map(([group, artifacts]) => {
    const { term, order } = [...artifacts.exact.values()].flat()[0] ?? artifacts.prefixes[0]!
    return describe({
      term, order, text: group, isPrefix: false, foldUntil: 0, separators: 'labels', surroundings: 'labels', artifacts,
    })
  })
}

function splitCoordinate(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

export interface NamedArtifact extends Ordered {
  /** The coordinate, spelled out. */
  readonly text: string
  /** Characters of the artifact that belong to it; what follows them is behind a dot. */
  readonly length: number
}

/** Which coordinates of a group an artifact is: the longest reading that ends at a dot or at its end. */
export function artifactsNamed(group: Name, artifact: string): NamedArtifact[] {
  const artifacts = group.artifacts
  if (artifacts === null) return []
  const found: NamedArtifact[] = []
  for (const { term, order } of artifacts.prefixes) {
    const [, prefix] = splitCoordinate(term.text)
    const text = artifact.replace(/[._-]+$/, '')
    if (text.startsWith(prefix) && text.length > prefix.length) found.push({ term, order, text: `${group.text}:${text}`, length: text.length })
  }
  for (let length = artifact.length; length > 0; length = artifact.lastIndexOf('.', length - 1)) {
    const exact = artifacts.exact.get(artifact.slice(0, length))
    if (exact !== undefined) return [...found, ...exact.map(({ term, order }) => ({ term, order, text: term.text, length }))]
  }
  return found
}

function describe(name: Omit<Name, 'words' | 'endsInsideWord'>): Name {
  const words = wordsOf(name.text)
  return { ...name, words, endsInsideWord: name.isPrefix && words.at(-1) === name.text.length }
}

function comparedText(term: Term): string {
  const { kind, ecosystem, text } = term
  // A key has no dot at the end; the literal part of a pattern may.
  if (kind === 'host' && term.form === 'prefix') return text.toLowerCase()
  return normalise(text, kind, ecosystem)
}

function foldUntil(kind: IdentifierKind, ecosystem: Ecosystem | null, text: string): number {
  if (kind === 'group' || kind === 'other') return 0
  if (kind !== 'package') return text.length
  if (ecosystem === 'maven') return 0
  if (ecosystem === 'go') return text.includes('/') ? text.indexOf('/') : text.length
  return text.length
}

function separatorsOf(kind: IdentifierKind, ecosystem: Ecosystem | null): Separators {
  if (kind === 'group') return 'labels'
  if (kind === 'codename') return 'prose'
  if (kind !== 'package') return 'exact'
  if (ecosystem === 'pypi' || ecosystem === 'crates') return ecosystem
  return ecosystem === 'maven' ? 'labels' : 'exact'
}

function surroundingsOf(kind: IdentifierKind, ecosystem: Ecosystem | null, text: string): Surroundings {
  switch (kind) {
    case 'scope':
      return 'scope'
    case 'host':
      return 'host'
    case 'group':
      return 'labels'
    case 'codename':
    case 'other':
      return 'prose'
    case 'package':
      return packageSurroundings(ecosystem, text)
  }
}

function packageSurroundings(ecosystem: Ecosystem | null, text: string): Surroundings {
  switch (ecosystem) {
    case 'npm':
      return text.startsWith('@') ? 'package' : 'npm'
    case 'nuget':
    case 'packagist':
    case 'go':
    case 'docker':
      return 'dotted'
    case 'maven':
      return 'labels'
    case 'pypi':
    case 'rubygems':
    case 'crates':
    case null:
      return 'package'
  }
}

function wordsOf(text: string): number[] {
  const words: number[] = []
  let inside = false
  for (let index = 0; index <= text.length; index += 1) {
    const isWord = index < text.length && wordByte[text.charCodeAt(index)] === 1
    if (isWord !== inside) words.push(index)
    inside = isWord
  }
  return words
}
