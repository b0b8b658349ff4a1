import type { Notice, NoticeChange, NoticeClaim, NoticeFinding } from '../../src/contracts/notifier.ts'
import { finding, place } from './slack/notices.ts'

export { finding, place }

const at = new Date('2026-11-23T05:53:00Z')
const organization = 'Acme Corp'

export const claim: NoticeClaim = {
  registry: 'npm', state: 'stranger', claimable: 'no', why: 'published by evil', version: '99.9.9', versionCount: 1, firstPublishedAt: at, publishedAt: at,
  publishers: ['evil'], installTimeCode: 'a preinstall script', signals: ['its version is far above ours', 'it runs code when installed'], toldAt: at,
}

export function change(what: NoticeChange['what'], more: Partial<NoticeChange> = {}): NoticeChange {
  return { what, by: 'ann', at, reason: null, place: null, claim: null, ...more }
}

export function changed(state: 'open' | 'acknowledged' | 'resolved' | 'dismissed', ...changes: readonly NoticeChange[]): Notice {
  const standing = { state, by: 'ann', at, reason: null, proposed: null, assignee: null }
  return { kind: 'changed', id: '36', organization, finding: { ...finding, standing }, changes }
}

/** One notice of every kind, about one finding or several of it. */
export function samples(one: NoticeFinding = finding, theirs: NoticeClaim = claim, text = 'it refused us (410)'): readonly Notice[] {
  const about = { organization: one === finding ? organization : text }
  const everything: readonly NoticeChange['what'][] = ['place', 'gone', 'claim', 'acknowledged', 'assigned', 'resolved', 'dismissed', 'reopened', 'proposed', 'proposal-withdrawn', 'suppressed']
  const [first = place] = one.places
  return [
    { kind: 'leaked', id: '31', ...about, finding: one },
    { kind: 'reopened', id: '32', ...about, finding: one },
    { kind: 'escalation', id: '33', ...about, finding: one, toldAt: at },
    ...(['taken', 'version-above', 'install-time-code', 'freed'] as const).map((news) => ({ kind: 'claim' as const, news, id: '34', ...about, finding: one, claim: theirs })),
    { kind: 'claim', news: 'taken', id: '35', ...about, finding: { ...one, id: '', places: [], placeCount: 0, standing: null }, claim: theirs },
    { kind: 'changed', id: '36', ...about, finding: one, changes: everything.map((what) => change(what, { reason: text, by: text, place: first, claim: theirs })) },
    { kind: 'baseline', id: '37', ...about, findings: Array.from({ length: 20 }, () => one), findingCount: 1_000, placeCount: 2_000, gaps: Array.from({ length: 20 }, () => text) },
    { kind: 'baseline', id: '38', ...about, findings: [], findingCount: 0, placeCount: 0, gaps: [] },
    { kind: 'digest', id: '39-40', ...about, findings: [one], findingCount: 1, placeCount: 1, gaps: [] },
    { kind: 'storm', id: '41-60', ...about, findings: Array.from({ length: 20 }, () => one), findingCount: 37, placeCount: 90, alerts: { leaked: 30, reopened: 5, claim: 1, escalation: 1 }, page: 'https://github.com/page' },
    ...(['dead', 'failing', 'test'] as const).map((news) => ({ kind: 'operator' as const, news, id: '61', ...about, about: text, reason: text, since: at, untold: 3 })),
  ]
}

/** A text that tries everything at once: markup of every format, control and invisible characters, and length. */
export const hostile = [
  '<!channel> <@U1> <script>alert(1)</script> <img src=x onerror=alert(1)> </code></li></html>',
  '[click](https://evil.example/) ![x](https://evil.example/x.png) `code` *bold* _it_ ~~no~~ # title | table |',
  'https://evil.example/auto www.evil.example @here &amp; " \' \\ \u202egnp.exe\u200b\ufeff \ud800 \u0000 \u001b[31m \r\nBcc: victim@example.org\r\n\r\n.\r\n',
  '{{7*7}} ${7*7} =HYPERLINK("https://evil.example")',
].join(' ')

export function hostileFinding(length: number): NoticeFinding {
  const text = `${hostile} ${'A\u0301'.repeat(length / 2)}`
  const claims = Array.from({ length: 9 }, () => hostileClaim(length))
  return {
    drill: true, id: '12', identifier: text, kind: text, ecosystem: text, team: text, severity: text, reasons: Array.from({ length: 9 }, () => text), placeCount: 1_000_000,
    places: Array.from({ length: 5 }, () => ({ ...place, url: `https://github.com/${'a'.repeat(800)}?q=[x](javascript:alert(1))&b="><script>`, container: text, path: text, role: text, snippet: text, author: text })),
    claims, standing: { state: 'dismissed', by: text, at, reason: text, proposed: text, assignee: text },
  }
}

export function hostileClaim(length: number): NoticeClaim {
  const text = `${hostile} ${'B'.repeat(length)}`
  return { ...claim, registry: text, state: text, claimable: text, why: text, version: text, publishers: Array.from({ length: 9 }, () => text), installTimeCode: text, signals: Array.from({ length: 9 }, () => text) }
}
