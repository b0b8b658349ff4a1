import { z } from 'zod'
import type { Ecosystem } from '../contracts/inventory.ts'
import { ContractBroken } from '../errors.ts'
import type { Importer } from './contract.ts'
import { baseUrl, nameWithHost, shared, under } from './shared-settings.ts'

const settings = z.strictObject({
  type: z.literal('nexus'),
  url: baseUrl.describe('Base URL, as in the browser'),
  user: z.string().min(1).optional().describe('Name, or name code of a user token'),
  password: z.string().min(1).optional().meta({ secret: true }).describe('Password, or pass code of a user token; only as ${VARIABLE}'),
  repositories: z.array(z.string().min(1).max(200)).optional().describe('Only these; absent: every hosted repository (proxies hold what others publish)'),
  ...shared,
})
type Settings = z.output<typeof settings>

const repository = z.object({ name: z.string(), format: z.string(), type: z.string() })
const page = z.object({ items: z.array(z.unknown()), continuationToken: z.string().nullish() })
const component = z.object({
  group: z.string().nullish(),
  name: z.string().min(1),
  version: z.string().nullish(),
  assets: z.array(z.object({ blobCreated: z.string().nullish(), lastModified: z.string().nullish() })).catch([]),
})

const formats: Readonly<Record<string, Ecosystem>> = {
  npm: 'npm', maven2: 'maven', pypi: 'pypi', nuget: 'nuget', rubygems: 'rubygems', cargo: 'crates', composer: 'packagist', go: 'go', docker: 'docker',
}

/** The components API. A user without the right to a repository is answered an empty list. */
export const nexus: Importer<Settings> = {
  type: 'nexus',
  title: 'Sonatype Nexus Repository',
  docs: 'https://help.sonatype.com/en/components-api.html',
  settings,
  nameOf: ({ name, url }) => name ?? nameWithHost('nexus', url),
  async read(given, { http }, told) {
    const headers: Record<string, string> = {}
    if (given.user !== undefined) headers['authorization'] = `Basic ${Buffer.from(`${given.user}:${given.password ?? ''}`).toString('base64')}`
    const { body: all } = await http.request({ url: under(given.url, 'service/rest/v1/repositories'), headers, schema: z.array(repository) })
    const missing = (given.repositories ?? []).filter((name) => !all.some((one) => one.name === name))
    if (missing.length > 0) throw new ContractBroken(`the repository list has no ${missing.join(', ')}, or the user may not see it`)
    for (const { name: key, format } of all.filter((one) => given.repositories?.includes(one.name) ?? one.type === 'hosted')) {
      const ecosystem = formats[format]
      if (ecosystem === undefined) {
        told.unreadable(`repository ${key} (${format})`)
        continue
      }
      const seen = new Set<string>()
      let read = 0
      for (let next: string | null = ''; next !== null; ) {
        const query = new URLSearchParams({ repository: key, ...(next === '' ? {} : { continuationToken: next }) })
        const { body } = await http.request({ url: under(given.url, `service/rest/v1/components?${query}`), headers, schema: page })
        for (const item of body.items) {
          const one = component.safeParse(item)
          if (!one.success) told.unreadable(`${key}: a component without a name`)
          else told.found({ name: nameIn(ecosystem, one.data), ecosystem, version: one.data.version ?? null, publishedAt: earliest(one.data.assets.map((asset) => asset.blobCreated ?? asset.lastModified ?? null)) })
        }
        read += body.items.length
        told.progress(`nexus: ${key}, ${read.toLocaleString('en')} components`)
        next = body.continuationToken ?? null
        if (next !== null && seen.has(next)) throw new ContractBroken('a continuation token came twice: the list does not end')
        if (next !== null) seen.add(next)
      }
    }
  },
}

function nameIn(ecosystem: Ecosystem, { group, name }: { readonly group?: string | null | undefined; readonly name: string }): string {
  if (group === undefined || group === null || group === '') return name
  if (ecosystem === 'npm') return `@${group.replace(/^@/, '')}/${name}`
  if (ecosystem === 'maven') return `${group}:${name}`
  return ecosystem === 'packagist' ? `${group}/${name}` : name
}

function earliest(times: readonly (string | null)[]): string | null {
  const known = times.filter((time) => time !== null && !Number.isNaN(Date.parse(time)))
  return known.reduce<string | null>((first, time) => (first === null || (time !== null && Date.parse(time) < Date.parse(first)) ? time : first), null)
}
