import { z } from 'zod'
import type { Asked, OpenRegistry, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { Permanent, Transient } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { blocked, cut, free, linksOf, taken, timeOf } from '../verdicts.ts'

/**
 * crates.io. One list of names for everybody, in which `-` and `_` are the same; at most one request a second, with a
 * User-Agent, else 403.
 */
export const crates = {
  id: 'crates',
  title: 'crates.io',
  ecosystem: 'crates',
  docs: 'https://crates.io/data-access',
  discloses: 'crates.io learns the names of crates.',
  blindSpots: ['names that crates.io has reserved beyond those of the standard library'],
  origins: (settings) => (settings.crates === undefined ? [] : [baseOf(settings.crates)]),
  open: (settings, environment) => (settings.crates === undefined ? null : open(settings.crates, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['crates']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://crates.io').replace(/\/+$/, '')
}

const text = z.string().nullish().catch(null)
const answer = z.object({
  crate: z.object({ id: z.string(), max_version: text, newest_version: text, created_at: text, description: text, repository: text, homepage: text }),
  versions: z.array(z.object({ num: z.string().catch(''), created_at: text, published_by: z.object({ login: z.string().catch('') }).nullish().catch(null) })).nullish().catch(null),
})
const absence = z.object({ errors: z.array(z.object({ detail: z.string() })).min(1) })
const owners = z.object({ users: z.array(z.object({ login: z.string().catch('') })) })
const known = z.object({
  version: z.string().nullable(), versionCount: z.int().nullable(), firstPublishedAt: z.string().nullable(), publishedAt: z.string().nullable(),
  description: z.string().nullable(), links: z.array(z.string()), publisher: z.string().nullable(),
})
const stage = z.object({ at: z.literal('owners'), known })
const reserved = new Set(['alloc', 'arena', 'ast', 'builtins', 'collections', 'compiler-builtins', 'core', 'proc-macro', 'std', 'test', 'rustc', 'rustdoc'])

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const host = new URL(base).host

  async function lookUp(name: string): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/api/v1/crates/${encodeURIComponent(name)}`, schema: answer, maxBytes: 24 * 1024 * 1024, absent: [], also: [404] })
    if (found === null || found.status === 404) return absent(name, found?.text ?? '')
    const { crate, versions } = found.body
    const version = crate.max_version ?? crate.newest_version ?? null
    const latest = versions?.find(({ num }) => num === version)
    return {
      more: {
        at: 'owners',
        known: {
          version, versionCount: versions?.length ?? null, firstPublishedAt: timeOf(crate.created_at), publishedAt: timeOf(latest?.created_at),
          description: cut(crate.description), links: linksOf([crate.repository, crate.homepage]), publisher: latest?.published_by?.login ?? null,
        },
      },
    }
  }

  /** crates.io says in JSON that there is no such crate; any other 404 comes from something before it. */
  function absent(name: string, body: string): Asked {
    if (!absence.safeParse(parseJson(body)).success) throw new Transient(`${host}: a 404 that does not say that there is no such crate`)
    return reserved.has(name.toLowerCase().replaceAll('_', '-'))
      ? blocked('it is not there, and crates.io reserves the name')
      : free('it is not there, and crates.io gives a name to whoever publishes first')
  }

  async function readOwners(name: string, { publisher, ...facts }: z.output<typeof known>): Promise<Asked> {
    const found = await question(http, now, { url: `${base}/api/v1/crates/${encodeURIComponent(name)}/owners`, schema: owners })
    const logins = [...(found?.body.users ?? []).map(({ login }) => login), publisher ?? ''].filter((login) => login !== '')
    return taken({ ...facts, publishers: [...new Set(logins)].slice(0, 20), installTimeCode: null, deprecated: null }, row.ours)
  }

  return {
    destination: host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'package' ? packageFault(name, 'crates') : `crates.io has no ${kind}s`),
    async ask({ name }, progress) {
      if (progress === null) return lookUp(name)
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of crates.io')
      return readOwners(name, at.data.known)
    },
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
