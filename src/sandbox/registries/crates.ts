import { json, plain, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type Warehouse } from './packages.ts'

/** crates.io: `-` is `_`, capitals are none, and nobody is answered who does not say who he is. */
export function answerCrates(warehouse: Warehouse, { path, headers }: RegistryQuestion): RegistryReply {
  if ((headers.get('user-agent') ?? '') === '') return plain('We require that all requests include a `User-Agent` header.', 403)
  const [, , , asked = '', detail] = path
  const key = (name: string) => name.toLowerCase().replaceAll('_', '-')
  const found = warehouse.find('crates', ({ name }) => key(name) === key(asked))
  if (found === null) return json({ errors: [{ detail: `crate \`${asked}\` does not exist` }] }, 404)
  if (detail === 'owners') return json({ users: found.publishers.map((login, id) => ({ id, login, kind: 'user' })) })
  return json({
    crate: {
      id: found.name, name: found.name, created_at: found.versions[0]?.at, updated_at: latestOf(found)?.at, max_version: latestOf(found)?.version, newest_version: latestOf(found)?.version,
      description: found.description ?? null, repository: found.repository ?? null, homepage: null,
    },
    versions: found.versions.toReversed().map(({ version, at }) => ({ num: version, created_at: at, yanked: false, published_by: { login: found.publishers.at(-1) ?? '' } })),
  })
}
