import { json, plain, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type Warehouse } from './packages.ts'

const missing = plain('This rubygem could not be found.', 404)

/** RubyGems: a gem, its versions, its owners; a gem of which every version was yanked answers as one that never was. */
export function answerRubygems(warehouse: Warehouse, { path }: RegistryQuestion): RegistryReply {
  const [, , kind, file = '', detail] = path
  const asked = detail === undefined ? file.replace(/\.json$/, '') : file
  const found = warehouse.find('rubygems', ({ name }) => name.toLowerCase() === asked.toLowerCase())
  if (found === null || found.fate === 'yanked') return missing
  if (kind === 'versions') return json(found.versions.toReversed().map(({ version, at }) => ({ number: version, created_at: at, prerelease: false, platform: 'ruby' })))
  if (detail === 'owners.json') return json(found.publishers.map((handle, id) => ({ id, handle })))
  const latest = latestOf(found)
  return json({
    name: found.name, version: latest?.version, version_created_at: latest?.at, downloads: found.downloads ?? 10, info: found.description ?? '',
    homepage_uri: found.repository ?? null, source_code_uri: null, authors: 'Acme Corp',
  })
}
