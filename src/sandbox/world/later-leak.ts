import type { CommitSource } from '../git/import-commits.ts'
import { people } from './people.ts'

/** What becomes public while somebody watches: a name that the world did not hold before, in one commit. */
export interface LaterLeak {
  /** `owner/name` of a repository of the world. */
  readonly repository: string
  readonly identifier: string
  readonly path: string
  readonly commit: CommitSource
}

const manifest = `{
  "name": "rack-alerts",
  "version": "0.1.0",
  "private": true,
  "dependencies": {
    "@acme-corp/billing-events": "^3.1.0",
    "fastify": "^5.1.0"
  }
}
`

/** @param at when it is committed; git keeps whole seconds */
export function laterLeak(at: Date): LaterLeak {
  return {
    repository: 'kofi-ops/homelab',
    identifier: '@acme-corp/billing-events',
    path: 'alerts/package.json',
    commit: { author: people.kofi, date: `${at.toISOString().slice(0, 19)}Z`, message: 'alerts on the phone\n', files: { 'alerts/package.json': manifest } },
  }
}
