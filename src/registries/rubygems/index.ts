import { z } from 'zod'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { Permanent } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { blocked, cut, free, linksOf, spanOf, taken, timeOf } from '../verdicts.ts'

/**
 * RubyGems. A gem answers 404, as plain text, also when all of its versions were yanked: then its name may be kept for
 * a while. Names near popular gems are refused.
 */
export const rubygems = {
  id: 'rubygems',
  title: 'RubyGems',
  ecosystem: 'rubygems',
  docs: 'https://guides.rubygems.org/rubygems-org-api/',
  discloses: 'RubyGems learns the names of gems, and spellings of them with other punctuation.',
  blindSpots: ['reserved names, and gems of which every version was yanked: both answer as if nothing were there'],
  origins: (settings) => (settings.rubygems === undefined ? [] : [baseOf(settings.rubygems)]),
  open: (settings, environment) => (settings.rubygems === undefined ? null : open(settings.rubygems, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['rubygems']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://rubygems.org').replace(/\/+$/, '')
}

const text = z.string().nullish().catch(null)
const gem = z.object({
  name: z.string(), version: text, version_created_at: text, info: text, downloads: z.number().catch(0), homepage_uri: text, source_code_uri: text,
})
const versions = z.array(z.object({ number: z.string().catch(''), created_at: text }))
const owners = z.array(z.object({ handle: z.string().nullish().catch(null) }))

const known = z.object({
  version: z.string().nullable(), versionCount: z.int().nullable(), firstPublishedAt: z.string().nullable(), publishedAt: z.string().nullable(),
  description: z.string().nullable(), links: z.array(z.string()),
})
const stage = z.discriminatedUnion('at', [
  z.object({ at: z.literal('versions'), known }),
  z.object({ at: z.literal('owners'), known }),
  z.object({ at: z.literal('variant'), number: z.int().min(0) }),
])
/** The rule against typos looks at gems with so many downloads. https://github.com/rubygems/rubygems.org (GemTypo) */
const popular = 10_000

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const askGem = async (name: string) => (await question(http, now, { url: `${base}/api/v1/gems/${encodeURIComponent(name)}.json`, schema: gem }))?.body ?? null

  async function lookUp(name: string): Promise<Asked> {
    const found = await askGem(name)
    if (found === null) return variants(name, 0)
    return {
      more: {
        at: 'versions',
        known: {
          version: found.version ?? null, versionCount: null, firstPublishedAt: null, publishedAt: timeOf(found.version_created_at),
          description: cut(found.info), links: linksOf([found.source_code_uri, found.homepage_uri]),
        },
      },
    }
  }

  async function readVersions(name: string, gemKnown: z.output<typeof known>): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/api/v1/versions/${encodeURIComponent(name)}.json`, schema: versions })
    const span = spanOf((found?.body ?? []).map(({ created_at }) => timeOf(created_at)))
    return { more: { at: 'owners', known: { ...gemKnown, versionCount: found?.body.length ?? null, firstPublishedAt: span.first, publishedAt: span.last ?? gemKnown.publishedAt } } }
  }

  async function readOwners(name: string, gemKnown: z.output<typeof known>): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/api/v1/gems/${encodeURIComponent(name)}/owners.json`, schema: owners })
    const facts: PackageFacts = { ...gemKnown, publishers: (found?.body ?? []).flatMap(({ handle }) => handle ?? []).slice(0, 20), installTimeCode: null, deprecated: null }
    return taken(facts, row.ours)
  }

  async function askVariant(name: string, number: number): Promise<Asked> {
    const variant = spellings(name)[number]
    if (variant === undefined) throw new Permanent('a spelling that does not exist was to be asked for')
    const found = await askGem(variant)
    if (found !== null && found.downloads >= popular) return blocked('it is not there, but a popular gem differs only in punctuation, and RubyGems refuses such names')
    return variants(name, number + 1)
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'package' ? packageFault(name, 'rubygems') : `RubyGems has no ${kind}s`),
    async ask({ name }, progress) {
      if (progress === null) return lookUp(name)
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of RubyGems')
      if (at.data.at === 'versions') return readVersions(name, at.data.known)
      return at.data.at === 'owners' ? readOwners(name, at.data.known) : askVariant(name, at.data.number)
    },
  }
}

function variants(name: string, number: number): Asked {
  return number < spellings(name).length
    ? { more: { at: 'variant', number } }
    : free('it is not there, and so is no popular gem that differs only in punctuation; probably free, since reserved names are not told')
}

function spellings(name: string): readonly string[] {
  const words = name.split(/[_-]+/)
  return words.length < 2 ? [] : [...new Set([words.join(''), words.join('-'), words.join('_')])].filter((spelling) => spelling !== name)
}
