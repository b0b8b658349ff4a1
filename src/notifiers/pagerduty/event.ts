/**
 * A notice as an event of PagerDuty. All events about one finding have the same `dedup_key`: they open, acknowledge and
 * resolve one alert. https://developer.pagerduty.com/docs/events-api-v2/trigger-events/
 */
import { createHash } from 'node:crypto'
import type { Notice } from '../../contracts/notifier.ts'
import { cleanCut } from '../clean.ts'
import { describe, type Item } from '../describe.ts'

export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedup_key: string
  readonly client?: 'namesake'
  readonly payload?: {
    readonly summary: string
    readonly source: string
    readonly severity: 'critical' | 'error' | 'warning' | 'info'
    readonly component: string
    readonly class: string
    readonly custom_details: Readonly<Record<string, unknown>>
  }
  readonly links?: readonly { readonly href: string; readonly text: string }[]
}

/** How loud an alert is there. */
const severities = { critical: 'critical', high: 'error', medium: 'warning', low: 'info' } as const

/** Characters of a summary, as documented. */
const longestSummary = 1_024

/** Null: nothing in it changes the alert. @param details false: only what is required */
export function eventOf(notice: Notice, details: boolean): PagerdutyEvent | null {
  if (notice.kind === 'changed') return changeOf(notice)
  const { headline, severity, facts, sections, ids } = describe(notice, 3)
  const links = sections.flatMap(({ items }) => items).flatMap(({ url, text }) => (url === null ? [] : [{ href: url, text: cleanCut(text, 200) }]))
  return {
    event_action: 'trigger',
    dedup_key: keyOf(notice),
    client: 'namesake',
    payload: {
      summary: cleanCut(headline, longestSummary),
      source: `namesake: ${cleanCut(notice.organization, 100)}`,
      severity: severityOf(notice, severity),
      component: 'finding' in notice && notice.finding.team !== null ? cleanCut(notice.finding.team, 100) : 'namesake',
      class: 'finding' in notice && notice.finding.drill ? 'drill' : notice.kind,
      custom_details: details
        ? { ...Object.fromEntries(facts.map(({ label, text }) => [label, text])), ...Object.fromEntries(sections.map(({ title, items }) => [title, items.map(lineOf)])), ids }
        : { ids },
    },
    ...(details && links.length > 0 ? { links: links.slice(0, 5) } : {}),
  }
}

/** The alert follows the finding; places, claims and assignments leave it as it is. */
function changeOf(notice: Extract<Notice, { kind: 'changed' }>): PagerdutyEvent | null {
  const decides = notice.changes.some(({ what }) => ['acknowledged', 'resolved', 'dismissed', 'reopened'].includes(what))
  const state = notice.finding.standing?.state
  if (!decides || state === undefined) return null
  if (state === 'open') return eventOf({ kind: 'reopened', id: notice.id, organization: notice.organization, finding: notice.finding }, true)
  return { event_action: state === 'acknowledged' ? 'acknowledge' : 'resolve', dedup_key: keyOf(notice) }
}

function severityOf(notice: Notice, severity: string | null): 'critical' | 'error' | 'warning' | 'info' {
  if (notice.kind === 'operator') return notice.news === 'test' ? 'info' : 'error'
  if (notice.kind === 'baseline' || notice.kind === 'digest' || severity === null || !(severity in severities)) return 'info'
  return severities[severity as keyof typeof severities] // checked by `in`
}

/** At most 255 characters; names are hashed, since the key shows in lists. */
function keyOf(notice: Notice): string {
  const organization = createHash('sha256').update(notice.organization).digest('hex').slice(0, 12)
  return `namesake-${organization}-${subjectOf(notice)}`
}

function subjectOf(notice: Notice): string {
  if ('finding' in notice && notice.finding.id !== '') return `finding-${cleanCut(notice.finding.id, 24)}`
  if (notice.kind === 'claim') return `claim-${createHash('sha256').update(`${notice.claim.registry} ${notice.finding.identifier}`).digest('hex').slice(0, 32)}`
  if (notice.kind === 'operator') return `${notice.news}-${cleanCut(notice.about, 60)}-${notice.since.getTime()}`
  return `${notice.kind}-${cleanCut(notice.id, 60)}`
}

function lineOf({ text, url, code }: Item): string {
  return [text, url, code].filter((part) => part !== null).join(' · ')
}
