import { verdict, type Format, type Verdict } from '../format.ts'
import { readCommand } from '../commands.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { childValue, valueOf } from '../structure/outline.ts'
import { asDetail, hostOf, isInsideUrl } from '../urls.ts'

/** Sections whose keys are packages, with our word for them. https://docs.npmjs.com/cli/configuring-npm/package-json */
export const npmSections: ReadonlyMap<string, string> = new Map([
  ['dependencies', 'runtime'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
  ['peerDependenciesMeta', 'peer'],
  ['dependenciesMeta', 'runtime'],
  ['bundledDependencies', 'bundled'],
  ['bundleDependencies', 'bundled'],
  ['overrides', 'override'],
  ['resolutions', 'override'],
  ['catalog', 'catalog'],
  ['catalogs', 'catalog'],
  ['trustedDependencies', 'runtime'],
])

const prose = new Set(['description', 'keywords', 'author', 'contributors', 'maintainers', 'license', 'homepage', 'bugs', 'funding'])
/** Fields of other tools that load what they name as a package. */
const loaders = new Set(['prettier', 'eslintConfig', 'babel', 'stylelint', 'commitlint', 'renovate', 'jest', 'imports', 'ava', 'mocha', 'remarkConfig', 'release'])

/** package.json of npm, yarn, pnpm and bun. */
export const packageJson: Format = {
  id: 'package-json',
  claimsPath: (file) => file.base === 'package.json' || /^package(?:\.[\w-]+)?\.json(?:\.(?:bak|old|orig|example|sample|template|tmpl|dist|txt|in))?$/.test(file.base) && !file.base.startsWith('package-lock'),
  claimsContent: (head) =>
    /^\s*[{"]/.test(head) && /"(?:dependencies|devDependencies|peerDependencies|optionalDependencies)"\s*:\s*\{/.test(head) && !/"(?:lockfileVersion|require-dev)"/.test(head),
  read: readOutline(outlineJson, readSpot),
}

function readSpot(found: Found): Verdict {
  const { file, outline, spot, path, place } = found
  const [first = '', second = ''] = path
  const section = npmSections.get(first) ?? (first === 'pnpm' || first === 'workspaces' ? npmSections.get(second) : undefined)
  if (section !== undefined) return readDependency(found, section)
  if (first === 'name' && path.length === 1) return verdict('own-name', { section: childValue(outline, outline.root, 'private') === 'true' ? 'private' : null, version: asDetail(childValue(outline, outline.root, 'version')) })
  if (first === 'workspaces') return verdict('own-name', { section: 'workspaces' })
  if (first === 'publishConfig') return verdict('registry-config', { key: asDetail(second), registry: hostOf(valueOf(outline, spot.node)) })
  if (prose.has(first)) return verdict('prose', { section: first })
  if (first === 'scripts') return readCommand(file, place, spot.start) ?? verdict('code', { section: 'scripts' })
  if (loaders.has(first) && spot.part === 'value') return verdict('import', { section: first })
  return verdict('code', { section: asDetail(first) })
}

/** A mention in a map of packages to specifications: the package, an alias' real package, or where it is fetched. */
export function readDependency({ outline, spot, place }: Found, section: string): Verdict {
  const value = valueOf(outline, spot.node)
  const details = { section, version: asDetail(value), note: localNote(value) }
  if (spot.part === 'value' && spot.node.key !== '[]' && isInsideUrl(value ?? '', place.start - spot.start)) {
    return verdict('resolved-url', { section, url: asDetail(value), registry: hostOf(value) })
  }
  return verdict('dependency', spot.node.key === '[]' ? { section } : details)
}

/** Specifications that no registry is asked for. */
function localNote(value: string | null): string | null {
  if (value === null) return null
  if (/^(?:file|link|portal):|^\.{0,2}\//.test(value)) return 'taken from a local folder, not from a registry'
  if (value.startsWith('workspace:')) return 'taken from the same workspace, not from a registry'
  return null
}
