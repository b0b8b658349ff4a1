import { createHash } from 'node:crypto'
import { severities } from '../../evidence/severity.ts'
import { bestPlaceFirst, isOpen } from '../../formats/status.ts'
import type { ReportedPlace } from '../../formats/contract.ts'
import type { Duration } from '../duration.ts'
import { breakdowns, type Breakdown } from '../exposure.ts'
import type { ExposureSummary, QuarterReport } from '../load-report.ts'
import type { FindingThen } from '../report-finding.ts'
import { barChart, patterns, rankChart, shareBar, swatch, type Fill } from './charts.ts'
import { html, type Markup } from './html.ts'
import { style } from './style.ts'

export interface ReportInput {
  readonly company: string
  readonly report: QuarterReport
  /** The names of the quarter, with places and claims. */
  readonly findings: readonly FindingThen[]
  readonly version: string
}

/**
 * One file for reading and printing: page one for management, the appendix for engineers. Without scripts, and nothing
 * is fetched: its policy allows its own sheet of styles and nothing else. Times are of the quarter's zone.
 */
export function exposureHtml({ company, report, findings, version }: ReportInput): string {
  const { exposure } = report
  const sheet = createHash('sha256').update(style).digest('base64')
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${sheet}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Exposure of internal names, ${company}, ${exposure.quarter}</title>
<style>${{ markup: style }}</style>
</head>
<body>
${patterns}
${firstPage(company, report)}
${appendix(exposure, findings, version)}
</body>
</html>
`
  return page.markup
}

function firstPage(company: string, { exposure, previous }: QuarterReport): Markup {
  const day = dayOf(exposure)
  const lastDay = day(new Date(Date.parse(exposure.to) - 1).toISOString())
  const quarters = [exposure, ...previous].toReversed()
  return html`<main class="page">
<header>
<h1>Internal names exposed in public: ${exposure.quarter}</h1>
<p>${company} · ${day(exposure.from)} to ${lastDay} (${exposure.timezone}) · as it was known on ${momentOf(exposure)(exposure.asOf)}</p>
</header>
${exposure.isWhole ? null : html`<p class="warning">The quarter has not ended: these are the numbers so far.</p>`}
${headline(exposure, previous[0])}
${flow(exposure)}
<section class="columns">
<div><h2>Exposed at the end of the quarter</h2>
${barChart('Names exposed at the end of five quarters', quarters.map((quarter) => ({
    label: quarter.quarter,
    bars: [{ label: quarter.quarter, parts: [{ value: quarter.claimable.exposedAtEnd.yes, fill: 'stripes' }, { value: quarter.exposedAtEnd - quarter.claimable.exposedAtEnd.yes, fill: 'solid' }] }],
  })))}
<p class="legend">${legend('stripes', 'a stranger could take the name')}${legend('solid', 'other exposed names')}</p></div>
<div><h2>Newly exposed and no longer exposed</h2>
${barChart('Names found and closed in five quarters', quarters.map((quarter) => ({
    label: quarter.quarter,
    bars: [
      { label: 'new', parts: [{ value: quarter.found + quarter.reopened, fill: 'solid' }] },
      { label: 'closed', parts: [{ value: quarter.closed, fill: 'dots' }] },
    ],
  })))}
<p class="legend">${legend('solid', 'found or exposed again')}${legend('dots', 'closed')}</p></div>
</section>
<section class="columns wide">
<div><h2>How fast</h2>${durations(exposure, previous[0])}
<p class="quiet">Over the ${counted(exposure.found, 'name')} found in the quarter, where both moments are known.</p></div>
<div><h2>Teams with most exposed names</h2>${teams(exposure)}</div>
</section>
${coverageSection(exposure)}
</main>`
}

function headline(exposure: ExposureSummary, last: ExposureSummary | undefined): Markup {
  const { exposedAtEnd: open, coverage } = exposure
  return html`<section class="headline">
<div class="number">${open}</div>
<div class="words"><strong>${open === 1 ? 'internal name is' : 'internal names are'} public ${exposure.isWhole ? 'at the end of the quarter' : `on ${dayOf(exposure)(exposure.asOf)}`}.</strong>
<p>${last === undefined ? null : html`${comparedTo(open, last)} `}${open === 0 ? null : claimableWords(exposure)}</p></div>
<div class="goal">goal<b>0</b>${open > 0 ? 'not reached' : coverage.identifiers > 0 && coverage.proven === coverage.identifiers ? 'reached' : 'not proven'}</div>
</section>`
}

function claimableWords({ claimable: { exposedAtEnd: { yes, unknown, notAsked } } }: ExposureSummary): Markup {
  return html`${yes === 0 ? 'None of them is known to be free for a stranger to take' : html`<b>${yes}</b> of them could be taken by a stranger`}${unknown + notAsked === 0 ? '.' : `; for ${unknown + notAsked} it could not be told, or nobody asked.`}`
}

function comparedTo(open: number, last: ExposureSummary): Markup {
  const change = open - last.exposedAtEnd
  if (change === 0) return html`As many as at the end of ${last.quarter}.`
  return html`${change > 0 ? `▲ ${change} more` : `▼ ${-change} fewer`} than at the end of ${last.quarter}.`
}

function flow(exposure: ExposureSummary): Markup {
  const box = (value: string, words: string, css = '') => html`<div class="${css}"><b>${value}</b>${words}</div>`
  return html`<section class="flow">
${box(String(exposure.exposedAtStart), 'exposed at the start')}
${box(`+ ${exposure.found}`, 'found')}
${box(`+ ${exposure.reopened}`, 'exposed again')}
${box(`− ${exposure.closed}`, 'closed')}
${box(`− ${exposure.withdrawn}`, 'no exposure after all')}
${box(`= ${exposure.exposedAtEnd}`, 'exposed at the end', 'end')}
</section>`
}

const durationRows = [
  ['mttd', 'MTTD', 'public to seen'], ['mtta', 'MTTA', 'seen to acknowledged'], ['mttr', 'MTTR', 'seen to resolved'], ['window', 'Window', 'public to gone'],
] as const

function durations(exposure: ExposureSummary, last: ExposureSummary | undefined): Markup {
  return html`<table><thead><tr><th></th><th class="number">median</th><th class="number">mean</th><th class="number">p90</th><th class="number">known</th><th class="number">${last === undefined ? null : html`median<br><small>${last.quarter}</small>`}</th></tr></thead><tbody>
${durationRows.map(([key, name, words]) => {
    const of = exposure[key]
    return html`<tr><td><b>${name}</b><br><small>${words}</small></td><td class="number"><b>${hours(of.medianHours)}</b></td><td class="number">${hours(of.meanHours)}</td><td class="number">${hours(of.p90Hours)}</td><td class="number">${knownShare(of)}</td><td class="number">${last === undefined ? '' : hours(last[key].medianHours)}</td></tr>`
  })}
</tbody></table>`
}

const shownTeams = 5

function teams({ by }: ExposureSummary): Markup {
  const exposed = Object.entries(by.team).filter(([, { exposedAtEnd }]) => exposedAtEnd > 0).sort(([a, one], [b, other]) => other.exposedAtEnd - one.exposedAtEnd || (a < b ? -1 : 1))
  if (exposed.length === 0) return html`<p>None: no name is exposed.</p>`
  const rest = exposed.slice(shownTeams)
  return html`${rankChart('Exposed names by team', exposed.slice(0, shownTeams).map(([team, counts]) => ({
    label: team === 'none' ? 'without a team' : team,
    parts: [{ value: counts.claimableAtEnd, fill: 'stripes' }, { value: counts.exposedAtEnd - counts.claimableAtEnd, fill: 'solid' }],
  })))}${rest.length === 0 ? null : html`<p class="quiet">and ${counted(rest.reduce((sum, [, { exposedAtEnd }]) => sum + exposedAtEnd, 0), 'name')} of ${counted(rest.length, 'other team')}</p>`}`
}

function coverageSection({ coverage, exposedAtEnd }: ExposureSummary): Markup {
  const { identifiers, proven, partly, neverSwept } = coverage
  const sources = Object.keys(coverage.bySource)
  return html`<section><h2>What these numbers rest on</h2>
${shareBar('Names by how far they were looked for', [{ value: proven, fill: 'solid' }, { value: partly, fill: 'stripes' }, { value: neverSwept, fill: 'empty' }])}
<p class="legend">${legend('solid', `${proven} looked for completely in every source`)}${legend('stripes', `${partly} in part`)}${legend('empty', `${neverSwept} not at all`)}</p>
<p>${coverageWords(identifiers, proven, exposedAtEnd)} ${sources.length === 0 ? 'No source was watched at the end of the quarter.' : `${sources.length === 1 ? 'The source' : `The ${sources.length} sources`}: ${sources.join(', ')}.`}</p></section>`
}

/** A zero is told apart from a zero that nobody looked for. */
function coverageWords(identifiers: number, proven: number, exposed: number): string {
  if (identifiers === 0) return 'The inventory had no names: nothing was looked for, and a zero says nothing.'
  if (proven === identifiers) return exposed === 0 ? 'Every name was looked for completely: the zero is proven, for what the sources show.' : 'Every name was looked for completely: there is no other exposed name, for what the sources show.'
  return `Of ${identifiers - proven} of ${identifiers} names it is not proven that they are not public${exposed === 0 ? ': the zero holds for the others only' : ''}.`
}

function legend(fill: Fill, words: string): Markup {
  return html`<span>${swatch(fill)}${words}</span>`
}

const breakdownTitles: Readonly<Record<Breakdown, string>> = { ecosystem: 'Ecosystem', team: 'Team', source: 'Source where it was found', role: 'Role of the place where it was found', severity: 'Severity' }

function appendix(exposure: ExposureSummary, findings: readonly FindingThen[], version: string): Markup {
  const withoutAddress = findings.reduce((sum, finding) => sum + finding.placesWithoutAddress, 0)
  return html`<section class="appendix">
<h1>Appendix</h1>
<p class="quiet">Computed by namesake ${version} from append-only history; what each word means is defined in docs/exposure-metric.md.</p>
${breakdowns.map((by) => breakdownTable(exposure, by))}
<h3>Coverage by source</h3>
<table><thead><tr><th>source</th><th class="number">complete</th><th class="number">in part</th><th class="number">not at all</th></tr></thead><tbody>
${Object.entries(exposure.coverage.bySource).map(([source, { proven, partly, never }]) => html`<tr><td>${source}</td><td class="number">${proven}</td><td class="number">${partly}</td><td class="number">${never}</td></tr>`)}
</tbody></table>
<h3>Durations in hours</h3>
<table><thead><tr><th></th><th class="number">mean</th><th class="number">median</th><th class="number">p75</th><th class="number">p90</th><th class="number">p95</th><th class="number">known</th><th class="number">unknown</th></tr></thead><tbody>
${durationRows.map(([key, name, words]) => {
    const { meanHours, medianHours, p75Hours, p90Hours, p95Hours, known, unknown } = exposure[key]
    return html`<tr><td>${name}, ${words}</td>${[meanHours, medianHours, p75Hours, p90Hours, p95Hours].map((value) => html`<td class="number">${value === null ? '–' : value.toFixed(2)}</td>`)}<td class="number">${known}</td><td class="number">${unknown}</td></tr>`
  })}
</tbody></table>
<h3>Gaps</h3>
<ul>${gaps(exposure, withoutAddress).map((gap) => html`<li>${gap}</li>`)}</ul>
<h3>Names (${findings.length})</h3>
${findings.toSorted(worstFirst).map((finding) => nameArticle(finding, exposure))}
</section>`
}

function breakdownTable({ by }: ExposureSummary, breakdown: Breakdown): Markup {
  const rows = Object.entries(by[breakdown])
  return html`<h3>${breakdownTitles[breakdown]}</h3>
<table><thead><tr><th></th><th class="number">at start</th><th class="number">found</th><th class="number">again</th><th class="number">closed</th><th class="number">withdrawn</th><th class="number">at end</th><th class="number">claimable</th></tr></thead><tbody>
${rows.map(([value, counts]) => html`<tr><td><bdi>${value}</bdi></td><td class="number">${counts.exposedAtStart}</td><td class="number">${counts.found}</td><td class="number">${counts.reopened}</td><td class="number">${counts.closed}</td><td class="number">${counts.withdrawn}</td><td class="number"><b>${counts.exposedAtEnd}</b></td><td class="number">${counts.claimableAtEnd}</td></tr>`)}
</tbody></table>`
}

function gaps({ coverage, claimable, dismissed, mttd }: ExposureSummary, withoutAddress: number): string[] {
  const { identifiers, proven, partly, neverSwept } = coverage
  return [
    ...(identifiers === proven ? [] : [`${counted(partly, 'name')} looked for in part, ${neverSwept} not at all`]),
    ...(claimable.exposedAtEnd.unknown === 0 ? [] : [`of ${counted(claimable.exposedAtEnd.unknown, 'exposed name')} a registry could not tell whether a stranger could take it`]),
    ...(claimable.exposedAtEnd.notAsked === 0 ? [] : [`of ${counted(claimable.exposedAtEnd.notAsked, 'exposed name')} no registry was asked`]),
    ...(mttd.unknown === 0 ? [] : [`of ${counted(mttd.unknown, 'name')} it is not known when it became public`]),
    ...(dismissed === 0 ? [] : [`${counted(dismissed, 'name')} found in the quarter and dismissed as no exposure`]),
    ...(withoutAddress === 0 ? [] : [`${counted(withoutAddress, 'place')} recorded by a version that did not keep where it is`]),
    'what a place was called, and its line, are as they were when it was found',
  ]
}

/** What is still exposed before what is over, then by severity; of these the oldest first, as they come. */
function worstFirst(a: FindingThen, b: FindingThen): number {
  return Number(isOpen(b)) - Number(isOpen(a)) || severities.indexOf(a.severity) - severities.indexOf(b.severity)
}

const shownPlaces = 20

function nameArticle(finding: FindingThen, exposure: ExposureSummary): Markup {
  const moment = momentOf(exposure)
  const places = bestPlaceFirst(finding.occurrences)
  const facts = [
    finding.ecosystem ?? finding.kind,
    finding.team === null ? 'without a team' : `team ${finding.team}`,
    finding.severity,
    finding.dismissedReason === null ? finding.state : `dismissed: ${finding.dismissedReason}`,
    `seen ${moment(finding.firstSeenAt)}`,
    finding.publicSince === null || finding.publicSinceIsLowerBound ? 'public since an unknown day' : `public since ${moment(finding.publicSince)}`,
    ...(finding.resolvedAt === null ? [] : [`resolved ${moment(finding.resolvedAt)}`]),
    ...(finding.proposed === null ? [] : [`gone ${moment(finding.proposed.at)}`]),
  ]
  return html`<article><h3><bdi class="name">${finding.identifier}</bdi></h3>
<p>${facts.join(' · ')}</p>
${finding.claims.length === 0 ? html`<p class="quiet">No registry was asked.</p>` : html`<ul>${finding.claims.map(({ registry, state, claimable, why }) => html`<li>${registry}: ${state}; could a stranger take it: <b>${claimable}</b> (${why})</li>`)}</ul>`}
<ul>${places.slice(0, shownPlaces).map(placeItem)}</ul>${places.length <= shownPlaces ? null : html`<p class="quiet">and ${counted(places.length - shownPlaces, 'more place')}</p>`}
</article>`
}

function placeItem({ source, role, status, url, suppressed }: ReportedPlace): Markup {
  return html`<li>${source}, ${role}, ${status}${suppressed === null ? '' : `, suppressed: ${suppressed.reason}`}: ${address(url)}</li>`
}

/** A link only where it leads to the web: the public decides what an address says. */
function address(url: string): Markup {
  const isWeb = URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isWeb ? html`<a href="${new URL(url).href}" rel="noreferrer noopener"><bdi class="name">${url}</bdi></a>` : html`<bdi class="name">${url}</bdi>`
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}

function hours(value: number | null): string {
  if (value === null) return '–'
  return value < 48 ? `${value.toFixed(1)} h` : `${(value / 24).toFixed(1)} d`
}

function knownShare({ known, unknown }: Duration): string {
  return known + unknown === 0 ? '–' : `${known} of ${known + unknown}`
}

function dayOf({ timezone }: ExposureSummary): (iso: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, day: 'numeric', month: 'short', year: 'numeric' })
  return (iso) => format.format(new Date(iso))
}

function momentOf({ timezone }: ExposureSummary): (iso: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return (iso) => format.format(new Date(iso))
}
