import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment } from '../../contracts/registry.ts'
import { ContractBroken, Permanent, Transient } from '../../errors.ts'
import { groupFault, packageFault } from '../../inventory/check-name.ts'
import { domainOfGroup, isBelow, isPrivate } from '../domains.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { answered, blocked, taken, timeOf, undecided } from '../verdicts.ts'

/**
 * Maven Central. A group is given to whoever proves that its domain, or its account on a code host, is theirs, with all
 * groups below it: a missing artifact is to be had only by the holder of its group. The search service of Central is a
 * year behind at times, and is not asked.
 */
export const maven = {
  id: 'maven',
  title: 'Maven Central',
  ecosystem: 'maven',
  docs: 'https://central.sonatype.org/register/namespace/',
  discloses: 'Maven Central learns groups and artifacts.',
  blindSpots: ['whether the domain of a group could be bought: only domains of the configuration are known to be ours', 'other public repositories than Central'],
  origins: (settings) => (settings.maven === undefined ? [] : [baseOf(settings.maven)]),
  open: (settings, environment) => (settings.maven === undefined ? null : open(settings.maven, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['maven']>

function baseOf({ url }: Row): string {
  return (url ?? 'https://repo1.maven.org/maven2').replace(/\/+$/, '')
}

const metadata = z.object({
  metadata: z.object({
    versioning: z
      .object({
        latest: z.string().optional(),
        release: z.string().optional(),
        versions: z.object({ version: z.array(z.string()) }).optional().catch(undefined),
        lastUpdated: z.string().optional(),
      })
      .optional(),
  }),
})
const parser = new XMLParser({ parseTagValue: false, processEntities: false, isArray: (name) => name === 'version' })
const stage = z.object({ at: z.literal('group') })

function open(row: Row, { http, now, domains, accounts }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const folder = (group: string) => `${base}/${group.split('.').map(encodeURIComponent).join('/')}`

  /** By domain, by account on a code host, or because the configuration says so. */
  function isOurGroup(group: string): boolean {
    const account = /^(?:io|com)\.(?:github|gitlab)\.(?<account>[^.]+)/.exec(group)?.groups?.['account']
    if (account !== undefined) return accounts.some((own) => own.toLowerCase() === account.toLowerCase())
    return isBelow(domainOfGroup(group), domains) || row.ours.some((own) => group === own || group.startsWith(`${own}.`))
  }

  async function askArtifact(group: string, artifact: string): Promise<Asked> {
    const found = await question(http, now, { url: `${folder(group)}/${encodeURIComponent(artifact)}/maven-metadata.xml`, accept: 'application/xml, text/xml' })
    if (found === null) return isOurGroup(group) ? ours : { more: { at: 'group' } }
    const facts = readMetadata(found.text, new URL(base).host)
    return isOurGroup(group) ? answered({ state: 'ours', claimable: 'no', why: 'it exists, and its group is ours', facts }) : taken(facts, [])
  }

  /** The listing of a folder is a page for people, also at Central itself. */
  async function askGroup(group: string, kind: 'group' | 'package'): Promise<Asked> {
    const found = await question(http, now, { url: `${folder(group)}/`, accept: 'text/html, */*' })
    // A sign-in page or a notice of a proxy is a page too.
    if (found !== null && !found.text.includes('href="../"')) throw new Transient(`${new URL(base).host}: something else than the listing of a folder`)
    if (found !== null && kind === 'package') return undecided('it is not there; its group is in use, and its holder, who is not known to be us, can publish it at any time')
    if (found !== null) return isOurGroup(group) ? answered({ state: 'ours', claimable: 'no', why: 'the group is in use, and it is ours', facts: null }) : taken(nothing, [])
    if (isOurGroup(group)) return ours
    if (isPrivate(domainOfGroup(group))) return blocked('it is not there, and Central gives nobody a group without a public domain; another repository may')
    return undecided('it is not there; whoever owns the domain of its group can publish it, and whether that domain is free is not told')
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'group' ? groupFault(name) : kind === 'package' ? packageFault(name, 'maven') : 'Maven has no scopes'),
    async ask({ kind, name }, progress) {
      const [group = '', artifact = ''] = name.split(':')
      if (progress !== null && !stage.safeParse(progress).success) throw new Permanent('the stored progress of a check is not one of Maven')
      return kind === 'package' && progress === null ? askArtifact(group, artifact) : askGroup(group, kind === 'package' ? 'package' : 'group')
    },
  }
}

const ours = blocked('it is not there, and only the holder of its group can publish it, who is us')

const nothing: PackageFacts = {
  version: null, versionCount: null, firstPublishedAt: null, publishedAt: null, publishers: [], installTimeCode: null, description: null, deprecated: null, links: [],
}

/** https://maven.apache.org/ref/current/maven-repository-metadata/repository-metadata.html */
function readMetadata(text: string, host: string): PackageFacts {
  if (!/<metadata\b/.test(text.slice(0, 2_000)) || /<!DOCTYPE/i.test(text)) throw new Transient(`${host}: something else than metadata of an artifact`)
  let document: unknown
  try {
    document = parser.parse(text)
  } catch {
    throw new Transient(`${host}: metadata that are no complete XML`)
  }
  const parsed = metadata.safeParse(document)
  if (!parsed.success) throw new ContractBroken(`${host}: metadata of another form`)
  const { versioning } = parsed.data.metadata
  const versions = versioning?.versions?.version ?? []
  return { ...nothing, version: versioning?.release ?? versioning?.latest ?? versions.at(-1) ?? null, versionCount: versions.length, publishedAt: dateOf(versioning?.lastUpdated) }
}

/** `yyyyMMddHHmmss`, in UTC. */
function dateOf(text: string | undefined): string | null {
  const { y, m, d, h, i, s } = /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)(?<h>\d\d)(?<i>\d\d)(?<s>\d\d)$/.exec(text ?? '')?.groups ?? {}
  return y === undefined ? null : timeOf(`${y}-${m}-${d}T${h}:${i}:${s}Z`)
}
