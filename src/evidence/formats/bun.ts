import { verdict, type Format, type Verdict } from '../format.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { outlineToml } from '../structure/toml.ts'
import { childValue, valueOf } from '../structure/outline.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'
import { npmSections } from './package-json.ts'

/** bun.lock: `workspaces` as in package.json, `packages` as `[name@version, registry or address, details, hash]`. https://bun.com/docs/pm/lockfile */
export const bunLock: Format = {
  id: 'bun-lock',
  claimsPath: (file) => file.base === 'bun.lock',
  claimsContent: () => false,
  read: readOutline(outlineJson, readLock),
}

function readLock({ outline, spot, path, place }: Found): Verdict {
  const [first = '', second = '', third = ''] = path
  const value = valueOf(outline, spot.node)
  if (first === 'workspaces') {
    const section = npmSections.get(third)
    if (section !== undefined) return verdict('dependency', { section, version: asDetail(value) })
    return third === 'name' || path.length === 2 ? verdict('own-name', { section: 'workspaces' }) : verdict('code', { section: asDetail(third) })
  }
  if (first !== 'packages') return verdict(npmSections.has(first) ? 'dependency' : 'code', { section: npmSections.get(first) ?? asDetail(first) })
  if (spot.part === 'value' && (place.kind === 'host' || isInsideUrl(value ?? '', place.start - spot.start))) return verdict('resolved-url', { section: 'runtime', url: asDetail(value), registry: hostOf(value) })
  const isWorkspace = outline.text.slice(spot.end, spot.end + 200).includes(`${second}@workspace:`) || value?.includes('@workspace:') === true
  return isWorkspace ? verdict('own-name', { section: 'workspaces' }) : verdict('dependency', { section: 'runtime', version: asDetail(/[^@]@(?<version>[\w.^~+-]{1,100})$/.exec(value ?? '')?.groups?.['version'] ?? null) })
}

/** bunfig.toml: the table `install` names registries. https://bun.com/docs/runtime/bunfig */
export const bunfig: Format = {
  id: 'bunfig',
  claimsPath: (file) => file.base === 'bunfig.toml' || file.base === '.bunfig.toml',
  claimsContent: () => false,
  read: readOutline(outlineToml, ({ outline, spot, path }) => {
    if (path[0] !== 'install') return verdict('code', { section: asDetail(path[0] ?? null) })
    return verdict('registry-config', { key: asDetail(spot.node.key), registry: hostOf(valueOf(outline, spot.node) ?? childValue(outline, spot.node, 'url')) })
  }),
}
