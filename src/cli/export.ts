import { rename, rm, writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { Invalid } from '../errors.ts'
import { openCalendar } from '../fiscal-calendar.ts'
import { teach } from './help.ts'
import { withStore } from './load.ts'
import { parseTime } from './time.ts'

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description('the exposure metric of a quarter: exposed names, new and closed, MTTD, MTTA, MTTR, coverage')
    .option('--quarter <quarter>', 'for example 2026-Q4, as the fiscal calendar of the configuration has it (default: the one of --as-of, or of now)', parseQuarterOption)
    .addOption(new Option('--format <format>', 'csv: a row per name; json: numbers and names').choices(['csv', 'json']).default('json'))
    .option('--as-of <time>', 'as it was known at this moment (ISO 8601, UTC unless it says otherwise); the same moment gives the same bytes for ever', parseTime)
    .option('--output <file>', 'write to this file, whole or not at all, instead of the terminal')
    .action((options: Options, self: Command) => withStore(self, async ({ config, database, now }) => {
      const asOf = options.asOf ?? now()
      const calendar = openCalendar(config.metrics)
      const quarter = options.quarter === undefined ? calendar.at(new Date(asOf.getTime() - 1)) : calendar.quarter(options.quarter)
      const [{ loadExposure }, { exposureCsv }] = await Promise.all([import('../metrics/load-exposure.ts'), import('../metrics/exposure-csv.ts')])
      const [exposure] = await loadExposure(database.db, { calendar, quarters: [quarter], asOf, now: now() })
      if (exposure === undefined) throw new Error('a quarter without an exposure')
      const text = options.format === 'csv' ? exposureCsv(exposure) : `${JSON.stringify(exposure, null, 2)}\n`
      if (options.output === undefined) process.stdout.write(text)
      else await writeWhole(options.output, text)
    }))
  teach(command, {
    examples: [
      ['export --quarter 2026-Q4 --format csv --output q4.csv', 'a row per exposed name'],
      ['export --quarter 2026-Q4 --as-of 2027-01-01T00:00:00Z', 'what was known at the end of the year'],
    ],
  })
}

interface Options {
  readonly quarter?: string
  readonly format: 'csv' | 'json'
  readonly asOf?: Date
  readonly output?: string
}

function parseQuarterOption(text: string): string {
  if (!/^\d{4}-Q[1-4]$/i.test(text.trim())) throw new InvalidArgumentError('a quarter such as 2026-Q4 is expected.')
  return text
}

/** In a file beside it first: whoever reads the report never sees half of one. */
async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.part`
  try {
    await writeFile(draft, text)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new Invalid([{ where: 'command line', key: '--output', value: file, expected: `the file cannot be written: ${code}` }])
  }
}
