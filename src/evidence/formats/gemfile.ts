import { findComments } from '../comments.ts'
import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import { languageOf } from '../languages.ts'
import type { SourceText } from '../source-text.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

const maxLine = 2_000

/** Gemfile. Everything that is not about gems is left to the language. https://bundler.io/man/gemfile.5.html */
export const gemfile: Format = {
  id: 'gemfile',
  claimsPath: (file) => /^(?:gemfile(?:[._-][\w.-]+)?|gems\.rb|[\w.-]+\.gemfile)$/.test(file.base) && !file.base.endsWith('.lock'),
  claimsContent: (head, file) => /^(?:|rb|ruby)$/.test(file.extension) && /^\s*gem\s+["'][\w.-]+["']/m.test(head) && /^\s*(?:source\s+["']|gem\s)/m.test(head),
  read(file) {
    const isComment = rubyComments(file)
    const groups = indexGroups(file)
    return (place) => (isComment(place.start) ? comment() : readGem(file, groups, place))
  },
}

/** *.gemspec. https://guides.rubygems.org/specification-reference/ */
export const gemspec: Format = {
  id: 'gemspec',
  claimsPath: (file) => file.extension === 'gemspec',
  claimsContent: (head, file) => /^(?:|rb|ruby)$/.test(file.extension) && /\bGem::Specification\.new\b/.test(head),
  read(file) {
    const isComment = rubyComments(file)
    return (place) => (isComment(place.start) ? comment() : readSpecification(file, place))
  },
}

function rubyComments(file: SourceText): (offset: number) => boolean {
  const style = languageOf('', 'rb')?.comments
  return style === undefined ? () => false : findComments(file.text, style).isComment
}

function readGem(file: SourceText, groups: readonly string[], place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  const at = place.start - line.start
  if (/^\s*:?(?:source|git_source|mirror)\b/.test(text)) return verdict('registry-config', { key: 'source', registry: hostOf(addressIn(text)), url: asDetail(addressIn(text)) })
  if (/^\s*(?:git|github)(?:\s|:)|^\s*:git(?:hub)?\s*=>/.test(text)) return verdict('resolved-url', { url: asDetail(addressIn(text)), registry: hostOf(addressIn(text)) })
  const gem = /^\s*gem[\s(]\s*["'](?<name>[^"']{1,200})["'](?:\s*,\s*["'](?<version>[^"']{1,100})["'])?/d.exec(text)
  if (gem === null) return null
  const [start, end] = gem.indices?.groups?.['name'] ?? [0, 0]
  const section = /\bgroups?:\s*\[?\s*:?(?<group>\w{1,40})|:group\s*=>\s*:(?<old>\w{1,40})/.exec(text)?.groups
  const group = section?.['group'] ?? section?.['old'] ?? groups[line.index] ?? ''
  const details = { section: sectionOf(group), version: asDetail(gem.groups?.['version'] ?? null), registry: hostOf(addressIn(text)) }
  if (at >= start && at < end) return verdict('dependency', { ...details, note: /\bpath:\s*["']|:path\s*=>/.test(text) ? 'taken from a local folder, not from a registry' : null })
  if (/\bsource:\s*["'][^"']{0,300}$|:source\s*=>\s*["'][^"']{0,300}$/.test(text.slice(0, at))) return verdict('registry-config', { key: 'source', registry: hostOf(addressIn(text)) })
  return verdict(isInsideUrl(text, at) || /\b(?:git|github):\s*["'][^"']{0,300}$/.test(text.slice(0, at)) ? 'resolved-url' : 'code', details)
}

function addressIn(text: string): string | null {
  return /(?:https?|git|ssh):\/\/[^\s"']{1,500}|[\w.-]{1,64}@[\w.-]{1,253}:[^\s"']{1,300}/.exec(text)?.[0] ?? null
}

function sectionOf(group: string): string {
  if (group === '' || group === 'default' || group === 'production') return 'runtime'
  return group.startsWith('dev') ? 'dev' : asDetail(group) ?? 'runtime'
}

/** For every line the group whose block it stands in, '' outside of all. */
function indexGroups(file: SourceText): readonly string[] {
  const groups: string[] = []
  const open: string[] = []
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) return groups
    const text = file.text.slice(line.start, Math.min(line.end, line.start + 300))
    if (/^\s*end\b/.test(text)) open.pop()
    groups.push(open.findLast((group) => group !== '') ?? '')
    const group = /^\s*group\s*\(?\s*:(?<name>\w{1,40})/.exec(text)?.groups?.['name']
    if (/\bdo\s*(?:\|[^|]{0,60}\|)?\s*(?:#.*)?$/.test(text) && open.length < 20) open.push(group ?? '')
  }
}

function readSpecification(file: SourceText, place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  const dependency = /\.add_(?<kind>development_|runtime_)?dependency[\s(]+["'](?<name>[^"']{1,200})["'](?:\s*,\s*["'](?<version>[^"']{1,100})["'])?/.exec(text)
  if (dependency !== null) return verdict('dependency', { section: dependency.groups?.['kind'] === 'development_' ? 'dev' : 'runtime', version: asDetail(dependency.groups?.['version'] ?? null) })
  const field = /^\s*\w{1,30}\.(?<field>\w{1,40})/.exec(text)?.groups?.['field'] ?? ''
  if (field === 'name') return verdict('own-name')
  if (/allowed_push_host|["']source_code_uri["']/.test(text)) return verdict(text.includes('allowed_push_host') ? 'registry-config' : 'prose', { section: 'metadata', registry: hostOf(addressIn(text)) })
  return /^(?:summary|description|homepage|authors?|email|post_install_message)$/.test(field) ? verdict('prose', { section: field }) : null
}

/** Gemfile.lock. */
export const gemfileLock: Format = {
  id: 'gemfile-lock',
  claimsPath: (file) => /^(?:gemfile(?:[._-][\w.-]+)?\.lock|gems\.locked|[\w.-]+\.gemfile\.lock)$/.test(file.base),
  claimsContent: (head) => /^(?:GEM|GIT|PATH)\s*$/m.test(head) && /^ {2}(?:remote|specs):/m.test(head),
  read(file) {
    const sections = indexLockSections(file)
    return (place) => readLocked(file, sections, place)
  },
}

/** For every line the section (`GEM`, `PATH` …) that it belongs to, and the last remote above it. */
function indexLockSections(file: SourceText): readonly { readonly section: string; readonly remote: string }[] {
  const sections: { section: string; remote: string }[] = []
  let section = ''
  let remote = ''
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) return sections
    const text = file.text.slice(line.start, Math.min(line.end, line.start + 600))
    const heading = /^(?<heading>[A-Z][A-Z ]{1,30})\s*$/.exec(text)?.groups?.['heading']
    if (heading !== undefined) {
      section = heading.trim()
      remote = ''
    }
    remote = /^ {2}remote:\s*(?<remote>\S{1,500})/.exec(text)?.groups?.['remote'] ?? remote
    sections.push({ section, remote })
  }
}

function readLocked(file: SourceText, sections: ReturnType<typeof indexLockSections>, place: Place): Verdict | null {
  const line = file.lineAt(place.start)
  const { section, remote } = sections[line.index] ?? { section: '', remote: '' }
  const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
  const registry = hostOf(remote)
  if (/^\s*remote:/.test(text)) return section === 'PATH' ? verdict('code', { section }) : verdict('resolved-url', { section, url: asDetail(remote), registry })
  const version = asDetail(/\((?<version>[^()]{1,100})\)/.exec(text)?.groups?.['version'] ?? null)
  // What stands directly under PATH is a gem of the same repository; deeper stand its dependencies.
  if (section === 'PATH' && /^ {4}\S/.test(text)) return verdict('own-name', { section, version })
  if (section === 'GEM' || section === 'GIT' || section === 'PATH' || section === 'DEPENDENCIES' || section === 'CHECKSUMS' || section === 'PLUGIN SOURCE') return verdict('dependency', { section: 'runtime', version, registry })
  return verdict('code', { section })
}
