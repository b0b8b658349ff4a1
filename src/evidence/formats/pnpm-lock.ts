import { verdict, type Format, type Verdict } from '../format.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineYaml } from '../structure/yaml.ts'
import { childOf, childValue, nodeAt, valueOf, type Node, type Outline } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'
import { npmSections } from './package-json.ts'

/** pnpm-lock.yaml, versions 5 to 9. https://github.com/pnpm/spec/tree/master/lockfile */
export const pnpmLock: Format = {
  id: 'pnpm-lock',
  claimsPath: (file) => file.base === 'pnpm-lock.yaml' || /^pnpm-lock\.[\w.-]+\.yaml$/.test(file.base),
  claimsContent: (head) => /^lockfileVersion:/m.test(head) && /^(?:importers|packages|dependencies|devDependencies|specifiers|settings):/m.test(head),
  read: readOutline(outlineYaml, readLock),
}

/** pnpm-workspace.yaml. https://pnpm.io/pnpm-workspace_yaml */
export const pnpmWorkspace: Format = {
  id: 'pnpm-workspace',
  claimsPath: (file) => file.base === 'pnpm-workspace.yaml' || file.base === 'pnpm-workspace.yml',
  claimsContent: (head) => /^packages:\s*$/m.test(head) && /^(?:catalogs?|onlyBuiltDependencies):\s*$/m.test(head),
  read: readOutline(outlineYaml, ({ outline, spot, path }) => {
    const first = path[0] ?? ''
    if (first === 'packages') return verdict('own-name', { section: 'workspaces' })
    if (npmSections.has(first) || first === 'packageExtensions' || first.endsWith('Dependencies') || first.endsWith('Packages')) return verdict('dependency', { section: npmSections.get(first) ?? 'override', version: asDetail(valueOf(outline, spot.node)) })
    return verdict(/registr/i.test(first) ? 'registry-config' : 'code', { section: asDetail(first) })
  }),
}

function readLock({ outline, spot, path, place }: Found): Verdict {
  const [first = '', second = '', third = '', fourth = ''] = path
  if (first === 'importers') {
    if (path.length <= 2) return verdict('own-name', { section: 'workspaces' })
    return readImporter(outline, spot.node, third, fourth)
  }
  if (npmSections.has(first) || first === 'specifiers') return readImporter(outline, spot.node, first, first.startsWith('catalog') ? third : second)
  if (first !== 'packages' && first !== 'snapshots') return verdict('code', { section: asDetail(first) })
  const entry = nodeAt(outline.root, [first, second])
  const details = describe(outline, entry)
  if (third === 'resolution' || place.kind === 'host') {
    const url = childValue(outline, childOf(entry, 'resolution'), 'tarball') ?? childValue(outline, childOf(entry, 'resolution'), 'repo')
    return verdict('resolved-url', { ...details, url: asDetail(url) })
  }
  if (path.length === 2 || third === 'name' || third === 'id') return verdict('dependency', details)
  if (/dependencies/i.test(third)) return verdict('dependency', { section: npmSections.get(third) ?? 'runtime', version: asDetail(valueOf(outline, spot.node)) })
  return verdict(third === 'deprecated' ? 'prose' : 'code', { section: asDetail(third) })
}

/** A name of a project's own dependencies: `{ specifier, version }` since version 6, the version alone before. */
function readImporter(outline: Outline, node: Node, section: string, name: string): Verdict {
  const entry = node.key === name ? node : node.parent
  const version = valueOf(outline, entry) ?? childValue(outline, entry, 'version')
  const details = { section: npmSections.get(section) ?? 'runtime', version: asDetail(version?.split('(', 1)[0] ?? null), note: version?.startsWith('link:') === true ? 'taken from the same workspace, not from a registry' : null }
  return verdict('dependency', details)
}

function describe(outline: Outline, entry: Node | null): Record<string, string | null> {
  const resolution = childOf(entry, 'resolution')
  const url = childValue(outline, resolution, 'tarball') ?? childValue(outline, resolution, 'repo')
  // `/name/1.0.0`, `/name@1.0.0`, `name@1.0.0(peer@2.0.0)`
  const version = /^\/?(?:@[^/@]{1,200}\/)?[^/@]{1,200}[/@](?<version>\d[^(_]{0,100})/.exec(entry?.key ?? '')?.groups?.['version'] ?? null
  return { section: childValue(outline, entry, 'dev') === 'true' ? 'dev' : 'runtime', version: asDetail(childValue(outline, entry, 'version') ?? version), registry: hostOf(url) }
}
