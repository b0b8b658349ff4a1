import { json, plain, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type SandboxPackage, type Warehouse } from './packages.ts'

/** PyPI: the Simple API tells what exists; the JSON API knows neither projects without releases nor those in quarantine. */
export function answerPypi(warehouse: Warehouse, { path, base }: RegistryQuestion): RegistryReply {
  const [api = '', given = '', form] = path
  const normalised = given.replaceAll(/[-_.]+/g, '-').toLowerCase()
  const found = warehouse.find('pypi', ({ name }) => name.replaceAll(/[-_.]+/g, '-').toLowerCase() === normalised)
  if (api === 'simple') {
    if (given !== normalised) return { status: 301, headers: { location: `${base}/simple/${normalised}/` } }
    return found === null ? plain('404 Not Found', 404) : json(simpleOf(found, normalised), 200, { 'content-type': 'application/vnd.pypi.simple.v1+json' })
  }
  if (api !== 'pypi' || form !== 'json' || found === null || found.fate !== undefined) return json({ message: 'Not Found' }, 404)
  return json(detailsOf(found))
}

function simpleOf(found: SandboxPackage, name: string) {
  const withoutFiles = found.fate === 'quarantined' || found.fate === 'empty'
  return {
    meta: { 'api-version': '1.4', '_last-serial': 1 },
    name,
    'project-status': { status: found.fate === 'quarantined' ? 'quarantined' : 'active' },
    versions: withoutFiles ? [] : found.versions.map(({ version }) => version),
    files: withoutFiles ? [] : found.versions.flatMap(({ version, at, source }) => [
      ...(source === true ? [`${name}-${version}.tar.gz`] : []), `${name}-${version}-py3-none-any.whl`,
    ].map((filename) => ({ filename, url: `https://files.example/${filename}`, hashes: {}, 'upload-time': at, yanked: false }))),
  }
}

function detailsOf(found: SandboxPackage) {
  const filesOf = ({ at, source }: SandboxPackage['versions'][number]) => [
    ...(source === true ? [{ packagetype: 'sdist', upload_time_iso_8601: at }] : []), { packagetype: 'bdist_wheel', upload_time_iso_8601: at },
  ]
  const latest = latestOf(found)
  return {
    info: {
      name: found.name, version: latest?.version ?? null, summary: found.description ?? null, description: '', home_page: found.repository ?? null, project_urls: null,
      // Anybody may write anything here.
      author: 'Acme Corp', author_email: 'security@acme-corp.com',
    },
    last_serial: 1,
    releases: Object.fromEntries(found.versions.map((version) => [version.version, filesOf(version)])),
    urls: latest === null ? [] : filesOf(latest),
    ownership: { roles: found.publishers.map((user) => ({ role: 'Owner', user })), organization: null },
  }
}
