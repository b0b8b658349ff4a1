import { json, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type Warehouse } from './packages.ts'

const missing = json({ message: 'object not found', errinfo: {} }, 404)

/** Docker Hub: repositories, users and organisations. */
export function answerDocker(warehouse: Warehouse, { path }: RegistryQuestion): RegistryReply {
  const [, kind, namespace = '', image] = path
  if (kind === 'repositories') {
    const found = warehouse.find('docker', ({ name }) => name === `${namespace}/${image ?? ''}`)
    if (found === null) return missing
    return json({ user: namespace, name: image, namespace, description: found.description ?? '', is_private: false, last_updated: latestOf(found)?.at, date_registered: found.versions[0]?.at })
  }
  const inUse = warehouse.list('docker').some(({ name }) => name.startsWith(`${namespace}/`)) || warehouse.holds('docker', namespace)
  return inUse && kind === 'users' ? json({ id: '1', username: namespace, type: 'User' }) : missing
}
