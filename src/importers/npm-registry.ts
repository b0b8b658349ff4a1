import { z } from 'zod'
import type { Importer } from './contract.ts'
import { baseUrl, bearer, nameWithHost, shared, token, under } from './shared-settings.ts'

const settings = z.strictObject({
  type: z.literal('npm-registry'),
  url: baseUrl.describe('Base URL of the registry; it must list only your own packages, so never the public one'),
  token,
  text: z.string().max(200).default('').describe('What to search for: empty lists everything in Verdaccio; @acme-corp lists a scope'),
  ...shared,
})
type Settings = z.output<typeof settings>

const page = z.object({ objects: z.array(z.unknown()), total: z.number().optional() })
const object = z.object({ package: z.object({ name: z.string().min(1), version: z.string().nullish() }) })
/** The most that the search of a registry gives at once (npm/registry, REGISTRY-API.md). */
const size = 250

/**
 * The search of an npm registry (Verdaccio and alike). It tells when the newest version came, not the first: no first
 * publication is taken from it.
 */
export const npmRegistry: Importer<Settings> = {
  type: 'npm-registry',
  title: 'an npm registry with search (Verdaccio)',
  docs: 'https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md#get-v1search',
  settings,
  nameOf: ({ name, url }) => name ?? nameWithHost('npm-registry', url),
  async read(given, { http }, told) {
    const seen = new Set<string>()
    for (let from = 0; ; ) {
      const query = new URLSearchParams({ text: given.text, size: String(size), from: String(from) })
      const { body } = await http.request({ url: under(given.url, `-/v1/search?${query}`), headers: bearer(given.token), schema: page })
      const before = seen.size
      for (const one of body.objects) {
        const read = object.safeParse(one)
        if (!read.success) told.unreadable('an entry of the search without a name')
        else {
          seen.add(read.data.package.name)
          told.found({ name: read.data.package.name, ecosystem: 'npm', version: read.data.package.version ?? null, publishedAt: null })
        }
      }
      from += body.objects.length
      told.progress(`npm-registry: ${from.toLocaleString('en')} packages`)
      // Some versions of Verdaccio ignore `from` and give everything each time.
      if (body.objects.length === 0 || seen.size === before) break
    }
  },
}
