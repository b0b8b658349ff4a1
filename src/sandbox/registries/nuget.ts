import { json, plain, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type Warehouse } from './packages.ts'

const missing = plain('<?xml version="1.0" encoding="utf-8"?><Error><Code>BlobNotFound</Code></Error>', 404, 'application/xml')

/** NuGet: service index, list of versions, registration (dates; 1900 for what is unlisted), search (owners). */
export function answerNuget(warehouse: Warehouse, { path, base, query }: RegistryQuestion): RegistryReply {
  const [first, second = ''] = path
  if (path.join('/') === 'v3/index.json') {
    return json({
      version: '3.0.0',
      resources: [
        { '@id': `${base}/v3-flatcontainer/`, '@type': 'PackageBaseAddress/3.0.0' },
        { '@id': `${base}/registration5-gz-semver2/`, '@type': 'RegistrationsBaseUrl/3.6.0' },
        { '@id': `${base}/query`, '@type': 'SearchQueryService' },
      ],
    })
  }
  if (first === 'query') {
    const id = (query.get('q') ?? '').replace(/^packageid:/, '')
    const data = warehouse.list('nuget').filter(({ name }) => name.toLowerCase() === id)
    return json({ totalHits: data.length, data: data.map((found) => ({ id: found.name, version: latestOf(found)?.version, owners: found.publishers, verified: false, authors: ['Acme Corp'] })) })
  }
  const found = warehouse.find('nuget', ({ name }) => name.toLowerCase() === second)
  if (found === null) return missing
  if (first === 'v3-flatcontainer') return json({ versions: found.versions.map(({ version }) => version) })
  const items = found.versions.map(({ version, at }) => ({ catalogEntry: { id: found.name, version, published: at, description: found.description ?? '', projectUrl: found.repository ?? '', listed: !at.startsWith('1900') } }))
  return json({ count: 1, items: [{ '@id': `${base}/registration5-gz-semver2/${second}/page`, count: items.length, items }] })
}
