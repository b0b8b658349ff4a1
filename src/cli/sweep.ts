import type { Command } from 'commander'
import { openApp } from '../app/open.ts'
import { readInventory } from '../app/prepare-watches.ts'
import { sweep, type SweepReport } from '../app/sweep.ts'
import { exitCodes } from './exit.ts'
import { printFindings } from './findings.ts'
import { interruptible } from './interrupt.ts'
import { configOf } from './load.ts'
import { createProgress, humanDuration, paint, plural } from './terminal.ts'

export function addSweep(program: Command): void {
  program
    .command('sweep')
    .description('one full pass now over every configured source: search, fetch, match, record, notify')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
A sweep that was interrupted is resumed: what was done is not done again.
Its length is set by the sources' rate limits; "namesake plan" tells it beforehand.

Exit codes: 0 complete and nothing new, 1 new findings, 2 something could not be looked at or told.`,
    )
    .action(async (options: { json?: boolean }, command: Command) => {
      const config = await configOf(command)
      const inventory = await readInventory(config)
      const progress = createProgress()
      const interrupt = interruptible()
      try {
        const app = await openApp(config, { onProgress: (message) => progress.show(message) })
        try {
          const report = await sweep(app, inventory, { signal: interrupt.signal, onProgress: (message) => progress.show(message) })
          progress.end()
          if (options.json === true) console.log(JSON.stringify(report, null, 2))
          else await printReport(app, report, inventory.warnings)
          process.exitCode = exitCodeOf(report)
        } finally {
          progress.end()
          await app.close()
        }
      } finally {
        interrupt.dispose()
      }
    })
}

/** New findings outweigh gaps: a gap matters most when nothing was found. */
export function exitCodeOf(report: SweepReport): number {
  if (report.interrupted) return exitCodes.failed
  if (report.newFindings.length > 0) return exitCodes.newFindings
  return report.incomplete.length > 0 || report.undelivered > 0 ? exitCodes.failed : exitCodes.complete
}

export async function printReport(app: Parameters<typeof printFindings>[0], report: SweepReport, warnings: readonly string[]): Promise<void> {
  for (const warning of warnings) console.error(paint('yellow', `warning: ${warning}`))
  if (report.newFindings.length > 0) {
    await printFindings(app, { ids: report.newFindings.map((id) => BigInt(id)) })
    console.log()
  }
  const { runs, requests, documents, tookMs } = report
  console.log(
    `${plural(report.newFindings.length, 'new finding')}. ${plural(runs, 'query', 'queries')} swept in ${humanDuration(tookMs)} with ${plural(requests, 'request')}; ${plural(documents, 'document')} read.`,
  )
  if (report.interrupted) console.log(paint('yellow', 'Interrupted before the end; the next sweep goes on from here.'))
  for (const gap of report.incomplete.slice(0, 20)) console.log(paint('yellow', `not complete: ${gap.query}: ${gap.reason}`))
  if (report.incomplete.length > 20) console.log(paint('yellow', `… and ${plural(report.incomplete.length - 20, 'more query', 'more queries')} not complete`))
  for (const { reason, names } of report.unsearchable) {
    console.log(paint('dim', `not searched (${plural(names, 'name')}): ${reason}`))
  }
  if (report.undelivered > 0) console.log(paint('red', `${plural(report.undelivered, 'notice')} could not be delivered; "namesake doctor" says more`))
  else if (report.delivered > 0) console.log(`${plural(report.delivered, 'notice')} delivered.`)
}
