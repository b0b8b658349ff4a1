import { z } from 'zod'
import { limitOf, npmRegistryHost } from '../net/limits.ts'

const httpUrl = z.url({ protocol: /^https?$/ })
const words = z.string().trim().min(1).max(200)

/** @param limitedAs host and resource of the row in net/limits.ts that is the default */
function row(description: string, limitedAs: readonly [host: string, resource: string]) {
  const limit = limitOf(...limitedAs)?.ours ?? { max: 1, perMs: 1_000 }
  return z
    .strictObject({
      url: httpUrl.optional().describe('Base URL; absent: the public registry'),
      ours: z.array(words).default([]).describe('Publishers that are us: logins, organisations, npm scopes, vendors, Maven groups'),
      requestsPerMinute: z
        .int().min(1).max(100_000).default(Math.max(1, Math.floor((limit.max * 60_000) / limit.perMs)))
        .describe('Requests in a minute; raise it only for a mirror of your own'),
    })
    .describe(description)
}

/** What stands below `registries:` in namesake.yaml: a row per registry; an absent row is a registry that is never asked. */
export const registrySettings = z.strictObject({
  askAll: z.boolean().default(false).describe('Ask also for names that were not found in public yet. That tells them to the registries; a name with disclose: never or stem is never told'),
  crates: row('crates.io', ['crates.io', 'api']).optional(),
  docker: row('Docker Hub; ours: namespaces', ['hub.docker.com', 'api']).optional(),
  go: row('The Go module proxy, which keeps and may publish the paths that it is asked for', ['proxy.golang.org', 'proxy'])
    .extend({ askPaths: z.boolean().default(false).describe('The explicit yes that Go needs: a module path that is asked for becomes known to the proxy, for good') })
    .describe('The Go module proxy, which keeps and may publish the paths that it is asked for')
    .optional(),
  maven: row('Maven Central; ours: groups besides those of organization.domains', ['repo1.maven.org', 'repository']).optional(),
  npm: row('npm; ours: logins, and scopes that we hold', [npmRegistryHost, 'registry']).optional(),
  nuget: row('NuGet; ours: owners, and reserved prefixes with a dot and a star (Acme.*)', ['api.nuget.org', 'api']).optional(),
  osv: z
    .strictObject({
      url: httpUrl.default('https://api.osv.dev').describe('Base URL'),
      requestsPerMinute: z.int().min(1).max(100_000).default(300).describe('Requests in a minute'),
    })
    .optional()
    .describe('Records of malicious packages (OSV); asked for the same names as the registries'),
  packagist: row('Packagist; ours: maintainers and vendors', ['packagist.org', 'api']).optional(),
  pypi: row('PyPI; ours: users and organisations', ['pypi.org', 'api']).optional(),
  rubygems: row('RubyGems; ours: owners', ['rubygems.org', 'api']).optional(),
})

type Parsed = z.output<typeof registrySettings>
type Row<Value> = Value extends object ? { readonly [Key in keyof Value]: Value[Key] extends (infer Item)[] ? readonly Item[] : Value[Key] } : Value
/** Readonly, lists included: a frozen configuration is one. */
export type RegistrySettings = { readonly [Key in keyof Parsed]: Row<Parsed[Key]> }
