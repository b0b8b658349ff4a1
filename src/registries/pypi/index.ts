import { z } from 'zod'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { Permanent } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { answered, blocked, cut, free, linksOf, spanOf, taken, timeOf } from '../verdicts.ts'

/**
 * PyPI. Whether a project exists is told by the Simple API alone: the JSON API answers 404 for projects without
 * releases and for those in quarantine too. There are no namespaces.
 */
export const pypi = {
  id: 'pypi',
  title: 'PyPI',
  ecosystem: 'pypi',
  docs: 'https://docs.pypi.org/api/index-api/',
  discloses: 'PyPI learns the names of packages, and likely spellings that look the same.',
  blindSpots: ['names that PyPI prohibits: the list is not public, so that a free name is only probably to be had'],
  origins: (settings) => (settings.pypi === undefined ? [] : [baseOf(settings.pypi)]),
  open: (settings, environment) => (settings.pypi === undefined ? null : open(settings.pypi, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['pypi']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://pypi.org').replace(/\/+$/, '').replace(/\/simple$/, '')
}

const simpleJson = 'application/vnd.pypi.simple.v1+json'
/** https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
const project = z.object({
  name: z.string(),
  'project-status': z.object({ status: z.string().catch('active'), reason: z.string().optional().catch(undefined) }).optional().catch(undefined),
  versions: z.array(z.string()).catch([]),
  files: z.array(z.object({ filename: z.string().catch(''), 'upload-time': z.string().nullish().catch(null) }).catch({ filename: '', 'upload-time': null })),
})

const text = z.string().nullish().catch(null)
/** https://docs.pypi.org/api/json/ */
const details = z.object({
  info: z.object({
    version: z.string().nullish().catch(null), summary: text, description: text, home_page: text, package_url: text, yanked_reason: text,
    project_urls: z.record(z.string(), z.string().catch('')).nullish().catch(null),
  }),
  urls: z.array(z.object({ packagetype: z.string().catch(''), upload_time_iso_8601: z.string().nullish().catch(null) })).catch([]),
  releases: z.record(z.string(), z.array(z.object({ upload_time_iso_8601: z.string().nullish().catch(null) })).catch([])).nullish().catch(null),
  ownership: z
    .object({ roles: z.array(z.object({ user: z.string().catch('') })).catch([]), organization: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
})

const known = z.object({
  versionCount: z.int(), version: z.string().nullable(), firstPublishedAt: z.string().nullable(), publishedAt: z.string().nullable(),
  source: z.boolean(), deprecated: z.string().nullable(),
})
const stage = z.discriminatedUnion('at', [
  z.object({ at: z.literal('details'), known }),
  z.object({ at: z.literal('variant'), number: z.int().min(0) }),
])

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const askSimple = async (name: string) =>
    (await question(http, now, { url: `${base}/simple/${encodeURIComponent(name)}/`, accept: simpleJson, schema: project, maxBytes: 24 * 1024 * 1024 }))?.body ?? null

  async function lookUp(name: string): Promise<Asked> {
    const found = await askSimple(name)
    if (found === null) return variants(name, 0)
    const status = found['project-status']?.status ?? 'active'
    if (status === 'quarantined') {
      return answered({ state: 'placeholder', claimable: 'no', why: 'PyPI holds the project in quarantine, which it does with malware: it was attacked before', facts: null })
    }
    const span = spanOf(found.files.map((file) => timeOf(file['upload-time'])))
    return {
      more: {
        at: 'details',
        known: {
          versionCount: found.versions.length, version: found.versions.at(-1) ?? null, firstPublishedAt: span.first, publishedAt: span.last,
          source: found.files.some(({ filename }) => /\.(?:tar\.(?:gz|bz2|xz)|zip)$/.test(filename)),
          deprecated: status === 'active' ? null : status,
        },
      },
    }
  }

  async function readDetails(name: string, simple: z.output<typeof known>): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/pypi/${encodeURIComponent(name)}/json`, schema: details, maxBytes: 24 * 1024 * 1024 })
    const bare: PackageFacts = {
      version: simple.version, versionCount: simple.versionCount, firstPublishedAt: simple.firstPublishedAt, publishedAt: simple.publishedAt,
      publishers: [], installTimeCode: simple.source ? sourceCode : null, description: null, deprecated: simple.deprecated, links: [],
    }
    // It exists all the same: the Simple API said so.
    if (found === null) return taken(bare, row.ours)
    const { info, urls, releases, ownership } = found.body
    const uploads = spanOf([...urls, ...Object.values(releases ?? {}).flat()].map((file) => timeOf(file.upload_time_iso_8601)))
    const latest = spanOf(urls.map((file) => timeOf(file.upload_time_iso_8601)))
    const publishers = [...(ownership?.roles ?? []).map(({ user }) => user), ownership?.organization ?? ''].filter((user) => user !== '')
    const source = urls.length === 0 ? simple.source : urls.some(({ packagetype }) => packagetype === 'sdist')
    return taken({
      ...bare,
      version: info.version ?? simple.version,
      firstPublishedAt: uploads.first ?? simple.firstPublishedAt,
      publishedAt: latest.last ?? simple.publishedAt,
      publishers: [...new Set(publishers)].slice(0, 20),
      installTimeCode: source ? sourceCode : null,
      description: cut(info.summary) ?? cut(info.description),
      deprecated: cut(info.yanked_reason, 200) ?? simple.deprecated,
      links: linksOf([info.home_page, ...Object.values(info.project_urls ?? {}), info.package_url]),
    }, row.ours)
  }

  async function askVariant(name: string, number: number): Promise<Asked> {
    const variant = lookAlikes(name)[number]
    if (variant === undefined) throw new Permanent('a spelling that does not exist was to be asked for')
    if ((await askSimple(variant)) !== null) return blocked('it is not there, but a name that looks the same is, and PyPI refuses such names')
    return variants(name, number + 1)
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'package' ? packageFault(name, 'pypi') : `PyPI has no ${kind}s`),
    async ask({ name }, progress) {
      const normalised = normalise(name)
      if (progress === null) return lookUp(normalised)
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of PyPI')
      return at.data.at === 'details' ? readDetails(normalised, at.data.known) : askVariant(normalised, at.data.number)
    },
  }
}

const sourceCode = 'a source distribution, whose setup.py may run'

function variants(name: string, number: number): Asked {
  return number < lookAlikes(name).length
    ? { more: { at: 'variant', number } }
    : free('it is not there, and so is no name that looks the same; probably free, since the names that PyPI prohibits are not public')
}

/** PEP 503. */
function normalise(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase()
}

/**
 * Names that PyPI takes for the same one: without separators, `l`, `i` as `1`, `o` as `0` (`ultranormalize_name` of
 * https://github.com/pypi/warehouse). The likely spellings, at most four.
 */
export function lookAlikes(name: string): readonly string[] {
  const joined = name.replaceAll('-', '')
  const [first = '', ...rest] = name.split('-')
  const candidates = [joined, rest.length > 1 ? `${first}${rest.join('-')}` : joined, name.replaceAll('l', '1'), name.replaceAll('o', '0')]
  return [...new Set(candidates)].filter((candidate) => candidate !== name)
}
