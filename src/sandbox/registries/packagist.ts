import { json, type RegistryQuestion, type RegistryReply } from './answer.ts'
import type { Warehouse } from './packages.ts'

/** Packagist: packages with their maintainers, and the list of a vendor's packages, which is empty for a free vendor. */
export function answerPackagist(warehouse: Warehouse, { path, query }: RegistryQuestion): RegistryReply {
  const [, vendor = '', file = ''] = path
  if (vendor === 'list.json') {
    const of = `${query.get('vendor') ?? ''}/`
    return json({ packageNames: warehouse.list('packagist').map(({ name }) => name).filter((name) => name.startsWith(of)) })
  }
  const found = warehouse.find('packagist', ({ name }) => name === `${vendor}/${file.replace(/\.json$/, '')}`)
  if (found === null) return json({ status: 'error', message: 'Package not found' }, 404)
  return json({
    package: {
      name: found.name, description: found.description ?? '', time: found.versions[0]?.at, type: 'library', repository: found.repository ?? '',
      maintainers: found.publishers.map((name) => ({ name })),
      versions: Object.fromEntries([
        ['dev-main', { version: 'dev-main', time: found.versions.at(-1)?.at, type: 'library' }],
        ...found.versions.toReversed().map(({ version, at }) => [version, { version, time: at, type: 'library' }] as const),
      ]),
    },
  })
}
