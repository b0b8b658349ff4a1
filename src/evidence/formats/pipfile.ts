import { verdict, type Format, type Verdict } from '../format.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { outlineToml } from '../structure/toml.ts'
import { childValue, valueOf, type Node } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Sections of both files that hold packages. https://github.com/pypa/pipfile */
const sections: ReadonlyMap<string, string> = new Map([
  ['packages', 'runtime'],
  ['dev-packages', 'dev'],
  ['default', 'runtime'],
  ['develop', 'dev'],
])

export const pipfile: Format = {
  id: 'pipfile',
  claimsPath: (file) => file.base === 'pipfile',
  claimsContent: (head) => /^\[\[source\]\]\s*$/m.test(head) && /^\[(?:dev-)?packages\]\s*$/m.test(head),
  read: readOutline(outlineToml, readSpot),
}

export const pipfileLock: Format = {
  id: 'pipfile-lock',
  claimsPath: (file) => file.base === 'pipfile.lock',
  claimsContent: (head) => head.trimStart().startsWith('{') && /"_meta"\s*:/.test(head) && /"pipfile-spec"\s*:/.test(head),
  read: readOutline(outlineJson, readSpot),
}

function readSpot({ outline, spot, path, place }: Found): Verdict {
  const [first = '', second = ''] = path
  if (first === 'source' || (first === '_meta' && second === 'sources')) {
    const url = childValue(outline, spot.node.parent, 'url')
    return verdict('registry-config', { key: asDetail(spot.node.key), registry: hostOf(url), url: asDetail(url) })
  }
  const section = sections.get(first)
  if (section === undefined || path.length < 2) return verdict('code', { section: asDetail(first) })
  let entry: Node = spot.node
  while (entry.depth > 2 && entry.parent !== null) entry = entry.parent
  const url = childValue(outline, entry, 'git') ?? childValue(outline, entry, 'file') ?? childValue(outline, entry, 'url')
  const details = { section, version: asDetail(valueOf(outline, entry) ?? childValue(outline, entry, 'version')), url: asDetail(url), registry: hostOf(url) }
  if (path.length === 2 && spot.part === 'key') return verdict('dependency', details)
  if (spot.node.key === 'index') return verdict('registry-config', { key: 'index' })
  return verdict(place.kind === 'host' || url !== null ? 'resolved-url' : 'code', details)
}
