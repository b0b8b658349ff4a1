import { outlineToml } from '../evidence/structure/toml.ts'
import { childOf, childValue, nodeAt, valueOf, type Node, type Outline } from '../evidence/structure/outline.ts'
import type { SourceText } from '../evidence/source-text.ts'
import type { Judge, Judgement, Ours, Project, Use } from './contract.ts'
import { addressAt, findAddresses, judgement, onlyInBuild, shortly, unsaid, type Address } from './judging.ts'

/** Cargo: a dependency comes from the registry that it names, else from crates.io or what replaces it (https://doc.rust-lang.org/cargo/reference/registries.html). */
export const crates: Judge = {
  id: 'Cargo',
  ecosystem: 'crates',
  isManifest: ({ base }) => base === 'cargo.toml',
  isSetting: ({ path }) => /(?:^|\/)\.cargo\/config(?:\.toml)?$/.test(path),
  judge(project, ours) {
    const registries = readRegistries(project, ours)
    const judged = ours.uses('crates', project.manifests).map((use) => judgeUse(use, project, registries, ours))
    const worst = judged.find(({ verdict }) => verdict === 'exposed') ?? judged.find(({ verdict }) => verdict === 'unknown') ?? judged[0]
    if (worst !== undefined) return onlyInBuild(worst, project, `.cargo/config.toml\n[registries.internal]\nindex = "sparse+https://${ours.host}/cargo/"`)
    const mine = [...registries.values()].find(({ direction }) => direction === 'ours')
    return mine === undefined ? null : judgement('safe', mine, `only what names it comes from ${shortly(mine)}`)
  },
}

/** By name; what replaces crates.io is called `crates-io`. */
function readRegistries({ settings, builds }: Project, ours: Ours): Map<string, Address> {
  const found = new Map<string, Address>()
  for (const file of settings) {
    const outline = outlineToml(file.text)
    const at = (node: Node | null): Address | null => (node === null || node.start < 0 ? null : addressAt(file, node.start, valueOf(outline, node) ?? '', ours))
    const put = (name: string, address: Address | null): void => { if (address !== null && !found.has(name)) found.set(name, address) }
    for (const registry of childOf(outline.root, 'registries')?.children ?? []) put(registry.key, at(childOf(registry, 'index')))
    const replacement = childValue(outline, nodeAt(outline.root, ['source', 'crates-io']), 'replace-with')
    const source = replacement === null ? null : nodeAt(outline.root, ['source', replacement])
    put('crates-io', at(childOf(source, 'registry')) ?? (replacement === null ? null : (found.get(replacement) ?? null)))
  }
  for (const file of builds) {
    for (const [name, address] of namedInBuild(file, ours)) if (!found.has(name)) found.set(name, address)
  }
  return found
}

function namedInBuild(file: SourceText, ours: Ours): [string, Address][] {
  const names = [...file.text.matchAll(/\bCARGO_REGISTRIES_(?<name>\w{1,100}?)_INDEX\b/g)].map(({ groups }) => (groups?.['name'] ?? '').toLowerCase().replaceAll('_', '-'))
  const addresses = findAddresses([file], /\bCARGO_REGISTRIES_\w{1,100}?_INDEX["']?[ \t]{0,4}[=:][ \t]{0,4}["']?(?<url>[^\s"']{4,500})/g, ours)
  return addresses.flatMap((address, at): [string, Address][] => [[names[at] ?? '', address]])
}

function judgeUse(use: Use, { manifests }: Project, registries: ReadonlyMap<string, Address>, ours: Ours): Judgement {
  const fix = `.cargo/config.toml\n[registries.internal]\nindex = "sparse+https://${ours.host}/cargo/"\n\nCargo.toml\n[dependencies]\n${use.name} = { version = "*", registry = "internal" }`
  const file = manifests.find(({ path }) => path === use.path)
  const outline = file === undefined ? null : outlineToml(file.text)
  const entry = outline === null ? null : entryOf(outline, use.name)
  const value = (key: string): string | null => (outline === null ? null : childValue(outline, entry, key))
  if (value('git') !== null || value('path') !== null) return judgement('safe', use, `${use.name} comes from a folder or a Git repository`)
  const name = value('registry')
  const address = registries.get(name ?? 'crates-io')
  if (name === null && (address === undefined || address.direction === 'other')) return unsaid(use, 'crates.io', fix)
  if (address === undefined) return judgement('unknown', use, `${use.name} names a registry that is configured elsewhere`, fix)
  if (address.direction === 'ours') return judgement('safe', address, `${use.name} comes from ${shortly(address)} alone`)
  return judgement(address.direction === 'unknown' ? 'unknown' : 'exposed', address, `${use.name} is installed from ${shortly(address)}`, fix)
}

const tables = ['dependencies', 'dev-dependencies', 'build-dependencies']

function entryOf(outline: Outline, name: string): Node | null {
  const key = (text: string): string => text.replaceAll('_', '-')
  const places = [outline.root, childOf(outline.root, 'workspace'), ...(childOf(outline.root, 'target')?.children ?? [])]
  const entries = places.flatMap((place) => tables.flatMap((table) => childOf(place, table)?.children ?? []))
  return entries.find((entry) => key(childValue(outline, entry, 'package') ?? entry.key) === key(name)) ?? null
}
