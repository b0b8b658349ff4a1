import type { Ecosystem } from '../contracts/inventory.ts'
import type { Match } from '../contracts/match.ts'
import { normalise } from '../matching/normalise.ts'
import type { Declaration } from './declaration.ts'
import { lastAtOrBelow } from './source-text.ts'

/** A name that no line of the inventory covers but that probably is internal: a candidate, not yet an identifier. */
export interface Inferred {
  readonly name: string
  readonly kind: 'package' | 'scope'
  readonly ecosystem: Ecosystem
  /** Byte offset of the first place. */
  readonly start: number
  /** Why, in words: `resolved from artifactory.acme-corp.com, which is one of our hosts`. */
  readonly reason: string
  /** More probably a public name that our host only passes on. */
  readonly weak: boolean
}

/** Names of one document that are kept, the strong ones first: a file made to flood the list does not. */
const maxInferred = 2_000

/**
 * From so many names of one file on, and from this share of them, a host that most of them come from is a mirror of
 * the public registry: nobody has so many packages of his own and so few of others.
 */
const mirrorsFrom = 20
const mirrorsShare = 0.8

/** Words in the names of repositories, by the conventions of Artifactory and Nexus: what passes on others' packages, and what holds one's own. */
const othersWords = new Set(['remote', 'remotes', 'mirror', 'mirrors', 'proxy', 'proxied', 'proxies', 'cache', 'cached', 'upstream', 'npmjs', 'central', 'dockerhub'])
const ownWords = new Set(['local', 'hosted'])

/** Whether a match makes other names of the same file worth a look: one of our hosts, scopes or groups. */
export function leadsFurther(match: Match): boolean {
  return placeKindOf(match) !== null
}

/**
 * The declared names that come from a matched host, scope or group of the same file and that no match covers. Of the
 * same name the strongest reason stays, else the first place. Strong ones first, then in the order of the file; at most
 * 2,000. Pure and total; linear in both lists, but for sorting.
 *
 * A name is *weak* when it seems to be a public one that our host passes on: the URL's path names a remote or mirror
 * repository, or more than 20 names and more than 80 % of the file come from that host and nothing in the path says
 * that the repository is a private one.
 */
export function infer(declarations: readonly Declaration[], matches: readonly Match[]): Inferred[] {
  const ours = collectPlaces(matches)
  const isCovered = indexCovered(matches)
  const mirrors = findMirrors(declarations)
  const found = new Map<string, Inferred>()
  for (const declaration of declarations) {
    const because = explain(declaration, ours, mirrors)
    if (because === null || isCovered(declaration)) continue
    const { name, kind, ecosystem, start } = declaration
    const identity = identityOf(declaration)
    const known = found.get(identity)
    if (known === undefined || (known.weak && !because.weak)) found.set(identity, { name, kind, ecosystem, start, ...because })
  }
  return [...found.values()].sort((a, b) => Number(a.weak) - Number(b.weak) || a.start - b.start).slice(0, maxInferred)
}

function identityOf({ name, kind, ecosystem }: Pick<Declaration, 'name' | 'kind' | 'ecosystem'>): string {
  return `${kind} ${ecosystem} ${normalise(name, kind, ecosystem)}`
}

interface Places {
  readonly hosts: ReadonlySet<string>
  readonly scopes: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
}

/**
 * What a match is as a place that names come from. An expression may stand for hosts. What is in a scope or group that
 * is public on purpose may be public too; what a host serves is another matter than its name.
 */
function placeKindOf({ kind, term }: Match): keyof Places | null {
  if (kind === 'host' || kind === 'other') return 'hosts'
  if (term.publicOnPurpose) return null
  return kind === 'scope' ? 'scopes' : kind === 'group' ? 'groups' : null
}

function collectPlaces(matches: readonly Match[]): Places {
  const places = { hosts: new Set<string>(), scopes: new Set<string>(), groups: new Set<string>() }
  for (const match of matches) {
    const kind = placeKindOf(match)
    if (kind !== null) places[kind].add(kind === 'groups' ? match.name : match.name.toLowerCase())
  }
  return places
}

interface Because {
  readonly reason: string
  readonly weak: boolean
}

/** A scope or a group belongs to somebody; a host may pass on what belongs to others: it is asked last. */
function explain({ name, from, how }: Declaration, ours: Places, mirrors: ReadonlySet<string>): Because | null {
  if (from.scope !== null && ours.scopes.has(from.scope.toLowerCase())) return { reason: `belongs to ${from.scope}, which is one of our scopes`, weak: false }
  const group = beginnings(from.group).find((part) => ours.groups.has(part))
  if (group !== undefined) return { reason: `belongs to ${from.group}, which is ${group === from.group ? '' : `below ${group}, `}one of our groups`, weak: false }
  const host = endings(from.host).find((part) => ours.hosts.has(part))
  if (host === undefined || from.host === null) return null
  const reason = `${how} ${from.host}, which is ${host === from.host ? '' : `below ${host}, `}one of our hosts`
  const repository = repositoryOf(from.path, name)
  if (repository === 'others') return { reason: `${reason}; the repository in its path passes on public packages`, weak: true }
  const mirrored = mirrors.has(from.host) && repository !== 'own'
  return { reason: mirrored ? `${reason}; nearly everything in the file comes from it: this host mirrors the public registry` : reason, weak: mirrored }
}

/** A group and the groups above it: `com.acme.auth`, `com.acme`, `com`. */
function beginnings(group: string | null): string[] {
  const parts = group === null ? [] : [group]
  for (let dot = group?.lastIndexOf('.') ?? -1; dot > 0; dot = group?.lastIndexOf('.', dot - 1) ?? -1) parts.push(group?.slice(0, dot) ?? '')
  return parts
}

/** A host and the hosts above it: `npm.acme.com`, `acme.com`, `com`. */
function endings(host: string | null): string[] {
  const parts = host === null ? [] : [host]
  for (let dot = host?.indexOf('.') ?? -1; dot >= 0; dot = host?.indexOf('.', dot + 1) ?? -1) parts.push(host?.slice(dot + 1) ?? '')
  return parts
}

/** Whose packages the repository of a URL holds, by the words of the path in front of the name; null: it does not say. */
function repositoryOf(path: string | null, name: string): 'own' | 'others' | null {
  const steps = (path ?? '').toLowerCase().replaceAll('%2f', '/').split('/')
  const own = steps.lastIndexOf(name.toLowerCase().split('/', 1)[0] ?? '')
  const words = steps.slice(0, own > 0 ? own : -1).flatMap((step) => step.split(/[-_.]/))
  if (words.some((word) => othersWords.has(word))) return 'others'
  return words.some((word) => ownWords.has(word)) ? 'own' : null
}

/** Hosts that most of the names of the file come from. The path of a Go module is its origin, whoever passes it on. */
function findMirrors(declarations: readonly Declaration[]): ReadonlySet<string> {
  const names = new Set<string>()
  const byHost = new Map<string, Set<string>>()
  for (const declaration of declarations) {
    const identity = identityOf(declaration)
    names.add(identity)
    if (declaration.from.host === null || declaration.ecosystem === 'go') continue
    const served = byHost.get(declaration.from.host) ?? new Set<string>()
    served.add(identity)
    byHost.set(declaration.from.host, served)
  }
  const mirrors = new Set<string>()
  for (const [host, served] of byHost) {
    if (served.size > mirrorsFrom && served.size > mirrorsShare * names.size) mirrors.add(host)
  }
  return mirrors
}

/** Whether an identifier of the inventory is that name, or spans it where it stands. */
function indexCovered(matches: readonly Match[]): (declaration: Declaration) => boolean {
  const names = new Set<string>()
  const starts: number[] = []
  /** The farthest end of all spans up to the same index of `starts`. */
  const reach: number[] = []
  for (const match of [...matches].sort((a, b) => a.start - b.start)) {
    names.add(`${match.kind} ${match.ecosystem ?? ''} ${normalise(match.name, match.kind, match.ecosystem)}`)
    // A scope, a group or a host is only a part of the name that it stands in.
    if (match.kind === 'scope' || match.kind === 'group' || match.kind === 'host') continue
    starts.push(match.start)
    reach.push(Math.max(match.end, reach.at(-1) ?? 0))
  }
  return (declaration) => {
    if (names.has(identityOf(declaration)) || names.has(`package  ${declaration.name.toLowerCase()}`)) return true
    const index = lastAtOrBelow(starts, declaration.start)
    return (starts[index] ?? Infinity) <= declaration.start && (reach[index] ?? 0) >= declaration.end
  }
}
