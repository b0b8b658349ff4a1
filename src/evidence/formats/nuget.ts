import { verdict, type Format, type Verdict } from '../format.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { outlineJson } from '../structure/json.ts'
import { outlineXml } from '../structure/xml.ts'
import { childOf, childValue, closest, nodeAt, valueOf, type Node, type Outline } from '../structure/outline.ts'
import { asDetail, hostOf } from '../urls.ts'

/** nuget.config. https://learn.microsoft.com/nuget/reference/nuget-config-file */
export const nugetConfig: Format = {
  id: 'nuget-config',
  claimsPath: (file) => /^(?:.*[._-])?nuget[\w.-]*\.config$/.test(file.base),
  claimsContent: (head) => /<configuration>/.test(head) && /<(?:packageSources|packageSourceMapping|packageSourceCredentials)>/.test(head),
  read: readOutline(outlineXml, ({ outline, spot }) => {
    const secret = closest(spot.node, new Set(['packageSourceCredentials', 'apikeys'])) !== null
    const add = spot.node.key.startsWith('@') ? spot.node.parent : spot.node
    const url = childValue(outline, add, '@value')
    return verdict('registry-config', { key: asDetail(add?.key ?? null), registry: secret ? null : hostOf(url), url: secret || url?.includes('://') !== true ? null : asDetail(url) })
  }),
}

/** Elements whose `Include` or `Update` is a package. */
const references: ReadonlyMap<string, string> = new Map([
  ['PackageReference', 'runtime'],
  ['PackageVersion', 'managed'],
  ['GlobalPackageReference', 'runtime'],
  ['PackageDownload', 'build'],
  ['DotNetCliToolReference', 'build'],
])
const referenceNames = new Set(references.keys())
const ownNames = new Set(['PackageId', 'AssemblyName', 'RootNamespace', 'Product'])
const prose = new Set(['Description', 'PackageDescription', 'Authors', 'Company', 'Copyright', 'PackageTags', 'PackageReleaseNotes', 'Title', 'PackageProjectUrl', 'description', 'summary', 'authors', 'owners', 'title', 'tags', 'projectUrl', 'copyright', 'releaseNotes'])
const registryElements = new Set(['RestoreSources', 'RestoreAdditionalProjectSources', 'PackageSource', 'NuGetSource', 'RestoreConfigFile'])

/** Project files of MSBuild. https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files */
export const msbuild: Format = {
  id: 'msbuild',
  claimsPath: (file) => /^(?:csproj|fsproj|vbproj|vcxproj|props|targets|pkgproj|proj|projitems|esproj|sqlproj)$/.test(file.extension),
  claimsContent: (head) => /<Project[\s>]/.test(head) || /<(?:PackageReference|PackageVersion)\s+(?:Include|Update)=/.test(head),
  read: readOutline(outlineXml, readProject),
}

function readProject({ outline, spot }: Found): Verdict {
  const { node } = spot
  const reference = closest(node, referenceNames)
  if (reference !== null) {
    const isName = node.key === '@Include' || node.key === '@Update'
    const version = childValue(outline, reference, '@Version') ?? childValue(outline, reference, 'Version') ?? childValue(outline, reference, '@VersionOverride')
    return isName ? verdict('dependency', { section: references.get(reference.key) ?? 'runtime', version: asDetail(version) }) : verdict('code', { section: reference.key })
  }
  if (closest(node, new Set(['Sdk'])) !== null || node.key === '@Sdk') return verdict('dependency', { section: 'build' })
  if (closest(node, registryElements) !== null) return verdict('registry-config', { key: asDetail(node.key), registry: hostOf(valueOf(outline, node)) })
  // An assembly on disk: proves the name, asks no registry.
  if (node.parent?.key === 'Reference' && node.key === '@Include') return verdict('import', { language: '.NET' })
  if (ownNames.has(node.key)) return verdict('own-name', { section: node.key })
  return verdict(prose.has(node.key) ? 'prose' : 'code', { section: asDetail(node.key) })
}

/** packages.config of older projects, and .nuspec, the manifest of a package. */
export const nugetPackages: Format = {
  id: 'nuget-packages',
  claimsPath: (file) => /^packages(?:\.[\w.-]+)?\.config$/.test(file.base) || file.extension === 'nuspec',
  claimsContent: (head) => /<packages>\s*<package\s/.test(head) || /<package\b[^>]{0,200}>\s*<metadata/.test(head),
  read: readOutline(outlineXml, ({ outline, spot: { node }, path }) => {
    const owner = node.key.startsWith('@') ? node.parent : node
    if (node.key === '@id' && (owner?.key === 'package' || owner?.key === 'dependency')) return verdict('dependency', { section: childValue(outline, owner, '@developmentDependency') === 'true' ? 'dev' : 'runtime', version: asDetail(childValue(outline, owner, '@version')) })
    if (path.at(-1) === 'id' && path.includes('metadata')) return verdict('own-name', { version: asDetail(childValue(outline, node.parent, 'version')) })
    return verdict(prose.has(node.key) ? 'prose' : 'code', { section: asDetail(node.key) })
  }),
}

/** packages.lock.json, and project.assets.json, which a restore leaves behind. */
export const nugetLock: Format = {
  id: 'nuget-lock',
  claimsPath: (file) => file.base === 'packages.lock.json' || file.base === 'project.assets.json',
  claimsContent: (head) => /^\s*\{/.test(head) && /"contentHash"\s*:/.test(head) && /"resolved"\s*:/.test(head),
  read: readOutline(outlineJson, ({ outline, spot, path }) => {
    const [first = '', , name = ''] = path
    if (/^(?:sources|configFilePaths|fallbackFolders)$/.test(spot.node.key) || path.includes('sources')) return verdict('registry-config', { key: 'sources', registry: hostOf(spot.part === 'key' ? spot.node.key : valueOf(outline, spot.node)) })
    if (first === 'project' && /^(?:projectName|projectUniqueName)$/.test(spot.node.key)) return verdict('own-name')
    if (spot.part !== 'key') return verdict('code', { section: asDetail(first) })
    if (path.length === 3 && (first === 'dependencies' || first === 'targets')) return readLocked(outline, nodeAt(outline.root, [first, path[1] ?? '', name]))
    if (first === 'libraries' || first === 'projectFileDependencyGroups' || path.includes('dependencies')) return verdict('dependency', { section: 'runtime', version: asDetail(valueOf(outline, spot.node)) })
    return verdict('code', { section: asDetail(first) })
  }),
}

function readLocked(outline: Outline, entry: Node | null): Verdict {
  if (childValue(outline, entry, 'type')?.toLowerCase() === 'project') return verdict('own-name', { section: 'project' })
  return verdict('dependency', { section: childOf(entry, 'requested') === null ? 'transitive' : 'runtime', version: asDetail(childValue(outline, entry, 'resolved')) })
}
