import type { App } from '../app/open.ts'
import { version } from '../app/version.ts'
import { openCalendar, type FiscalCalendar, type Quarter } from '../fiscal-calendar.ts'
import { exposureMarks } from '../metrics/exposure-marks.ts'
import type { ExposedName as Name } from '../metrics/exposure.ts'
import { quartersBack } from '../metrics/load-exposure.ts'
import { loadReport, type ExposureSummary } from '../metrics/load-report.ts'
import type { ReportFormat } from '../metrics/report-formats.ts'
import { writeReport } from '../metrics/write-report.ts'
import { Invalid } from '../errors.ts'
import type { ExposedName, exposureRoutes } from './contract/exposure.ts'
import type { Handlers } from './handler.ts'
import { readCursor, writeCursor } from './paging.ts'

/** Quarters that can be asked for in the list; any other can be by its name. */
const listed = 12

/** What a file of each format is called and is. */
const files: Readonly<Record<ReportFormat, { readonly ending: string; readonly type: string }>> = {
  json: { ending: 'json', type: 'application/json' },
  csv: { ending: 'csv', type: 'text/csv; charset=utf-8; header=present' },
  xlsx: { ending: 'xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  html: { ending: 'html', type: 'text/html; charset=utf-8' },
  sarif: { ending: 'sarif', type: 'application/sarif+json' },
  defectdojo: { ending: 'defectdojo.json', type: 'application/json' },
  ocsf: { ending: 'ocsf.jsonl', type: 'application/x-ndjson' },
}

export const exposureHandlers: Handlers<keyof typeof exposureRoutes> = {
  'GET /api/exposure': async ({ service: { app }, query }) => {
    const { asked, trend, names } = await answerOf(app, query.quarter)
    const calendar = calendarOf(app)
    return {
      exposure: asked, names: names.length,
      trend: trend.map(({ quarter, isWhole, exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd }) => ({ quarter, isWhole, exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd })),
      quarters: quartersBack(calendar, calendar.at(app.now()), listed - 1).map(({ name }) => name),
    }
  },
  'GET /api/exposure/names': async ({ service: { app }, query: { quarter, cursor, limit } }) => {
    const { asked, names } = await answerOf(app, quarter)
    const from = cursor === undefined ? 0 : placeOf(cursor)
    return { items: names.slice(from, from + limit)as ExposedName[], next: names.length > from + limit ? writeCursor([String(from + limit)]) : null, asOf: asked.asOf }
  },
  'GET /api/export': async ({ service: { app }, query: { quarter, format, asOf: at } }) => {
    const now = app.now()
    const asOf = at === undefined ? now : new Date(at)
    const calendar = calendarOf(app)
    const { database, config } = app
    const report = await loadReport(database.db, { calendar, quarter: quarterOf(calendar, quarter, asOf), asOf, now })
    const written = await writeReport(database.db, report, format, { company: config.organization.name, version })
    const { ending, type } = files[format]
    // Bytes of a workbook are never shared with another thread.
    return new Response(written as string | Uint8Array<ArrayBuffer>, {
      headers: { 'content-type': type, 'content-disposition': `attachment; filename="namesake-exposure-${report.exposure.quarter}.${ending}"`, 'cache-control': 'no-store' },
    })
  },
}

function placeOf(cursor: string): number {
  const [place = ''] = readCursor(cursor)
  if (!/^\d{1,9}$/.test(place)) throw new Invalid([{ where: 'query', key: 'cursor', expected: 'the "next" of the page before, unchanged' }])
  return Number(place)
}

function calendarOf({ config }: App): FiscalCalendar {
  return openCalendar(config.metrics)
}

function quarterOf(calendar: FiscalCalendar, name: string | undefined, asOf: Date): Quarter {
  return name === undefined ? calendar.at(new Date(asOf.getTime() - 1)) : calendar.quarter(name)
}

interface Computed {
  readonly marks: string
  readonly at: number
  readonly tookMs: number
  /** Without the names, which come in pages. */
  readonly asked: ExposureSummary
  /** Oldest first; the asked one is the last. */
  readonly trend: readonly ExposureSummary[]
  readonly names: readonly Name[]
}

/** An exposure is recomputed from its whole history: kept for as long as nothing of it changes, and per process. */
const kept = new WeakMap<App, Map<string, { computed: Computed | null; computing: Promise<Computed> | null }>>()
/** Quarters that are kept. */
const keptAtMost = 8
/** What is computed faster than this is computed anew at every change; the rest is shown this old at most, with its moment. */
const cheapMs = 250
const oldAtMostMs = 5 * 60_000

/** What was computed last, if it still holds; where computing takes long, what held moments ago while the next is computed. */
async function answerOf(app: App, asked: string | undefined): Promise<Computed> {
  const now = app.now()
  const quarter = quarterOf(calendarOf(app), asked, now)
  const cache = kept.get(app) ?? new Map<string, { computed: Computed | null; computing: Promise<Computed> | null }>()
  kept.set(app, cache)
  const entry = cache.get(quarter.name) ?? { computed: null, computing: null }
  cache.delete(quarter.name)
  cache.set(quarter.name, entry)
  for (const name of cache.keys()) if (cache.size > keptAtMost) cache.delete(name)
  const marks = await exposureMarks(app.database.db)
  const { computed } = entry
  if (computed !== null && computed.marks === marks && !crossedQuarter(computed, quarter, now)) return computed
  entry.computing ??= compute(app, quarter, marks).then((fresh) => {
    entry.computed = fresh
    return fresh
  }).finally(() => {
    entry.computing = null
  })
  if (computed === null || computed.tookMs < cheapMs || now.getTime() - computed.at > oldAtMostMs) return entry.computing
  // Who looks gets what was known moments ago; a failure meets who looks next.
  entry.computing.catch(() => undefined)
  return computed
}

/** Without any change the end of a quarter changes it: it is whole then. */
function crossedQuarter({ at }: Computed, { to }: Quarter, now: Date): boolean {
  return at < to.getTime() && now >= to
}

async function compute(app: App, quarter: Quarter, marks: string): Promise<Computed> {
  const now = app.now()
  const began = performance.now()
  const { exposure: { names, ...asked }, previous } = await loadReport(app.database.db, { calendar: calendarOf(app), quarter, asOf: now, now })
  return {
    marks, at: now.getTime(), tookMs: performance.now() - began, asked, trend: [...begun(previous).toReversed().map((quarter) => ({ ...quarter, names: undefined })), asked],
    names: names.toSorted((a, b) => Number(b.exposedAtEnd) - Number(a.exposedAtEnd) || (a.firstSeenAt < b.firstSeenAt ? 1 : -1)),
  }
}

/** Quarters before the first finding would be zeros that nobody looked for. */
function begun(previous: readonly ExposureSummary[]): readonly ExposureSummary[] {
  const first = previous.findLastIndex(({ exposedAtStart, found, dismissed }) => exposedAtStart + found + dismissed > 0)
  return previous.slice(0, first + 1)
}
