import type { SourceText } from '../evidence/source-text.ts'
import { childOf, childValue, type Node, type Outline } from '../evidence/structure/outline.ts'
import { outlineXml } from '../evidence/structure/xml.ts'
import type { Judge, Ours, Project, Use } from './contract.ts'
import { addressAt, judgement, judgePlaces, shortly, type Address } from './judging.ts'

/**
 * NuGet asks all sources at once, those of the person and nuget.org too unless `<clear />` stands first;
 * packageSourceMapping binds names to sources (https://learn.microsoft.com/nuget/consume-packages/package-source-mapping).
 */
export const nuget: Judge = {
  id: 'NuGet',
  ecosystem: 'nuget',
  isManifest: ({ base }) => /\.(?:cs|fs|vb)proj$/.test(base) || base === 'directory.packages.props' || base === 'packages.config',
  isSetting: ({ base }) => base === 'nuget.config',
  judge(project, ours) {
    const uses = ours.uses('nuget', project.manifests)
    const { sources, cleared, mappings } = readSettings(project, ours)
    const fix = `nuget.config\n<packageSources><clear /><add key="internal" value="https://${ours.host}/nuget/v3/index.json" /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" /></packageSources>\n`
      + `<packageSourceMapping><packageSource key="internal"><package pattern="${uses[0]?.name.split('.')[0] ?? 'Company'}.*" /></packageSource><packageSource key="nuget.org"><package pattern="*" /></packageSource></packageSourceMapping>`
    const mine = sources.find(({ address }) => address.direction === 'ours')
    if (mappings.length > 0 && uses.length > 0) {
      const open = uses.find((use) => !isBound(use, mappings, sources))
      if (open === undefined) return judgement('safe', mine?.address ?? uses[0] ?? { path: '', line: 1 }, `packageSourceMapping binds our names to ${mine === undefined ? 'our source' : shortly(mine.address)}`)
      return judgement('exposed', open, `packageSourceMapping does not bind ${open.name} to our source alone`, fix)
    }
    if (mappings.length > 0 && mine !== undefined) return judgement('safe', mine.address, 'packageSourceMapping binds every name to a source')
    return judgePlaces(uses, sources.map(({ address }) => address), cleared ? null : 'nuget.org', fix)
  },
}

interface Source { readonly key: string; readonly address: Address }
interface Mapping { readonly source: string; readonly pattern: string }

/** Nearest first: what stands above a `<clear />` does not count. */
function readSettings({ settings }: Project, ours: Ours): { sources: Source[]; cleared: boolean; mappings: Mapping[] } {
  const sources: Source[] = []
  const mappings: Mapping[] = []
  for (const file of settings) {
    const outline = outlineXml(file.text)
    const configuration = childOf(outline.root, 'configuration')
    const added = childOf(configuration, 'packageSources')
    sources.push(...readSources(file, outline, added, ours))
    const mapped = childOf(configuration, 'packageSourceMapping')
    for (const source of mapped?.children ?? []) {
      const key = attribute(outline, source, 'key')
      for (const item of source.children) {
        const pattern = attribute(outline, item, 'pattern')
        if (key !== null && pattern !== null) mappings.push({ source: key, pattern: pattern.toLowerCase() })
      }
    }
    if (childOf(added, 'clear') !== null) return { sources, cleared: true, mappings }
  }
  return { sources, cleared: false, mappings }
}

function attribute(outline: Outline, node: Node, name: string): string | null {
  return childValue(outline, node, `@${name}`)
}

function readSources(file: SourceText, outline: Outline, added: Node | null, ours: Ours): Source[] {
  return (added?.children ?? []).flatMap((node) => {
    const url = attribute(outline, node, 'value')
    const at = childOf(node, '@value')
    // A folder is on this machine.
    if (node.key !== 'add' || url === null || at === null || !/^https?:|[%$]/i.test(url)) return []
    return [{ key: attribute(outline, node, 'key') ?? '', address: addressAt(file, at.start, url, ours) }]
  })
}

/** The longest pattern that fits counts; all its sources must be ours. */
function isBound(use: Use, mappings: readonly Mapping[], sources: readonly Source[]): boolean {
  const name = use.name.toLowerCase()
  const fitting = mappings.filter(({ pattern }) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern))
  const longest = Math.max(...fitting.map(({ pattern }) => pattern.length))
  const bound = fitting.filter(({ pattern }) => pattern.length === longest).map(({ source }) => sources.find(({ key }) => key === source))
  return bound.length > 0 && bound.every((source) => source?.address.direction === 'ours')
}
