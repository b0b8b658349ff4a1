import { z } from 'zod'
import type { Ecosystem } from '../../contracts/inventory.ts'
import type { RateLimit } from '../../contracts/source.ts'
import { ContractBroken, type NamesakeError } from '../../errors.ts'
import type { RegistryEnvironment } from '../../contracts/registry.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'

/** Records of malicious packages, opened. */
export interface OpenRecords {
  /** Host that learns the names. */
  readonly destination: string
  readonly limit: RateLimit
  /** Whether it has records of this ecosystem at all. */
  knows(ecosystem: Ecosystem | null): boolean
  /** Ids of malicious-package records (`MAL-…`) of a name, at most 20. One outbound request. @throws NamesakeError */
  maliciousRecords(ecosystem: Ecosystem | null, name: string): Promise<readonly string[]>
}

/** https://ossf.github.io/osv-schema/#defined-ecosystems */
const ecosystems: Partial<Readonly<Record<Ecosystem, string>>> = {
  npm: 'npm', pypi: 'PyPI', rubygems: 'RubyGems', crates: 'crates.io', maven: 'Maven', nuget: 'NuGet', packagist: 'Packagist', go: 'Go',
}

const answer = z.object({
  vulns: z.array(z.object({ id: z.string(), withdrawn: z.string().optional().catch(undefined) }).catch({ id: '', withdrawn: undefined })).optional(),
})

/**
 * OSV: which public packages are on record as malicious. A record about the public namesake of one of our packages is an
 * attack of the past, not a flaw of ours. Null: not configured.
 * https://google.github.io/osv.dev/post-v1-query/
 */
export function openOsv(settings: RegistrySettings['osv'], { http, now }: Pick<RegistryEnvironment, 'http' | 'now'>): OpenRecords | null {
  if (settings === undefined) return null
  const base = settings.url.replace(/\/+$/, '')
  return {
    destination: new URL(base).host,
    limit: { max: settings.requestsPerMinute, perMs: 60_000 },
    knows: (ecosystem) => ecosystem !== null && ecosystems[ecosystem] !== undefined,
    async maliciousRecords(ecosystem, name) {
      const found = await question(http, now, {
        url: `${base}/v1/query`, schema: answer, absent: [],
        json: { package: { name, ecosystem: ecosystem === null ? '' : (ecosystems[ecosystem] ?? '') } },
      })
      if (found === null) throw unreadable(base)
      return (found.body.vulns ?? []).filter(({ id, withdrawn }) => /^MAL-\d{4}-\d+$/.test(id) && withdrawn === undefined).map(({ id }) => id).slice(0, 20)
    },
  }
}

function unreadable(base: string): NamesakeError {
  return new ContractBroken(`${new URL(base).host}: no answer to a query`)
}
