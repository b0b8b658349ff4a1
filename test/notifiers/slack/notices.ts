import type { Notice, NoticeFinding, NoticePlace } from '../../../src/contracts/notifier.ts'

export const place: NoticePlace = {
  url: 'https://github.com/someone/shop/blob/4f2a/package.json#L12',
  container: 'someone/shop',
  path: 'services/package.json',
  line: 12,
  role: 'dependency',
  snippet: '    "acme-corp-auth-client": "^1.2.0",',
  author: 'octocat',
  introducedAt: new Date('2026-11-02T10:00:00Z'),
  firstSeenAt: new Date('2026-11-23T05:53:00Z'),
}

export const finding: NoticeFinding = {
  drill: false,
  id: '12',
  identifier: 'acme-corp-auth-client',
  kind: 'package',
  ecosystem: 'npm',
  team: 'identity',
  severity: 'critical',
  reasons: ['declared as a dependency in a public manifest', 'nobody owns the name on npm', 'three places', 'a fourth reason'],
  places: [place],
  placeCount: 1,
  claims: [],
  standing: { state: 'open', by: null, at: null, reason: null, proposed: null, assignee: null },
}

export function leaked(change: Partial<NoticeFinding> = {}): Notice {
  return { kind: 'leaked', id: '34', organization: 'Acme Corp', finding: { ...finding, ...change } }
}

type Summary = Extract<Notice, { kind: 'baseline' | 'digest' }>

export function summary(kind: Summary['kind'], change: Partial<Summary> = {}): Notice {
  return { kind, id: '35', organization: 'Acme Corp', findings: [finding], findingCount: 1, placeCount: 1, gaps: [], ...change }
}
