import { verdict, type Format, type Verdict } from '../format.ts'
import { readPythonSpecification } from '../python-specifications.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineToml } from '../structure/toml.ts'
import { childOf, childValue, nodeAt, valueOf, type Node } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

const prose = new Set(['description', 'authors', 'maintainers', 'keywords', 'readme', 'license', 'classifiers', 'urls', 'homepage', 'documentation'])

/**
 * pyproject.toml: PEP 621 and 735, Poetry, uv, PDM, Hatch.
 * https://packaging.python.org/en/latest/specifications/pyproject-toml/
 */
export const pyproject: Format = {
  id: 'pyproject',
  claimsPath: (file) => /^pyproject(?:[._-][\w.-]+)?\.toml(?:\.\w+)?$/.test(file.base) || file.base === 'uv.toml',
  claimsContent: (head) => /^\[(?:project|build-system|tool\.(?:poetry|uv|pdm|hatch)[\w.-]*)\]\s*$/m.test(head),
  read: readOutline(outlineToml, readSpot),
}

function readSpot(found: Found): Verdict {
  const { outline, spot, path } = found
  const [first = '', second = '', third = ''] = path
  // uv.toml is the table [tool.uv] in a file of its own.
  if (found.file.base === 'uv.toml') return readUv(found, path)
  if (first === 'project') return readProject(found)
  if (first === 'dependency-groups') return readList(found, 'dev')
  if (first === 'build-system') return second === 'requires' ? readList(found, 'build') : verdict('code', { section: 'build-system' })
  if (first !== 'tool') return verdict('code', { section: asDetail(first) })
  if (second === 'poetry') return readPoetry(found)
  if (second === 'uv') return readUv(found, path.slice(2))
  if (third === 'source' || third === 'repositories' || third === 'indexes') return registry(found)
  const list = path.findLastIndex((key) => key === 'dependencies' || key === 'extra-dependencies' || key === 'dev-dependencies' || key === 'requires')
  if (list > 0) return readList(found, third === 'dev-dependencies' || third === 'envs' ? 'dev' : 'runtime')
  return verdict('code', { section: asDetail(`tool.${second}`), version: spot.part === 'key' ? asDetail(valueOf(outline, spot.node)) : null })
}

function readProject(found: Found): Verdict {
  const { outline, path } = found
  const field = path[1] ?? ''
  if (field === 'name') return verdict('own-name', { version: asDetail(childValue(outline, nodeAt(outline.root, ['project']), 'version')) })
  if (field === 'dependencies') return readList(found, 'runtime')
  if (field === 'optional-dependencies') return readList(found, 'optional')
  return verdict(prose.has(field) ? 'prose' : 'code', { section: asDetail(field) })
}

/** An item of a list of PEP 508 texts; names of groups are not packages. */
function readList({ outline, spot, place }: Found, section: string): Verdict {
  if (spot.part !== 'value') return verdict('code', { section })
  return readPythonSpecification(outline.text.slice(spot.start, Math.min(spot.end, spot.start + 2_001)), place.start - spot.start, place, section)
}

function readPoetry(found: Found): Verdict {
  const { outline, path } = found
  const field = path[2] ?? ''
  if (field === 'name') return verdict('own-name', { version: asDetail(childValue(outline, nodeAt(outline.root, ['tool', 'poetry']), 'version')) })
  if (field === 'source') return registry(found)
  if (field === 'dependencies') return readTable(found, 3, 'runtime')
  if (field === 'dev-dependencies') return readTable(found, 3, 'dev')
  if (field === 'group' && path[4] === 'dependencies') return readTable(found, 5, path[3] === 'main' ? 'runtime' : 'dev')
  return verdict(prose.has(field) ? 'prose' : 'code', { section: asDetail(field) })
}

function readUv(found: Found, path: readonly string[]): Verdict {
  const field = path[0] === 'pip' ? (path[1] ?? '') : (path[0] ?? '')
  if (field === 'index' || /^(?:index|extra-index|default-index)-url$|^find-links$/.test(field)) return registry(found)
  if (field === 'sources') return readTable(found, found.path.length - path.length + 1, 'source')
  if (/^(?:dev|constraint|override|build-constraint)-dependencies$/.test(field)) return readList(found, field.startsWith('dev') ? 'dev' : 'override')
  return verdict('code', { section: asDetail(`uv.${field}`) })
}

/** A table of names to versions or to `{ version, git, url, path, index }`; `depth` is where the names stand in the path. */
function readTable({ outline, spot, path, place }: Found, depth: number, section: string): Verdict {
  if (path.length <= depth) return verdict('code', { section })
  let entry: Node = spot.node
  while (entry.depth > depth + 1 && entry.parent !== null) entry = entry.parent
  const direct = valueOf(outline, entry)
  const url = childValue(outline, entry, 'git') ?? childValue(outline, entry, 'url')
  const details = { section, version: asDetail(direct ?? childValue(outline, entry, 'version')), url: asDetail(url), registry: hostOf(url) }
  const isName = path.length === depth + 1 && spot.part === 'key'
  if (!isName && (place.kind === 'host' || (url !== null && (spot.node.key === 'git' || spot.node.key === 'url')))) return verdict('resolved-url', details)
  if (!isName && (spot.node.key === 'index' || spot.node.key === 'source')) return verdict('registry-config', { key: spot.node.key })
  const local = childOf(entry, 'path') !== null || childOf(entry, 'workspace') !== null
  return isName ? verdict('dependency', { ...details, note: local ? 'taken from a local folder, not from a registry' : null }) : verdict('code', { section })
}

function registry({ outline, spot }: Found): Verdict {
  const url = childValue(outline, spot.node.parent, 'url') ?? valueOf(outline, spot.node)
  return verdict('registry-config', { key: asDetail(spot.node.key === '[]' ? (spot.node.parent?.key ?? null) : spot.node.key), registry: hostOf(url), url: url?.includes('://') === true ? asDetail(url) : null })
}
