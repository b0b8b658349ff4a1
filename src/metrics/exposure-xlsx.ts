import { unzipSync, zipSync, type Zippable } from 'fflate'
import writeWorkbook, { type Cell, type Row, type Sheet } from 'write-excel-file/node'
import { breakdowns, type ExposedName } from './exposure.ts'
import type { Duration } from './duration.ts'
import type { ExposureSummary, QuarterReport } from './load-report.ts'

/**
 * The report as a workbook: numbers of the five quarters, names, breakdowns, coverage. Texts are cells of the type text
 * with the format "text": neither opening nor editing one makes it a formula, and no cell has one. The same report is
 * the same bytes: the times in the archive are fixed.
 */
export async function exposureXlsx(report: QuarterReport): Promise<Uint8Array> {
  const quarters = [report.exposure, ...report.previous]
  const sheets: Sheet<Buffer>[] = [
    sheet('Quarters', [26, ...quarters.map(() => 18)], quarterRows(quarters)),
    sheet('Names', nameColumns.map(({ width }) => width), nameRows(report)),
    sheet('Breakdown', [14, 24, ...movementColumns.map(() => 16)], breakdownRows(report.exposure)),
    sheet('Coverage', [24, 14, 14, 14], coverageRows(report.exposure)),
  ]
  return withFixedTimes(await writeWorkbook(sheets).toBuffer())
}

function sheet(name: string, widths: readonly number[], data: Row[]): Sheet<Buffer> {
  return { sheet: name, data, columns: widths.map((width) => ({ width })), stickyRowsCount: 1 }
}

/** Longest text of a cell. https://support.microsoft.com/office/excel-specifications-and-limits */
const longestText = 32_767

function text(value: string | null, more: { readonly fontWeight?: 'bold' } = {}): Cell {
  if (value === null) return null
  // The library keeps its texts as keys of a plain object: one that every object has already ("constructor") would be lost.
  const kept = value in Object.prototype ? `${value} ` : value
  return { value: kept.slice(0, longestText), type: String, format: '@', ...more }
}

const heading = (...titles: string[]): Row => titles.map((title) => text(title, { fontWeight: 'bold' }))
const number = (value: number | null): Cell => (value === null ? null : { value, type: Number })
const yesNo = (value: boolean): Cell => text(value ? 'yes' : 'no')

const movementColumns = ['exposedAtStart', 'found', 'reopened', 'closed', 'withdrawn', 'exposedAtEnd'] as const
const durationColumns = ['meanHours', 'medianHours', 'p75Hours', 'p90Hours', 'p95Hours', 'known', 'unknown'] as const satisfies (keyof Duration)[]

function quarterRows(quarters: readonly ExposureSummary[]): Row[] {
  const row = (title: string, of: (quarter: ExposureSummary) => Cell): Row => [text(title), ...quarters.map(of)]
  return [
    heading('', ...quarters.map(({ quarter }) => quarter)),
    row('from', ({ from }) => text(from)),
    row('to', ({ to }) => text(to)),
    row('time zone', ({ timezone }) => text(timezone)),
    row('as of', ({ asOf }) => text(asOf)),
    row('whole quarter', ({ isWhole }) => yesNo(isWhole)),
    ...movementColumns.map((column) => row(column, (quarter) => number(quarter[column]))),
    row('dismissed', ({ dismissed }) => number(dismissed)),
    ...(['yes', 'no', 'unknown', 'notAsked'] as const).map((answer) => row(`exposedAtEnd, claimable: ${answer}`, ({ claimable }) => number(claimable.exposedAtEnd[answer]))),
    ...(['mttd', 'mtta', 'mttr', 'window'] as const).flatMap((duration) =>
      durationColumns.map((column) => row(`${duration} ${column}`, (quarter) => number(quarter[duration][column])))),
    ...(['identifiers', 'proven', 'partly', 'neverSwept'] as const).map((part) => row(`coverage ${part}`, ({ coverage }) => number(coverage[part]))),
  ]
}

const nameColumns: readonly { readonly title: string; readonly width: number; readonly of: (name: ExposedName) => Cell }[] = [
  { title: 'findingId', width: 10, of: ({ findingId }) => text(findingId) },
  { title: 'identifier', width: 44, of: ({ identifier }) => text(identifier) },
  { title: 'kind', width: 10, of: ({ kind }) => text(kind) },
  { title: 'ecosystem', width: 12, of: ({ ecosystem }) => text(ecosystem) },
  { title: 'team', width: 18, of: ({ team }) => text(team) },
  { title: 'source', width: 18, of: ({ source }) => text(source) },
  { title: 'role', width: 16, of: ({ role }) => text(role) },
  { title: 'severity', width: 10, of: ({ severity }) => text(severity) },
  { title: 'claimable', width: 10, of: ({ claimable }) => text(claimable ?? 'not asked') },
  { title: 'state', width: 14, of: ({ state }) => text(state) },
  { title: 'dismissedReason', width: 24, of: ({ dismissedReason }) => text(dismissedReason) },
  { title: 'publicSince', width: 26, of: ({ publicSince }) => text(publicSince) },
  { title: 'publicSinceIsLowerBound', width: 12, of: ({ publicSinceIsLowerBound }) => yesNo(publicSinceIsLowerBound) },
  { title: 'firstSeenAt', width: 26, of: ({ firstSeenAt }) => text(firstSeenAt) },
  { title: 'acknowledgedAt', width: 26, of: ({ acknowledgedAt }) => text(acknowledgedAt) },
  { title: 'resolvedAt', width: 26, of: ({ resolvedAt }) => text(resolvedAt) },
  { title: 'goneAt', width: 26, of: ({ goneAt }) => text(goneAt) },
  { title: 'closedAt', width: 26, of: ({ closedAt }) => text(closedAt) },
  { title: 'exposedAtStart', width: 12, of: ({ exposedAtStart }) => yesNo(exposedAtStart) },
  { title: 'foundInQuarter', width: 12, of: ({ foundInQuarter }) => yesNo(foundInQuarter) },
  { title: 'reopenedInQuarter', width: 12, of: ({ reopenedInQuarter }) => yesNo(reopenedInQuarter) },
  { title: 'exposedAtEnd', width: 12, of: ({ exposedAtEnd }) => yesNo(exposedAtEnd) },
]

function nameRows({ exposure }: QuarterReport): Row[] {
  return [heading(...nameColumns.map(({ title }) => title)), ...exposure.names.map((name) => nameColumns.map(({ of }) => of(name)))]
}

function breakdownRows({ by }: ExposureSummary): Row[] {
  return [
    heading('by', 'value', ...movementColumns, 'claimableAtEnd'),
    ...breakdowns.flatMap((breakdown) => Object.entries(by[breakdown]).map(([value, counts]): Row =>
      [text(breakdown), text(value), ...movementColumns.map((column) => number(counts[column])), number(counts.claimableAtEnd)])),
  ]
}

function coverageRows({ coverage }: ExposureSummary): Row[] {
  const { proven, partly, neverSwept } = coverage
  return [
    heading('source', 'proven', 'partly', 'never'),
    [text('all of them'), number(proven), number(partly), number(neverSwept)],
    ...Object.entries(coverage.bySource).map(([source, counts]): Row => [text(source), number(counts.proven), number(counts.partly), number(counts.never)]),
  ]
}

/** The first moment that an archive can tell; it tells the wall clock, whatever the zone of the machine. */
const earliest = new Date(1980, 0, 1)

function withFixedTimes(archive: Uint8Array): Uint8Array {
  const files = Object.entries(unzipSync(archive)).sort(([a], [b]) => (a < b ? -1 : 1))
  const fixed: Zippable = Object.fromEntries(files.map(([name, content]) => [name, [content, { mtime: earliest }]]))
  return zipSync(fixed)
}
