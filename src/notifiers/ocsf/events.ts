import { ecosystems, identifierKinds, type Ecosystem, type IdentifierKind } from '../../contracts/inventory.ts'
import { roles, type Role } from '../../contracts/match.ts'
import type { Notice, NoticeFinding } from '../../contracts/notifier.ts'
import type { ReportedFinding } from '../../formats/contract.ts'
import { ocsfFinding, ocsfVersion, type OcsfActivity, type OcsfDetectionFinding } from '../../formats/ocsf.ts'
import { cleanCut, webAddress } from '../clean.ts'
import { describe } from '../describe.ts'

/** An event is an OCSF Detection Finding; what is ours beyond the class is below `unmapped`. */
export type OcsfEvent = Omit<OcsfDetectionFinding, 'unmapped' | 'resources'> & {
  readonly resources?: OcsfDetectionFinding['resources']
  readonly unmapped: Readonly<Record<string, unknown>>
}

/**
 * What a notice is for a SIEM: the leak is created, changes are updates, a settled one is closed. A summary (the
 * baseline, many at once) is an event of its own, followed by one for each finding that it shows. The uid of an event
 * is the notice's, the same at every attempt. Pure but for the time, which is handed in.
 */
export function eventsOf(notice: Notice, now: Date, version: string): readonly OcsfEvent[] {
  switch (notice.kind) {
    case 'leaked':
      return [findingEvent(notice.finding, notice, { activity: 'create', at: notice.finding.firstSeenAt ?? now, version })]
    case 'reopened':
    case 'escalation':
      return [findingEvent(notice.finding, notice, { activity: 'update', at: now, version })]
    case 'changed':
      return [findingEvent(notice.finding, notice, { activity: isSettled(notice.finding) ? 'close' : 'update', at: notice.changes.at(-1)?.at ?? now, version })]
    case 'claim':
      return [findingEvent(notice.finding, notice, { activity: notice.finding.id === '' ? 'create' : 'update', at: notice.claim.toldAt, version })]
    case 'baseline':
    case 'digest':
    case 'storm':
      return [bareEvent(notice, now, version), ...notice.findings.map((finding) => findingEvent(finding, notice, { activity: notice.kind === 'digest' ? 'update' : 'create', at: finding.firstSeenAt ?? now, version }))]
    case 'operator':
      return [bareEvent(notice, now, version)]
  }
}

/** The same with nothing in it but ids and the headline. */
export function plainEventsOf(notice: Notice, now: Date, version: string): readonly OcsfEvent[] {
  return [bareEvent(notice, now, version)]
}

interface Happening {
  readonly activity: OcsfActivity
  readonly at: Date
  readonly version: string
}

function findingEvent(finding: NoticeFinding, notice: Notice, { activity, at, version }: Happening): OcsfEvent {
  const whole = 'finding' in notice
  const uid = whole ? `notice-${cleanCut(notice.id, 45)}` : `notice-${cleanCut(notice.id, 45)}-finding-${cleanCut(finding.id, 24)}`
  const event = ocsfFinding(reportedOf(finding), { activity, at, eventUid: uid, version })
  const about = whole ? describe(notice, 1).headline : `${finding.drill ? 'DRILL ' : ''}${event.message}`
  return {
    ...event,
    message: about,
    is_alert: event.is_alert || notice.kind === 'claim' || notice.kind === 'reopened' || notice.kind === 'escalation',
    ...(notice.kind === 'claim' ? { severity_id: 5, severity: 'Critical' } : {}),
    finding_info: { ...event.finding_info, uid: finding.id === '' ? `claim-${cleanCut(notice.id, 45)}` : event.finding_info.uid, title: finding.drill ? `DRILL ${event.finding_info.title}` : event.finding_info.title },
    unmapped: {
      ...event.unmapped,
      places: finding.placeCount,
      drill: finding.drill,
      organization: cleanCut(notice.organization, 200),
      notice: { id: cleanCut(notice.id, 45), kind: notice.kind },
      ...(notice.kind === 'changed' ? { changes: notice.changes.slice(-20).map(({ what, by, at: when, reason }) => ({ what, at: when.toISOString(), by: by === null ? null : cleanCut(by, 200), reason: reason === null ? null : cleanCut(reason, 300) })) } : {}),
      ...(notice.kind === 'claim' ? { claim: { news: notice.news, registry: cleanCut(notice.claim.registry, 40), version: textOr(notice.claim.version, 80), publishers: notice.claim.publishers.slice(0, 5).map((one) => cleanCut(one, 80)), signals: notice.claim.signals.slice(0, 5).map((one) => cleanCut(one, 300)) } } : {}),
    },
  }
}

const severities: Readonly<Record<string, readonly [number, string]>> = { critical: [5, 'Critical'], high: [4, 'High'], medium: [3, 'Medium'], low: [2, 'Low'] }

/** About no finding, or about many: the headline, and the numbers of a summary. */
function bareEvent(notice: Notice, now: Date, version: string): OcsfEvent {
  const { headline, severity } = describe(notice, 1)
  const [severityId, caption] = (severity === null ? undefined : severities[severity]) ?? [1, 'Informational']
  const id = cleanCut(notice.id, 45)
  return {
    activity_id: 1, activity_name: 'Create', category_uid: 2, category_name: 'Findings', class_uid: 2004, class_name: 'Detection Finding', type_uid: 200401, type_name: 'Detection Finding: Create',
    severity_id: severityId, severity: caption, status_id: 1, status: 'New', is_alert: false, time: now.getTime(), message: headline, risk_details: headline,
    metadata: { version: ocsfVersion, uid: `notice-${id}`, product: { vendor_name: 'namesake', name: 'namesake', version }, log_name: 'findings' },
    finding_info: {
      uid: 'finding' in notice && notice.finding.id !== '' ? cleanCut(notice.finding.id, 24) : `notice-${id}`, uid_alt: `notice-${id}`, title: headline, desc: headline,
      created_time: now.getTime(), first_seen_time: now.getTime(), types: [notice.kind === 'operator' ? 'namesake-operation' : 'internal-name-leak'], data_sources: [],
    },
    evidences: [], observables: [],
    unmapped: {
      organization: cleanCut(notice.organization, 200),
      notice: { id, kind: notice.kind },
      ...('finding' in notice ? { drill: notice.finding.drill } : {}),
      ...('findingCount' in notice ? { findings: notice.findingCount, places: notice.placeCount } : {}),
      ...('gaps' in notice ? { gaps: notice.gaps.slice(0, 20).map((gap) => cleanCut(gap, 300)) } : {}),
      ...(notice.kind === 'operator' ? { destination: cleanCut(notice.about, 100), reason: cleanCut(notice.reason, 400), since: notice.since.toISOString(), untold: notice.untold } : {}),
    },
  }
}

function isSettled({ standing }: NoticeFinding): boolean {
  return standing?.state === 'resolved' || standing?.state === 'dismissed'
}

/** The finding of a notice as the format wants it: text of the public cleaned and bounded, no line of a leak. */
function reportedOf(finding: NoticeFinding): ReportedFinding {
  const { standing, places } = finding
  const first = finding.firstSeenAt ?? places.map(({ firstSeenAt }) => firstSeenAt).sort((a, b) => a.getTime() - b.getTime())[0] ?? standing?.at ?? new Date(0)
  const state = standing?.state ?? 'open'
  return {
    id: cleanCut(finding.id, 24),
    identifier: cleanCut(finding.identifier, 400),
    kind: known<IdentifierKind>(identifierKinds, finding.kind) ?? 'other',
    ecosystem: known<Ecosystem>(ecosystems, finding.ecosystem),
    team: textOr(finding.team, 200),
    state,
    dismissedReason: state === 'dismissed' ? textOr(standing?.reason ?? null, 400) : null,
    severity: known(['critical', 'high', 'medium', 'low'] as const, finding.severity) ?? 'high',
    reasons: finding.reasons.slice(0, 5).map((reason) => cleanCut(reason, 300)),
    firstSeenAt: first.toISOString(),
    publicSince: finding.publicSince?.toISOString() ?? null,
    publicSinceIsLowerBound: false,
    resolvedAt: state === 'resolved' ? (standing?.at?.toISOString() ?? null) : null,
    proposed: null,
    claims: finding.claims.slice(0, 10).map(({ registry, state: held, claimable, why }) => ({
      registry: cleanCut(registry, 40),
      state: known(['unclaimed', 'ours', 'placeholder', 'stranger', 'unknown'] as const, held) ?? 'unknown',
      claimable: known(['yes', 'no', 'unknown'] as const, claimable) ?? 'unknown',
      why: cleanCut(why, 300),
    })),
    occurrences: places.map((place, index) => {
      const address = webAddress(place.url)
      return {
        id: String(index + 1),
        source: 'public',
        url: address === null || address.length > 1_500 ? '' : address,
        repository: cleanCut(place.container, 200),
        path: textOr(place.path, 300),
        line: place.line,
        role: known<Role>(roles, place.role) ?? 'prose',
        firstSeenAt: place.firstSeenAt.toISOString(),
        lastSeenAt: place.firstSeenAt.toISOString(),
        status: 'live' as const,
        suppressed: null,
      }
    }),
  }
}

function textOr(text: string | null, max: number): string | null {
  return text === null ? null : cleanCut(text, max)
}

/** The word, if it is one of the list. */
function known<Word extends string>(words: readonly Word[], text: string | null): Word | null {
  return words.find((word) => word === text) ?? null
}
