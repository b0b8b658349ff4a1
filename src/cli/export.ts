import { rename, rm, writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { version } from '../app/version.ts'
import { Invalid } from '../errors.ts'
import { openCalendar } from '../fiscal-calendar.ts'
import { reportFormats, type ReportFormat } from '../metrics/report-formats.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { parseTime } from './time.ts'

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('the exposure metric of a quarter: exposed names, new and closed, MTTD, MTTA, MTTR, coverage')
    .option('--quarter <quarter>', 'for example 2026-Q4, as the fiscal calendar of the configuration has it (default: the one of --as-of, or of now)', parseQuarterOption)
    .addOption(new Option('--format <format>', 'json: numbers and names; csv: a row per name; xlsx: a workbook; html: a page to read and print; sarif, defectdojo, ocsf: the findings for other tools').choices(reportFormats).default('json'))
    .option('--as-of <time>', 'as it was known at this moment (ISO 8601, UTC unless it says otherwise); the same moment gives the same bytes for ever', parseTime)
    .option('--output <file>', 'write to this file, whole or not at all, instead of the terminal')
    .action((options: Options, self: Command) => withStore(self, async ({ config, database, now }) => {
      const asOf = options.asOf ?? now()
      const calendar = openCalendar(config.metrics)
      // The quarter that ends at this very moment is meant, not the one that begins.
      const quarter = options.quarter === undefined ? calendar.at(new Date(asOf.getTime() - 1)) : calendar.quarter(options.quarter)
      if (options.format === 'xlsx' && options.output === undefined && process.stdout.isTTY) {
        throw new Invalid([{ where: 'command line', key: '--output', value: undefined, expected: 'a workbook is no text for a terminal: a file is expected' }])
      }
      const [{ loadReport }, { writeReport }] = await Promise.all([import('../metrics/load-report.ts'), import('../metrics/write-report.ts')])
      const report = await loadReport(database.db, { calendar, quarter, asOf, now: now() })
      const written = await writeReport(database.db, report, options.format, { company: config.organization.name, version })
      if (options.output === undefined) await writeOut(written)
      else await writeWhole(options.output, written)
    }))
  teach(command, {
    examples: [
      ['export --quarter 2026-Q4 --format html --output q4.html', 'for management: page one, to print; the appendix for engineers'],
      ['export --quarter 2026-Q4 --format csv --output q4.csv', 'a row per exposed name'],
      ['export --quarter 2026-Q4 --as-of 2027-01-01T00:00:00Z', 'what was known at the end of the year'],
    ],
  })
}

interface Options {
  readonly quarter?: string
  readonly format: ReportFormat
  readonly asOf?: Date
  readonly output?: string
}

function parseQuarterOption(text: string): string {
  if (!/^\d{4}-Q[1-4]$/i.test(text.trim())) throw new InvalidArgumentError('a quarter such as 2026-Q4 is expected.')
  return text
}

/** A pipe takes its time: the command ends after all of it was taken. */
async function writeOut(content: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(content, (error) => (error === undefined || error === null ? resolve() : reject(error)))
  })
}

/** In a file beside it first: whoever reads the report never sees half of one. */
async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}.part`
  try {
    await writeFile(draft, content)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new Invalid([{ where: 'command line', key: '--output', value: file, expected: `the file cannot be written: ${code}` }])
  }
}
