import type { ArtifactoryRepository } from './artifactory/serve.ts'
import type { NexusRepository } from './nexus/serve.ts'

const words = ['auth', 'billing', 'client', 'core', 'gateway', 'internal', 'ledger', 'metrics', 'payments', 'search', 'session', 'worker']

/** Invented names in the shape of real ones: half of them packages of an Artifactory, half of a Nexus, one version each. */
export function inventRepositories(count: number, { version = () => '1.2.0' }: { readonly version?: (at: number) => string } = {}): {
  readonly artifactory: readonly ArtifactoryRepository[]
  readonly nexus: readonly NexusRepository[]
} {
  const half = Math.ceil(count / 2)
  const wordOf = (at: number): string => `${words[at % words.length]}-${at}`
  const created = (at: number): string => new Date(Date.UTC(2019, 0, 1) + at * 60_000).toISOString()
  return {
    artifactory: [
      {
        key: 'npm-local', type: 'LOCAL', packageType: 'npm',
        files: Array.from({ length: half }, (_, at) => ({ path: `@acme-corp/${wordOf(at)}/-/@acme-corp`, name: `${wordOf(at)}-${version(at)}.tgz`, created: created(at) })),
      },
      { key: 'npm-remote', type: 'REMOTE', packageType: 'npm', files: [{ path: 'lodash/-', name: 'lodash-4.17.21.tgz', created: created(0) }] },
    ],
    nexus: [
      {
        name: 'maven-releases', format: 'maven2', type: 'hosted',
        components: Array.from({ length: count - half }, (_, at) => ({ group: 'com.acmecorp', name: wordOf(half + at), version: version(half + at), blobCreated: created(half + at) })),
      },
      { name: 'maven-central', format: 'maven2', type: 'proxy', components: [{ group: 'junit', name: 'junit', version: '4.13', blobCreated: created(0) }] },
    ],
  }
}
