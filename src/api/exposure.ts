import type { App } from '../app/open.ts'
import { openCalendar, type FiscalCalendar, type Quarter } from '../fiscal-calendar.ts'
import { exposureCsv } from '../metrics/exposure-csv.ts'
import { exposureMarks } from '../metrics/exposure-marks.ts'
import type { Exposure, ExposedName as Name } from '../metrics/exposure.ts'
import { loadExposure, quartersBack } from '../metrics/load-exposure.ts'
import { Invalid } from '../errors.ts'
import type { ExposedName, ExposureNumbers, exposureRoutes } from './contract/exposure.ts'
import type { Handlers } from './handler.ts'
import { readCursor, writeCursor } from './paging.ts'

/** Quarters of the trend. */
const trendLength = 8

export const exposureHandlers: Handlers<keyof typeof exposureRoutes> = {
  'GET /api/exposure': async ({ service: { app }, query }) => {
    const { exposures, names, first } = await answerOf(app, query.quarter)
    const [asked] = exposures
    if (asked === undefined) throw new Error('a quarter without an exposure')
    const begun = exposures.filter(({ to }) => first !== null && to > first)
    return {
      exposure: numbersOf(asked),
      names: names.length,
      trend: (begun.length === 0 ? [asked] : begun).toReversed().map(({ quarter, isWhole, exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd }) =>
        ({ quarter, isWhole, exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd })),
      quarters: quartersBack(calendarOf(app), calendarOf(app).at(app.now()), trendLength - 1).map(({ name }) => name),
    }
  },
  'GET /api/exposure/names': async ({ service: { app }, query: { quarter, cursor, limit } }) => {
    const { exposures: [asked], names } = await answerOf(app, quarter)
    const from = cursor === undefined ? 0 : placeOf(cursor)
    return { items: names.slice(from, from + limit).map((name): ExposedName => name), next: names.length > from + limit ? writeCursor([String(from + limit)]) : null, asOf: asked?.asOf ?? '' }
  },
  'GET /api/export': async ({ service: { app }, query: { quarter, format, asOf: at } }) => {
    const now = app.now()
    const asOf = at === undefined ? now : new Date(at)
    const calendar = calendarOf(app)
    const [exposure] = await loadExposure(app.database.db, { calendar, quarters: [quarterOf(calendar, quarter, asOf)], asOf, now })
    if (exposure === undefined) throw new Error('a quarter without an exposure')
    const { text, type } = format === 'csv' ? { text: exposureCsv(exposure), type: 'text/csv; charset=utf-8; header=present' } : { text: `${JSON.stringify(exposure, null, 2)}\n`, type: 'application/json' }
    return new Response(text, { headers: { 'content-type': type, 'content-disposition': `attachment; filename="namesake-exposure-${exposure.quarter}.${format}"`, 'cache-control': 'no-store' } })
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

/** Everything but the names, which come in pages. */
function numbersOf({ names: _names, ...numbers }: Exposure): ExposureNumbers {
  return numbers
}

interface Computed {
  readonly marks: string
  readonly at: number
  readonly tookMs: number
  /** The asked quarter, then those before it. */
  readonly exposures: readonly Exposure[]
  readonly names: readonly Name[]
  /** When the first finding was found; null: there is none. */
  readonly first: string | null
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
  const calendar = calendarOf(app)
  const exposures = await loadExposure(app.database.db, { calendar, quarters: quartersBack(calendar, quarter, trendLength - 1), asOf: now, now })
  const names = (exposures[0]?.names ?? []).toSorted((a, b) => Number(b.exposedAtEnd) - Number(a.exposedAtEnd) || (a.firstSeenAt < b.firstSeenAt ? 1 : -1))
  const first = exposures.flatMap((exposure) => exposure.names.map(({ firstSeenAt }) => firstSeenAt)).reduce<string | null>((least, moment) => (least === null || moment < least ? moment : least), null)
  // Of the quarters before only the numbers are shown.
  return { marks, at: now.getTime(), tookMs: performance.now() - began, exposures: exposures.map((exposure, index) => (index === 0 ? exposure : { ...exposure, names: [] })), names, first }
}
