import type { SourceText } from '../evidence/source-text.ts'
import type { Judge, Ours, Use } from './contract.ts'
import { addressAt, findAddresses, judgement, judgePlaces, onlyInBuild, shortly, type Address } from './judging.ts'

/**
 * Bundler: a gem inside `source "…" do`, or with `source:`, comes from there alone; several sources at the top are all
 * asked (https://bundler.io/man/gemfile.5.html#SOURCE-PRIORITY).
 */
export const rubygems: Judge = {
  id: 'Bundler',
  ecosystem: 'rubygems',
  isManifest: (file) => isGemfile(file) || file.base.endsWith('.gemspec'),
  isSetting: (file) => file.base === '.gemrc' || /(?:^|\/)\.bundle\/config$/.test(file.path) || isGemfile(file),
  judge(project, ours) {
    const uses = ours.uses('rubygems', project.manifests)
    // Bundler reads one Gemfile: the nearest.
    const nearest = project.manifests.some(isGemfile) ? undefined : project.settings.find(isGemfile)
    const files = [...project.manifests, ...(nearest === undefined ? [] : [nearest])]
    const mirror = findAddresses([...project.settings, ...project.builds], /\bBUNDLE_MIRROR__(?:ALL|HTTPS:\/\/RUBYGEMS__ORG\/?)["']?[ \t]{0,4}[=:][ \t]{0,4}["']?(?<url>[^\s"']{4,500})/g, ours).at(0)
    if (mirror?.direction === 'ours') return onlyInBuild(judgement('safe', mirror, `the mirror ${shortly(mirror)} stands for rubygems.org`), project, '.bundle/config of the project: the same mirror')
    const fix = `Gemfile\nsource "https://rubygems.org"\nsource "https://${ours.host}/gems" do\n  gem "${uses[0]?.name ?? 'our-gem'}"\nend`
    const blocks = files.flatMap((file) => blocksIn(file, ours))
    const bound = uses.map((use) => boundTo(use, files, blocks, ours))
    const open = uses.filter((_use, at) => bound[at] === null)
    const top = files.flatMap((file) => topSources(file, ours))
    const [first] = bound
    const wrong = bound.findIndex((address) => address !== null && address !== 'elsewhere' && address.direction === 'other')
    const wrongUse = uses[wrong]
    if (wrongUse !== undefined) return judgement('exposed', wrongUse, `${wrongUse.name} is bound to a source that is not ours`, fix)
    const at = uses[0]
    if (at !== undefined && open.length === 0 && first !== undefined) return judgement('safe', at, `${at.name} comes from ${first === null || first === 'elsewhere' ? 'a folder or a Git repository' : shortly(first)} alone`)
    const mine = blocks.find(({ address }) => address.direction === 'ours')
    if (uses.length === 0 && mine !== undefined && top.every(({ direction }) => direction !== 'ours')) return judgement('safe', mine.address, `only the gems of its block come from ${shortly(mine.address)}`)
    return judgePlaces(open, top, top.length === 0 ? 'rubygems.org' : null, fix)
  },
}

const isGemfile = ({ base }: SourceText): boolean => base === 'gemfile' || base === 'gems.rb'

/** Characters of a block. */
const reach = 20_000

interface Block { readonly path: string; readonly start: number; readonly end: number; readonly address: Address }

const sourceLine = /^[ \t]{0,40}source[ \t(]{1,4}(?:["'](?<url>[^"'\n]{1,500})["']|:(?<symbol>\w{1,40})|(?<other>[^\n]{1,200}?))(?:,[^\n#]{0,200}?)?\)?[ \t]{0,4}(?<block>do\b|\{)?[ \t]{0,4}(?:#[^\n]{0,500})?$/gm

function addressOf(file: SourceText, found: RegExpMatchArray, ours: Ours): Address {
  const { url, symbol } = found.groups ?? {}
  const text = symbol === 'rubygems' ? 'https://rubygems.org' : (url ?? '${url}')
  return addressAt(file, (found.index ?? 0) + found[0].search(/\S/), text.replaceAll('#{', '${'), ours)
}

function topSources(file: SourceText, ours: Ours): Address[] {
  return file.base.endsWith('.gemspec') ? [] : [...file.text.matchAll(sourceLine)].flatMap((found) => (found.groups?.['block'] === undefined ? [addressOf(file, found, ours)] : []))
}

function blocksIn(file: SourceText, ours: Ours): Block[] {
  return [...file.text.matchAll(sourceLine)].flatMap((found) => {
    if (found.groups?.['block'] === undefined) return []
    const after = found.index + found[0].length
    const end = /^(?:end\b|\})/m.exec(file.text.slice(after, after + reach))
    return [{ path: file.path, start: found.index, end: end === null ? file.text.length : after + end.index, address: addressOf(file, found, ours) }]
  })
}

/** Where a gem is bound to; null: to nothing. */
function boundTo(use: Use, files: readonly SourceText[], blocks: readonly Block[], ours: Ours): Address | 'elsewhere' | null {
  const file = files.find(({ path }) => path === use.path)
  if (file === undefined) return null
  const block = blocks.find(({ path, start, end }) => path === use.path && start <= use.start && use.start < end)
  if (block !== undefined) return block.address
  const line = file.lineAt(use.start)
  const text = file.text.slice(use.start, Math.min(line.end, use.start + 1_000))
  const url = /\bsource(?::|["']?[ \t]{0,4}=>)[ \t]{0,4}["'](?<url>[^"']{1,500})["']/.exec(text)?.groups?.['url']
  if (url !== undefined) return addressAt(file, use.start, url, ours)
  return /\b(?:git|path|github)(?::|["']?[ \t]{0,4}=>)/.test(text) ? 'elsewhere' : null
}
