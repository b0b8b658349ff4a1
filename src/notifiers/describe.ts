/**
 * What a notice says, in words, for formats that are filled from it (cards, mails, incidents). Every text is one clean
 * line of bounded length (see clean.ts) and not escaped: that is the format's own matter. Lines of leaks are masked.
 */
import type { Notice, NoticeChange, NoticeClaim, NoticeFinding, NoticePlace } from '../contracts/notifier.ts'
import { cleanCut, webAddress } from './clean.ts'
import { maskLine } from './mask.ts'
import {
  alertsInWords, changeWords, counted, firstStep, kindInWords, minuteOf, operatorHeadline, operatorLines, roleInWords, severitiesInWords, stateWords,
} from './words.ts'

export interface Description {
  /** What happened, with the name. */
  readonly headline: string
  /** The same without any name: for what shows on a locked screen. */
  readonly discreet: string
  /** The worst there is in it; null: about no finding. */
  readonly severity: string | null
  readonly facts: readonly { readonly label: string; readonly text: string }[]
  readonly sections: readonly Section[]
  /** Ids: whoever sees the same twice sees a repeated message. */
  readonly ids: string
}

export interface Section {
  readonly title: string
  readonly items: readonly Item[]
}

export interface Item {
  readonly text: string
  /** Where it stands; null: no address that can be shown. */
  readonly url: string | null
  /** A masked line of the leak. */
  readonly code: string | null
}

/** @param shown how many places of a finding, and how many findings of a summary (the double of it) are shown at most */
export function describe(notice: Notice, shown = 5): Description {
  const name = 'finding' in notice ? cleanCut(notice.finding.identifier, 200) : ''
  const about = { ids: idsOf(notice) }
  switch (notice.kind) {
    case 'leaked':
    case 'reopened':
    case 'escalation':
      return { ...about, ...headlines(notice.finding, findingHeadline(notice), name), severity: notice.finding.severity, facts: findingFacts(notice), sections: findingSections(notice.finding, shown) }
    case 'changed':
      return { ...about, ...headlines(notice.finding, changedHeadline(notice.changes), name), severity: notice.finding.severity, facts: commonFacts(notice.finding), sections: [changeSection(notice.changes, shown)] }
    case 'claim':
      return { ...about, ...headlines(notice.finding, claimHeadline(notice), name), severity: 'critical', facts: claimFacts(notice.finding, notice.claim), sections: claimSections(notice, shown) }
    case 'baseline':
    case 'digest':
    case 'storm':
      return describeSummary(notice, shown)
    case 'operator': {
      const headline = cleanCut(operatorHeadline({ ...notice, about: cleanCut(notice.about, 100) }), 250)
      return { ...about, headline, discreet: headline, severity: null, facts: [], sections: [section('What is known', operatorLines({ ...notice, about: cleanCut(notice.about, 100), reason: cleanCut(notice.reason, 250) }))] }
    }
  }
}

/** Without a name it is told what kind of name it is. */
function headlines(finding: NoticeFinding, { before, after = '' }: { readonly before: string; readonly after?: string }, name: string): Pick<Description, 'headline' | 'discreet'> {
  const drill = finding.drill ? 'DRILL ' : ''
  return { headline: `${drill}${before}${name}${after}`, discreet: `${drill}${before}${kindOf(finding)}${after}` }
}

function kindOf(finding: NoticeFinding): string {
  return `an internal name (${cleanCut(kindInWords(finding), 60)})`
}

function findingHeadline(notice: Extract<Notice, { kind: 'leaked' | 'reopened' | 'escalation' }>): { readonly before: string } {
  const mark = cleanCut(notice.finding.severity.toUpperCase(), 12)
  if (notice.kind === 'escalation') return { before: `${mark} leak, nobody has acknowledged it: ` }
  return { before: notice.kind === 'reopened' ? `${mark} leak is back: ` : `${mark} leak: ` }
}

function changedHeadline(changes: readonly NoticeChange[]): { readonly before: string } {
  const [only] = changes
  return { before: changes.length === 1 && only !== undefined ? `${changeWords[only.what]}: ` : `${counted(changes.length, 'change')}: ` }
}

function claimHeadline({ news, claim }: Extract<Notice, { kind: 'claim' }>): { readonly before: string; readonly after: string } {
  const registry = cleanCut(claim.registry, 30)
  if (news === 'version-above') return { before: 'A stranger has a version above ours: ', after: ` on ${registry}` }
  if (news === 'install-time-code') return { before: "A stranger's package now runs code when installed: ", after: ` on ${registry}` }
  if (news === 'freed') return { before: 'Anybody can publish it now: ', after: ` on ${registry}` }
  return { before: 'A stranger has published ', after: ` on ${registry}` }
}

function commonFacts(finding: NoticeFinding): { label: string; text: string }[] {
  const { team, standing } = finding
  const facts = [{ label: 'What', text: cleanCut(kindInWords(finding), 60) }]
  if (team !== null) facts.push({ label: 'Team', text: cleanCut(team, 120) })
  if (standing !== null && standing.state !== 'open') facts.push({ label: 'State', text: `${stateWords[standing.state]}${standing.by === null ? '' : ` by ${cleanCut(standing.by, 120)}`}` })
  if (standing !== null && standing.assignee !== null) facts.push({ label: 'Assigned to', text: cleanCut(standing.assignee, 120) })
  return facts
}

function findingFacts(notice: Extract<Notice, { kind: 'leaked' | 'reopened' | 'escalation' }>): { label: string; text: string }[] {
  const { finding } = notice
  const facts = [{ label: 'Severity', text: cleanCut(finding.severity, 12) }, ...commonFacts(finding), { label: 'Public in', text: counted(finding.placeCount, 'place') }]
  for (const claim of finding.claims) {
    const words = claimWords(claim)
    if (words !== null) facts.push({ label: cleanCut(claim.registry, 30), text: words })
  }
  if (notice.kind === 'escalation') facts.push({ label: 'Told', text: `${minuteOf(notice.toldAt)}; nobody has acknowledged it since` })
  return facts
}

/** Only what a registry told, and nothing of what it did not: silence is not "free". */
function claimWords({ state, claimable }: NoticeClaim): string | null {
  if (claimable === 'yes') return 'can be claimed by anybody'
  if (state === 'stranger') return 'a stranger holds it'
  return state === 'ours' ? 'ours' : null
}

function findingSections(finding: NoticeFinding, shown: number): Section[] {
  return [
    ...(finding.reasons.length === 0 ? [] : [section('Why it matters', finding.reasons.slice(0, 3))]),
    placesSection('Where', finding, shown),
    section('What now', [
      firstStep(finding.kind),
      'Ask the owner of the place to remove it; its history keeps the name.',
      ...triageStep(finding, 'says that you are on it; afterwards --resolve, or --dismiss with a reason.'),
    ]),
  ].filter(({ items }) => items.length > 0)
}

function triageStep({ id }: NoticeFinding, what: string): string[] {
  return id === '' ? [] : [`"namesake triage ${cleanCut(id, 24)} --acknowledge" ${what}`]
}

function placesSection(title: string, finding: NoticeFinding, shown: number): Section {
  const places = finding.places.slice(0, shown)
  const left = Math.max(finding.placeCount, finding.places.length) - places.length
  const items = places.map((place, index) => placeItem(place, index < 2 ? finding.identifier : null))
  return { title, items: left > 0 ? [...items, line(`${items.length === 0 ? '' : 'and '}${counted(left, items.length === 0 ? 'place' : 'more place')}: namesake findings`)] : items }
}

/** @param identifier The line is shown around it; null: without the line. */
function placeItem(place: NoticePlace, identifier: string | null): Item {
  const where = place.path === null ? `${cleanCut(place.container, 120)} line ${place.line}` : `${cleanCut(place.container, 120)} ${cleanCut(place.path, 200)}:${place.line}`
  const facts = [cleanCut(roleInWords(place.role), 60)]
  if (place.author !== null) facts.push(`by ${cleanCut(place.author, 80)}`)
  if (place.introducedAt !== null) facts.push(`published ${minuteOf(place.introducedAt)}`)
  const address = webAddress(place.url)
  return {
    text: `${where} (${facts.join(', ')})`,
    url: address === null || address.length > 900 ? null : address,
    code: identifier === null || place.snippet.trim() === '' ? null : cleanCut(maskLine(place.snippet, identifier), 300),
  }
}

function changeSection(changes: readonly NoticeChange[], shown: number): Section {
  const newest = changes.slice(-2 * shown)
  const items = newest.map((change): Item => {
    const by = change.by === null ? '' : ` by ${cleanCut(change.by, 120)}`
    const reason = change.reason === null ? '' : `: ${cleanCut(change.reason, 300)}`
    const place = change.place === null ? null : placeItem(change.place, null)
    return { text: `${changeWords[change.what]}${by}, ${minuteOf(change.at)}${reason}${place === null ? '' : ` · ${place.text}`}`, url: place?.url ?? null, code: null }
  })
  const left = changes.length - newest.length
  return { title: 'What happened', items: left > 0 ? [line(counted(left, 'earlier change')), ...items] : items }
}

function claimFacts(finding: NoticeFinding, claim: NoticeClaim): { label: string; text: string }[] {
  const facts = commonFacts(finding)
  if (claim.version !== null) facts.push({ label: 'Version', text: cleanCut(claim.version, 60) })
  if (claim.versionCount !== null) facts.push({ label: 'Versions', text: String(claim.versionCount) })
  if (claim.firstPublishedAt !== null) facts.push({ label: 'First published', text: minuteOf(claim.firstPublishedAt) })
  if (claim.publishers.length > 0) facts.push({ label: 'By', text: claim.publishers.slice(0, 3).map((publisher) => cleanCut(publisher, 60)).join(', ') })
  if (claim.installTimeCode !== null) facts.push({ label: 'Installing it runs', text: cleanCut(claim.installTimeCode, 80) })
  return facts
}

/** In the order in which harm is kept small: no further build, then who has it already, then away with it. */
function claimSections({ news, finding, claim }: Extract<Notice, { kind: 'claim' }>, shown: number): Section[] {
  const registry = cleanCut(claim.registry, 30)
  const since = claim.firstPublishedAt === null ? '' : ` since ${minuteOf(claim.firstPublishedAt)}`
  return [
    section('Signs of an attack', claim.signals.slice(0, 5)),
    section('What now', news === 'freed' ? [
      `It was held on ${registry} until now: if it was yours, find out who removed it.`,
      'Publish a placeholder of your own, or block it in the registry proxy, before somebody else takes it.',
      ...triageStep(finding, 'says that you are on it.'),
    ] : [
      `Block it from ${registry} in the registry proxy now: no build may take it.`,
      `Search build logs and caches${since} for it: a machine that installed it is compromised, with its credentials.`,
      `Report it to ${registry}; do not install it to look at it.`,
      ...triageStep(finding, 'says that you are on it.'),
    ]),
    placesSection('Where our name is public', finding, shown),
  ].filter(({ items }) => items.length > 0)
}

type Summary = Extract<Notice, { kind: 'baseline' | 'digest' | 'storm' }>

function describeSummary(notice: Summary, shown: number): Description {
  const findings = notice.findings.slice(0, 2 * shown)
  const left = Math.max(notice.findingCount, notice.findings.length) - findings.length
  const headline = summaryHeadline(notice)
  const severities = notice.findings.length === 0 ? [] : [{ label: 'Severities', text: cleanCut(severitiesInWords(notice.findings.map(({ severity }) => ({ severity: cleanCut(severity, 12) })), notice.findingCount), 300) }]
  const items = findings.map((finding): Item => {
    const [place] = finding.places
    const id = finding.id === '' ? '' : `, finding ${cleanCut(finding.id, 24)}`
    return {
      text: `${finding.drill ? 'DRILL ' : ''}${cleanCut(finding.severity.toUpperCase(), 12)} ${cleanCut(finding.identifier, 200)} (${cleanCut(kindInWords(finding), 60)}, ${counted(finding.placeCount, 'place')}${id})`,
      url: place === undefined ? null : placeItem(place, null).url,
      code: null,
    }
  })
  if (left > 0) items.push(line(`${items.length === 0 ? '' : 'and '}${counted(left, items.length === 0 ? 'name' : 'more name')}: namesake findings`))
  if (notice.kind === 'storm' && notice.page !== null) items.push({ text: 'all of them', url: webAddress(notice.page), code: null })
  const gaps = notice.kind === 'storm' ? [] : notice.gaps
  return {
    headline,
    discreet: headline,
    severity: notice.findings[0]?.severity ?? null,
    facts: [{ label: 'Names', text: notice.findingCount.toLocaleString('en-US') }, { label: 'Places', text: notice.placeCount.toLocaleString('en-US') }, ...severities],
    sections: [
      { title: left > 0 ? 'The worst' : 'Names', items },
      section('Could not be looked at', gaps.length > 2 * shown ? [...gaps.slice(0, 2 * shown), `and ${counted(gaps.length - 2 * shown, 'more gap')}: namesake doctor`] : gaps),
    ].filter((one) => one.items.length > 0),
    ids: idsOf(notice),
  }
}

function summaryHeadline(notice: Summary): string {
  if (notice.kind === 'storm') return `Many at once: ${alertsInWords(notice.alerts)}`
  if (notice.kind === 'digest') return `Digest: ${counted(notice.placeCount, 'new place')} of ${counted(notice.findingCount, 'known leak')}`
  if (notice.findingCount > 0) return `Baseline: ${counted(notice.findingCount, 'internal name')} ${notice.findingCount === 1 ? 'is' : 'are'} public`
  return notice.gaps.length > 0 ? 'Baseline: nothing found, but not everything was looked at' : 'Baseline: no internal name was found in public'
}

function section(title: string, lines: readonly string[]): Section {
  return { title, items: lines.map(line) }
}

function line(text: string): Item {
  return { text: cleanCut(text, 400), url: null, code: null }
}

function idsOf(notice: Notice): string {
  const ids = `notice ${cleanCut(notice.id, 45)} · ${cleanCut(notice.organization, 100)}`
  return 'finding' in notice && notice.finding.id !== '' ? `finding ${cleanCut(notice.finding.id, 24)} · ${ids}` : ids
}
