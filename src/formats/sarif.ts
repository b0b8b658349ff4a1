import { roles, type Role } from '../contracts/match.ts'
import type { Severity } from '../evidence/severity.ts'
import type { ReportedFinding, ReportedPlace } from './contract.ts'
import { placeIdentity } from './identity.ts'
import { bestPlaceFirst, isOpen } from './status.ts'

type Level = 'error' | 'warning' | 'note'

/** What of SARIF 2.1.0 (OASIS, errata 01) namesake writes: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export interface SarifRule {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly helpUri?: string
  readonly defaultConfiguration?: { readonly level: Level }
  readonly properties?: object
}

export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: SarifArtifact
    readonly region?: { readonly startLine: number; readonly startColumn?: number; readonly snippet?: { readonly text: string } }
  }
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string; readonly kind: string }[]
}

export interface SarifArtifact {
  readonly uri: string
  readonly uriBaseId?: string
}

export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: Level
  readonly message: { readonly text: string }
  readonly locations: readonly [SarifLocation]
  /** Keys are versioned; the value stays the same for what a reader would call the same result. */
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly { readonly kind: 'external'; readonly status: 'accepted'; readonly justification: string }[]
  readonly properties?: object
}

/** What could not be looked at: an execution that was not successful, never a clean result. */
export interface SarifGap {
  readonly text: string
  readonly artifact?: SarifArtifact
}

export const sarifLevels: Readonly<Record<Severity, Level>> = { critical: 'error', high: 'error', medium: 'warning', low: 'note' }
/** What GitHub sorts by: over 9.0 critical, over 7.0 high, over 4.0 medium. */
const scores: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' }
const documentation = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html'

/** One rule for every role, and what it is at worst. */
const roleRules: Readonly<Record<Role, { readonly name: string; readonly text: string; readonly severity: Severity }>> = {
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

/** The rules of all roles, in the order of `roles`; a result of a role points at `roles.indexOf(role)`. */
export const sarifRoleRules: readonly SarifRule[] = roles.map((role) => {
  const { name, text, severity } = roleRules[role]
  return {
    id: roleRuleId(role),
    name,
    shortDescription: { text },
    helpUri: documentation,
    defaultConfiguration: { level: sarifLevels[severity] },
    properties: { tags: ['security', 'dependency-confusion'], 'security-severity': scores[severity] },
  }
})

export function roleRuleId(role: Role): string {
  return `namesake/${role}`
}

export function roleText(role: Role): string {
  return roleRules[role].text
}

/** A whole SARIF log with one run of namesake, as JSON text. Columns of results count UTF-16 units. */
export function sarifLog(input: { readonly version: string; readonly rules: readonly SarifRule[]; readonly results: readonly SarifResult[]; readonly gaps: readonly SarifGap[] }): string {
  const run = {
    tool: { driver: { name: 'namesake', version: input.version, rules: input.rules } },
    columnKind: 'utf16CodeUnits',
    invocations: [{
      executionSuccessful: input.gaps.length === 0,
      toolExecutionNotifications: input.gaps.map(({ text, artifact }) => ({
        level: 'error', message: { text }, ...(artifact === undefined ? {} : { locations: [{ physicalLocation: { artifactLocation: artifact } }] }),
      })),
    }],
    results: input.results,
  }
  return JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)
}

/** A path of this machine: relative ones to `%SRCROOT%`, absolute ones as `file:` URIs. */
export function fileArtifact(path: string): SarifArtifact {
  const uri = path.split('/').map(encodeURIComponent).join('/')
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri.replace('%3A', ':')}` }
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri: uri.replace(/^\.\//, ''), uriBaseId: '%SRCROOT%' }
}

/**
 * Findings that are not over, as a SARIF log: a result for each public place, with the URL as its location. What is
 * dismissed or suppressed is there with a suppression, so that a reader neither counts nor loses it; what is gone is not.
 */
export function findingsSarif(findings: readonly ReportedFinding[], options: { readonly version: string; readonly gaps?: readonly string[] }): string {
  const results = findings
    .filter((finding) => isOpen(finding) || finding.state === 'dismissed')
    .flatMap((finding) => bestPlaceFirst(finding.occurrences).filter(({ status }) => status !== 'gone').map((place) => placeResult(finding, place)))
  return sarifLog({ version: options.version, rules: sarifRoleRules, results, gaps: (options.gaps ?? []).map((text) => ({ text })) })
}

function placeResult(finding: ReportedFinding, place: ReportedPlace): SarifResult {
  const { id, identifier, kind, ecosystem, team, state, severity, reasons } = finding
  const quiet = state === 'dismissed' ? (finding.dismissedReason ?? 'dismissed') : place.suppressed?.reason
  return {
    ruleId: roleRuleId(place.role),
    ruleIndex: roles.indexOf(place.role),
    level: sarifLevels[severity],
    message: { text: `${identifier} (${ecosystem ?? kind}) is an internal name and public: ${reasons[0] ?? roleText(place.role)}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriReference(place.url) }, region: { startLine: Math.max(1, place.line) } } }],
    partialFingerprints: { 'namesakePlace/v1': placeIdentity(finding, place) },
    ...(quiet === undefined ? {} : { suppressions: [{ kind: 'external', status: 'accepted', justification: quiet }] as const }),
    properties: {
      findingId: id, occurrenceId: place.id, identifier, kind, ecosystem, team, severity, state, reasons,
      source: place.source, container: place.repository, path: place.path, role: place.role, status: place.status,
      firstSeenAt: place.firstSeenAt, lastSeenAt: place.lastSeenAt, claims: finding.claims.map(({ registry, state: held, claimable }) => ({ registry, state: held, claimable })),
    },
  }
}

/** `uri` of an artifact must be a URI reference (RFC 3986); what the public calls a URL may not be one. */
function uriReference(url: string): string {
  return URL.canParse(url) ? new URL(url).href : encodeURI(url.toWellFormed())
}
