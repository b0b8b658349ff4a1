import { verdict, type Format, type Verdict } from '../format.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { childOf, childValue, valueOf, type Node, type Outline } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'
import { npmSections } from './package-json.ts'

/** package-lock.json and npm-shrinkwrap.json, versions 1 to 3. https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export const npmLock: Format = {
  id: 'npm-lock',
  claimsPath: (file) => file.base === 'package-lock.json' || file.base === 'npm-shrinkwrap.json' || file.base === '.package-lock.json',
  claimsContent: (head) => /^\s*\{/.test(head) && /"lockfileVersion"\s*:/.test(head),
  read: readOutline(outlineJson, readSpot),
}

function readSpot(found: Found): Verdict {
  const { outline, spot, path } = found
  const key = path.at(-1) ?? ''
  const entry = entryOf(spot.node)
  if (path[0] === 'name' || (path[0] === 'packages' && path[1] === '' && key === 'name')) return verdict('own-name', { version: asDetail(childValue(outline, outline.root, 'version')) })
  if (spot.part === 'value' && (key === 'resolved' || key === 'from')) {
    const url = valueOf(outline, spot.node)
    if (key === 'resolved' && childValue(outline, entry, 'link') === 'true') return verdict('own-name', { section: 'workspaces' })
    return verdict('resolved-url', { ...lockDetails(outline, entry), url: asDetail(url), registry: hostOf(url) })
  }
  if (path[0] === 'packages') return readPackages(found, entry)
  if (path[0] === 'dependencies') return verdict('dependency', spot.part === 'key' && entry === spot.node ? lockDetails(outline, entry) : { ...lockDetails(outline, entry), version: asDetail(valueOf(outline, spot.node)) })
  return verdict('code')
}

function readPackages({ outline, spot, path, place }: Found, entry: Node | null): Verdict {
  const section = npmSections.get(path[2] ?? '')
  if (section !== undefined) return verdict('dependency', { section, version: asDetail(valueOf(outline, spot.node)) })
  const folder = path[1] ?? ''
  const installed = folder.includes('node_modules/')
  if (path.length === 2 && spot.part === 'key') {
    // What stands before node_modules is a workspace of the same repository.
    const isWorkspace = !installed || place.end - spot.start <= folder.indexOf('node_modules/')
    return isWorkspace ? verdict('own-name', { section: 'workspaces' }) : verdict('dependency', lockDetails(outline, entry))
  }
  if (path[2] === 'name') return installed ? verdict('dependency', lockDetails(outline, entry)) : verdict('own-name', { section: 'workspaces' })
  return verdict(path[2] === 'deprecated' || path[2] === 'funding' || path[2] === 'license' ? 'prose' : 'code', { section: asDetail(path[2] ?? null) })
}

/** The locked package that a node belongs to: the closest ancestor directly below `packages` or `dependencies`. */
function entryOf(node: Node): Node | null {
  for (let at: Node | null = node; at !== null && at.parent !== null; at = at.parent) {
    const holder = at.parent.key
    if (holder === 'packages' && at.parent.depth === 1) return at
    // Version 1 nests; below `requires` and in version 2 entries stand only names.
    if (holder === 'dependencies' && (childOf(at, 'version') !== null || childOf(at, 'resolved') !== null)) return at
  }
  return null
}

function lockDetails(outline: Outline, entry: Node | null): Record<string, string | null> {
  if (entry === null) return {}
  const flag = ['dev', 'optional', 'peer', 'devOptional'].find((name) => childValue(outline, entry, name) === 'true')
  const resolved = childValue(outline, entry, 'resolved')
  return {
    section: flag ?? 'runtime',
    version: asDetail(childValue(outline, entry, 'version')),
    registry: hostOf(resolved),
    note: childValue(outline, entry, 'link') === 'true' ? 'taken from the same workspace, not from a registry' : null,
  }
}
