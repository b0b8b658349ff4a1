import { z } from 'zod'
import type { Asked, OpenRegistry, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { Permanent } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { blocked, cut, free, isOurs, linksOf, spanOf, taken, timeOf } from '../verdicts.ts'

/** Packagist. A vendor belongs to whoever published first under it: below a taken vendor a stranger can publish nothing. */
export const packagist = {
  id: 'packagist',
  title: 'Packagist',
  ecosystem: 'packagist',
  docs: 'https://packagist.org/apidoc',
  discloses: 'Packagist learns packages and vendors.',
  blindSpots: ['what was published within the last twelve hours: answers about packages are kept so long'],
  origins: (settings) => (settings.packagist === undefined ? [] : [baseOf(settings.packagist)]),
  open: (settings, environment) => (settings.packagist === undefined ? null : open(settings.packagist, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['packagist']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://packagist.org').replace(/\/+$/, '')
}

const text = z.string().nullish().catch(null)
const answer = z.object({
  package: z.object({
    name: z.string(), description: text, time: text, repository: text,
    maintainers: z.array(z.object({ name: z.string().catch('') })).catch([]),
    versions: z.record(z.string(), z.object({ version: z.string().catch(''), time: text, type: text })).catch({}),
    abandoned: z.union([z.boolean(), z.string()]).optional().catch(undefined),
  }),
})
const vendorList = z.object({ packageNames: z.array(z.string()) })
const stage = z.object({ at: z.literal('vendor') })

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)

  async function lookUp(name: string, vendor: string): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/packages/${name.split('/').map(encodeURIComponent).join('/')}.json`, schema: answer, maxBytes: 24 * 1024 * 1024 })
    if (found === null) return isOurs(vendor, row.ours) ? blocked('it is not there, and its vendor is ours: nobody else can publish under it') : { more: { at: 'vendor' } }
    const { description, time, repository, maintainers, versions, abandoned } = found.body.package
    const releases = Object.values(versions).filter(({ version }) => !version.startsWith('dev-') && !version.endsWith('-dev'))
    const newest = releases.toSorted((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))[0]
    const span = spanOf(releases.map((release) => timeOf(release.time)))
    return taken({
      version: newest?.version ?? null,
      versionCount: releases.length,
      firstPublishedAt: timeOf(time) ?? span.first,
      publishedAt: span.last,
      publishers: maintainers.map((maintainer) => maintainer.name).filter((maintainer) => maintainer !== '').slice(0, 20),
      installTimeCode: newest?.type === 'composer-plugin' ? 'a Composer plugin, which runs' : null,
      description: cut(description),
      deprecated: abandoned === undefined || abandoned === false ? null : 'abandoned',
      links: linksOf([repository]),
    }, row.ours, vendor)
  }

  async function askVendor(vendor: string): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/packages/list.json?${new URLSearchParams({ vendor })}`, schema: vendorList, absent: [] })
    return (found?.body.packageNames.length ?? 0) > 0
      ? blocked('it is not there, and its vendor belongs to somebody: nobody else can publish under it, and whether that is us is not told')
      : free('it is not there, and its vendor belongs to nobody: whoever publishes first has every name under it')
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'package' ? packageFault(name, 'packagist') : `Packagist has no ${kind}s`),
    async ask({ name }, progress) {
      const lower = name.toLowerCase()
      const vendor = lower.split('/')[0] ?? ''
      if (progress === null) return lookUp(lower, vendor)
      if (!stage.safeParse(progress).success) throw new Permanent('the stored progress of a check is not one of Packagist')
      return askVendor(vendor)
    },
  }
}
