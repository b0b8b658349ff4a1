import { z } from 'zod'
import type { Found, Importer } from './contract.ts'
import { baseUrl, bearer, nameWithHost, shared, token, under } from './shared-settings.ts'

const hosted = z.object({ name: z.string().min(1), package_type: z.string(), created_at: z.string().nullish() })
const settings = z.strictObject({
  type: z.literal('github-packages'),
  url: baseUrl.default('https://api.github.com').describe('Base URL of the REST API'),
  token: token.describe('Classic token with the scope read:packages; only as ${VARIABLE}'),
  organization: z.string().regex(/^[a-z\d][a-z\d_-]{0,38}$/i, 'expected the name of an organisation').describe('Whose packages'),
  ...shared,
})

const types = ['npm', 'maven', 'rubygems', 'nuget', 'container'] as const
const perPage = 100

/** Packages of an organisation on GitHub: names and when they were created; a version would take a request each. */
export const githubPackages: Importer<z.output<typeof settings>> = {
  type: 'github-packages',
  title: 'GitHub Packages',
  docs: 'https://docs.github.com/en/rest/packages/packages#list-packages-for-an-organization',
  settings,
  nameOf: ({ name, url, organization }) => name ?? nameWithHost('github-packages', url, organization),
  async read(given, { http }, told) {
    for (const type of types) {
      for (let at = 1; ; at += 1) {
        const url = under(given.url, `orgs/${given.organization}/packages?package_type=${type}&per_page=${perPage}&page=${at}`)
        const { body } = await http.request({ url, headers: { ...bearer(given.token), accept: 'application/vnd.github+json' }, schema: z.array(z.unknown()) })
        for (const one of body) {
          const read = hosted.safeParse(one)
          if (!read.success) told.unreadable(`a ${type} package without a name`)
          else told.found({ ...namedOnGithub(type, read.data.name, given.organization), version: null, publishedAt: read.data.created_at ?? null })
        }
        told.progress(`github-packages: ${type}, page ${at}`)
        if (body.length === 0) break
      }
    }
  },
}

/**
 * GitHub keeps npm names without their scope, and Maven coordinates joined by a dot: the last one is taken for the joint,
 * since an artifact with a dot in its name is rare.
 */
function namedOnGithub(type: (typeof types)[number], name: string, organization: string): Pick<Found, 'name' | 'ecosystem'> {
  switch (type) {
    case 'npm':
      return { name: name.startsWith('@') ? name : `@${organization.toLowerCase()}/${name}`, ecosystem: 'npm' }
    case 'maven':
      return { name: joinedAt(name, name.lastIndexOf('.')), ecosystem: 'maven' }
    case 'container':
      return { name: `${organization.toLowerCase()}/${name.toLowerCase()}`, ecosystem: 'docker' }
    case 'rubygems':
    case 'nuget':
      return { name, ecosystem: type }
  }
}

function joinedAt(name: string, at: number): string {
  return at < 0 ? name : `${name.slice(0, at)}:${name.slice(at + 1)}`
}
