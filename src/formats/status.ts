import { roles } from '../contracts/match.ts'
import type { ReportedFinding, ReportedPlace } from './contract.ts'

const liveliest = ['live', 'unknown', 'gone-from-head', 'gone'] as const

/** Not decided to be over, and not seen gone. The words of `propose.ts`: what a history still has is not gone. */
export function isOpen({ state, occurrences, proposed }: ReportedFinding): boolean {
  if (state === 'resolved' || state === 'dismissed') return false
  return occurrences.length === 0 ? proposed === null : occurrences.some(({ status }) => status !== 'gone')
}

/** When it was over, by a person or on evidence; null: it is not, or was none. */
export function closedAt(finding: ReportedFinding): string | null {
  if (finding.state === 'dismissed' || isOpen(finding)) return null
  const moments = [finding.state === 'resolved' ? finding.resolvedAt : null, finding.proposed?.at ?? null].filter((moment) => moment !== null).sort()
  return moments[0] ?? null
}

/** What is still public first, then the role that weighs most, then the oldest; the same order every time. */
export function bestPlaceFirst(places: readonly ReportedPlace[]): ReportedPlace[] {
  const key = ({ status, role, firstSeenAt }: ReportedPlace) => `${liveliest.indexOf(status)}-${roles.indexOf(role)}-${firstSeenAt}`
  return places.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left !== right) return left < right ? -1 : 1
    return a.id.length - b.id.length || (a.id < b.id ? -1 : 1)
  })
}
