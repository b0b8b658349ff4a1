import type { SourceText } from '../evidence/source-text.ts'
import type { Judge, Ours, Use } from './contract.ts'
import { addressAt, judgement, judgePlaces, shortly, type Address } from './judging.ts'

/**
 * Gradle asks its repositories in order, and the first that has a version; a dynamic version asks all. `exclusiveContent`
 * and `content` bind groups to one (https://docs.gradle.org/current/userguide/filtering_repository_content.html).
 */
export const gradle: Judge = {
  id: 'Gradle',
  ecosystem: 'maven',
  isManifest: ({ base }) => /^build\.gradle(?:\.kts)?$/.test(base) || base === 'libs.versions.toml',
  isSetting: ({ base }) => /\.gradle(?:\.kts)?$/.test(base),
  judge(project, ours) {
    const uses = ours.uses('maven', project.manifests).filter((use) => !isOwn(use, project.manifests))
    const repositories = [...new Set([...project.manifests, ...project.settings])].flatMap((file) => readRepositories(file, ours))
    const group = uses[0]?.name.split(':')[0] ?? 'com.example'
    const fix = `settings.gradle.kts, dependencyResolutionManagement.repositories\nexclusiveContent {\n  forRepository { maven { url = uri("https://${ours.host}/maven") } }\n  filter { includeGroupAndSubgroups("${group}") }\n}`
    const open = uses.filter((use) => !isBound(use, repositories))
    const mine = repositories.find(({ address }) => address.direction === 'ours')
    if (uses.length > 0 && open.length === 0) {
      const at = mine ?? repositories[0]
      if (at !== undefined) return judgement(mine === undefined ? 'unknown' : 'safe', at.address, mine === undefined ? 'our groups are bound to an address that a variable holds' : `our groups are bound to ${shortly(mine.address)}`, mine === undefined ? fix : null)
    }
    if (uses.length === 0 && mine !== undefined && (mine.exclusive.length > 0 || repositories.every(({ address }) => address.direction === 'ours'))) {
      return judgement('safe', mine.address, `nothing but its own groups comes from ${shortly(mine.address)}`)
    }
    return judgePlaces(open, repositories.map(({ address }) => address), null, fix)
  },
}

type Covers = (group: string) => boolean

/** The project's own group, and plugins: those come from the repositories of plugins. */
function isOwn(use: Use, manifests: readonly SourceText[]): boolean {
  const file = manifests.find(({ path }) => path === use.path)
  const line = file?.lineAt(use.start)
  return file !== undefined && line !== undefined && /^[ \t]{0,40}(?:group[ \t]{0,4}=|apply[ \t(]{1,4}plugin|id[ \t(]{0,4}["'])/.test(file.text.slice(line.start, line.end))
}

interface Repository {
  readonly address: Address
  /** Groups that come from here and from nowhere else. */
  readonly exclusive: readonly Covers[]
  /** Groups that may come from here; empty: all. */
  readonly included: readonly Covers[]
  readonly excluded: readonly Covers[]
}

function isBound(use: Use, repositories: readonly Repository[]): boolean {
  const group = use.name.split(':')[0] ?? ''
  const covers = (filters: readonly Covers[]): boolean => filters.some((filter) => filter(group))
  if (repositories.some(({ exclusive, address }) => address.direction !== 'other' && covers(exclusive))) return true
  const asked = repositories.filter(({ exclusive, included, excluded }) => exclusive.length === 0 && (included.length === 0 || covers(included)) && !covers(excluded))
  return asked.length > 0 && asked.every(({ address }) => address.direction === 'ours')
}

const wellKnown: Readonly<Record<string, string>> = {
  mavenCentral: 'https://repo.maven.apache.org', google: 'https://maven.google.com', jcenter: 'https://jcenter.bintray.com', gradlePluginPortal: 'https://plugins.gradle.org',
}

/** More than any build has; bounds what a hostile file costs. */
const maxRepositories = 200
/** Characters before a block in which the blocks around it are looked for. */
const reach = 20_000

/** Blocks `repositories { … }` that dependencies are resolved from: those of plugins and of publishing are others. */
function readRepositories(file: SourceText, ours: Ours): Repository[] {
  const { text } = file
  if (!/\.gradle(?:\.kts)?$/.test(file.base)) return []
  const found: Repository[] = []
  for (const block of blocksOf(text, /\brepositories\s{0,20}(?=\{)/g, 0, text.length)) {
    if (found.length >= maxRepositories) break
    if (isInside(text, block.start, /\b(?:publishing|pluginManagement|buildscript|uploadArchives|initscript)\s{0,20}$/)) continue
    const exclusive = [...blocksOf(text, /\bexclusiveContent\s{0,20}(?=\{)/g, block.start, block.end)]
    for (const place of placesIn(file, block.start, block.end, ours)) {
      const around = exclusive.find(({ start, end }) => start <= place.start && place.end <= end)
      const own = text.slice(place.start, place.end)
      found.push({ address: place.address, exclusive: around === undefined ? [] : filtersIn(text.slice(around.start, around.end), 'include'), included: filtersIn(own, 'include'), excluded: filtersIn(own, 'exclude') })
    }
  }
  return found
}

interface Span { readonly start: number; readonly end: number }

function placesIn(file: SourceText, from: number, to: number, ours: Ours): (Span & { readonly address: Address })[] {
  const { text } = file
  const named = [...text.slice(from, to).matchAll(/\b(?<name>mavenCentral|google|jcenter|gradlePluginPortal)\s{0,4}(?:\(\s{0,4}\)|(?=\{))/g)].map((found) => {
    const start = from + found.index
    const brace = /^\s{0,20}\{/.exec(text.slice(start + found[0].length, start + found[0].length + 40))
    const end = brace === null ? start + found[0].length : closing(text, start + found[0].length + brace[0].length - 1, to)
    return { start, end, address: addressAt(file, start, wellKnown[found.groups?.['name'] ?? ''] ?? '', ours) }
  })
  const blocks = [...blocksOf(text, /\b(?:maven|ivy)\s{0,20}(?=\{)/g, from, to), ...[...text.slice(from, to).matchAll(/\bmaven\s{0,4}\(\s{0,4}(?:url\s{0,4}[=:]\s{0,4})?(?:uri\()?["'][^"'\n]{1,500}["']\)?\s{0,4}\)/g)].map((found) => {
    const start = from + found.index
    const brace = /^\s{0,20}\{/.exec(text.slice(start + found[0].length, start + found[0].length + 40))
    return { start, end: brace === null ? start + found[0].length : closing(text, start + found[0].length + brace[0].length - 1, to) }
  })]
  const own = blocks.map(({ start, end }) => {
    const body = text.slice(start, end)
    const url = /\b(?:url|artifactPattern|maven)\b[^"'\n]{0,60}["'](?<url>[^"'\n]{1,500})["']/.exec(body)?.groups?.['url']
    // Without a literal it is a variable, or a property.
    return { start, end, address: addressAt(file, start, url ?? '${url}', ours) }
  })
  return [...named, ...own]
}

function filtersIn(body: string, verb: 'include' | 'exclude'): Covers[] {
  const pattern = verb === 'include'
    ? /\binclude(?<how>GroupAndSubgroups|GroupByRegex|Group|Module)\s{0,4}\(?\s{0,4}["'](?<group>[^"'\n]{1,200})["']/g
    : /\bexclude(?<how>GroupAndSubgroups|GroupByRegex|Group|Module)\s{0,4}\(?\s{0,4}["'](?<group>[^"'\n]{1,200})["']/g
  return [...body.matchAll(pattern)].map(({ groups }) => filterOf(groups?.['how'] ?? '', groups?.['group'] ?? ''))
}

/** Of an expression only the literal beginning counts: what it covers beyond that cannot be told cheaply. */
function filterOf(how: string, text: string): Covers {
  if (how === 'GroupByRegex') {
    const literal = (/^(?:[\w-]|\\{1,2}\.)*/.exec(text)?.[0] ?? '').replaceAll(/\\{1,2}\./g, '.')
    return (group) => literal !== '' && group.startsWith(literal.replace(/\.$/, ''))
  }
  if (how === 'GroupAndSubgroups') return (group) => group === text || group.startsWith(`${text}.`)
  return (group) => group === text
}

function* blocksOf(text: string, header: RegExp, from: number, to: number): Generator<Span> {
  for (const found of text.slice(from, to).matchAll(header)) {
    const brace = text.indexOf('{', from + found.index + found[0].length)
    yield { start: from + found.index, end: closing(text, brace, to) }
  }
}

/** Behind the brace that closes the one at `open`; `limit` where none does. Braces in texts and comments are rare here. */
function closing(text: string, open: number, limit: number): number {
  let depth = 0
  for (let at = open; at < Math.min(limit, open + reach); at += 1) {
    const char = text.charAt(at)
    if (char === '{') depth += 1
    else if (char === '}' && (depth -= 1) === 0) return at + 1
  }
  return limit
}

/** Whether a block around the offset begins with such a header. */
function isInside(text: string, offset: number, header: RegExp): boolean {
  let depth = 0
  for (let at = offset - 1; at >= Math.max(0, offset - reach); at -= 1) {
    const char = text.charAt(at)
    if (char === '}') depth += 1
    else if (char === '{' && depth > 0) depth -= 1
    else if (char === '{' && header.test(text.slice(Math.max(0, at - 60), at))) return true
  }
  return false
}
