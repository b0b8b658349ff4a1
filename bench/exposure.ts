/**
 * npm run bench exposure -- [--findings 100000] [--quiet 20000] [--data DIR]
 *
 * Writes a made-up history of two years into an embedded database (which stays in DIR, and is taken up when it is there), and
 * measures a quarter's report with the four before it: reading and computing, and every format. Wall clock, processor time of
 * this process, and its memory; a run that has just written the history holds that too.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openDatabase } from '../src/db/client.ts'
import { openEmbedded } from '../src/db/embedded.ts'
import { migrate } from '../src/db/migrate.ts'
import { openCalendar } from '../src/fiscal-calendar.ts'
import { loadReport } from '../src/metrics/load-report.ts'
import { reportFormats } from '../src/metrics/report-formats.ts'
import { writeReport } from '../src/metrics/write-report.ts'
import { writeHistory } from '../test/metrics/two-years.ts'

const { values: options } = parseArgs({ options: { findings: { type: 'string', default: '100000' }, quiet: { type: 'string', default: '20000' }, data: { type: 'string' } } })
const dataDir = options.data ?? mkdtempSync(path.join(tmpdir(), 'namesake-bench-'))
const embedded = await openEmbedded({ dataDir })
const database = openDatabase(embedded.url)
try {
  await migrate(database)
  await run()
} finally {
  await database.close()
  await embedded.close()
  if (options.data === undefined) rmSync(dataDir, { recursive: true, force: true })
}

async function run(): Promise<void> {
  const { db, sql } = database
  const calendar = openCalendar({ timezone: 'Europe/Berlin', fiscalYearStartsIn: 2, fiscalYearNamedAfter: 'end', fiscalYearChanges: [] })
  const [from, to] = [new Date('2025-02-01T00:00:00Z'), new Date('2027-02-15T00:00:00Z')]
  const [known] = await sql<{ count: string }[]>`select count(*) from events`
  if (Number(known?.count ?? 0) === 0) await measured('writing the history', () => writeHistory(db, { findings: Number(options.findings), quiet: Number(options.quiet), from, to, bounds: [calendar.at(from).to, calendar.at(to).from] }))
  for (const table of ['events', 'claim_events', 'identifier_events', 'cover_events', 'runs']) {
    const [row] = await sql.unsafe<{ count: string }[]>(`select count(*) from ${table}`)
    say(`${table}: ${row?.count} rows`)
  }
  await sql`analyze`
  const asOf = new Date('2027-02-01T00:00:00Z')
  const report = await measured('five quarters, read and computed', () => loadReport(db, { calendar, quarter: calendar.quarter('2027-Q4'), asOf, now: asOf }))
  const { exposedAtStart, found, reopened, closed, withdrawn, exposedAtEnd, names } = report.exposure
  say(`${exposedAtStart} + ${found} + ${reopened} - ${closed} - ${withdrawn} = ${exposedAtEnd}; ${names.length} names in the quarter`)
  for (const format of reportFormats) {
    const written = await measured(format, () => writeReport(db, report, format, { company: 'Acme Corp', version: '1.0.0' }))
    say(`  ${(written.length / 1_000_000).toFixed(1)} MB`)
  }
}

async function measured<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  let highest = process.memoryUsage().rss
  const watch = setInterval(() => { highest = Math.max(highest, process.memoryUsage().rss) }, 50)
  const result = await work()
  clearInterval(watch)
  const { user, system } = process.cpuUsage(before)
  say(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s (${((user + system) / 1_000_000).toFixed(1)} s of this process), at most ${Math.round(highest / 1_000_000)} MB resident`)
  return result
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
