import { createHash } from 'node:crypto'
import { normalise } from '../matching/normalise.ts'
import type { ReportedFinding, ReportedPlace } from './contract.ts'

/**
 * The identity of a finding for other tools: the same name has it in every installation and after a database was made
 * anew, so that an import never doubles it. It does not say the name. Lower-case SHA-256.
 */
export function findingIdentity({ identifier, kind, ecosystem }: Pick<ReportedFinding, 'identifier' | 'kind' | 'ecosystem'>): string {
  return digest([kind, ecosystem, normalise(identifier, kind, ecosystem)])
}

/** The identity of a place of a finding: the name and the document. It stays when lines move and revisions change. */
export function placeIdentity(finding: ReportedFinding, { source, repository, path, url }: ReportedPlace): string {
  return digest([findingIdentity(finding), source, ...(path === null ? [url] : [repository, path])])
}

function digest(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
