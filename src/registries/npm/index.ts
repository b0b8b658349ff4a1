import { isBuiltin } from 'node:module'
import { z } from 'zod'
import type { Json } from '../../contracts/json.ts'
import type { Asked, OpenRegistry, PackageFacts, Registry, RegistryEnvironment, RegistryName } from '../../contracts/registry.ts'
import { Permanent } from '../../errors.ts'
import { packageFault, scopeFault } from '../../inventory/check-name.ts'
import { npmRegistryHost } from '../../net/limits.ts'
import { question } from '../exchange.ts'
import type { RegistrySettings } from '../settings.ts'
import { answered, blocked, cut, free, isOurs, linksOf, spanOf, taken, timeOf, undecided } from '../verdicts.ts'
import { packument, scopePackages, unpublished, type NpmVersion, type Packument } from './schema.ts'

/**
 * npm. A package's document answers 404 for what is not there and for what is private; an unpublished package answers
 * 200 without versions, a removed malicious one 200 with npm's own placeholder. New names without a scope may not
 * differ from an existing one only in punctuation. A scope belongs to the user or organisation of its name.
 */
export const npm = {
  id: 'npm',
  title: 'npm',
  ecosystem: 'npm',
  docs: 'https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md',
  discloses: 'npm learns the names of packages and scopes, and spellings of them with other punctuation.',
  blindSpots: [
    'private packages: npm answers for them as if they were not there',
    'whether a scope is free is told by an endpoint that is not documented for everybody',
  ],
  origins: (settings) => (settings.npm === undefined ? [] : [baseOf(settings.npm)]),
  open: (settings, environment) => (settings.npm === undefined ? null : open(settings.npm, environment)),
} satisfies Registry<RegistrySettings>

type Row = NonNullable<RegistrySettings['npm']>

function baseOf({ url }: Row): string {
  return (url ?? `https://${npmRegistryHost}`).replace(/\/+$/, '')
}

/** Abbreviated documents know what runs at installation, and are small; full ones know who and when. */
const abbreviated = 'application/vnd.npm.install-v1+json, application/json;q=0.8'
const documentBytes = 24 * 1024 * 1024

const stage = z.discriminatedUnion('at', [
  z.object({ at: z.literal('document'), installTimeCode: z.string().nullable() }),
  z.object({ at: z.literal('scope') }),
  z.object({ at: z.literal('member'), name: z.string() }),
  z.object({ at: z.literal('variant'), number: z.int().min(0) }),
])

function open(row: Row, { http, now }: RegistryEnvironment): OpenRegistry {
  const base = baseOf(row)
  const address = (name: string) => `${base}/${encodeURIComponent(name).replace(/^%40/, '@')}`
  const ask = async (name: string, accept: string) =>
    (await question(http, now, { url: address(name), accept, schema: packument, maxBytes: documentBytes }))?.body ?? null

  async function lookUp({ name }: RegistryName): Promise<Asked> {
    const document = await ask(name, abbreviated)
    if (document === null) return name.startsWith('@') ? { more: { at: 'scope' } } : variants(name, 0)
    const installTimeCode = installCodeOf(latestOf(document)?.manifest)
    // A mirror may know only the full form.
    return document.time === undefined ? { more: { at: 'document', installTimeCode } } : judge(name, document, installTimeCode)
  }

  async function readDocument(name: string, installTimeCode: string | null): Promise<Asked> {
    const document = await ask(name, 'application/json')
    // Between two requests it went: the next look tells.
    if (document === null) return undecided('it was there a moment ago and is gone')
    return judge(name, document, installTimeCode)
  }

  function judge(name: string, document: Packument, earlier: string | null): Asked {
    const latest = latestOf(document)
    if (latest === null) return judgeUnpublished(name, document)
    const facts = factsOf(document, latest, earlier)
    if (isPlaceholder(document, latest)) {
      return answered({ state: 'placeholder', claimable: 'no', why: 'npm removed a malicious package of this name and holds it with a placeholder: it was attacked before', facts })
    }
    const [scope] = name.split('/')
    return taken(facts, row.ours, name.startsWith('@') ? scope : undefined)
  }

  /** https://docs.npmjs.com/policies/unpublish: the name of a removed package is open to anybody after 24 hours. */
  function judgeUnpublished(name: string, document: Packument): Asked {
    const removed = unpublished.safeParse(document.time?.['unpublished'])
    if (!removed.success) return answered({ state: 'unknown', claimable: 'unknown', why: 'npm has a document without versions, and does not say why', facts: null })
    const removedAt = timeOf(removed.data.time)
    const until = removedAt === null ? null : new Date(Date.parse(removedAt) + 24 * 3_600_000)
    const facts: PackageFacts = {
      version: null, versionCount: removed.data.versions.length, firstPublishedAt: timeOf(asText(document.time?.['created'])), publishedAt: removedAt,
      publishers: [], installTimeCode: null, description: cut(document.description), deprecated: null, links: [],
    }
    if (name.startsWith('@')) return isOurs(name.split('/')[0] ?? '', row.ours) ? blocked('it was unpublished, and its scope is ours', { facts }) : { more: { at: 'scope' } }
    if (until !== null && until > now()) return blocked(`it was unpublished; npm keeps the name from everybody until ${until.toISOString().slice(0, 16)}`, { until: until.toISOString(), facts })
    return free('it was unpublished, and npm gives the name to whoever publishes next', { facts })
  }

  /** Not documented for everybody: anything but a clean answer leaves it open. */
  async function askScope({ kind, name }: RegistryName): Promise<Asked> {
    const scope = (name.split('/')[0] ?? '').slice(1)
    if (kind === 'package' && isOurs(scope, row.ours)) return blocked('its scope is ours: nobody else can publish in it')
    const answer = await question(http, now, { url: `${base}/-/org/${encodeURIComponent(scope)}/package`, schema: scopePackages, also: [401, 403, 405] })
    if (answer === null) return free(kind === 'scope' ? 'no user and no organisation has this scope' : 'its scope belongs to nobody: whoever registers it can publish every name in it')
    if (answer.status !== 200) return undecidedScope(kind)
    if (kind === 'package') return blocked('its scope belongs to somebody: nobody else can publish in it, and whether that is us is not told')
    if (isOurs(scope, row.ours)) return answered({ state: 'ours', claimable: 'no', why: 'the scope is registered, and the configuration says that it is ours', facts: null })
    const member = Object.keys(answer.body).find((key) => key.toLowerCase().startsWith(`@${scope.toLowerCase()}/`))
    if (member !== undefined) return { more: { at: 'member', name: member } }
    return answered({ state: 'unknown', claimable: 'no', why: 'the scope is registered, and npm does not say by whom; if it is yours, list it in registries.npm.ours', facts: null })
  }

  /** Whose a scope is, is told by a package in it. */
  async function readMember(member: string): Promise<Asked> {
    const document = await ask(member, 'application/json')
    const latest = document === null ? null : latestOf(document)
    if (document === null || latest === null) return answered({ state: 'unknown', claimable: 'no', why: 'the scope is registered, and npm does not say by whom; if it is yours, list it in registries.npm.ours', facts: null })
    const { publishers } = factsOf(document, latest, null)
    const facts: PackageFacts = {
      version: null, versionCount: null, firstPublishedAt: null, publishedAt: null, publishers, installTimeCode: null, description: null, deprecated: null, links: [],
    }
    return taken(facts, row.ours)
  }

  /** Which spelling the registry has cannot be asked, so that the likely ones are. */
  async function askVariant(name: string, number: number): Promise<Asked> {
    const variant = spellings(name)[number]
    if (variant === undefined) throw new Permanent('a spelling that does not exist was to be asked for')
    const found = await ask(variant, abbreviated)
    if (found !== null && latestOf(found) !== null) return blocked('it is not there, but a name that differs only in punctuation is, and npm refuses such names')
    return variants(name, number + 1)
  }

  return {
    destination: new URL(base).host,
    limit: { max: row.requestsPerMinute, perMs: 60_000 },
    refuses: ({ kind, name }) => (kind === 'group' ? 'npm has no groups' : kind === 'scope' ? scopeFault(name) : packageFault(name, 'npm')),
    async ask(name, progress) {
      if (progress === null) return name.kind === 'scope' ? askScope(name) : lookUp(name)
      const at = stage.safeParse(progress)
      if (!at.success) throw new Permanent('the stored progress of a check is not one of npm')
      switch (at.data.at) {
        case 'document': return readDocument(name.name, at.data.installTimeCode)
        case 'scope': return askScope(name)
        case 'member': return readMember(at.data.name)
        case 'variant': return askVariant(name.name, at.data.number)
      }
    },
  }
}

function undecidedScope(kind: RegistryName['kind']): Asked {
  return kind === 'scope'
    ? answered({ state: 'unknown', claimable: 'unknown', why: 'npm does not tell whether the scope is taken', facts: null })
    : undecided('it is not there; npm does not tell whether its scope is taken')
}

function variants(name: string, number: number): Asked {
  if (/[A-Z]/.test(name)) return blocked('it is not there, and npm takes no new names with capitals')
  if (isBuiltin(name)) return blocked('it is not there, and npm gives nobody the name of a module of Node')
  const more: Json = { at: 'variant', number }
  return number < spellings(name).length ? { more } : free('it is not there, and so is no name that differs only in punctuation')
}

/**
 * Names that npm takes for the same one: equal without `.`, `_` and `-`. At most six; a name of one word has none.
 * https://blog.npmjs.org/post/168978377570/new-package-moniker-rules
 */
export function spellings(name: string): readonly string[] {
  const words = name.split(/[._-]+/).filter((word) => word !== '')
  if (name.startsWith('@') || words.length < 2) return []
  const [first = '', ...rest] = words
  const partly = words.length < 3 ? [] : [`${first}${rest.join('-')}`, `${words.slice(0, -1).join('-')}${words.at(-1) ?? ''}`]
  const all = [words.join(''), words.join('-'), words.join('_'), words.join('.'), ...partly]
  return [...new Set(all)].filter((spelling) => spelling !== name).slice(0, 6)
}

function latestOf(document: Packument): { readonly version: string; readonly manifest: NpmVersion } | null {
  const versions = document.versions ?? {}
  const version = document['dist-tags']?.['latest'] ?? Object.keys(versions).at(-1)
  if (version === undefined || Object.keys(versions).length === 0) return null
  return { version, manifest: versions[version] ?? { publishedBy: undefined } }
}

function factsOf(document: Packument, latest: NonNullable<ReturnType<typeof latestOf>>, earlier: string | null): PackageFacts {
  const versions = Object.keys(document.versions ?? {})
  const publisher = latest.manifest.publishedBy?.name ?? ''
  const { deprecated } = latest.manifest
  const span = spanOf(versions.map((version) => timeOf(asText(document.time?.[version]))))
  return {
    version: latest.version,
    versionCount: versions.length,
    firstPublishedAt: timeOf(asText(document.time?.['created'])) ?? span.first,
    publishedAt: timeOf(asText(document.time?.[latest.version])) ?? span.last,
    publishers: [...new Set([...(document.maintainers ?? []).map(({ name }) => name), publisher])].filter((name) => name !== '').slice(0, 20),
    installTimeCode: installCodeOf(latest.manifest) ?? earlier,
    description: cut(document.description),
    deprecated: typeof deprecated === 'string' ? cut(deprecated, 200) : deprecated === true ? 'deprecated' : null,
    links: linksOf([document.repository?.url, document.homepage]),
  }
}

/** What npm runs by itself when it installs: https://docs.npmjs.com/cli/using-npm/scripts#npm-install */
function installCodeOf(manifest: NpmVersion | undefined): string | null {
  const scripts = ['preinstall', 'install', 'postinstall'].filter((script) => (manifest?.scripts?.[script] ?? '') !== '')
  if (scripts.length > 0) return scripts.map((script) => `a ${script} script`).join(', ')
  if (manifest?.hasInstallScript === true) return 'an install script'
  return manifest?.gypfile === true ? 'a native build (node-gyp)' : null
}

/** `0.0.1-security` alone can be published by anybody: npm itself has to be the publisher. */
function isPlaceholder(document: Packument, { version, manifest }: NonNullable<ReturnType<typeof latestOf>>): boolean {
  if (!/-security(?:\.\d+)?$/.test(version)) return false
  const holds = /security holding package/i.test(document.description ?? '') || /\bnpm\/security-holder\b/.test(document.repository?.url ?? '')
  return holds && (manifest.publishedBy?.name === 'npm' || (manifest.publishedBy === undefined && (document.maintainers ?? []).length === 0))
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
