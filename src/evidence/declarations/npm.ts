import { keySpan, walk, type Declarer } from '../declaration.ts'
import type { SourceText } from '../source-text.ts'
import { outlineIni } from '../structure/ini.ts'
import { outlineJson } from '../structure/json.ts'
import { childOf, childValue, nodeAt, valueOf, type Node, type Outline } from '../structure/outline.ts'
import { outlineToml } from '../structure/toml.ts'
import { outlineYaml } from '../structure/yaml.ts'

type Tell = Parameters<Declarer>[1]

const installed = 'node_modules/'
/** The outline cuts longer keys: what ends there may be half a name. */
const longestKey = 299

/** package-lock.json and npm-shrinkwrap.json: `resolved` of every entry. Versions 2 and 3 keep paths, version 1 nests names. */
export function declareNpmLock(file: SourceText, tell: Tell): void {
  const outline = outlineJson(file.text)
  for (const entry of childOf(outline.root, 'packages')?.children ?? []) {
    const at = entry.key.lastIndexOf(installed)
    if (at >= 0 && entry.key.length <= longestKey) tellLocked(outline, entry, entry.key.slice(at + installed.length), tell)
  }
  const nested = childOf(outline.root, 'dependencies')
  if (nested === null) return
  for (const entry of walk(nested)) {
    if (entry !== nested && entry.parent?.key === 'dependencies') tellLocked(outline, entry, entry.key, tell)
  }
}

function tellLocked(outline: Outline, entry: Node, key: string, tell: Tell): void {
  // `name` is the package behind an alias, `npm:real@1.0.0` the same in version 1.
  const name = childValue(outline, entry, 'name') ?? aliased(childValue(outline, entry, 'version')) ?? key
  const version = childValue(outline, entry, 'version')
  const url = childValue(outline, entry, 'resolved') ?? (version?.includes('://') === true ? version : null)
  tell({ name, ecosystem: 'npm', ...keySpan(outline.text, entry, key), url: childValue(outline, entry, 'link') === 'true' ? null : url })
}

/** `real` of `npm:real@^1.0.0`; null for every other specification. */
function aliased(specification: string | null): string | null {
  return specification === null ? null : (/^npm:(?<name>(?:@[^/@\s]{1,200}\/)?[^@/\s]{1,200})(?:@|$)/.exec(specification)?.groups?.['name'] ?? null)
}

const sections = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

/** package.json: its own name with the registry that it is published to, dependencies with the URLs that they name. */
export function declarePackageJson(file: SourceText, tell: Tell): void {
  const outline = outlineJson(file.text)
  const own = childOf(outline.root, 'name')
  const publish = childOf(outline.root, 'publishConfig')
  const name = valueOf(outline, own)
  if (own !== null && name !== null) tell({ name, ecosystem: 'npm', start: own.start, end: own.end, url: childValue(outline, publish, 'registry'), how: 'published to' })
  for (const setting of publish?.children ?? []) tellScope(outline, setting, tell)
  for (const section of sections) {
    for (const entry of childOf(outline.root, section)?.children ?? []) {
      const value = valueOf(outline, entry)
      tell({ name: aliased(value) ?? entry.key, ecosystem: 'npm', ...keySpan(outline.text, entry, entry.key), url: value })
    }
  }
}

/** .npmrc: `@scope:registry=https://…` binds a scope to a registry. */
export function declareNpmrc(file: SourceText, tell: Tell): void {
  const outline = outlineIni(file.text)
  for (const setting of outline.root.children) tellScope(outline, setting, tell)
}

function tellScope(outline: Outline, setting: Node, tell: Tell): void {
  const scope = /^(?<scope>@[^:/\s]{1,214}):registry$/.exec(setting.key)?.groups?.['scope']
  if (scope !== undefined) tell({ name: scope, kind: 'scope', ecosystem: 'npm', ...keySpan(outline.text, setting, scope), url: valueOf(outline, setting), how: 'its registry is' })
}

/** .yarnrc of version 1: `"@scope:registry" "https://…"`. */
export function declareYarnrc(file: SourceText, tell: Tell): void {
  for (const found of file.text.matchAll(/^\s{0,20}"?(?<scope>@[^:/\s"]{1,214}):registry"?[ \t]{1,20}"?(?<url>[^\s"]{1,500})/gm)) {
    const { scope = '', url = '' } = found.groups ?? {}
    const start = found.index + found[0].indexOf(scope)
    tell({ name: scope, kind: 'scope', ecosystem: 'npm', start, end: start + scope.length, url, how: 'its registry is' })
  }
}

/** .yarnrc.yml: `npmScopes: { acme: { npmRegistryServer: https://… } }`. */
export function declareYarnrcYaml(file: SourceText, tell: Tell): void {
  const outline = outlineYaml(file.text)
  for (const scope of childOf(outline.root, 'npmScopes')?.children ?? []) {
    tell({ name: `@${scope.key}`, kind: 'scope', ecosystem: 'npm', ...keySpan(outline.text, scope, scope.key), url: childValue(outline, scope, 'npmRegistryServer'), how: 'its registry is' })
  }
}

/** bunfig.toml: `[install.scopes]`, a URL or a table with one. */
export function declareBunfig(file: SourceText, tell: Tell): void {
  const outline = outlineToml(file.text)
  for (const scope of nodeAt(outline.root, ['install', 'scopes'])?.children ?? []) {
    const name = scope.key.startsWith('@') ? scope.key : `@${scope.key}`
    tell({ name, kind: 'scope', ecosystem: 'npm', ...keySpan(outline.text, scope, scope.key), url: valueOf(outline, scope) ?? childValue(outline, scope, 'url'), how: 'its registry is' })
  }
}

/** bun.lock: `"name": ["name@1.0.0", "address or registry", …]`. */
export function declareBunLock(file: SourceText, tell: Tell): void {
  const outline = outlineJson(file.text)
  for (const entry of childOf(outline.root, 'packages')?.children ?? []) {
    const [locked, address] = entry.children
    const name = nameOf(valueOf(outline, locked ?? null) ?? '')
    if (locked !== undefined && name !== null) tell({ name, ecosystem: 'npm', start: locked.start, end: locked.start + name.length, url: valueOf(outline, address ?? null) })
  }
}

/** `@acme/auth` of `@acme/auth@^1.0.0`; null where there is no version. */
function nameOf(specification: string): string | null {
  const at = specification.indexOf('@', 1)
  return at < 0 ? null : specification.slice(0, at)
}

/** pnpm-lock.yaml: only what does not come from the default registry has an address. */
export function declarePnpmLock(file: SourceText, tell: Tell): void {
  const outline = outlineYaml(file.text)
  for (const entry of childOf(outline.root, 'packages')?.children ?? []) {
    // `/name/1.0.0` and `host/name/1.0.0` of version 5, `/name@1.0.0` of 6, `name@1.0.0` of 9.
    const key = /^(?:(?<host>[\w-]{1,100}(?:\.[\w-]{1,100}){1,10}(?::\d{1,5})?)(?=\/)|)\/?(?<name>(?:@[^/@\s]{1,200}\/)?[^/@\s]{1,200})[/@](?:https?:|git|\d)/.exec(entry.key)?.groups
    const name = childValue(outline, entry, 'name') ?? key?.['name']
    const resolution = childOf(entry, 'resolution')
    const url = childValue(outline, resolution, 'tarball') ?? childValue(outline, resolution, 'repo')
    if (name !== undefined) tell({ name, ecosystem: 'npm', ...keySpan(outline.text, entry, name), url: url ?? (key?.['host'] === undefined ? null : `https://${key['host']}/`) })
  }
}

/** Characters of a line that are read. */
const maxLine = 4_000

/** yarn.lock: `resolved "https://…"` of version 1; in Berry's `resolution` an address only where it is not the default. */
export function declareYarnLock(file: SourceText, tell: Tell): void {
  let entry: { readonly name: string; readonly start: number; url: string | null } | null = null
  const end = (): void => {
    if (entry !== null) tell({ name: entry.name, ecosystem: 'npm', start: entry.start, end: entry.start + entry.name.length, url: entry.url })
    entry = null
  }
  for (let index = 0; ; index += 1) {
    const line = file.line(index)
    if (line === null) break
    const text = file.text.slice(line.start, Math.min(line.end, line.start + maxLine))
    const header = /^"?(?<name>(?:@[^/@\s"]{1,200}\/)?[^@/\s"#:]{1,200})@(?<range>[^",]{0,500})/.exec(text)?.groups
    if (header !== undefined) {
      end()
      const { name = '', range = '' } = header
      // In Berry every range begins with `npm:`: an alias goes on with a name and another range.
      const written = (/^npm:.[^@]{0,200}@/.test(range) ? aliased(range) : null) ?? name
      entry = { name: written, start: line.start + Math.max(0, text.indexOf(written)), url: null }
    } else if (entry !== null && entry.url === null) entry.url = addressIn(text)
  }
  end()
}

function addressIn(text: string): string | null {
  const resolved = /^\s{1,4}resolved:?\s{1,4}"?(?<url>[^\s"]{1,2000})/.exec(text)?.groups?.['url']
  if (resolved !== undefined) return resolved
  const resolution = /^\s{1,4}resolution:\s{1,4}"?(?<locator>[^\s"]{1,2000})/.exec(text)?.groups?.['locator'] ?? ''
  const archive = /[:&]__archiveUrl=(?<url>[^&"]{1,1000})/.exec(resolution)?.groups?.['url']
  if (archive !== undefined) return archive.replaceAll(/%3a/gi, ':').replaceAll(/%2f/gi, '/')
  return /@(?<url>(?:https?|git\+?\w{0,8}|ssh):\/\/.{1,1000})/.exec(resolution)?.groups?.['url'] ?? null
}
