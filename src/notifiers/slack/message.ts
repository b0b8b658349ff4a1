/**
 * What a notice looks like in Slack. Pure. Written for a phone at three in the morning: the first line says what
 * happened, the rest answers why, where and what now, in this order.
 *
 * One leak:
 *
 *     CRITICAL leak: acme-corp-auth-client             header, also the notification
 *     `acme-corp-auth-client` · npm package · team `identity` · public in 3 places
 *     Why it matters                                   the first three reasons
 *     • declared as a dependency in a public manifest: …
 *     Where                                            the first three places, two of them with a masked line
 *     `someone/shop` `package.json:12` · open
 *     declared as a dependency · by `octocat` · published … · first seen …
 *     ```"acme-corp-auth-client": "^1.2.0"```
 *     What now                                         what to do first, and the command
 *     finding 12 · notice 34 · Acme Corp               ids: a repeated message is recognised by them
 *
 * A stranger's package under our name, the loudest:
 *
 *     🚨 A stranger has published acme-corp-auth-client on npm
 *     version 99.9.9 · first published … · by `evil` · 1 version · runs a preinstall script
 *     Why it is probably an attack                     the heaviest signs
 *     What now                                         stop the builds, look who installed it, report it
 *     Where our name is public                         two places
 *
 * Somebody decided since (who, when, why): a line below the facts; a settled one says so in its first line too.
 *
 * What happened later, for the thread of a leak: a line per event, with the place or what the registry told.
 *
 * Baseline and digest: a headline, counts, the worst ten with a place each, what could not be looked at, ids.
 *
 * A message that would grow over the limits is shown with fewer places or findings, and says how many are left out.
 */
import type { Notice, NoticeChange, NoticeClaim, NoticeFinding, NoticePlace, NoticeStanding } from '../../contracts/notifier.ts'
import { actionIds, type DecisionName } from './actions.ts'
import { actions, type Block, button, footer, header, limits, plainSection, section, type SlackMessage } from './blocks.ts'
import { code, codeBlock, link, mrkdwn, plain, webAddress } from './escape.ts'
import { maskLine } from '../mask.ts'
import { alertsInWords, changeWords, counted, firstStep, kindInWords, minuteOf, operatorHeadline, operatorLines, roleInWords, severitiesInWords, stateWords } from '../words.ts'

type FindingNotice = Extract<Notice, { kind: 'leaked' | 'reopened' | 'escalation' }>
type ClaimNotice = Extract<Notice, { kind: 'claim' }>
type ChangedNotice = Extract<Notice, { kind: 'changed' }>
interface Form {
  readonly buttons: readonly DecisionName[]
}
type SummaryNotice = Extract<Notice, { kind: 'baseline' | 'digest' | 'storm' }>

/**
 * The notice as blocks, within every limit of Slack for any input.
 * @param form.buttons what may be decided by a click, if its state allows it; none where clicks cannot come back
 */
export function formatMessage(notice: Notice, form: Form = { buttons: [] }): SlackMessage {
  switch (notice.kind) {
    case 'leaked':
    case 'reopened':
      return largest(3, (shown) => [...findingBlocks(notice, shown), ...buttonsOf(notice.finding, form)], fallbackOf(notice))
    case 'claim':
      return largest(2, (shown) => [...claimBlocks(notice, shown), ...buttonsOf(notice.finding, form)], fallbackOf(notice))
    case 'changed':
      return largest(10, (shown) => changeBlocks(notice, shown), fallbackOf(notice))
    case 'baseline':
    case 'digest':
    case 'storm':
      return largest(10, (shown) => summaryBlocks(notice, shown), fallbackOf(notice))
    case 'escalation':
      return largest(3, (shown) => findingBlocks(notice, shown), fallbackOf(notice))
    case 'operator':
      return largest(0, () => [header(headline(notice)), plainSection(operatorLines(notice), 400), footer(idsOf(notice))], fallbackOf(notice))
  }
}

/** The same news as one plain text without any markup: nothing is left in it that could be refused. */
export function formatPlain(notice: Notice): SlackMessage {
  return { text: plainLines(notice).join('\n'), mrkdwn: false, unfurl_links: false, unfurl_media: false }
}

/** Slack refuses blocks whose texts sum up to about 13,000 characters although each is legal: we stay well below. */
function largest(most: number, build: (shown: number) => readonly Block[], text: string): SlackMessage {
  let shown = most
  let message: SlackMessage = { text, blocks: build(shown), unfurl_links: false, unfurl_media: false }
  while (shown > 0 && JSON.stringify(message).length >= limits.message) {
    shown -= 1
    message = { ...message, blocks: build(shown) }
  }
  return message
}

/** The first word of a drill is DRILL, also in the notification on a phone. */
function headline(notice: Notice): string {
  const drill = 'finding' in notice && notice.finding.drill
  return `${drill ? 'DRILL ' : ''}${newsOf(notice)}`
}

function newsOf(notice: Notice): string {
  switch (notice.kind) {
    case 'leaked':
      return `${settledMark(notice.finding)} leak: ${plain(notice.finding.identifier, 110)}`
    case 'reopened':
      return isSettled(notice.finding)
        ? `${settledMark(notice.finding)} leak: ${plain(notice.finding.identifier, 100)}`
        : `${severityMark(notice.finding)} leak is back: ${plain(notice.finding.identifier, 100)}`
    case 'changed':
      return changedHeadline(notice)
    case 'claim':
      return claimHeadline(notice)
    case 'baseline':
      if (notice.findingCount > 0) return `Baseline: ${counted(notice.findingCount, 'internal name')} ${notice.findingCount === 1 ? 'is' : 'are'} public`
      return notice.gaps.length > 0 ? 'Baseline: nothing found, but not everything was looked at' : 'Baseline: no internal name was found in public'
    case 'digest':
      return `Digest: ${counted(notice.placeCount, 'new place')} of ${counted(notice.findingCount, 'known leak')}`
    case 'storm':
      return `Many at once: ${alertsInWords(notice.alerts)}`
    case 'escalation':
      return `${settledMark(notice.finding)} leak, nobody has acknowledged it: ${plain(notice.finding.identifier, 80)}`
    case 'operator':
      return operatorHeadline(notice)
  }
}

function severityMark(finding: NoticeFinding): string {
  return plain(finding.severity.toUpperCase(), 12)
}

function isSettled({ standing }: NoticeFinding): boolean {
  return standing?.state === 'resolved' || standing?.state === 'dismissed'
}

/** A finding that is settled does not shout any more. */
function settledMark(finding: NoticeFinding): string {
  if (finding.standing?.state === 'resolved') return 'Resolved'
  return finding.standing?.state === 'dismissed' ? 'Dismissed' : severityMark(finding)
}

function changedHeadline({ finding, changes }: ChangedNotice): string {
  const [only] = changes
  const name = plain(finding.identifier, 100)
  return changes.length === 1 && only !== undefined ? `${changeWords[only.what]}: ${name}` : `${counted(changes.length, 'change')}: ${name}`
}

/** Of the finding and of the notice: whoever sees the same pair twice sees a repeated message. */
function idsOf(notice: Notice): string {
  const ids = `notice ${plain(notice.id, 45)} · ${plain(notice.organization, 100)}`
  return 'finding' in notice && notice.finding.id !== '' ? `finding ${plain(notice.finding.id, 24)} · ${ids}` : ids
}

/** The top-level text: headline, first place, ids. Slack reads it as mrkdwn. */
function fallbackOf(notice: Notice): string {
  const parts = [mrkdwn(headline(notice), 200)]
  if ('finding' in notice) {
    const [place] = notice.finding.places
    parts.push(mrkdwn(`(${kindInWords(notice.finding)})`, 60))
    if (place !== undefined) parts.push(`in ${mrkdwn(placeInWords(place), 300)}`)
  }
  return `${parts.join(' ')} [${mrkdwn(idsOf(notice), 300)}]`
}

function placeInWords({ container, path, line }: NoticePlace): string {
  return path === null ? `${plain(container, 100)} line ${line}` : `${plain(container, 100)} ${plain(path, 180)}:${line}`
}

function claimHeadline({ news, finding, claim }: ClaimNotice): string {
  const name = plain(finding.identifier, 80)
  const registry = plain(claim.registry, 20)
  if (news === 'version-above') return `🚨 A stranger's ${name} on ${registry} has a version above ours`
  if (news === 'install-time-code') return `🚨 A stranger's ${name} on ${registry} now runs code when installed`
  if (news === 'freed') return `🚨 Anybody can publish ${name} on ${registry} now`
  return `🚨 A stranger has published ${name} on ${registry}`
}

function claimBlocks(notice: ClaimNotice, shown: number): Block[] {
  const { claim, finding } = notice
  const places = finding.places.slice(0, shown)
  const blocks = [header(headline(notice)), section(packageFacts(notice)), ...standingBlocks(finding.standing)]
  if (claim.signals.length > 0) blocks.push(plainSection(['Signs of an attack', ...claim.signals.slice(0, 5).map((reason) => `• ${reason}`)], 300))
  blocks.push(section(claimSteps(notice)))
  for (const [index, place] of places.entries()) blocks.push(section(`${index === 0 ? '*Where our name is public*\n' : ''}${addressOf(place)}`))
  const left = finding.placeCount - places.length
  if (left > 0) blocks.push(section(`and ${counted(left, 'more place')}: \`namesake findings\``))
  blocks.push(footer(idsOf(notice)))
  return blocks
}

function packageFacts({ claim, finding }: ClaimNotice): string {
  const facts = [code(finding.identifier, 400), mrkdwn(kindInWords(finding), 60)]
  if (finding.team !== null) facts.push(`team ${code(finding.team, 80)}`)
  if (claim.version !== null) facts.push(`version ${code(claim.version, 60)}`)
  if (claim.versionCount !== null) facts.push(`${counted(claim.versionCount, 'version')} in all`)
  if (claim.firstPublishedAt !== null) facts.push(`first published ${minuteOf(claim.firstPublishedAt)}`)
  if (claim.publishers.length > 0) facts.push(`by ${claim.publishers.slice(0, 3).map((publisher) => code(publisher, 60)).join(', ')}`)
  if (claim.installTimeCode !== null) facts.push(`installing it runs ${mrkdwn(claim.installTimeCode, 80)}`)
  return facts.join(' · ')
}

/** In the order in which harm is kept small: no further build, then who has it already, then away with it. */
function claimSteps({ news, claim, finding }: ClaimNotice): string {
  const registry = mrkdwn(claim.registry, 20)
  const since = claim.firstPublishedAt === null ? '' : ` since ${minuteOf(claim.firstPublishedAt)}`
  const steps = news === 'freed' ? [
    `• It was held on ${registry} until now: if it was yours, find out who removed it.`,
    `• Publish a placeholder of your own, or block ${code(finding.identifier, 130)} in the registry proxy, before somebody else takes it.`,
  ] : [
    `• Block ${code(finding.identifier, 130)} from ${registry} in the registry proxy now: no build may take it.`,
    `• Search build logs and caches${since} for it: a machine that installed it is compromised, with its credentials.`,
    `• Report it to ${registry}; do not install it to look at it.`,
  ]
  if (finding.id !== '') steps.push(`• ${code(`namesake triage ${plain(finding.id, 24)} --acknowledge`, 80)} says that you are on it.`)
  return ['*What now*', ...steps].join('\n')
}

function findingBlocks(notice: FindingNotice, shown: number): Block[] {
  const { finding } = notice
  const places = finding.places.slice(0, shown)
  const left = Math.max(finding.placeCount, finding.places.length) - places.length
  const blocks = [header(headline(notice)), section(factsOf(notice)), ...standingBlocks(finding.standing)]
  if (finding.reasons.length > 0) {
    blocks.push(plainSection(['Why it matters', ...finding.reasons.slice(0, 3).map((reason) => `• ${reason}`)], 300))
  }
  for (const [index, place] of places.entries()) {
    const heading = index === 0 ? '*Where*\n' : ''
    blocks.push(section(`${heading}${placeBlock(place, index < 2 ? finding.identifier : null)}`))
  }
  if (left > 0) blocks.push(section(`${places.length === 0 ? '' : 'and '}${counted(left, places.length === 0 ? 'place' : 'more place')}: \`namesake findings\``))
  blocks.push(section(nextSteps(finding)), footer(idsOf(notice)))
  return blocks
}

/** What may be done with it in its state; nothing with one that is settled. */
function buttonsOf({ id, standing }: NoticeFinding, { buttons }: Form): Block[] {
  if (standing === null || !/^\d{1,18}$/.test(id) || standing.state === 'resolved' || standing.state === 'dismissed') return []
  const open = buttons.filter((name) => name !== 'acknowledge' || standing.state === 'open')
  const built = open.map((name) => button(buttonLabels[name], actionIds[name], id, name === 'acknowledge' ? 'primary' : undefined))
  return built.length === 0 ? [] : [actions(built)]
}

const buttonLabels = { acknowledge: 'Acknowledge', assign: 'Assign to me', dismiss: 'Dismiss …' } as const satisfies Record<DecisionName, string>

/** What people decided and what rechecks saw; nothing of one that is simply open. */
function standingBlocks(standing: NoticeStanding | null): Block[] {
  if (standing === null) return []
  const lines: string[] = []
  if (standing.state !== 'open') {
    const why = standing.reason === null ? '' : `: ${code(standing.reason, 400)}`
    lines.push(`*${stateWords[standing.state]}*${byWhom(standing)}${why}`)
  }
  if (standing.assignee !== null) lines.push(`assigned to ${code(standing.assignee, 120)}`)
  if (standing.proposed !== null) lines.push(`looks resolved: ${mrkdwn(standing.proposed, 200)}`)
  return lines.length === 0 ? [] : [section(lines.join('\n'))]
}

function byWhom({ by, at }: Pick<NoticeStanding, 'by' | 'at'>): string {
  return `${by === null ? '' : ` by ${code(by, 120)}`}${at === null ? '' : ` · ${minuteOf(at)}`}`
}

/** The newest are shown: a thread that was cut off tells where things stand. */
function changeBlocks({ finding, changes }: ChangedNotice, shown: number): Block[] {
  const left = changes.length - Math.min(shown, changes.length)
  const lines = changes.slice(left).map(changeLine)
  if (left > 0) lines.unshift(`${counted(left, 'earlier change')}: ${code(`namesake findings ${plain(finding.id, 24)}`, 60)}`)
  return lines.map((line, index) => section(finding.drill && index === 0 ? `DRILL\n${line}` : line))
}

function changeLine(change: NoticeChange): string {
  const facts = [`*${changeWords[change.what]}*${byWhom(change)}`]
  if (change.reason !== null) facts.push(code(change.reason, 400))
  if (change.place !== null) facts.push(`${addressOf(change.place)} · ${mrkdwn(roleInWords(change.place.role), 60)}`)
  if (change.claim !== null) facts.push(claimInWords(change.claim))
  return facts.join('\n')
}

function claimInWords({ registry, state, claimable, version, why }: NoticeClaim): string {
  const facts = [`${mrkdwn(registry, 20)}: ${mrkdwn(state, 20)}`]
  if (claimable !== 'unknown') facts.push(claimable === 'yes' ? '*can be claimed by anybody*' : 'cannot be claimed by strangers')
  if (version !== null) facts.push(`version ${code(version, 60)}`)
  return `${facts.join(' · ')}\n${mrkdwn(why, 300)}`
}

function factsOf(notice: FindingNotice): string {
  const { finding } = notice
  const facts = [code(finding.identifier, 400), mrkdwn(kindInWords(finding), 60)]
  if (finding.team !== null) facts.push(`team ${code(finding.team, 80)}`)
  facts.push(...claimsInWords(finding))
  facts.push(notice.kind === 'reopened' ? 'was resolved, and a new place appeared' : `public in ${counted(finding.placeCount, 'place')}`)
  if (notice.kind === 'escalation') facts.push(`told ${minuteOf(notice.toldAt)}, and nobody has acknowledged it`)
  return facts.join(' · ')
}

/** Only what a registry told, and nothing of what it did not: silence is not "free". */
function claimsInWords({ claims }: NoticeFinding): string[] {
  return claims.flatMap(({ registry, state, claimable }) => {
    const on = `on ${mrkdwn(registry, 20)}`
    if (claimable === 'yes') return [`*can be claimed by anybody ${on}*`]
    if (state === 'stranger') return [`*a stranger holds it ${on}*`]
    return state === 'ours' ? [`ours ${on}`] : []
  })
}

/** @param identifier The line is shown around it; null: without the line. */
function placeBlock(place: NoticePlace, identifier: string | null): string {
  const facts = [mrkdwn(roleInWords(place.role), 60)]
  if (place.author !== null) facts.push(`by ${code(place.author, 80)}`)
  if (place.introducedAt !== null) facts.push(`published ${minuteOf(place.introducedAt)}`)
  facts.push(`first seen ${minuteOf(place.firstSeenAt)}`)
  const lines = [addressOf(place), facts.join(' · ')]
  if (identifier !== null && place.snippet.trim() !== '') lines.push(codeBlock([maskLine(place.snippet, identifier)], 600))
  return lines.join('\n')
}

/** The place as text that can be copied, then the link: a long or odd address costs the link, never the place. */
function addressOf(place: NoticePlace): string {
  const where = place.path === null
    ? `${code(place.container, 120)} line ${place.line}`
    : `${code(place.container, 120)} ${code(`${plain(place.path, 200)}:${place.line}`, 260)}`
  return `${where} · ${link(place.url, 'open', 900) ?? 'no link: the address is not one that Slack can show'}`
}

function nextSteps(finding: NoticeFinding): string {
  const triage = code(`namesake triage ${plain(finding.id, 24)} --acknowledge`, 80)
  return [
    '*What now*',
    `• ${firstStep(finding.kind)}`,
    '• Ask the owner of the place to remove it; its history keeps the name.',
    `• ${triage} says that you are on it; afterwards \`--resolve\`, or \`--dismiss\` with a reason.`,
  ].join('\n')
}

function summaryBlocks(notice: SummaryNotice, shown: number): Block[] {
  const findings = notice.findings.slice(0, shown)
  const left = Math.max(notice.findingCount, notice.findings.length) - findings.length
  const blocks = [header(headline(notice)), plainSection(countsOf(notice), 300)]
  for (const [index, finding] of findings.entries()) {
    const heading = index === 0 && left > 0 ? '*The worst*\n' : ''
    blocks.push(section(`${heading}${findingItem(finding, notice.kind === 'digest' ? 2 : 1)}`))
  }
  if (left > 0) blocks.push(section(`${findings.length === 0 ? '' : 'and '}${counted(left, findings.length === 0 ? 'name' : 'more name')}: \`namesake findings\``))
  const page = notice.kind === 'storm' && notice.page !== null ? link(notice.page, 'all of them', 900) : null
  if (page !== null) blocks.push(section(page))
  const gaps = gapsOf(notice)
  if (gaps.length > 0) blocks.push(plainSection(gaps, 250))
  if (notice.findingCount > 0) blocks.push(section(`${code('namesake triage <id> --acknowledge', 60)} takes one on; afterwards \`--resolve\`, or \`--dismiss\` with a reason.`))
  blocks.push(footer(idsOf(notice)))
  return blocks
}

function countsOf(notice: SummaryNotice): string[] {
  const severities = notice.findings.length === 0 ? [] : [severitiesInWords(notice.findings, notice.findingCount)]
  if (notice.kind === 'digest') return ['Further places of leaks that were announced before.', ...severities]
  if (notice.kind === 'storm') return ['Each is stored, and to be triaged, by itself.', ...severities.map((counts) => `${counts}; ${counted(notice.placeCount, 'place')} in all`)]
  return [
    'The first sweep is done. From now on only what is new is announced.',
    ...severities.map((counts) => `${counts}; ${counted(notice.placeCount, 'place')} in all`),
  ]
}

function findingItem(finding: NoticeFinding, placesShown: number): string {
  const facts = [
    `*${finding.drill ? 'DRILL ' : ''}${mrkdwn(severityMark(finding), 20)}* ${code(finding.identifier, 130)}`,
    mrkdwn(kindInWords(finding), 60),
    counted(finding.placeCount, 'place'),
    `finding ${code(finding.id, 26)}`,
  ]
  return [facts.join(' · '), ...finding.places.slice(0, placesShown).map(addressOf)].join('\n')
}

/** A baseline says it even when there is none: silence about it would look like a proof. */
function gapsOf(notice: SummaryNotice): string[] {
  if (notice.kind === 'storm') return []
  const { kind, gaps } = notice
  if (gaps.length === 0) return kind === 'baseline' ? ['Everything that was asked for was looked at.'] : []
  const shown = gaps.slice(0, 6)
  const left = gaps.length - shown.length
  return [
    'Could not be looked at:',
    ...shown.map((gap) => `• ${gap}`),
    ...(left > 0 ? [`• and ${counted(left, 'more gap')}: namesake doctor`] : []),
  ]
}

function plainLines(notice: Notice): string[] {
  const lines = [mrkdwn(headline(notice), 300)]
  if ('finding' in notice) {
    const { finding } = notice
    if (notice.kind === 'claim') {
      const { version, signals } = notice.claim
      if (version !== null) lines.push(mrkdwn(`version ${version}`, 80))
      lines.push(...signals.slice(0, 3).map((reason) => mrkdwn(reason, 200)))
      lines.push(notice.news === 'freed' ? 'It was held until now. Publish a placeholder, or block it in the registry proxy.' : 'Block it in the registry proxy, search build logs for it, report it; do not install it.')
    }
    if (notice.kind === 'changed') {
      for (const { what, by, at, reason } of notice.changes.slice(-5)) {
        lines.push(mrkdwn(`${changeWords[what]}${by === null ? '' : ` by ${by}`}, ${minuteOf(at)}${reason === null ? '' : `: ${reason}`}`, 300))
      }
    }
    lines.push(mrkdwn(`${kindInWords(finding)}, public in ${counted(finding.placeCount, 'place')}`, 200))
    const [place] = finding.places
    if (place !== undefined) lines.push(mrkdwn(placeInWords(place), 400), ...plainAddress(place))
    if (finding.id !== '') lines.push(mrkdwn(`namesake triage ${plain(finding.id, 24)} --acknowledge`, 80))
  } else if (notice.kind === 'operator') {
    lines.push(...operatorLines(notice).map((line) => mrkdwn(line, 400)))
  } else {
    lines.push(...countsOf(notice).map((line) => mrkdwn(line, 300)))
    for (const finding of notice.findings.slice(0, 5)) {
      lines.push(mrkdwn(`${severityMark(finding)} ${plain(finding.identifier, 110)} (finding ${plain(finding.id, 24)})`, 250))
    }
    lines.push(...gapsOf(notice).slice(0, 4).map((line) => mrkdwn(line, 200)))
    lines.push('namesake findings')
  }
  lines.push(mrkdwn(idsOf(notice), 300))
  return lines
}

function plainAddress(place: NoticePlace): string[] {
  const address = webAddress(place.url)
  return address === null || address.length > 800 ? [] : [address.replaceAll('&', '&amp;')]
}
