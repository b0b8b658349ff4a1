import type { Severity } from '../evidence/severity.ts'
import type { ReportedFinding } from './contract.ts'
import { findingIdentity } from './identity.ts'
import { bestPlaceFirst, closedAt, isOpen } from './status.ts'

/** The keys of a finding that we use. One that the importer does not know makes it refuse the whole file. */
export interface DojoFinding {
  readonly title: string
  readonly severity: 'Critical' | 'High' | 'Medium' | 'Low'
  readonly description: string
  readonly date: string
  readonly publish_date?: string
  readonly cwe: number
  readonly mitigation: string
  readonly impact: string
  readonly severity_justification: string
  readonly references: string
  readonly active: boolean
  readonly verified: boolean
  readonly false_p: boolean
  readonly is_mitigated: boolean
  readonly mitigated?: string
  readonly component_name: string
  readonly static_finding: false
  readonly dynamic_finding: true
  readonly unique_id_from_tool: string
  readonly vuln_id_from_tool: string
  readonly nb_occurences: number
  readonly service?: string
  readonly tags: readonly string[]
}

const severities: Readonly<Record<Severity, DojoFinding['severity']>> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' }
/** CWE-200: exposure of sensitive information to an unauthorized actor. */
const exposureOfInformation = 200
/** Lengths of the columns of DefectDojo's table of findings; more places than these are a number. */
const longest = { title: 511, component: 500, service: 200, references: 50 }

/**
 * Findings for DefectDojo's "Generic Findings Import" (JSON), one for each name, as text.
 * https://docs.defectdojo.com/supported_tools/parsers/generic_findings_import/
 *
 * It recognises repeats by title, cwe, line, file_path and description: those say only what never changes of a name.
 * What changes (places, claims, reasons, teams) stands in other keys, and neither line nor path is given.
 */
export function findingsDefectDojo(findings: readonly ReportedFinding[], options: { readonly version: string }): string {
  return JSON.stringify({ name: 'namesake', type: 'namesake', version: options.version, findings: findings.map(dojoFinding) }, null, 2)
}

export function dojoFinding(finding: ReportedFinding): DojoFinding {
  const { identifier, kind, ecosystem, team, state, severity, reasons } = finding
  const over = closedAt(finding)
  const dismissed = state === 'dismissed'
  return {
    title: cut(`Internal name ${plain(identifier)} is public`, longest.title),
    severity: severities[severity],
    description: `Internal name: ${code(identifier)}\n\nKind: ${kind}${ecosystem === null ? '' : ` (${ecosystem})`}\n\nThe name of something internal stands where everybody can read it. Whoever knows the name of an internal package can publish one of the same name (dependency confusion).`,
    date: finding.firstSeenAt.slice(0, 10),
    ...(finding.publicSince === null || finding.publicSinceIsLowerBound ? {} : { publish_date: finding.publicSince.slice(0, 10) }),
    cwe: exposureOfInformation,
    mitigation: 'The command "namesake fix" with the id of the finding prints what to paste: registry configuration, reservation steps, removal requests.',
    impact: describeClaims(finding),
    severity_justification: reasons.map(plain).join('\n'),
    references: describePlaces(finding),
    active: isOpen(finding),
    // A person has looked at it, or evidence closed it.
    verified: state === 'acknowledged' || state === 'resolved',
    false_p: dismissed,
    is_mitigated: over !== null,
    ...(over === null ? {} : { mitigated: over }),
    component_name: cut(plain(identifier), longest.component),
    static_finding: false,
    dynamic_finding: true,
    unique_id_from_tool: `namesake-${findingIdentity(finding)}`,
    vuln_id_from_tool: `namesake/${kind}`,
    nb_occurences: Math.max(1, finding.occurrences.length),
    ...(team === null ? {} : { service: cut(plain(team), longest.service) }),
    tags: ['namesake', kind, ...(ecosystem === null ? [] : [ecosystem])],
  }
}

function describeClaims({ id, claims, dismissedReason }: ReportedFinding): string {
  const rows = claims.map(({ registry, state, claimable, why }) => `- ${registry}: ${state}; could a stranger take it: ${claimable}; ${plain(why)}`)
  return [
    `Finding ${id} of namesake.`,
    ...(dismissedReason === null ? [] : [`Dismissed: ${plain(dismissedReason)}`]),
    ...(rows.length === 0 ? ['No registry was asked about it.'] : rows),
  ].join('\n')
}

function describePlaces({ occurrences }: ReportedFinding): string {
  const best = bestPlaceFirst(occurrences)
  const rows = best.slice(0, longest.references).map(({ source, role, status, url }) => `- ${source}, ${role}, ${status}: ${code(url)}`)
  return [...rows, ...(best.length > rows.length ? [`- and ${best.length - rows.length} more`] : [])].join('\n')
}

/** DefectDojo shows these texts as Markdown: a name or URL of the public must not become a link or an image. */
function code(text: string): string {
  return `\`${plain(text).replaceAll('`', "'")}\``
}

/** One line without control characters and without those that turn the direction of text. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim()
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`
}
