import { verdict, type Format, type Verdict } from '../format.ts'
import { readCommand } from '../commands.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { childValue, nodeAt, valueOf, type Node } from '../structure/outline.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

/** https://getcomposer.org/doc/04-schema.md */
const tables: ReadonlyMap<string, string> = new Map([
  ['require', 'runtime'],
  ['require-dev', 'dev'],
])
const prose = new Set(['description', 'keywords', 'authors', 'homepage', 'support', 'suggest', 'license', 'readme', 'funding'])

/** composer.json. */
export const composerJson: Format = {
  id: 'composer-json',
  claimsPath: (file) => file.base === 'composer.json',
  claimsContent: (head) => /^\s*[{"]/.test(head) && /"require(?:-dev)?"\s*:\s*\{\s*"(?:php|ext-[\w-]+|[\w.-]+\/[\w.-]+)"\s*:/.test(head),
  read: readOutline(outlineJson, readManifest),
}

/** composer.lock, and the list of what is installed. */
export const composerLock: Format = {
  id: 'composer-lock',
  claimsPath: (file) => file.base === 'composer.lock' || /(?:^|\/)vendor\/composer\/installed\.json$/.test(file.path),
  claimsContent: (head) => /^\s*\{/.test(head) && /"content-hash"\s*:/.test(head) && /"packages"\s*:\s*\[/.test(head),
  read: readOutline(outlineJson, readLock),
}

function readManifest(found: Found): Verdict {
  const { file, outline, spot, path, place } = found
  const [first = ''] = path
  const section = tables.get(first)
  if (section !== undefined) return verdict('dependency', { section, version: asDetail(valueOf(outline, spot.node)) })
  if (first === 'name') return verdict('own-name', { version: asDetail(childValue(outline, outline.root, 'version')) })
  if (first === 'replace' || first === 'provide') return verdict('own-name', { section: first })
  if (first === 'repositories') return readRepository(found)
  if (first === 'scripts') return readCommand(file, place, spot.start) ?? verdict('code', { section: 'scripts' })
  if (first === 'config' && /^(?:github-|gitlab-|bitbucket-|http-basic|bearer|secure-http)/.test(path[1] ?? '')) return verdict('registry-config', { key: asDetail(path[1] ?? null) })
  return verdict(prose.has(first) ? 'prose' : 'code', { section: asDetail(first) })
}

/** A repository has an address, or is a package written out by hand. */
function readRepository({ outline, spot, path }: Found): Verdict {
  const at = path.indexOf('package')
  if (at > 0 && spot.node.key === 'name') return verdict('dependency', { section: 'runtime', version: asDetail(childValue(outline, spot.node.parent, 'version')) })
  const url = childValue(outline, spot.node.parent, 'url') ?? valueOf(outline, spot.node)
  if (at > 0) return verdict('resolved-url', { url: asDetail(url), registry: hostOf(url) })
  return verdict('registry-config', { key: asDetail(spot.node.key), registry: hostOf(url), url: url?.includes('://') === true ? asDetail(url) : null })
}

function readLock({ outline, spot, path, place }: Found): Verdict {
  const [first = '', , field = ''] = path
  if (first !== 'packages' && first !== 'packages-dev') return verdict('code', { section: asDetail(first) })
  let entry: Node = spot.node
  while (entry.depth > 2 && entry.parent !== null) entry = entry.parent
  const url = valueOf(outline, nodeAt(entry, ['dist', 'url'])) ?? valueOf(outline, nodeAt(entry, ['source', 'url']))
  const details = { section: first === 'packages' ? 'runtime' : 'dev', version: asDetail(childValue(outline, entry, 'version')), registry: hostOf(url) }
  if (field === 'name') return verdict('dependency', details)
  if (field === 'source' || field === 'dist' || field === 'notification-url') return verdict('resolved-url', { ...details, url: asDetail(valueOf(outline, spot.node)) })
  if (tables.has(field) && spot.part === 'key') return verdict('dependency', { section: tables.get(field) ?? 'runtime', version: asDetail(valueOf(outline, spot.node)) })
  if (prose.has(field)) return verdict('prose', { section: field })
  return verdict(isInsideUrl(valueOf(outline, spot.node) ?? '', place.start - spot.start) ? 'resolved-url' : 'code', { section: asDetail(field) })
}
