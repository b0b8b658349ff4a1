import { z } from 'zod'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { ContractBroken, Permanent } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { blocked, cut, free, linksOf, spanOf, taken, timeOf } from '../verdicts.ts'

/**
 * NuGet. The list of versions has unlisted packages too; who owns a package is told by the search alone. A prefix can be
 * reserved for one owner, and no reservation can be asked for: those of ours stand in the configuration.
 */
export const nuget = {
  id: 'nuget',
  title: 'NuGet',
  ecosystem: 'nuget',
  docs: 'https://learn.microsoft.com/en-us/nuget/api/overview',
  discloses: 'NuGet learns package ids.',
  blindSpots: ['prefixes that others have reserved: a free id below one of them cannot be told from one that is to be had'],
  origins: (settings) => (settings.nuget === undefined ? [] : [baseOf(settings.nuget), ...(settings.nuget.url === undefined ? [publicSearch] : [])]),
  open: (settings, environment) => (settings.nuget === undefined ? null : open(settings.nuget, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['nuget']>

const publicSearch = 'https://azuresearch-usnc.nuget.org/query'

/** The service index, or the host of one. */
function baseOf({ url }: Row): string {
  return (url ?? 'https://api.nuget.org').replace(/\/+$/, '').replace(/\/v3\/index\.json$/, '')
}

const index = z.object({ resources: z.array(z.object({ '@id': z.string().catch(''), '@type': z.union([z.string(), z.array(z.string()).transform((types) => types[0] ?? '')]).catch('') })) })
const listing = z.object({ versions: z.array(z.string()) })
const entry = z.object({
  catalogEntry: z.object({
    version: z.string().catch(''), published: z.string().nullish().catch(null), description: z.string().nullish().catch(null), projectUrl: z.string().nullish().catch(null),
    deprecation: z.object({ message: z.string().optional().catch(undefined) }).optional().catch(undefined),
  }),
})
const registration = z.object({ items: z.array(z.object({ items: z.array(entry.nullable().catch(null)).optional() })) })
const search = z.object({ data: z.array(z.object({ id: z.string().catch(''), owners: z.union([z.array(z.string()), z.string().transform((owner) => [owner])]).catch([]) })) })

const known = z.object({
  versions: z.array(z.string()), firstPublishedAt: z.string().nullable(), publishedAt: z.string().nullable(), description: z.string().nullable(),
  deprecated: z.string().nullable(), links: z.array(z.string()),
})
const resources = z.object({ flat: z.string(), registration: z.string().nullable(), search: z.string().nullable() })
const stage = z.discriminatedUnion('at', [
  z.object({ at: z.literal('listing'), resources }),
  z.object({ at: z.literal('registration'), resources, known }),
  z.object({ at: z.literal('owners'), resources, known }),
])

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const host = new URL(base).host

  async function readIndex(): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/v3/index.json`, schema: index, absent: [] })
    const of = (type: string) => found?.body.resources.find((resource) => resource['@type'].startsWith(type))?.['@id'].replace(/\/+$/, '') ?? null
    // What lies on another host is not asked: only the configured ones may learn a name.
    const here = (url: string | null) => (url !== null && URL.canParse(url) && new URL(url).origin === new URL(base).origin ? url : null)
    const flat = here(of('PackageBaseAddress/'))
    if (flat === null) throw new ContractBroken(`${host}: the service index names no PackageBaseAddress on this host`)
    const registrations = here(of('RegistrationsBaseUrl/3.6.0')) ?? here(of('RegistrationsBaseUrl'))
    return { more: { at: 'listing', resources: { flat, registration: registrations, search: here(of('SearchQueryService')) ?? (row.url === undefined ? publicSearch : null) } } }
  }

  async function readListing(id: string, places: z.output<typeof resources>): Promise<Asked> {
    const found = await question(http, now, { url: `${places.flat}/${encodeURIComponent(id)}/index.json`, schema: listing })
    if (found === null) {
      const reserved = row.ours.find((own) => own.endsWith('*') && id.startsWith(own.slice(0, -1).toLowerCase()))
      return reserved === undefined
        ? free('it is not there; probably free, since a prefix that somebody has reserved cannot be asked for')
        : blocked('it is not there, and its prefix is reserved for us')
    }
    const facts = { versions: found.body.versions.slice(-500), firstPublishedAt: null, publishedAt: null, description: null, deprecated: null, links: [] }
    return { more: { at: places.registration === null ? 'owners' : 'registration', resources: places, known: facts } }
  }

  async function readRegistration(id: string, places: z.output<typeof resources>, before: z.output<typeof known>): Promise<Asked> {
    const found = await question(http, now, { url: `${places.registration}/${encodeURIComponent(id)}/index.json`, schema: registration, maxBytes: 24 * 1024 * 1024 })
    // Of packages with many versions the pages stand elsewhere: then the dates stay unknown.
    const entries = (found?.body.items ?? []).flatMap(({ items }) => items ?? []).flatMap((one) => (one === null ? [] : [one.catalogEntry]))
    const latest = entries.at(-1)
    // An unlisted version is dated 1900.
    const span = spanOf(entries.map(({ published }) => timeOf(published)).filter((time) => time !== null && !time.startsWith('1900')))
    return {
      more: {
        at: 'owners', resources: places,
        known: {
          ...before, firstPublishedAt: span.first, publishedAt: span.last, description: cut(latest?.description), links: linksOf([latest?.projectUrl]),
          deprecated: latest?.deprecation === undefined ? null : (cut(latest.deprecation.message, 200) ?? 'deprecated'),
        },
      },
    }
  }

  async function readOwners(id: string, places: z.output<typeof resources>, { versions, ...before }: z.output<typeof known>): Promise<Asked> {
    const facts: PackageFacts = { ...before, version: versions.at(-1) ?? null, versionCount: versions.length, publishers: [], installTimeCode: null }
    if (places.search === null) return taken(facts, [])
    const found = await question(http, now, { url: `${places.search}?${new URLSearchParams({ q: `packageid:${id}`, prerelease: 'true', semVerLevel: '2.0.0' })}`, schema: search })
    const owners = found?.body.data.find((one) => one.id.toLowerCase() === id)?.owners ?? []
    return taken({ ...facts, publishers: owners.slice(0, 20) }, row.ours)
  }

  return {
    destination: host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'package' ? packageFault(name, 'nuget') : `NuGet has no ${kind}s`),
    async ask({ name }, progress) {
      if (progress === null) return readIndex()
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of NuGet')
      const id = name.toLowerCase()
      if (at.data.at === 'listing') return readListing(id, at.data.resources)
      return at.data.at === 'registration' ? readRegistration(id, at.data.resources, at.data.known) : readOwners(id, at.data.resources, at.data.known)
    },
  }
}
