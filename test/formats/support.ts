import type { ReportedFinding, ReportedPlace } from '../../src/formats/contract.ts'

export const place = (more: Partial<ReportedPlace> = {}): ReportedPlace => ({
  id: '11', source: 'github-code', url: 'https://github.com/mira/churn/blob/91fda7/requirements.txt#L5', repository: 'mira/churn', path: 'requirements.txt',
  line: 5, role: 'dependency', firstSeenAt: '2026-10-02T00:00:00.000Z', lastSeenAt: '2026-11-01T00:00:00.000Z', status: 'live', suppressed: null, ...more,
})

export const finding = (more: Partial<ReportedFinding> = {}): ReportedFinding => ({
  id: '28', identifier: 'acmecorp-ledger', kind: 'package', ecosystem: 'pypi', team: 'data', state: 'open', dismissedReason: null, severity: 'critical',
  reasons: ['declared as a dependency in a public file', 'nobody has it in the public registry'],
  firstSeenAt: '2026-10-02T00:00:00.000Z', publicSince: '2026-09-30T10:00:00.000Z', publicSinceIsLowerBound: false, resolvedAt: null, proposed: null,
  claims: [{ registry: 'pypi', state: 'unclaimed', claimable: 'yes', why: 'nothing is there' }], occurrences: [place()], ...more,
})

/** Findings of every state, and with whatever the public can put into a text. */
export const many: readonly ReportedFinding[] = [
  finding(),
  finding({ id: '29', state: 'acknowledged', ecosystem: null, kind: 'codename', identifier: 'Hermes Builder', team: null, severity: 'low', claims: [], publicSinceIsLowerBound: true }),
  finding({ id: '30', state: 'dismissed', dismissedReason: 'our own talk', severity: 'medium' }),
  finding({ id: '31', state: 'resolved', resolvedAt: '2026-11-03T00:00:00.000Z', occurrences: [place({ status: 'gone' })], proposed: { at: '2026-11-02T00:00:00.000Z', reason: 'no place is public any more' } }),
  finding({ id: '32', occurrences: [], publicSince: null, publicSinceIsLowerBound: true }),
  finding({ id: '33', severity: 'high', reasons: [], occurrences: [
    place({ id: '12', url: 'not a url at all \u202e"<script>', path: null, repository: '', line: 0, role: 'prose', source: 'greenhouse' }),
    place({ id: '13', path: 'a/ü "x"/\u202egnp.js', suppressed: { reason: 'our own talk', until: '2027-01-01T00:00:00.000Z' } }),
    place({ id: '14', path: 'old.txt', status: 'gone' }),
    place({ id: '15', path: 'older.txt', status: 'gone-from-head', role: 'own-name' }),
  ] }),
  finding({ id: '34', identifier: `a\ud800\n![x](https://evil.example)\`${'é'.repeat(600)}` }),
]

/** As `listFindings` answers it: with more than the formats take. */
const quotation = { ...place(), snippet: 'password = hunter2' }
export const quoting: ReportedFinding = { ...finding(), occurrences: [quotation] }
