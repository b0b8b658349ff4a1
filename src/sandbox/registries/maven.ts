import { plain, type RegistryQuestion, type RegistryReply } from './answer.ts'
import { latestOf, type Warehouse } from './packages.ts'

/** A listing and a missing file look like this at Maven Central. */
const missing = plain('not found', 404)

/** Maven: metadata of artifacts, and folders that list what is below a group. */
export function answerMaven(warehouse: Warehouse, { path }: RegistryQuestion): RegistryReply {
  if (path.at(-1) === 'maven-metadata.xml') {
    const artifact = path.at(-2) ?? ''
    const group = path.slice(0, -2).join('.')
    const found = warehouse.find('maven', ({ name }) => name === `${group}:${artifact}`)
    if (found === null) return missing
    const versions = found.versions.map(({ version }) => `<version>${version}</version>`).join('')
    const latest = latestOf(found)
    const updated = (latest?.at ?? '').replaceAll(/\D/g, '').slice(0, 14)
    return plain(
      `<?xml version="1.0" encoding="UTF-8"?>\n<metadata><groupId>${group}</groupId><artifactId>${artifact}</artifactId><versioning><latest>${latest?.version ?? ''}</latest><release>${latest?.version ?? ''}</release><versions>${versions}</versions><lastUpdated>${updated}</lastUpdated></versioning></metadata>`,
      200, 'text/xml',
    )
  }
  const group = path.join('.')
  const inUse = warehouse.list('maven').some(({ name }) => `${name.split(':')[0] ?? ''}.`.startsWith(`${group}.`)) || warehouse.holds('maven', group)
  return inUse ? plain(`<html><body><h1>${path.join('/')}</h1><a href="../">../</a></body></html>`, 200, 'text/html') : missing
}
