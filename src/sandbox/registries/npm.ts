import { json, type RegistryQuestion, type RegistryReply } from './answer.ts'
import type { SandboxPackage, Warehouse } from './packages.ts'

const notFound = json({ error: 'Not found' }, 404)

/** npm: documents in both forms, unpublished ones, placeholders, and the list of a scope's packages. */
export function answerNpm(warehouse: Warehouse, { path, headers }: RegistryQuestion): RegistryReply {
  const [first = '', second = '', third = '', fourth = ''] = path
  if (first === '-' && second === 'org') return fourth === 'package' ? answerScope(warehouse, third) : notFound
  const name = path.join('/')
  const found = warehouse.find('npm', (one) => one.name === name)
  if (found === null) return notFound
  if (typeof found.fate === 'object') return json(unpublishedDocument(found, found.fate.unpublishedAt))
  const abbreviated = headers.get('accept')?.startsWith('application/vnd.npm.install-v1+json') === true
  return json(documentOf(found.fate === 'placeholder' ? placeholder(found) : found, abbreviated, found.fate === 'placeholder' ? found : null))
}

function answerScope(warehouse: Warehouse, scope: string): RegistryReply {
  const names = warehouse.list('npm').map(({ name }) => name).filter((name) => name.startsWith(`@${scope}/`))
  if (names.length === 0 && !warehouse.holds('npm', scope)) return notFound
  return json(Object.fromEntries(names.map((name) => [name, 'read'])))
}

function documentOf(found: SandboxPackage, abbreviated: boolean, removed: SandboxPackage | null) {
  const latest = found.versions.at(-1)?.version ?? ''
  const maintainers = removed === null ? found.publishers.map((name) => ({ name, email: `${name}@mail.example` })) : []
  const versions = Object.fromEntries(found.versions.map(({ version, scripts }) => [version, {
    name: found.name,
    version,
    dist: { tarball: `https://tarballs.example/${version}.tgz`, shasum: '0' },
    ...(abbreviated
      ? (scripts === undefined ? {} : { hasInstallScript: true })
      : { scripts: scripts ?? {}, _npmUser: { name: found.publishers.at(-1) ?? '', email: 'x@mail.example' }, maintainers }),
  }]))
  const common = { name: found.name, 'dist-tags': { latest }, versions }
  if (abbreviated) return { ...common, modified: found.versions.at(-1)?.at }
  return {
    ...common,
    _id: found.name,
    description: found.description ?? '',
    maintainers,
    ...(found.repository === undefined ? {} : { repository: { type: 'git', url: `git+${found.repository}.git` } }),
    time: {
      created: (removed ?? found).versions[0]?.at,
      modified: found.versions.at(-1)?.at,
      ...Object.fromEntries([...(removed?.versions ?? []), ...found.versions].map(({ version, at }) => [version, at])),
    },
  }
}

/** What npm puts in the place of a malicious package. */
function placeholder(found: SandboxPackage): SandboxPackage {
  return {
    ...found,
    versions: [{ version: '0.0.1-security', at: found.versions.at(-1)?.at ?? '2024-01-01T00:00:00.000Z' }],
    publishers: ['npm'],
    description: 'security holding package',
    repository: 'https://github.com/npm/security-holder',
  }
}

function unpublishedDocument({ name, versions }: SandboxPackage, unpublishedAt: string) {
  return {
    _id: name,
    name,
    time: {
      created: versions[0]?.at,
      ...Object.fromEntries(versions.map(({ version, at }) => [version, at])),
      modified: unpublishedAt,
      unpublished: { time: unpublishedAt, versions: versions.map(({ version }) => version) },
    },
  }
}
