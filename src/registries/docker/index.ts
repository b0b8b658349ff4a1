import { z } from 'zod'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { Permanent } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { answered, cut, free, isOurs, taken, timeOf } from '../verdicts.ts'

/**
 * Docker Hub. An image without a registry host comes from here. What can be claimed is the namespace. It answers 404 for
 * private repositories and for clients that asked too much, so that one look says little.
 */
export const docker = {
  id: 'docker',
  title: 'Docker Hub',
  ecosystem: 'docker',
  docs: 'https://docs.docker.com/reference/api/hub/latest/',
  discloses: 'Docker Hub learns the names of images and namespaces.',
  blindSpots: ['private repositories: Docker Hub answers for them as if they were not there', 'who is behind a namespace'],
  origins: (settings) => (settings.docker === undefined ? [] : [baseOf(settings.docker)]),
  open: (settings, environment) => (settings.docker === undefined ? null : open(settings.docker, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['docker']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://hub.docker.com').replace(/\/+$/, '').replace(/\/v2$/, '')
}

const repository = z.object({
  name: z.string(), description: z.string().nullish().catch(null), last_updated: z.string().nullish().catch(null), date_registered: z.string().nullish().catch(null),
})
const account = z.object({}).loose()
const stage = z.discriminatedUnion('at', [z.object({ at: z.literal('user') }), z.object({ at: z.literal('organization') })])

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)

  async function lookUp(namespace: string, name: string): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/v2/repositories/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}/`, schema: repository })
    if (found === null) {
      return isOurs(namespace, row.ours)
        ? answered({ state: 'ours', claimable: 'no', why: 'it is not there or private, and its namespace is ours: nobody else can push to it', facts: null })
        : { more: { at: 'user' } }
    }
    const { description, last_updated, date_registered } = found.body
    const facts: PackageFacts = {
      version: null, versionCount: null, firstPublishedAt: timeOf(date_registered), publishedAt: timeOf(last_updated), publishers: [namespace], installTimeCode: null,
      description: cut(description), deprecated: null, links: [],
    }
    return taken(facts, row.ours)
  }

  async function askNamespace(namespace: string, kind: 'users' | 'orgs'): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/v2/${kind}/${encodeURIComponent(namespace)}/`, schema: account })
    if (found !== null) return answered({ state: 'unknown', claimable: 'no', why: 'it is not there or private, and its namespace belongs to somebody: nobody else can push to it, and whether that is us is not told', facts: null })
    return kind === 'users' ? { more: { at: 'organization' } } : free('neither it nor its namespace is there: whoever registers the namespace can push every image in it', { doubtful: true, facts: null })
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses({ kind, name }) {
      if (kind !== 'package') return `Docker Hub has no ${kind}s`
      const [first = '', ...rest] = name.split('/')
      // https://github.com/distribution/reference: the first part is a host when it has a dot or a port, or is localhost.
      if (rest.length > 0 && (/[.:]/.test(first) || first === 'localhost')) return 'an image of a registry of its own: Docker Hub has nothing to do with it'
      if (rest.length !== 1) return 'only the official images of Docker Hub have no namespace, and no image has two'
      return packageFault(name, 'docker')
    },
    async ask({ name }, progress) {
      const [namespace = '', image = ''] = name.toLowerCase().split('/')
      if (progress === null) return lookUp(namespace, image)
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of Docker Hub')
      return askNamespace(namespace, at.data.at === 'user' ? 'users' : 'orgs')
    },
  }
}
