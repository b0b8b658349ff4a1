import { verdict, type Format, type Verdict } from '../format.ts'
import { readOutline, type Found } from '../read-outline.ts'
import { childValue, closest, pathOf, type Node, type Outline } from '../structure/outline.ts'
import { outlineXml } from '../structure/xml.ts'
import { asDetail, hostOf } from '../urls.ts'

/** Elements that stand for one artifact, with our word for the section. https://maven.apache.org/pom.html */
const artifacts: ReadonlyMap<string, string> = new Map([
  ['dependency', 'runtime'],
  ['plugin', 'build'],
  ['extension', 'build'],
  ['parent', 'parent'],
  ['path', 'build'],
  ['annotationProcessorPath', 'build'],
  ['exclusion', 'exclusion'],
])
const artifactNames = new Set(artifacts.keys())
/** Elements that say from where or to where things are fetched; settings.xml has the same. */
const registryElements = new Set(['repository', 'pluginRepository', 'snapshotRepository', 'distributionManagement', 'mirror', 'server', 'proxy'])
const coordinates = new Set(['groupId', 'artifactId', 'version', 'classifier', 'type', 'relativePath'])
const prose = new Set(['name', 'description', 'organization', 'developers', 'contributors', 'licenses', 'url', 'inceptionYear', 'issueManagement', 'ciManagement', 'mailingLists'])

/** Maven: pom.xml. */
export const pom: Format = {
  id: 'pom',
  claimsPath: (file) => file.base === 'pom.xml' || file.extension === 'pom' || /^pom[._-][\w.-]+\.xml$/.test(file.base),
  claimsContent: (head) => (/<project[\s>]/.test(head) && /<(?:modelVersion|artifactId)>|maven\.apache\.org\/POM/.test(head)) || /<(?:dependency|plugin|parent)>\s{0,100}(?:<!--[^>]{0,200}-->\s{0,100})?<(?:groupId|artifactId)>/.test(head),
  read: readOutline(outlineXml, readSpot),
}

/** Maven: settings.xml and the extensions file. */
export const mavenSettings: Format = {
  id: 'maven-settings',
  claimsPath: (file) => (/^settings[\w.-]*\.xml$/.test(file.base) && !file.path.includes('.idea/')) || /(?:^|\/)\.mvn\/extensions\.xml$/.test(file.path),
  claimsContent: (head) => /<settings[\s>]/.test(head) && /<(?:mirrors|servers|profiles|localRepository|proxies)>/.test(head),
  read: readOutline(outlineXml, readSpot),
}

function readSpot({ outline, spot, path }: Found): Verdict {
  const registry = closest(spot.node, registryElements)
  if (registry !== null) {
    const url = childValue(outline, registry, 'url')
    return verdict('registry-config', { key: registry.key, registry: hostOf(url), url: asDetail(url) })
  }
  const artifact = closest(spot.node, artifactNames)
  if (artifact !== null && isCoordinate(spot.node, artifact)) return readArtifact(outline, artifact)
  if (path[0] === 'project' && path.length === 2 && (path[1] === 'groupId' || path[1] === 'artifactId')) {
    return verdict('own-name', { version: asDetail(childValue(outline, outline.root.children[0] ?? null, 'version')) })
  }
  if (path.at(-1) === 'module') return verdict('own-name', { section: 'modules' })
  if (path[0] === 'project' && prose.has(path[1] ?? '')) return verdict('prose', { section: path[1] ?? null })
  return verdict('code', { section: asDetail(path[1] ?? null) })
}

/** A coordinate directly in the artifact's element; the configuration of a plugin is something else. */
function isCoordinate(node: Node, artifact: Node): boolean {
  return node === artifact || (node.parent === artifact && coordinates.has(node.key))
}

function readArtifact(outline: Outline, artifact: Node): Verdict {
  const scope = childValue(outline, artifact, 'scope')
  const managed = pathOf(artifact).some((key) => key === 'dependencyManagement' || key === 'pluginManagement')
  const version = asDetail(childValue(outline, artifact, 'version'))
  if (artifact.key === 'exclusion') return verdict('code', { section: 'exclusion' })
  const section = scope === 'test' || scope === 'provided' || scope === 'runtime' ? scope : (artifacts.get(artifact.key) ?? 'runtime')
  return verdict('dependency', { section: managed && scope !== 'import' ? 'managed' : section, version })
}
