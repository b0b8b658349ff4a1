import { z } from 'zod'
import type { Ecosystem } from '../contracts/inventory.ts'
import { ContractBroken } from '../errors.ts'
import type { Importer } from './contract.ts'
import { readArtifactPath } from './artifactory-layout.ts'
import { baseUrl, bearer, nameWithHost, shared, token, under } from './shared-settings.ts'

const settings = z.strictObject({
  type: z.literal('artifactory'),
  url: baseUrl.describe('Base URL, with /artifactory where it has one'),
  token,
  repositories: z.array(z.string().min(1).max(200)).optional().describe('Only these; absent: every local and federated repository (remote ones hold what others publish)'),
  pageSize: z.int().min(1).max(50_000).default(5_000).describe('Files in one answer'),
  ...shared,
})
type Settings = z.output<typeof settings>

/** https://docs.jfrog.com/artifactory/reference/getrepositories */
const repository = z.object({ key: z.string(), type: z.string(), packageType: z.string() })

const page = z.object({
  // Lenient per element: a file whose row lacks something is counted, not fatal.
  results: z.array(z.unknown()),
  range: z.object({ start_pos: z.number() }),
})
const row = z.object({ path: z.string(), name: z.string(), created: z.string().nullish() })

/** Our word for a package type, and the files in which a package of it is published. */
const packageTypes: Readonly<Record<string, { readonly ecosystem: Ecosystem; readonly files: string }>> = {
  npm: { ecosystem: 'npm', files: '*.tgz' },
  maven: { ecosystem: 'maven', files: '*.pom' },
  gradle: { ecosystem: 'maven', files: '*.pom' },
  sbt: { ecosystem: 'maven', files: '*.pom' },
  pypi: { ecosystem: 'pypi', files: '*' },
  nuget: { ecosystem: 'nuget', files: '*.nupkg' },
  gems: { ecosystem: 'rubygems', files: '*.gem' },
  cargo: { ecosystem: 'crates', files: '*.crate' },
  composer: { ecosystem: 'packagist', files: '*.zip' },
  go: { ecosystem: 'go', files: '*.mod' },
  docker: { ecosystem: 'docker', files: '*manifest.json' },
}

/** Artifactory's repository list and query language. A user who may not read a repository sees it empty. */
export const artifactory: Importer<Settings> = {
  type: 'artifactory',
  title: 'JFrog Artifactory',
  docs: 'https://jfrog.com/help/r/jfrog-rest-apis/artifactory-query-language',
  settings,
  nameOf: ({ name, url }) => name ?? nameWithHost('artifactory', url),
  async read(given, { http }, told) {
    const headers = bearer(given.token)
    const { body: all } = await http.request({ url: under(given.url, 'api/repositories'), headers, schema: z.array(repository) })
    const ours = all.filter(({ key, type }) => given.repositories?.includes(key) ?? ['local', 'federated'].includes(type.toLowerCase()))
    const missing = (given.repositories ?? []).filter((key) => !all.some((one) => one.key === key))
    if (missing.length > 0) throw new ContractBroken(`the repository list has no ${missing.join(', ')}, or the token may not see it`)
    for (const { key, packageType } of ours) {
      const kind = packageTypes[packageType.toLowerCase()]
      if (kind === undefined) {
        told.unreadable(`repository ${key} (${packageType})`)
        continue
      }
      let offset = 0
      // Until an empty page: a server may cap an answer below the limit that was asked for.
      for (;;) {
        const query = `items.find(${JSON.stringify({ repo: key, type: 'file', name: { $match: kind.files } })}).include("repo","path","name","created").sort({"$asc":["path","name"]}).offset(${offset}).limit(${given.pageSize})`
        const { body } = await http.request({ method: 'POST', url: under(given.url, 'api/search/aql'), headers, plain: query, schema: page, timeoutMs: 180_000 })
        if (body.range.start_pos !== offset) throw new ContractBroken('a page of the query does not begin where it was asked to')
        for (const result of body.results) {
          const file = row.safeParse(result)
          const read = file.success ? readArtifactPath(kind.ecosystem, file.data.path, file.data.name) : null
          if (!file.success || read === null) told.unreadable(`${key}: a path that is not laid out as ${packageType}`)
          else if (read !== 'other') told.found({ ...read, ecosystem: kind.ecosystem, publishedAt: file.data.created ?? null })
        }
        if (body.results.length === 0) break
        offset += body.results.length
        told.progress(`artifactory: ${key}, ${offset.toLocaleString('en')} files`)
      }
    }
  },
}
