import { z } from 'zod'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { Permanent, Transient } from '../../errors.ts'
import { packageFault } from '../../inventory/check-name.ts'
import { isBelow, isPrivate } from '../domains.ts'
import { isPage, question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { answered, blocked, taken, timeOf, undecided } from '../verdicts.ts'

/**
 * The Go module proxy. A module belongs to its path: the account on a code host, or the domain. The proxy fetches what
 * it is asked for, keeps it and may publish the path, so that it is asked only after an explicit yes.
 */
export const go = {
  id: 'go',
  title: 'the Go module proxy',
  ecosystem: 'go',
  docs: 'https://go.dev/ref/mod#module-proxy',
  discloses: 'The Go module proxy learns module paths, keeps them, and may publish them.',
  blindSpots: ['whether an account or a domain of a path could be taken: only those of the configuration are known to be ours', 'private repositories: the proxy answers as if they were not there'],
  origins: (settings) => (settings.go === undefined ? [] : [baseOf(settings.go)]),
  open: (settings, environment) => (settings.go === undefined ? null : open(settings.go, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['go']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://proxy.golang.org').replace(/\/+$/, '')
}

const info = z.object({ Version: z.string(), Time: z.string().nullish().catch(null) })
const stage = z.object({ at: z.literal('latest'), versionCount: z.int() })
/** https://go.dev/ref/mod#goproxy-protocol: both mean that the module is not available. */
const absent = [404, 410]

function open(row: Row, { http, now, domains, accounts }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const address = (path: string) => `${base}/${escapePath(path)}`

  function isOurPath(path: string): boolean {
    const [host = '', account = ''] = path.toLowerCase().split('/')
    if (/^(?:github|gitlab)\.com$|^bitbucket\.org$/.test(host)) return accounts.some((own) => own.toLowerCase() === account)
    return isBelow(host, domains) || row.ours.some((own) => path === own || path.startsWith(`${own}/`))
  }

  async function askVersions(path: string): Promise<Asked> {
    const found = await question(http, now, { url: `${address(path)}/@v/list`, accept: 'text/plain', absent })
    if (found === null) return missing(path)
    if (isPage(found)) throw new Transient(`${new URL(base).host}: a page for people instead of a list of versions`)
    return { more: { at: 'latest', versionCount: found.text.split('\n').filter((line) => /^v\d/.test(line)).length } }
  }

  function missing(path: string): Asked {
    const [host = ''] = path.toLowerCase().split('/')
    if (isOurPath(path)) return blocked('the proxy does not have it, and its account or domain is ours')
    if (isPrivate(host)) return blocked('the proxy does not have it, and its host is no public one')
    return undecided('the proxy does not have it; whoever holds its account or domain can publish it, and whether that is free is not told')
  }

  async function askLatest(path: string, versionCount: number): Promise<Asked> {
    const found = await question(http, now, { url: `${address(path)}/@latest`, schema: info, absent })
    // A list without a latest version is what the proxy has of a module without tags.
    if (found === null && versionCount === 0) return missing(path)
    const facts: PackageFacts = {
      version: found?.body.Version ?? null, versionCount, firstPublishedAt: null, publishedAt: timeOf(found?.body.Time), publishers: [], installTimeCode: null,
      description: null, deprecated: null, links: [],
    }
    return isOurPath(path) ? answered({ state: 'ours', claimable: 'no', why: 'it exists, and its account or domain is ours', facts }) : taken(facts, [])
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses({ kind, name }) {
      if (kind !== 'package') return `Go has no ${kind}s`
      return row.askPaths ? packageFault(name, 'go') : 'a Go module path needs an explicit yes: registries.go.askPaths'
    },
    async ask({ name }, progress) {
      if (progress === null) return askVersions(name)
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of Go')
      return askLatest(name, at.data.versionCount)
    },
  }
}

/** https://go.dev/ref/mod#goproxy-protocol: every capital becomes `!` and its lower case. */
function escapePath(path: string): string {
  return path.replaceAll(/[A-Z]/g, (capital) => `!${capital.toLowerCase()}`)
}
