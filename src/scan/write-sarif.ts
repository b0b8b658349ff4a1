import { createHash } from 'node:crypto'
import { roles, type Role } from '../contracts/match.ts'
import type { Severity } from '../evidence/severity.ts'
import { normalise } from '../matching/normalise.ts'
import type { ScanMention, ScanReport } from './contract.ts'

const documentation = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html'
const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' }
/** What GitHub sorts by: over 9.0 critical, over 7.0 high, over 4.0 medium. */
const scores: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' }

/** One rule for every role, and what it is at worst. */
const rules: Readonly<Record<Role, { readonly name: string; readonly text: string; readonly severity: Severity }>> = {
  dependency: { name: 'InternalNameAsDependency', text: 'An internal package is declared as a dependency', severity: 'critical' },
  'own-name': { name: 'InternalNameAsOwnName', text: 'The manifest of an internal package', severity: 'high' },
  'resolved-url': { name: 'InternalNameInResolvedUrl', text: 'An internal name stands in a URL from which something is fetched', severity: 'high' },
  'registry-config': { name: 'InternalNameInRegistrySetting', text: 'An internal name stands in a registry setting', severity: 'high' },
  import: { name: 'InternalNameInImport', text: 'Code imports an internal package', severity: 'high' },
  ci: { name: 'InternalNameInBuild', text: 'An internal name stands in a build definition or a build log', severity: 'high' },
  'stack-trace': { name: 'InternalNameInStackTrace', text: 'An internal name stands in a stack trace', severity: 'medium' },
  code: { name: 'InternalNameInCode', text: 'An internal name stands in code', severity: 'medium' },
  prose: { name: 'InternalNameInText', text: 'An internal name stands in text', severity: 'low' },
}

/**
 * A report as SARIF 2.1.0 (OASIS), a JSON text. Paths are relative to `%SRCROOT%` where they are relative, else
 * `file:` URIs. Columns count UTF-16 units. Gaps are notifications of an execution that was not successful.
 * The fingerprint `namesake/v1` stays the same when lines move.
 */
export function writeSarif(report: ScanReport, version: string): string {
  const notifications = report.gaps.map(({ path, reason }) => ({
    level: 'error',
    message: { text: `${path === '' ? '' : `${path}: `}${reason}` },
    ...(path === '' || path.startsWith('<') ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact(path) } }] }),
  }))
  const interrupted = report.interrupted ? [{ level: 'error', message: { text: 'the scan was interrupted before its end' } }] : []
  const run = {
    tool: { driver: { name: 'namesake', version, rules: roles.map(describeRule) } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: report.gaps.length === 0 && !report.interrupted, toolExecutionNotifications: [...notifications, ...interrupted] }],
    results: report.mentions.map(describeResult),
  }
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)
}

const ruleId = (role: Role): string => `namesake/${role}`

function describeRule(role: Role): object {
  const { name, text, severity } = rules[role]
  return {
    id: ruleId(role),
    name,
    shortDescription: { text },
    helpUri: documentation,
    defaultConfiguration: { level: levels[severity] },
    properties: { tags: ['security', 'dependency-confusion'], 'security-severity': scores[severity] },
  }
}

function describeResult(mention: ScanMention): object {
  const { identifier, kind, ecosystem, team, severity, reasons, role, details, line, character, snippet, place, commit, blob } = mention
  return {
    ruleId: ruleId(role),
    ruleIndex: roles.indexOf(role),
    level: levels[severity],
    message: { text: `${identifier} (${ecosystem ?? kind}) is an internal name: ${reasons[0] ?? rules[role].text}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifactOf(mention),
          region: { startLine: line, ...(character === null ? {} : { startColumn: character }), snippet: { text: snippet } },
        },
        ...(place === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: mention.path, kind: place }] }),
      },
    ],
    partialFingerprints: { 'namesake/v1': fingerprint(mention) },
    properties: {
      identifier, kind, ecosystem, team, severity, reasons, details,
      ...(place === undefined ? {} : { place }),
      ...(commit === undefined ? {} : { commit }),
      ...(blob === undefined ? {} : { blob }),
    },
  }
}

/** The same name in the same way in the same line of the same file, wherever in the file the line stands. */
function fingerprint({ identifier, kind, ecosystem, path, role, snippet }: ScanMention): string {
  const line = snippet.trim().replaceAll(/\s+/g, ' ')
  return createHash('sha256').update(JSON.stringify([kind, ecosystem, normalise(identifier, kind, ecosystem), path, role, line])).digest('hex')
}

/** GitHub refuses a result without a file: what is none gets a place below `.git`, where nobody looks for its own. */
function artifactOf({ path, place }: ScanMention): ReturnType<typeof artifact> {
  return artifact(place === undefined ? path : `.git/${place}/${path.replaceAll(/[<>]/g, '')}`)
}

function artifact(path: string): { uri: string; uriBaseId?: string } {
  const uri = path.split('/').map(encodeURIComponent).join('/')
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri.replace('%3A', ':')}` }
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri: uri.replace(/^\.\//, ''), uriBaseId: '%SRCROOT%' }
}
