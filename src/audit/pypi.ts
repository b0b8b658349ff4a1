import { foldCase } from '../matching/normalise.ts'
import type { SourceText } from '../evidence/source-text.ts'
import { childOf, childValue, nodeAt, type Node, type Outline } from '../evidence/structure/outline.ts'
import { outlineToml } from '../evidence/structure/toml.ts'
import type { Judge, Judgement, Ours, Project, Use } from './contract.ts'
import { addressAt, findAddresses, judgement, judgePlaces, onlyInBuild, shortly, unsaid, type Address } from './judging.ts'

const pypiOrg = 'the public PyPI'

/** pip takes the highest version of all its indexes; Poetry, uv, PDM and Pipenv each have rules of their own. */
export const pypi: Judge = {
  id: 'Python',
  ecosystem: 'pypi',
  isManifest: ({ base, path }) => base === 'pyproject.toml' || base === 'pipfile' || base === 'setup.cfg' || base === 'setup.py' || isRequirements(path),
  isSetting: ({ base }) => base === 'pip.conf' || base === 'pip.ini' || base === 'uv.toml',
  judge(project, ours) {
    const uses = ours.uses('pypi', project.manifests)
    for (const file of project.manifests) {
      const found = file.base === 'pipfile' ? judgePipfile(file, uses, ours) : file.base === 'pyproject.toml' ? judgePyproject(file, uses, ours) : null
      if (found !== null) return found
    }
    return judgePip(project, uses, ours)
  },
}

const isRequirements = (path: string): boolean => /(?:^|\/)(?:[\w.-]*requirements?[\w.-]*|constraints[\w.-]*|requirements\/[\w.-]+)\.(?:txt|in)$/i.test(path)

/** https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url: there is no order among indexes. */
function judgePip(project: Project, uses: readonly Use[], ours: Ours): Judgement | null {
  const requirements = project.manifests.filter(({ path }) => isRequirements(path))
  // Constraints install nothing, and a project is installed beside any of the files.
  const groups = together(requirements.filter(({ base }) => !base.startsWith('constraints')))
  const of = (group: readonly SourceText[]): Use[] => uses.filter((use) => group.some(({ path }) => path === use.path))
  const rest = uses.filter((use) => !groups.flat().some(({ path }) => path === use.path))
  const judged = [...groups.map((group) => judgeIndexes(project, group, of(group), ours)), ...(rest.length > 0 || groups.length === 0 ? [judgeIndexes(project, requirements, rest, ours)] : [])]
    .filter((found) => found !== null)
  return judged.find(({ verdict }) => verdict === 'exposed') ?? judged.find(({ verdict }) => verdict === 'unknown') ?? judged[0] ?? null
}

/** Requirements that include one another are installed together, and share their indexes; the others do not. */
function together(files: readonly SourceText[]): SourceText[][] {
  const included = new Map(files.map((file) => [file, new Set([...file.text.matchAll(/^[ \t]{0,40}(?:-r|-c|--requirement|--constraint)[ \t=]{0,4}(?:[^\s]{0,500}\/)?(?<base>[^\s/]{1,200})/gm)].map(({ groups }) => (groups?.['base'] ?? '').toLowerCase()))]))
  const areLinked = (a: SourceText, b: SourceText): boolean => included.get(a)?.has(b.base) === true || included.get(b)?.has(a.base) === true
  let groups: SourceText[][] = []
  for (const file of files) {
    const linked = groups.filter((group) => group.some((other) => areLinked(file, other)))
    groups = [...groups.filter((group) => !linked.includes(group)), [...linked.flat(), file]]
  }
  return groups
}

function judgeIndexes(project: Project, requirements: readonly SourceText[], uses: readonly Use[], ours: Ours): Judgement | null {
  const files = [...requirements, ...project.settings, ...project.builds]
  const fix = `pip.conf, or the first line of requirements.txt: one index that is ours (it passes on what is public), and no --extra-index-url\nindex-url = https://${ours.host}/pypi/simple`
  const extra = findAddresses(files, /(?:^|[\s"'])(?:--extra-index-url[ \t=]{1,4}|(?:PIP_|UV_)?extra[-_]index[-_]url["']?[ \t]{0,4}[=:][ \t]{0,4})["']?(?<url>[^\s"']{4,500})/gim, ours)
  const index = findAddresses(files, /(?:^|[\s"'])(?:--index-url[ \t=]{1,4}|(?:PIP_|UV_)?index[-_]url["']?[ \t]{0,4}[=:][ \t]{0,4})["']?(?<url>[^\s"']{4,500})/gim, ours)
  const short = findAddresses(requirements, /^[ \t]{0,40}-i[ \t=]{1,4}["']?(?<url>[^\s"']{4,500})/gm, ours)
  // `-i` is an option of sed and grep as well.
  const inBuild = findAddresses(project.builds, /\bpip[\d.]{0,5}[ \t]{1,4}(?:install|download|wheel)\b(?:\\\n|[^\n;&|]){0,500}?[ \t]-i[ \t=]{1,4}["']?(?<url>[^\s"']{4,500})/g, ours)
  const only = [...index, ...short, ...inBuild].at(0)
  const found = judgePlaces(uses, [...extra, ...(only === undefined ? [] : [only])], only === undefined ? pypiOrg : null, fix)
  return found === null ? null : onlyInBuild(found, project, fix)
}

interface Source {
  readonly name: string
  readonly address: Address
  readonly node: Node
}

function sourcesOf(file: SourceText, outline: Outline, table: Node | null, ours: Ours): Source[] {
  return (table?.children ?? []).flatMap((node) => {
    const url = childOf(node, 'url')
    return url === null ? [] : [{ name: childValue(outline, node, 'name') ?? '', node, address: addressAt(file, url.start, childValue(outline, node, 'url') ?? '', ours) }]
  })
}

const isPublic = ({ address }: Source): boolean => address.direction === 'other'
const isTrue = (value: string | null): boolean => value === 'true'
/** PEP 503. */
const keyOf = (name: string): string => foldCase(name).replaceAll(/[-_.]+/g, '-')

/** Null where the file names no source. */
function judgePyproject(file: SourceText, uses: readonly Use[], ours: Ours): Judgement | null {
  const outline = outlineToml(file.text)
  const table = (...path: string[]): Node | null => nodeAt(outline.root, ['tool', ...path])
  const poetry = [...sourcesOf(file, outline, table('poetry', 'source'), ours), ...namedPypi(file, outline, table('poetry', 'source'), ours)]
  if (poetry.length > 0) return judgePoetry(outline, poetry, uses, ours)
  const uv = sourcesOf(file, outline, table('uv', 'index'), ours)
  if (uv.length > 0) return judgeUv(outline, uv, uses, ours)
  const pdm = sourcesOf(file, outline, table('pdm', 'source'), ours)
  return pdm.length > 0 ? judgePdm(outline, pdm, uses, ours) : null
}

/** https://python-poetry.org/docs/repositories/#package-sources: a primary source takes the place of PyPI. */
function judgePoetry(outline: Outline, sources: readonly Source[], uses: readonly Use[], ours: Ours): Judgement | null {
  const priority = ({ node }: Source): string => (isTrue(childValue(outline, node, 'secondary')) ? 'secondary' : (childValue(outline, node, 'priority') ?? 'primary'))
  const fix = `pyproject.toml\n[[tool.poetry.source]]\nname = "internal"\nurl = "https://${ours.host}/pypi/simple"\npriority = "explicit"\n\n[tool.poetry.dependencies]\n${uses[0]?.name ?? 'our-package'} = { version = "*", source = "internal" }`
  const asked = sources.filter((source) => priority(source) !== 'explicit')
  const open = uses.filter((use) => !boundByPoetry(outline, use, sources))
  const isAsked = asked.some(({ address }) => address.direction === 'ours')
  if (uses.length === 0 ? !isAsked : open.length === 0) return settled(sources, uses, fix)
  const replaced = sources.some(({ name }) => name.toLowerCase() === 'pypi') || asked.some((source) => ['primary', 'default'].includes(priority(source)) && !isTrue(childValue(outline, source.node, 'secondary')))
  return judgePlaces(open, asked.map(({ address }) => address), replaced ? null : pypiOrg, fix)
}

/** `name = "PyPI"` needs no URL of its own (https://python-poetry.org/docs/repositories/#default-package-source). */
function namedPypi(file: SourceText, outline: Outline, table: Node | null, ours: Ours): Source[] {
  return (table?.children ?? []).flatMap((node) => {
    const name = childValue(outline, node, 'name') ?? ''
    return name.toLowerCase() === 'pypi' && childOf(node, 'url') === null ? [{ name, node, address: addressAt(file, Math.max(0, childOf(node, 'name')?.start ?? 0), 'https://pypi.org/simple', ours) }] : []
  })
}

function boundByPoetry(outline: Outline, use: Use, sources: readonly Source[]): boolean {
  const poetry = nodeAt(outline.root, ['tool', 'poetry'])
  const tables = [childOf(poetry, 'dependencies'), childOf(poetry, 'dev-dependencies'), ...(childOf(poetry, 'group')?.children ?? []).map((group) => childOf(group, 'dependencies'))]
  return tables.some((table) => (table?.children ?? []).some((entry) => {
    const source = childValue(outline, entry, 'source')
    return keyOf(entry.key) === keyOf(use.name) && sources.some(({ name, address }) => name === source && address.direction !== 'other')
  }))
}

/** Every name of ours is bound to a source. */
function settled(sources: readonly Source[], uses: readonly Use[], fix: string): Judgement | null {
  const mine = sources.find(({ address }) => address.direction === 'ours')
  const unsure = sources.find(({ address }) => address.direction === 'unknown')
  if (mine !== undefined) return judgement('safe', mine.address, `each of our packages is bound to ${shortly(mine.address)}`)
  const [use] = uses
  return unsure === undefined || use === undefined ? null : judgement('unknown', unsure.address, `${use.name} is bound to an address that a variable holds`, fix)
}

/** https://docs.astral.sh/uv/concepts/indexes/: the first index that has a name is the only one, PyPI is the last. */
function judgeUv(outline: Outline, sources: readonly Source[], uses: readonly Use[], ours: Ours): Judgement | null {
  const uv = nodeAt(outline.root, ['tool', 'uv'])
  const fix = `pyproject.toml\n[[tool.uv.index]]\nname = "internal"\nurl = "https://${ours.host}/pypi/simple"\nexplicit = true\n\n[tool.uv.sources]\n${uses[0]?.name ?? 'our-package'} = { index = "internal" }`
  const bound = (use: Use): boolean => (childOf(uv, 'sources')?.children ?? []).some((entry) => keyOf(entry.key) === keyOf(use.name)
    && sources.some(({ name, address }) => name === childValue(outline, entry, 'index') && address.direction !== 'other'))
  const open = uses.filter((use) => !bound(use))
  const mine = sources.find(({ address }) => address.direction === 'ours')
  if (uses.length > 0 && open.length === 0) return settled(sources, uses, fix)
  if (uses.length === 0 && mine === undefined) return null
  const asked = sources.filter(({ node }) => !isTrue(childValue(outline, node, 'explicit')))
  const strategy = childOf(uv, 'index-strategy')
  // The default index is asked last, wherever it stands.
  const isDefault = ({ node }: Source): boolean => isTrue(childValue(outline, node, 'default'))
  const inOrder = [...asked.filter((source) => !isDefault(source)), ...asked.filter(isDefault)]
  const first = inOrder[0]
  if (first?.address.direction === 'ours' && (childValue(outline, uv, 'index-strategy') ?? 'first-index') === 'first-index') {
    return judgement('safe', first.address, `uv asks our registry ${shortly(first.address)} first, and nobody else for a name that is there`)
  }
  if (uses.length === 0 && mine !== undefined) return judgement('safe', mine.address, `only what is bound to ${shortly(mine.address)} comes from there`)
  if (strategy !== null && first?.address.direction === 'ours') return judgement('exposed', first.address, 'index-strategy lets uv take any index: the higher version wins', fix)
  return judgePlaces(open, inOrder.map(({ address }) => address), asked.some(isDefault) ? null : pypiOrg, fix)
}

/** https://pdm-project.org/latest/usage/config/#configure-the-package-indexes: all are asked alike; `pypi` renames the default. */
function judgePdm(outline: Outline, sources: readonly Source[], uses: readonly Use[], ours: Ours): Judgement | null {
  const fix = `pyproject.toml\n[[tool.pdm.source]]\nname = "internal"\nurl = "https://${ours.host}/pypi/simple"\ninclude_packages = ["${uses[0]?.name ?? 'our-*'}"]`
  const includes = (source: Source, use: Use): boolean => (childOf(source.node, 'include_packages')?.children ?? [])
    .some((item) => { const glob = outline.text.slice(item.start, item.end); return glob.endsWith('*') ? keyOf(use.name).startsWith(keyOf(glob.slice(0, -1))) : keyOf(glob) === keyOf(use.name) })
  const bound = (use: Use): boolean => sources.some((source) => includes(source, use)) && sources.every((source) => !includes(source, use) || !isPublic(source))
  const open = uses.filter((use) => !bound(use))
  if (uses.length > 0 && open.length === 0) return settled(sources, uses, fix)
  return judgePlaces(open, sources.map(({ address }) => address), sources.some(({ name }) => name === 'pypi') ? null : pypiOrg, fix)
}

/** https://pipenv.pypa.io/en/latest/indexes.html: a package comes from the index it names, else from the first. */
function judgePipfile(file: SourceText, uses: readonly Use[], ours: Ours): Judgement | null {
  const outline = outlineToml(file.text)
  const sources = sourcesOf(file, outline, childOf(outline.root, 'source'), ours)
  const [first] = sources
  const fix = `Pipfile\n[[source]]\nname = "internal"\nurl = "https://${ours.host}/pypi/simple"\nverify_ssl = true\n\n[packages]\n${uses[0]?.name ?? 'our-package'} = { version = "*", index = "internal" }`
  for (const use of uses) {
    const entry = ['packages', 'dev-packages'].flatMap((table) => childOf(outline.root, table)?.children ?? []).find((node) => keyOf(node.key) === keyOf(use.name))
    const index = entry === undefined ? null : childValue(outline, entry, 'index')
    const source = index === null ? first : sources.find(({ name }) => name === index)
    if (source === undefined) return unsaid(use, pypiOrg, fix)
    if (source.address.direction === 'other') return judgement('exposed', use, `${use.name} is installed from ${shortly(source.address)}`, fix)
    if (source.address.direction === 'unknown') return judgement('unknown', source.address, `${use.name} comes from an address that a variable holds`, fix)
  }
  const mine = sources.find(({ address }) => address.direction === 'ours')
  return mine === undefined ? null : judgement('safe', mine.address, `our packages come from ${shortly(mine.address)} alone`)
}
