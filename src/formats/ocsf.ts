import type { FindingState } from '../db/schema/index.ts'
import type { Severity } from '../evidence/severity.ts'
import type { ReportedFinding, ReportedPlace } from './contract.ts'
import { findingIdentity } from './identity.ts'
import { bestPlaceFirst, closedAt } from './status.ts'

/** The released schema that the tests hold these events against: https://schema.ocsf.io/1.8.0/classes/detection_finding */
export const ocsfVersion = '1.8.0'

/** What happened to the finding: it is new, something about it changed, it is over (or was none). */
export type OcsfActivity = 'create' | 'update' | 'close'

export interface OcsfContext {
  readonly activity: OcsfActivity
  /** When this happened: the time of the event. */
  readonly at: Date
  /** Identity of this event: the same for every repeat of it, so that a SIEM can drop the repeat. */
  readonly eventUid: string
  /** Of namesake. */
  readonly version: string
}

/** A Detection Finding, class 2004, without profiles. Times are milliseconds since 1970 (OCSF `timestamp_t`). */
export interface OcsfDetectionFinding {
  readonly activity_id: 1 | 2 | 3
  readonly activity_name: string
  readonly category_uid: 2
  readonly category_name: string
  readonly class_uid: 2004
  readonly class_name: string
  readonly type_uid: 200401 | 200402 | 200403
  readonly type_name: string
  readonly severity_id: number
  readonly severity: string
  readonly status_id: number
  readonly status: string
  readonly status_detail?: string
  readonly is_alert: boolean
  readonly time: number
  readonly start_time?: number
  readonly end_time?: number
  readonly message: string
  readonly risk_details: string
  readonly metadata: {
    readonly version: string
    readonly uid: string
    readonly product: { readonly vendor_name: string; readonly name: string; readonly version: string }
    readonly log_name: string
  }
  readonly finding_info: {
    readonly uid: string
    readonly uid_alt: string
    readonly title: string
    readonly desc: string
    readonly created_time: number
    readonly first_seen_time: number
    readonly last_seen_time?: number
    readonly src_url?: string
    readonly types: readonly string[]
    readonly data_sources: readonly string[]
  }
  readonly resources: readonly [{
    readonly name: string
    readonly uid: string
    readonly type: string
    readonly role_id: 3
    readonly role: string
    readonly namespace?: string
    readonly owner?: { readonly name: string; readonly type_id: 99; readonly type: string }
  }]
  /** At most 50 places, what is still public first. */
  readonly evidences: readonly OcsfEvidence[]
  readonly observables: readonly { readonly name: string; readonly type_id: number; readonly type: string; readonly value: string }[]
  readonly unmapped: {
    readonly places: number
    readonly claims: readonly { readonly registry: string; readonly state: string; readonly claimable: string; readonly why: string }[]
  }
}

export interface OcsfEvidence {
  readonly uid: string
  readonly name: string
  readonly url: { readonly url_string: string }
  readonly file?: { readonly name: string; readonly path: string; readonly type_id: 1 }
  readonly data: Readonly<Record<string, string | number>>
}

const severities: Readonly<Record<Severity, readonly [id: number, caption: string]>> = { critical: [5, 'Critical'], high: [4, 'High'], medium: [3, 'Medium'], low: [2, 'Low'] }
const statuses: Readonly<Record<FindingState, readonly [id: number, caption: string]>> = {
  open: [1, 'New'], acknowledged: [2, 'In Progress'], dismissed: [3, 'Suppressed'], resolved: [4, 'Resolved'],
}
const activities = { create: [1, 200401, 'Create'], update: [2, 200402, 'Update'], close: [3, 200403, 'Close'] } as const
const urlString = 6
const mostPlaces = 50

/** A finding as one OCSF event: plain data, to be written as one line of JSON. Pure: the same input, the same bytes. */
export function ocsfFinding(finding: ReportedFinding, context: OcsfContext): OcsfDetectionFinding {
  const { id, identifier, kind, ecosystem, team, state, reasons } = finding
  const [activityId, typeUid, activity] = activities[context.activity]
  const [severityId, severity] = severities[finding.severity]
  const [statusId, status] = statuses[state]
  const places = bestPlaceFirst(finding.occurrences)
  const lastSeen = places.map(({ lastSeenAt }) => lastSeenAt).sort().at(-1)
  const over = closedAt(finding)
  const detail = state === 'dismissed' ? finding.dismissedReason : (finding.proposed?.reason ?? null)
  return {
    activity_id: activityId, activity_name: activity,
    category_uid: 2, category_name: 'Findings',
    class_uid: 2004, class_name: 'Detection Finding',
    type_uid: typeUid, type_name: `Detection Finding: ${activity}`,
    severity_id: severityId, severity,
    status_id: statusId, status,
    ...(detail === null ? {} : { status_detail: detail }),
    is_alert: context.activity === 'create',
    time: context.at.getTime(),
    ...(finding.publicSince === null || finding.publicSinceIsLowerBound ? {} : { start_time: Date.parse(finding.publicSince) }),
    ...(over === null ? {} : { end_time: Date.parse(over) }),
    message: `The internal name ${identifier} (${ecosystem ?? kind}) is ${over === null ? 'public' : 'not public any more'}`,
    risk_details: reasons.join('; '),
    metadata: { version: ocsfVersion, uid: context.eventUid, product: { vendor_name: 'namesake', name: 'namesake', version: context.version }, log_name: 'findings' },
    finding_info: {
      uid: id,
      uid_alt: findingIdentity(finding),
      title: `Internal name ${identifier} is public`,
      desc: reasons.join('; '),
      created_time: Date.parse(finding.firstSeenAt),
      first_seen_time: Date.parse(finding.firstSeenAt),
      ...(lastSeen === undefined ? {} : { last_seen_time: Date.parse(lastSeen) }),
      ...(places[0] === undefined ? {} : { src_url: places[0].url }),
      types: ['internal-name-leak'],
      data_sources: [...new Set(places.map(({ source }) => source))].sort(),
    },
    resources: [{
      name: identifier,
      uid: findingIdentity(finding),
      type: kind,
      role_id: 3,
      role: 'Affected',
      ...(ecosystem === null ? {} : { namespace: ecosystem }),
      ...(team === null ? {} : { owner: { name: team, type_id: 99, type: 'Team' } }),
    }],
    evidences: places.slice(0, mostPlaces).map(describeEvidence),
    observables: places.slice(0, mostPlaces).map(({ url }, index) => ({ name: `evidences[${index}].url.url_string`, type_id: urlString, type: 'URL String', value: url })),
    unmapped: { places: places.length, claims: finding.claims.map(({ registry, state: held, claimable, why }) => ({ registry, state: held, claimable, why })) },
  }
}

function describeEvidence({ id, source, repository, path, line, role, status, url, firstSeenAt }: ReportedPlace): OcsfEvidence {
  return {
    uid: id,
    name: source,
    url: { url_string: url },
    ...(path === null ? {} : { file: { name: path.split('/').at(-1) ?? path, path, type_id: 1 } }),
    data: { container: repository, line, role, status, first_seen: firstSeenAt },
  }
}
