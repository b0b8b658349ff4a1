import path from 'node:path'
import { walk } from '../evidence/declaration.ts'
import type { SourceText } from '../evidence/source-text.ts'
import { childOf, childValue, valueOf, type Node } from '../evidence/structure/outline.ts'
import { outlineXml } from '../evidence/structure/xml.ts'
import type { Judge, Ours, Use } from './contract.ts'
import { addressAt, judgement, judgePlaces, onlyInBuild, shortly, type Address } from './judging.ts'

/**
 * Maven asks every repository, the central one too unless it is mirrored or named anew
 * (https://maven.apache.org/guides/mini/guide-mirror-settings.html).
 */
export const maven: Judge = {
  id: 'Maven',
  ecosystem: 'maven',
  isManifest: ({ base }) => base === 'pom.xml' || base.endsWith('.pom'),
  isSetting: ({ base }) => base === 'settings.xml' || base === 'pom.xml',
  judge(project, ours) {
    const files = [...new Set([...project.manifests, ...project.settings])]
    const uses = ours.uses('maven', project.manifests).filter((use) => !isParentBeside(use, files))
    const fix = `settings.xml\n<mirrors><mirror><id>internal</id><mirrorOf>*</mirrorOf><url>https://${ours.host}/maven</url></mirror></mirrors>`
    const mirrors = files.flatMap((file) => readAll(file, 'mirror', ours)).filter(({ of }) => /(?:^|,)\s*(?:\*|external:\*|central)\s*(?:,|$)/.test(of) && !/!\s*central/.test(of))
    const everything = mirrors.find(({ of }) => of.includes('*'))
    if (everything?.address.direction === 'ours') return onlyInBuild(judgement('safe', everything.address, `the mirror ${shortly(everything.address)} stands for every repository`), project, fix)
    const repositories = files.flatMap((file) => readAll(file, 'repository', ours))
    const central = [...mirrors, ...repositories.filter(({ id }) => id === 'central')]
    const places = [...mirrors, ...repositories].map(({ address }) => address)
    return judgePlaces(uses, places, central.length > 0 ? null : 'the central repository', fix)
  },
}

/**
 * A parent that lies where `relativePath` says (without it: one folder up) is taken from there, and nobody is asked for it
 * (https://maven.apache.org/ref/3.9.9/maven-model/maven.html#class_parent).
 */
function isParentBeside(use: Use, files: readonly SourceText[]): boolean {
  const file = files.find(({ path: at }) => at === use.path)
  if (file === undefined) return false
  const outline = outlineXml(file.text)
  const parent = outline.at(use.start, use.start + 1)?.node.parent ?? null
  if (parent?.key !== 'parent' || parent.parent?.key !== 'project') return false
  const relative = childOf(parent, 'relativePath') === null ? '../pom.xml' : (childValue(outline, parent, 'relativePath') ?? '')
  if (relative === '') return false
  const at = path.posix.join(path.posix.dirname(file.path), relative)
  const beside = files.find((other) => other.path === at || other.path === `${at}/pom.xml`)
  return beside !== undefined && coordinatesOf(beside) === ['groupId', 'artifactId', 'version'].map((key) => childValue(outline, parent, key)?.trim()).join(':')
}

/** What a pom does not say of itself its parent says. */
function coordinatesOf(file: SourceText): string {
  const outline = outlineXml(file.text)
  const project = childOf(outline.root, 'project')
  const parent = project === null ? null : childOf(project, 'parent')
  const said = (node: Node | null, key: string): string | undefined => (node === null ? undefined : childValue(outline, node, key)?.trim())
  return [said(project, 'groupId') ?? said(parent, 'groupId'), said(project, 'artifactId'), said(project, 'version') ?? said(parent, 'version')].join(':')
}

interface Repository {
  readonly id: string
  /** `mirrorOf`; '' of a repository. */
  readonly of: string
  readonly address: Address
}

/** Where a project deploys to, and its own source, are no places it resolves from. */
const elsewhere = new Set(['distributionManagement', 'scm'])

function readAll(file: SourceText, element: 'mirror' | 'repository', ours: Ours): Repository[] {
  const outline = outlineXml(file.text)
  const found: Repository[] = []
  for (const node of walk(outline.root)) {
    const url = childOf(node, 'url')
    const text = valueOf(outline, url)
    if (node.key !== element || url === null || text === null || elsewhere.has(node.parent?.key ?? '')) continue
    found.push({ id: childValue(outline, node, 'id') ?? '', of: childValue(outline, node, 'mirrorOf') ?? '', address: addressAt(file, url.start, text, ours) })
  }
  return found
}
