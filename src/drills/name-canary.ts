import { ecosystems, type Ecosystem, type Line } from '../contracts/inventory.ts'
import { Invalid } from '../errors.ts'
import { packageFault } from '../inventory/check-name.ts'
import { compile } from '../matching/compile.ts'
import { plantOf, plantable, type PlantableEcosystem } from './plant.ts'

export interface Canary {
  /** A package name that nobody has: like ours, with a random part. */
  readonly name: string
  readonly ecosystem: PlantableEcosystem
  /** The random part; whatever contains it is of this drill. */
  readonly token: string
  /** Team of the line that it was derived from. */
  readonly team: string | null
}

export interface CanaryWish {
  readonly lines: readonly Line[]
  readonly organization: { readonly name: string; readonly domains: readonly string[] }
  /** Absent: the one that the inventory has most names of. */
  readonly ecosystem?: Ecosystem
  /** A beginning of one's own, to which the random part is added; absent: derived from the inventory. */
  readonly name?: string
  /** An integer from 0 to below the bound. */
  readonly random: (bound: number) => number
}

/** No vowels, so that no word comes of it; nothing that is read for something else. */
const letters = 'bcdfghjkmnpqrstvwxz'
const tokenLength = 10

/**
 * A name that looks like ours and cannot be anybody's: a beginning of the inventory, the word "canary", a random part.
 * Planting it must tell nothing: lines with `disclose: never` are no model, and a name whose manifest would contain
 * another name of the inventory (a secret word, a scope that is a line of its own) is not taken.
 * @throws Invalid an ecosystem without a manifest to plant, a name that is none there or that would tell one of ours
 */
export function nameCanary(wish: CanaryWish): Canary {
  const ecosystem = ecosystemOf(wish)
  const token = Array.from({ length: tokenLength }, (_, at) => {
    const characters = at === 0 ? letters : `${letters}23456789`
    return characters[wish.random(characters.length)] ?? 'x'
  }).join('')
  const matcher = compile(wish.lines.map((line, at) => ({ ...line, id: String(at) })), { anchors: [wish.organization.name, ...wish.organization.domains] })
  const tellsNothing = (name: string): boolean =>
    matcher.find(new TextEncoder().encode(plantOf({ name, ecosystem }).content)).every((match) => match.name.toLowerCase().includes(token))
  if (wish.name !== undefined) {
    const name = `${wish.name}${/[-_.:/]$/.test(wish.name) ? '' : '-'}${token}`
    const fault = packageFault(name, ecosystem)
    const expected = fault ?? (tellsNothing(name) ? null : 'planting it would make another name of the inventory public; give a beginning that contains none')
    if (expected !== null) throw new Invalid([{ where: 'command line', key: '--name', expected }])
    return { name, ecosystem, token, team: null }
  }
  for (const { start, team } of beginnings(wish, ecosystem)) {
    const name = ecosystem === 'maven' ? `${start}canary${token}:canary-core` : `${start}canary-${token}`
    if (packageFault(name, ecosystem) === null && tellsNothing(name)) return { name, ecosystem, token, team }
  }
  throw new Invalid([{ where: 'command line', key: '--name', expected: 'no name that looks like yours tells nothing of the inventory; give a beginning with --name' }])
}

function ecosystemOf({ ecosystem, lines }: CanaryWish): PlantableEcosystem {
  if (ecosystem !== undefined) {
    if (isPlantable(ecosystem)) return ecosystem
    throw new Invalid([{ where: 'command line', key: '--ecosystem', value: ecosystem, expected: `give one of ${plantable.join(', ')}` }])
  }
  const counted = ecosystems.filter(isPlantable).map((one) => ({ one, lines: lines.filter((line) => line.ecosystem === one).length }))
  return counted.sort((a, b) => b.lines - a.lines)[0]?.one ?? 'npm'
}

function isPlantable(ecosystem: Ecosystem): ecosystem is PlantableEcosystem {
  return plantable.some((one) => one === ecosystem)
}

interface Beginning {
  readonly start: string
  readonly team: string | null
}

/** How names of the ecosystem begin: patterns first, then what names have before their last word, then the company. */
function beginnings({ lines, organization }: CanaryWish, ecosystem: PlantableEcosystem): readonly Beginning[] {
  const models = lines.filter((line) => line.ecosystem === ecosystem && line.disclose !== 'never' && !line.publicOnPurpose)
  const ofPatterns = models.filter(({ form }) => form === 'prefix').map(({ text, team }) => ({ start: withSeparator(text, ecosystem), team }))
  const ofNames = models.filter(({ form, kind }) => form === 'name' && kind === 'package').map(({ text, team }) => ({ start: beforeLastWord(text, ecosystem), team }))
  return [...ofPatterns, ...ofNames, { start: companyBeginning(organization, ecosystem), team: null }]
}

function withSeparator(text: string, ecosystem: PlantableEcosystem): string {
  if (ecosystem === 'maven') return `${text.split(':', 1)[0]?.replace(/\.$/, '') ?? ''}.`
  return /[-_./]$/.test(text) ? text : `${text}-`
}

function beforeLastWord(text: string, ecosystem: PlantableEcosystem): string {
  if (ecosystem === 'maven' || text.includes('/')) return withSeparator(ecosystem === 'maven' ? text : text.slice(0, text.indexOf('/') + 1), ecosystem)
  const end = Math.max(text.lastIndexOf('-'), text.lastIndexOf('_'), text.lastIndexOf('.'))
  return end > 0 ? text.slice(0, end + 1) : `${text}-`
}

function companyBeginning({ name, domains }: CanaryWish['organization'], ecosystem: PlantableEcosystem): string {
  const slug = name.toLowerCase().replaceAll(/[^a-z\d]+/g, '-').replaceAll(/^[-\d]+|-+$/g, '')
  const word = slug === '' ? 'company' : slug
  if (ecosystem === 'maven') return `${domains[0]?.split('.').reverse().join('.') ?? `com.${word}`}.`
  return ecosystem === 'packagist' ? `${word}/` : `${word}-`
}
