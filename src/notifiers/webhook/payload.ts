/**
 * What a receiver gets: `{ type, timestamp, data }`, less than 20 KB, ids and links before everything else. Text of the
 * public is clean and bounded, lines of leaks are masked; it is JSON, so nothing needs escaping.
 */
import type { Notice, NoticeChange, NoticeClaim, NoticeFinding, NoticePlace } from '../../contracts/notifier.ts'
import { cleanCut, webAddress } from '../clean.ts'
import { describe } from '../describe.ts'
import { maskLine } from '../mask.ts'

export interface Payload {
  readonly type: string
  /** When it was sent. */
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Bytes; the specification recommends to stay below 20 KB. */
const most = 19_000

export function payloadOf(notice: Notice, at: Date): Payload {
  for (const shown of [5, 3, 1]) {
    const payload = build(notice, at, shown)
    if (Buffer.byteLength(JSON.stringify(payload)) < most) return payload
  }
  return minimalPayload(notice, at)
}

/** Ids and the headline. */
export function minimalPayload(notice: Notice, at: Date): Payload {
  const finding = 'finding' in notice && notice.finding.id !== '' ? { finding: { id: cleanCut(notice.finding.id, 24) } } : {}
  return { type: typeOf(notice), timestamp: at.toISOString(), data: { ...commonData(notice), ...finding } }
}

/** Dotted words of `[a-zA-Z0-9_]`, the thing first. */
export function typeOf(notice: Notice): string {
  switch (notice.kind) {
    case 'leaked':
    case 'reopened':
    case 'changed':
      return `finding.${notice.kind}`
    case 'escalation':
      return 'finding.escalated'
    case 'claim':
      return `claim.${notice.news.replaceAll('-', '_')}`
    case 'baseline':
    case 'digest':
    case 'storm':
      return `summary.${notice.kind}`
    case 'operator':
      return notice.news === 'test' ? 'operator.test' : `operator.destination_${notice.news}`
  }
}

function commonData(notice: Notice): Record<string, unknown> {
  return { notice: cleanCut(notice.id, 45), organization: cleanCut(notice.organization, 200), headline: describe(notice, 1).headline }
}

function build(notice: Notice, at: Date, shown: number): Payload {
  return { type: typeOf(notice), timestamp: at.toISOString(), data: { ...commonData(notice), ...dataOf(notice, shown) } }
}

function dataOf(notice: Notice, shown: number): Record<string, unknown> {
  switch (notice.kind) {
    case 'leaked':
    case 'reopened':
      return { finding: findingData(notice.finding, shown) }
    case 'escalation':
      return { finding: findingData(notice.finding, shown), toldAt: notice.toldAt.toISOString() }
    case 'changed':
      return { finding: findingData(notice.finding, 0), changes: notice.changes.slice(-4 * shown).map(changeData), changeCount: notice.changes.length }
    case 'claim':
      return { finding: findingData(notice.finding, shown), claim: claimData(notice.claim) }
    case 'baseline':
    case 'digest':
      return { ...summaryData(notice, shown), gaps: notice.gaps.slice(0, 2 * shown).map((gap) => cleanCut(gap, 300)) }
    case 'storm':
      return { ...summaryData(notice, shown), alerts: notice.alerts, page: notice.page === null ? null : webAddress(notice.page) }
    case 'operator':
      return { destination: cleanCut(notice.about, 100), reason: cleanCut(notice.reason, 400), since: notice.since.toISOString(), untold: notice.untold }
  }
}

function summaryData({ findings, findingCount, placeCount }: Extract<Notice, { kind: 'baseline' | 'digest' | 'storm' }>, shown: number): Record<string, unknown> {
  return { findings: findings.slice(0, 4 * shown).map((finding) => findingData(finding, 1)), findingCount, placeCount }
}

function findingData(finding: NoticeFinding, shown: number): Record<string, unknown> {
  const { standing } = finding
  return {
    id: finding.id === '' ? null : cleanCut(finding.id, 24),
    identifier: cleanCut(finding.identifier, 400),
    kind: cleanCut(finding.kind, 40),
    ecosystem: finding.ecosystem === null ? null : cleanCut(finding.ecosystem, 40),
    team: finding.team === null ? null : cleanCut(finding.team, 200),
    severity: cleanCut(finding.severity, 12),
    drill: finding.drill,
    state: standing?.state ?? null,
    assignee: standing === null || standing.assignee === null ? null : cleanCut(standing.assignee, 200),
    reasons: finding.reasons.slice(0, 3).map((reason) => cleanCut(reason, 300)),
    placeCount: finding.placeCount,
    places: finding.places.slice(0, shown).map((place, index) => placeData(place, index < 2 ? finding.identifier : null)),
    claims: finding.claims.slice(0, 5).map(({ registry, state, claimable }) => ({ registry: cleanCut(registry, 40), state: cleanCut(state, 20), claimable: cleanCut(claimable, 20) })),
  }
}

/** @param identifier the line is masked around it; null: without the line */
function placeData(place: NoticePlace, identifier: string | null): Record<string, unknown> {
  const address = webAddress(place.url)
  return {
    url: address === null || address.length > 1_500 ? null : address,
    container: cleanCut(place.container, 200),
    path: place.path === null ? null : cleanCut(place.path, 300),
    line: place.line,
    role: cleanCut(place.role, 40),
    author: place.author === null ? null : cleanCut(place.author, 120),
    introducedAt: place.introducedAt?.toISOString() ?? null,
    firstSeenAt: place.firstSeenAt.toISOString(),
    snippet: identifier === null ? null : cleanCut(maskLine(place.snippet, identifier), 300),
  }
}

function claimData(claim: NoticeClaim): Record<string, unknown> {
  const { versionCount } = claim
  const text = (value: string | null, max: number) => (value === null ? null : cleanCut(value, max))
  return {
    registry: cleanCut(claim.registry, 40), state: cleanCut(claim.state, 20), claimable: cleanCut(claim.claimable, 20), why: cleanCut(claim.why, 300),
    version: text(claim.version, 80), versionCount,
    firstPublishedAt: claim.firstPublishedAt?.toISOString() ?? null,
    publishedAt: claim.publishedAt?.toISOString() ?? null,
    publishers: claim.publishers.slice(0, 5).map((publisher) => cleanCut(publisher, 80)),
    installTimeCode: text(claim.installTimeCode, 120),
    signals: claim.signals.slice(0, 5).map((signal) => cleanCut(signal, 300)),
    toldAt: claim.toldAt.toISOString(),
  }
}

function changeData({ what, by, at, reason, place, claim }: NoticeChange): Record<string, unknown> {
  return {
    what, at: at.toISOString(),
    by: by === null ? null : cleanCut(by, 200),
    reason: reason === null ? null : cleanCut(reason, 300),
    place: place === null ? null : placeData(place, null),
    claim: claim === null ? null : claimData(claim),
  }
}
