import type { SourceText } from '../evidence/source-text.ts'
import { outlineIni } from '../evidence/structure/ini.ts'
import { outlineJson } from '../evidence/structure/json.ts'
import { childOf, childValue, nodeAt, valueOf, type Node, type Outline } from '../evidence/structure/outline.ts'
import { outlineToml } from '../evidence/structure/toml.ts'
import { outlineYaml } from '../evidence/structure/yaml.ts'
import type { Judge, Judgement, Ours, Project, Use } from './contract.ts'
import { addressAt, findAddresses, judgement, onlyInBuild, shortly, unsaid, type Address } from './judging.ts'

const publicRegistry = 'the public npm registry'

/**
 * npm, pnpm, Yarn and bun: a scope has one registry, every other name the default one
 * (https://docs.npmjs.com/cli/configuring-npm/npmrc, https://yarnpkg.com/configuration/yarnrc).
 */
export const npm: Judge = {
  id: 'npm',
  ecosystem: 'npm',
  isManifest: ({ base }) => base === 'package.json',
  isSetting: ({ base }) => ['.npmrc', '.yarnrc', '.yarnrc.yml', 'bunfig.toml'].includes(base),
  judge(project, ours) {
    const everywhere = `.npmrc beside package.json: the same as in the build, for instance\nregistry=https://${ours.host}/npm/`
    const settings = readSettings(project, ours)
    const uses = ours.uses('npm', project.manifests)
    const local = localIn(project.manifests)
    const judged = uses.map((use) => (local.has(use.name) ? judgement('safe', use, `${use.name} comes from a folder, the workspace or a Git repository`) : judgeUse(use, settings, ours)))
    const worst = judged.find(({ verdict }) => verdict === 'exposed') ?? judged.find(({ verdict }) => verdict === 'unknown') ?? judged[0]
    if (worst !== undefined) return onlyInBuild(worst, project, everywhere)
    const mine = settings.find(({ address }) => address.direction === 'ours')
    return mine === undefined ? null : onlyInBuild(judgement('safe', mine.address, `${mine.scope ?? 'everything'} comes from our registry ${shortly(mine.address)}`), project, everywhere)
  },
}

/** What asks no registry (https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies, https://pnpm.io/workspaces#workspace-protocol-workspace). */
const localSpecifier = /^(?:workspace|file|link|portal|git|git\+\w{2,5}|github|gitlab|bitbucket|gist):|^(?:\.{1,2}|~)?\/|^git@/

/** Peers do not count: whoever installs the project brings them. */
const installing = ['dependencies', 'devDependencies', 'optionalDependencies']

/** Names that come from no registry, wherever the project installs them. */
function localIn(manifests: readonly SourceText[]): ReadonlySet<string> {
  const wanted = manifests.flatMap((file) => {
    const outline = outlineJson(file.text)
    return installing.flatMap((table) => (childOf(outline.root, table)?.children ?? []).map((node) => ({ name: node.key, isLocal: localSpecifier.test(valueOf(outline, node) ?? '') })))
  })
  const others = new Set(wanted.flatMap(({ name, isLocal }) => (isLocal ? [] : [name])))
  return new Set(wanted.flatMap(({ name }) => (others.has(name) ? [] : [name])))
}

/** `scope` null: the default registry. */
interface Setting {
  readonly scope: string | null
  readonly address: Address
}

function judgeUse(use: Use, settings: readonly Setting[], ours: Ours): Judgement {
  const scope = use.name.startsWith('@') ? (use.name.split('/')[0] ?? null) : null
  const setting = settings.find((candidate) => scope !== null && candidate.scope === scope) ?? settings.find((candidate) => candidate.scope === null)
  const fix = scope === null
    ? `.npmrc beside package.json (every name then comes from there; better: move ${use.name} into a scope)\nregistry=https://${ours.host}/npm/`
    : `.npmrc beside package.json\n${scope}:registry=https://${ours.host}/npm/`
  if (setting === undefined) return unsaid(use, publicRegistry, fix)
  const { address } = setting
  if (address.direction === 'ours') return judgement('safe', address, `${scope ?? use.name} comes from our registry ${shortly(address)}`)
  if (address.direction === 'unknown') return judgement('unknown', address, `${use.name} comes from an address that a variable holds`, fix)
  return judgement('exposed', address, `${use.name} is installed from ${shortly(address)}`, fix)
}

/** Nearest first: the first that fits counts. */
function readSettings({ settings, builds }: Project, ours: Ours): Setting[] {
  return [...settings.flatMap((file) => readSetting(file, ours)), ...readBuilds(builds, ours)]
}

function readSetting(file: SourceText, ours: Ours): Setting[] {
  const at = (outline: Outline, node: Node | null, scope: string | null): Setting[] => {
    const url = valueOf(outline, node)
    return node === null || url === null ? [] : [{ scope, address: addressAt(file, node.start, url, ours) }]
  }
  if (file.base === '.npmrc') {
    const outline = outlineIni(file.text)
    return outline.root.children.flatMap((node) => {
      const scope = /^(?<scope>@[^:/\s]{1,214}):registry$/.exec(node.key)?.groups?.['scope']
      return scope !== undefined ? at(outline, node, scope) : node.key === 'registry' ? at(outline, node, null) : []
    })
  }
  if (file.base === '.yarnrc.yml') {
    const outline = outlineYaml(file.text)
    const scopes = childOf(outline.root, 'npmScopes')?.children ?? []
    return [...scopes.flatMap((node) => at(outline, childOf(node, 'npmRegistryServer'), `@${node.key}`)), ...at(outline, childOf(outline.root, 'npmRegistryServer'), null)]
  }
  if (file.base === 'bunfig.toml') {
    const outline = outlineToml(file.text)
    const scopes = nodeAt(outline.root, ['install', 'scopes'])?.children ?? []
    const registry = nodeAt(outline.root, ['install', 'registry'])
    return [
      ...scopes.flatMap((node) => at(outline, childValue(outline, node, 'url') === null ? node : childOf(node, 'url'), node.key.startsWith('@') ? node.key : `@${node.key}`)),
      ...at(outline, childOf(registry, 'url') ?? registry, null),
    ]
  }
  return [...file.text.matchAll(/^[ \t]{0,20}"?(?:(?<scope>@[^:/\s"]{1,214}):)?registry"?[ \t]{1,20}"?(?<url>[^\s"]{1,500})/gm)].map((found) => ({
    scope: found.groups?.['scope'] ?? null, address: addressAt(file, found.index, found.groups?.['url'] ?? '', ours),
  }))
}

function readBuilds(builds: readonly SourceText[], ours: Ours): Setting[] {
  const scoped = builds.flatMap((file) => [...file.text.matchAll(/(?<scope>@[\w.-]{1,214}):registry["']?(?:[ \t]{1,4}|=)["']?(?<url>[^\s"']{1,500})/g)].map((found) => ({
    scope: found.groups?.['scope'] ?? null, address: addressAt(file, found.index, found.groups?.['url'] ?? '', ours),
  })))
  const general = findAddresses(builds, /(?:\bnpm_config_registry|\bYARN_NPM_REGISTRY_SERVER)["']?[ \t]{0,4}[=: ][ \t]{0,4}["']?(?<url>[^\s"']{4,500})|\bconfig set registry[ =](?<url>[^\s"']{4,500})|--registry[ =]["']?(?<url>[^\s"']{4,500})/gi, ours)
  return [...scoped, ...general.map((address) => ({ scope: null, address }))]
}
