import { walk, type Declarer } from '../declaration.ts'
import { outlineToml } from '../structure/toml.ts'
import { childOf, childValue, valueOf, type Node, type Outline } from '../structure/outline.ts'
import { outlineXml } from '../structure/xml.ts'

type Tell = Parameters<Declarer>[1]

const artifacts = new Set(['dependency', 'plugin', 'extension', 'parent', 'path', 'annotationProcessorPath', 'artifactItem'])
const ownGroup = new Set(['${project.groupId}', '${pom.groupId}', '${groupId}', '${project.parent.groupId}'])

/** pom.xml: every artifact with its group; its own group is the parent's where it has none of its own. */
export const declarePom: Declarer = (file, tell) => {
  const outline = outlineXml(file.text)
  const project = childOf(outline.root, 'project')
  const own = childValue(outline, project, 'groupId') ?? childValue(outline, childOf(project, 'parent'), 'groupId')
  for (const node of walk(outline.root)) {
    if (node !== project && !artifacts.has(node.key)) continue
    const written = childValue(outline, node, 'groupId')
    const group = node === project || (written !== null && ownGroup.has(written)) ? own : written
    tellArtifact(outline, childOf(node, 'artifactId'), group, tell)
  }
}

function tellArtifact(outline: Outline, artifact: Node | null, group: string | null, tell: Tell): void {
  const name = valueOf(outline, artifact)
  if (artifact !== null && name !== null && group !== null) tellCoordinates(group, name, artifact.start, artifact.end, tell)
}

const groupId = /^[\w.-]{1,200}$/

function tellCoordinates(group: string, artifact: string, start: number, end: number, tell: Tell): void {
  if (groupId.test(group) && groupId.test(artifact)) tell({ name: `${group}:${artifact}`, ecosystem: 'maven', start, end, group })
}

/** build.gradle and its kin: `'group:artifact:version'`, and `group: 'g', name: 'a'`. */
export const declareGradle: Declarer = (file, tell) => {
  tellPairs(/["'](?<group>[\w.-]{1,200}):(?<artifact>[\w.-]{1,200})(?::[^"'\n]{0,200})?["']/g, file.text, tell)
  tellPairs(/\bgroup\s{0,4}[:=]\s{0,4}["'](?<group>[\w.-]{1,200})["']\s{0,4},\s{0,80}(?:name|module)\s{0,4}[:=]\s{0,4}["'](?<artifact>[\w.-]{1,200})["']/g, file.text, tell)
}

/** build.sbt: `"group" %% "artifact"`. */
export const declareSbt: Declarer = (file, tell) =>
  tellPairs(/"(?<group>[\w.-]{1,200})"\s{0,4}%{1,3}\s{0,4}"(?<artifact>[\w.-]{1,200})"/g, file.text, tell)

function tellPairs(pattern: RegExp, text: string, tell: Tell): void {
  for (const found of text.matchAll(pattern)) {
    const { group = '', artifact = '' } = found.groups ?? {}
    const start = found.index + found[0].indexOf(artifact, found[0].indexOf(group) + group.length)
    tellCoordinates(group, artifact, start, start + artifact.length, tell)
  }
}

/** gradle/libs.versions.toml: `module = "g:a"`, `group` and `name`, or `"g:a:1.0"`. */
export const declareCatalog: Declarer = (file, tell) => {
  const outline = outlineToml(file.text)
  for (const entry of childOf(outline.root, 'libraries')?.children ?? []) {
    const node = entry.start >= 0 ? entry : childOf(entry, 'module')
    const [group, artifact] = (valueOf(outline, node) ?? '').split(':')
    if (node === null) tellArtifact(outline, childOf(entry, 'name'), childValue(outline, entry, 'group'), tell)
    else if (group !== undefined && artifact !== undefined) tellCoordinates(group, artifact, node.start + group.length + 1, node.start + group.length + 1 + artifact.length, tell)
  }
}
