import { json, plain, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type Warehouse } from './packages.ts'

/** The Go module proxy: capitals come as `!` and lower case; what it does not have is 404 or 410, as plain text. */
export function answerGo(warehouse: Warehouse, { path }: RegistryQuestion): RegistryReply {
  const end = path.findIndex((segment) => segment.startsWith('@'))
  const module = path.slice(0, end === -1 ? undefined : end).join('/').replaceAll(/![a-z]/g, (escaped) => escaped.slice(1).toUpperCase())
  const found = warehouse.find('go', ({ name }) => name === module)
  if (found === null) return plain(`not found: module ${module}: git ls-remote: exit status 128`, module.length % 2 === 0 ? 404 : 410)
  if (path[end] === '@latest') return json({ Version: latestOf(found)?.version, Time: latestOf(found)?.at })
  return plain(found.versions.map(({ version }) => `${version}\n`).join(''))
}
