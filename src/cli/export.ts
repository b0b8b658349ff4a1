import { writeFile } from 'node:fs/promises'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { openAdapters, openStore } from '../app/open.ts'
import { exposureCsv } from '../metrics/exposure-csv.ts'
import { parseQuarter, quarterAt } from '../metrics/quarter.ts'
import { readExposure } from '../metrics/read-history.ts'
import { configOf } from './load.ts'

export function addExport(program: Command): void {
  program
    .command('export')
    .description('the exposure metric of a quarter: exposed names, new and closed, MTTD, MTTA, MTTR, coverage')
    .option('--quarter <quarter>', 'for example 2026-Q4 (default: the current one)')
    .addOption(new Option('--format <format>', 'csv: a row per name; json: numbers and names').choices(['csv', 'json']).default('json'))
    .option('--as-of <time>', 'as it was known at this moment (ISO 8601); the same moment gives the same bytes for ever', parseTime)
    .option('--output <file>', 'write to a file instead of the terminal')
    .action(async (options: { quarter?: string; format: 'csv' | 'json'; asOf?: Date; output?: string }, command: Command) => {
      const config = await configOf(command)
      const quarter = options.quarter === undefined ? null : parseQuarter(options.quarter)
      const store = await openStore(config)
      try {
        const asOf = options.asOf ?? store.now()
        const exposure = await readExposure(store.database.db, {
          quarter: quarter ?? quarterAt(asOf),
          asOf,
          sources: [...openAdapters(config, store.now).sources.keys()],
        })
        const text = options.format === 'csv' ? exposureCsv(exposure) : `${JSON.stringify(exposure, null, 2)}\n`
        if (options.output === undefined) process.stdout.write(text)
        else await writeFile(options.output, text)
      } finally {
        await store.close()
      }
    })
}

function parseTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('a time such as 2026-12-31T23:59:59Z is expected.')
  return time
}
