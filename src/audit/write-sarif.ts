import { createHash } from 'node:crypto'
import { fileArtifact, sarifLog, type SarifResult, type SarifRule } from '../formats/sarif.ts'
import type { AuditReport } from './contract.ts'

const rules: readonly SarifRule[] = [
  { id: 'namesake/exposed-namespace', name: 'InternalNamesFromMoreThanOnePlace', shortDescription: { text: 'Internal names are resolved from more than one place, or from a public one' } },
  { id: 'namesake/unknown-namespace', name: 'OriginOfInternalNamesNotToldByFiles', shortDescription: { text: 'Where internal names are resolved from is not in the files' } },
]

/** A report as SARIF 2.1.0: what is exposed is an error, what the files do not say a warning. */
export function writeAuditSarif({ rows, gaps }: AuditReport, version: string): string {
  const results = rows.filter(({ verdict }) => verdict !== 'safe').map(describeRow)
  return sarifLog({ version, rules, results, gaps: gaps.map(({ path, reason }) => ({ text: `${path}: ${reason}` })) })
}

function describeRow({ verdict, kind, project, reason, path, line, fix }: AuditReport['rows'][number]): SarifResult {
  return {
    ruleId: `namesake/${verdict}-namespace`,
    ruleIndex: verdict === 'exposed' ? 0 : 1,
    level: verdict === 'exposed' ? 'error' : 'warning',
    message: { text: `${kind}: ${reason}${fix === null ? '' : `\n\nFix: ${fix}`}` },
    locations: [{ physicalLocation: { artifactLocation: fileArtifact(path), region: { startLine: line } } }],
    partialFingerprints: { 'namesakeProject/v1': fingerprint(project, kind) },
    properties: { project, verdict, kind },
  }
}

/** One kind of dependency of one project: the same when lines move, and when it turns from unknown to exposed. */
function fingerprint(project: string, kind: string): string {
  return createHash('sha256').update(JSON.stringify([project, kind])).digest('hex')
}
