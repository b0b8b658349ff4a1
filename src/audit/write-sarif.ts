import { pathToFileURL } from 'node:url'
import type { AuditReport } from './contract.ts'

/** A report as SARIF 2.1.0: what is exposed is an error, what the files do not say a warning. */
export function writeAuditSarif({ rows, gaps }: AuditReport, version: string): string {
  const rules = [
    { id: 'namesake/exposed-namespace', name: 'InternalNamesFromMoreThanOnePlace', shortDescription: { text: 'Internal names are resolved from more than one place, or from a public one' } },
    { id: 'namesake/unknown-namespace', name: 'OriginOfInternalNamesNotToldByFiles', shortDescription: { text: 'Where internal names are resolved from is not in the files' } },
  ]
  const results = rows.filter(({ verdict }) => verdict !== 'safe').map(({ verdict, kind, project, reason, path, line, fix }) => ({
    ruleId: `namesake/${verdict}-namespace`,
    ruleIndex: verdict === 'exposed' ? 0 : 1,
    level: verdict === 'exposed' ? 'error' : 'warning',
    message: { text: `${kind}: ${reason}${fix === null ? '' : `\n\nFix: ${fix}`}` },
    locations: [{ physicalLocation: { artifactLocation: artifact(path), region: { startLine: line } } }],
    properties: { project, verdict, kind },
  }))
  const notifications = gaps.map(({ path, reason }) => ({ level: 'error', message: { text: `${path}: ${reason}` } }))
  const run = {
    tool: { driver: { name: 'namesake', version, rules } },
    invocations: [{ executionSuccessful: gaps.length === 0, toolExecutionNotifications: notifications }],
    results,
  }
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)
}

function artifact(path: string): { uri: string; uriBaseId?: string } {
  return path.startsWith('/') ? { uri: pathToFileURL(path).href } : { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' }
}
