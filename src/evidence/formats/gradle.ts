import { findComments } from '../comments.ts'
import { findEnclosures, type Enclosures } from '../enclosures.ts'
import { comment, verdict, type Format, type Place, type Verdict } from '../format.ts'
import { languageOf } from '../languages.ts'
import { readOutline } from '../read-outline.ts'
import type { SourceText } from '../source-text.ts'
import { outlineToml } from '../structure/toml.ts'
import { childValue, valueOf, type Node } from '../structure/outline.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

/** `group:artifact`, with or without version, classifier and extension. */
const coordinates = /^[\w.${}-]{1,200}:[\w.${}-]{1,200}(?::(?<version>[\w.+${}()[\],!-]{0,100}))?(?::[\w.${}-]{0,100})?(?:@\w{1,20})?$/
/** Sections by the beginning or end of a configuration's name. */
const configurations: readonly (readonly [pattern: RegExp, section: string])[] = [
  [/^(?:test|androidTest|integrationTest)/, 'test'],
  [/^(?:classpath|kapt|ksp|annotationProcessor)$|Processor$/, 'build'],
  [/^(?:compileOnly|provided)/, 'provided'],
  [/^(?:debug|dev)/, 'dev'],
]

/** build.gradle, settings.gradle and their Kotlin twins, init scripts. Imports are left to the language. https://docs.gradle.org/ */
export const gradle: Format = {
  id: 'gradle',
  claimsPath: (file) => /\.gradle(?:\.kts)?$/.test(file.base),
  claimsContent: (head, file) => /^(?:|kts?|kotlin|groovy|gvy|java)$/.test(file.extension) && /^\s*(?:(?:test|debug|annotation)?\w{0,20}(?:[iI]mplementation|compileOnly|runtimeOnly|api|kapt|classpath|Processor)[\s(]{1,3}(?:platform\(|group\s?[:=])?\s?["'])/m.test(head),
  read(file) {
    const style = languageOf('', 'groovy')?.comments
    const { isComment } = style === undefined ? { isComment: () => false } : findComments(file.text, style)
    const enclosures = findEnclosures(file.text, isComment)
    return (place) => (isComment(place.start) ? comment() : readScript(file, enclosures, place))
  },
}

function readScript(file: SourceText, enclosures: Enclosures, place: Place): Verdict | null {
  const quoted = enclosures.quotedAt(place.start)
  if (quoted === null) return null
  const line = file.lineAt(place.start)
  const before = file.text.slice(Math.max(line.start, quoted.start - 300), quoted.start)
  const text = file.text.slice(quoted.start, Math.min(quoted.end, quoted.start + 1_000))
  const blocks = enclosures.around(place.start).map(({ word }) => /(?<name>[\w.]{1,60})\s*(?:\([^()]{0,60}\))?$/.exec(word)?.groups?.['name'] ?? '')
  if (/\bdescription\s*=?\s*["']*$/.test(before)) return verdict('prose', { section: 'description' })
  if (isRepository(blocks, before)) return verdict('registry-config', { key: asDetail(blocks.find((name) => /repositor|maven|ivy/.test(name)) ?? 'url'), registry: hostOf(text), url: text.includes('://') ? asDetail(text) : null })
  if (blocks.includes('publications') || blocks.includes('pom')) return /\b(?:groupId|artifactId)\b/.test(before) ? verdict('own-name', { section: 'publication' }) : verdict('code', { section: 'publication' })
  if (/\bproject\s*\(\s*(?:path\s*[:=]\s*)?["']$/.test(before)) return verdict('code', { section: 'project' })
  if (/^\s*(?:rootProject\.name|archivesBaseName|group|archivesName|baseName|namespace|applicationId)\s*(?:=|\.set\(|\s)\s*["']$/.test(before) || /\brootProject\.name\s*=\s*["']$/.test(before)) return verdict('own-name', { section: null })
  if (/^\s*(?:include|includeBuild)\b/.test(before)) return verdict('own-name', { section: 'modules' })
  if (/\b(?:id|kotlin|alias)\s*\(?\s*["']$/.test(before) && (blocks.includes('plugins') || /\bid\b/.test(before)) || /\bapply\s*\(?\s*plugin\s*[:=]\s*["']$/.test(before)) return verdict('dependency', { section: 'plugin', version: asDetail(/^["']\)?\s*version\s*\(?\s*["'](?<version>[^"']{1,100})/.exec(file.text.slice(quoted.end, quoted.end + 160))?.groups?.['version'] ?? null) })
  return readCoordinates(file, text, before, blocks, place, quoted)
}

function readCoordinates(file: SourceText, text: string, before: string, blocks: readonly string[], place: Place, quoted: { readonly start: number; readonly end: number }): Verdict | null {
  const isExclusion = /\bexclude\b/.test(before)
  const section = isExclusion ? 'exclusion' : sectionOf(before, blocks)
  const found = coordinates.exec(text)
  if (found !== null && !text.includes('://')) return verdict(isExclusion ? 'code' : 'dependency', { section, version: asDetail(found.groups?.['version'] ?? null) })
  // `group: 'com.acme', name: 'auth', version: '1.0'`
  if (/\b(?:group|name|module)\s*[:=]\s*["']$/.test(before) && (blocks.includes('dependencies') || /\bgroup\s*[:=].{1,200}\bname\s*[:=]/.test(`${before}${file.text.slice(quoted.start, quoted.end + 200)}`))) {
    const version = /\bversion\s*[:=]\s*["'](?<version>[^"']{1,100})/.exec(file.text.slice(quoted.end, quoted.end + 200))?.groups?.['version'] ?? null
    return verdict(isExclusion ? 'code' : 'dependency', { section, version: asDetail(version) })
  }
  if (isInsideUrl(text, place.start - quoted.start)) return verdict(/\b(?:url|uri|from|src|download)\b/.test(before) ? 'resolved-url' : 'code', { url: asDetail(text), registry: hostOf(text) })
  return null
}

function isRepository(blocks: readonly string[], before: string): boolean {
  if (blocks.some((name) => /^(?:repositories|exclusiveContent|forRepository|filter|content|mavenContent|dependencyResolutionManagement)$/.test(name)) && !blocks.includes('dependencies')) return true
  return /\b(?:mavenUrl|mavenRepo|artifactory_contextUrl|contextUrl|repositoryUrl|nexusUrl|includeGroup\w{0,20})\b.{0,20}$/i.test(before) || blocks.includes('maven')
}

function sectionOf(before: string, blocks: readonly string[]): string {
  const configuration = /^\s*["']?(?<word>\w{1,60})/.exec(before)?.groups?.['word'] ?? ''
  if (blocks.includes('buildscript')) return 'build'
  return configurations.find(([pattern]) => pattern.test(configuration))?.[1] ?? 'runtime'
}

/** gradle/libs.versions.toml. https://docs.gradle.org/current/userguide/version_catalogs.html */
export const versionCatalog: Format = {
  id: 'gradle-catalog',
  claimsPath: (file) => file.base.endsWith('.versions.toml'),
  claimsContent: (head) => /^\[(?:libraries|versions|bundles)\]\s*$/m.test(head) && /^[\w-]+ = \{ ?(?:module|group|id) = /m.test(head),
  read: readOutline(outlineToml, ({ outline, spot, path }) => {
    const [first = ''] = path
    if ((first !== 'libraries' && first !== 'plugins') || spot.part !== 'value') return verdict('code', { section: asDetail(first) })
    let entry: Node = spot.node
    while (entry.depth > 2 && entry.parent !== null) entry = entry.parent
    const version = childValue(outline, entry, 'version') ?? valueOf(outline, entry)?.split(':')[2] ?? null
    if (path.length > 2 && !/^(?:module|group|name|id)$/.test(spot.node.key)) return verdict('code', { section: first })
    return verdict('dependency', { section: first === 'plugins' ? 'plugin' : 'runtime', version: asDetail(version) })
  }),
}

/** build.sbt and project/*.sbt. https://www.scala-sbt.org/1.x/docs/Library-Dependencies.html */
export const sbt: Format = {
  id: 'sbt',
  claimsPath: (file) => file.extension === 'sbt',
  claimsContent: () => false,
  read: (file) => (place) => {
    const line = file.lineAt(place.start)
    const text = file.text.slice(line.start, Math.min(line.end, line.start + 1_000))
    const at = place.start - line.start
    const slashes = text.search(/(?:^|\s)\/\//)
    if (slashes >= 0 && at > slashes) return comment()
    if (/"[^"]{1,200}"\s*%{1,3}\s*"[^"]{1,200}"/.test(text)) return verdict('dependency', { section: /%\s*(?:Test|"test")/.test(text) ? 'test' : /addSbtPlugin/.test(text) ? 'plugin' : 'runtime', version: asDetail(/%\s*"(?<version>[^"%]{1,100})"[^%"]{0,60}$/.exec(text)?.groups?.['version'] ?? null) })
    if (/\b(?:resolvers|externalResolvers|publishTo|credentials)\b|"\s+at\s+"/.test(text)) return verdict('registry-config', { key: 'resolvers', registry: hostOf(/https?:\/\/[^\s"]+/.exec(text)?.[0] ?? null) })
    if (/\b(?:name|organization|moduleName|normalizedName)\s*:=/.test(text)) return verdict('own-name')
    return /\bdescription\s*:=/.test(text) ? verdict('prose', { section: 'description' }) : null
  },
}
