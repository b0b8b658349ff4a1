import { z } from 'zod'
import type { Importer } from './contract.ts'
import { baseUrl, nameWithHost, shared, token, under } from './shared-settings.ts'

/** Rows in one answer: the most that GitLab gives. */
const perPage = 100
const settings = z.strictObject({
  type: z.literal('gitlab-packages'),
  url: baseUrl.default('https://gitlab.com/api/v4').describe('Base URL of the API'),
  token: token.describe('Token with the scope read_api; only as ${VARIABLE}'),
  group: z.string().min(1).max(500).describe('Id or full path of the group; its subgroups belong to it'),
  ...shared,
})
const row = z.object({ name: z.string().min(1), version: z.string().nullish(), package_type: z.string(), created_at: z.string().nullish() })
const types = { npm: 'npm', maven: 'maven', pypi: 'pypi', nuget: 'nuget', rubygems: 'rubygems', composer: 'packagist', golang: 'go' } as const

/** Packages of a GitLab group, a row a version. */
export const gitlabPackages: Importer<z.output<typeof settings>> = {
  type: 'gitlab-packages',
  title: 'GitLab package registry',
  docs: 'https://docs.gitlab.com/api/packages/#for-a-group',
  settings,
  nameOf: ({ name, url, group }) => name ?? nameWithHost('gitlab-packages', url, group),
  async read(given, { http }, told) {
    for (let at = 1; ; at += 1) {
      const query = new URLSearchParams({ per_page: String(perPage), page: String(at), order_by: 'created_at', sort: 'asc', exclude_subgroups: 'false' })
      const url = under(given.url, `groups/${encodeURIComponent(given.group)}/packages?${query}`)
      const { body } = await http.request({ url, headers: given.token === undefined ? {} : { 'private-token': given.token }, schema: z.array(z.unknown()) })
      for (const one of body) {
        const read = row.safeParse(one)
        const ecosystem = read.success ? Object.entries(types).find(([type]) => type === read.data.package_type)?.[1] : undefined
        if (!read.success || ecosystem === undefined) told.unreadable(`a package of type ${read.success ? read.data.package_type : 'unknown'}`)
        else told.found({ name: ecosystem === 'maven' ? coordinates(read.data.name) : read.data.name, ecosystem, version: read.data.version ?? null, publishedAt: read.data.created_at ?? null })
      }
      told.progress(`gitlab-packages: page ${at}`)
      if (body.length === 0) break
    }
  },
}

/** GitLab writes com/acme/auth for com.acme:auth. */
function coordinates(name: string): string {
  const at = name.lastIndexOf('/')
  return at < 0 ? name : `${name.slice(0, at).replaceAll('/', '.')}:${name.slice(at + 1)}`
}
