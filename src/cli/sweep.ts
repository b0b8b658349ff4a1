import type { Command } from 'commander'
import type { SweepReport } from '../app/sweep.ts'
import { describeSummary } from './coverage.ts'
import { exitCodes } from './exit.ts'
import { printFindings, type Extent } from './findings.ts'
import { teach } from './help.ts'
import { untilInterrupted } from './interrupt.ts'
import { configOf, logOf } from './load.ts'
import { createProgress, humanDuration, excerpt, paint, plural } from './terminal.ts'

export function addSweep(program: Command): void {
  const command = program
    .command('sweep')
    .description('one full pass now over every configured source: search, fetch, match, record, notify')
    .option('--json', 'print the report as JSON')
    .action(async (options: { json?: boolean }, self: Command) => {
      const config = await configOf(self)
      const [{ openApp }, { readInventory }, { sweep }] = await Promise.all([
        import('../app/open.ts'), import('../app/read-inventory.ts'), import('../app/sweep.ts'),
      ])
      const inventory = await readInventory(config)
      await untilInterrupted(async (signal) => {
        const progress = createProgress()
        try {
          const onProgress = (message: string) => progress.show(message)
          const app = await openApp(config, { log: logOf(config, progress), onProgress })
          try {
            const report = await sweep(app, inventory, { signal, onProgress })
            progress.end()
            if (options.json === true) console.log(JSON.stringify(report, null, 2))
            else await printReport(app, report, inventory.warnings)
            process.exitCode = exitCodeOf(report)
          } finally {
            await app.close()
          }
        } finally {
          progress.end()
        }
      })
    })
  teach(command, {
    notes: `The first sweep is the baseline: one summary, not an alert for each finding.
Its length is set by the sources' rate limits; "namesake plan" tells it beforehand.
A sweep that was interrupted is resumed: what was done is not done again.`,
    examples: [
      ['sweep', 'for a person'],
      ['sweep --json > report.json', 'for a script; progress goes to standard error'],
    ],
    exitCodes: '0 complete and nothing new, 1 new findings, 2 something could not be looked at, or nobody could be told.',
  })
}

/** New findings outweigh gaps: a gap matters most when nothing was found. */
export function exitCodeOf(report: SweepReport): number {
  if (report.interrupted) return exitCodes.failed
  if (report.newFindings.length > 0) return exitCodes.newFindings
  return report.incomplete.length > 0 || report.undelivered > 0 ? exitCodes.failed : exitCodes.complete
}

/** A report is read to its end only when it has one. */
const findingsAtMost = 20
const gapsAtMost = 20

/** Prints new findings, worst first, and then what the sweep did and could not do. */
export async function printReport(app: Parameters<typeof printFindings>[0], report: SweepReport, warnings: readonly string[], extent: Extent = { findings: findingsAtMost }): Promise<void> {
  for (const warning of warnings) console.error(paint('yellow', `warning: ${excerpt(warning, 500)}`, process.stderr))
  if (report.newFindings.length > 0) {
    await printFindings(app, { ids: report.newFindings.map((id) => BigInt(id)) }, extent)
    console.log()
  }
  console.log(describeReport(report).join('\n'))
}

function describeReport({ runs, resumed, requests, documents, tookMs, newFindings, incomplete, unsearchable, inferred, coverage, claims, delivered, undelivered, held, unasked, interrupted }: SweepReport): string[] {
  const lines = [
    `${plural(newFindings.length, 'new finding')}. ${plural(runs, 'query', 'queries')} swept in ${humanDuration(tookMs)} with ${plural(requests, 'request')}; ${plural(documents, 'document')} read.`,
  ]
  if (runs === 0) lines.push(paint('yellow', 'No source was asked: none is configured, or no name may be sent.'))
  if (resumed > 0) lines.push(`${plural(resumed, 'query', 'queries')} of an earlier sweep resumed.`)
  if (interrupted) lines.push(paint('yellow', 'Interrupted before the end; the next sweep goes on from here.'))
  // Of the same reason one line: a refused token is one fact, not one of every query.
  const reasons = [...Map.groupBy(incomplete, ({ outcome, reason }) => `${outcome}: ${reason.replaceAll('\n', '; ')}`)]
  for (const [reason, gaps] of reasons.slice(0, gapsAtMost)) {
    const queries = gaps.length === 1 ? excerpt(gaps[0]?.query ?? '', 100) : plural(gaps.length, 'query', 'queries')
    lines.push(paint('yellow', `not complete: ${queries}: ${excerpt(reason, 500)}`))
  }
  if (reasons.length > gapsAtMost) lines.push(paint('yellow', `… and ${plural(reasons.length - gapsAtMost, 'more reason')} (--json has them)`))
  for (const { reason, names, sources } of unsearchable) lines.push(paint('dim', `not searched in ${sources.join(', ')} (${plural(names, 'name')}): ${reason}`))
  if (coverage.lines > 0) lines.push(describeSummary(coverage))
  if (inferred > 0) lines.push(`${plural(inferred, 'name is', 'names are')} probably ours too: namesake inventory inferred`)
  lines.push(...describeClaims(claims))
  if (unasked > 0) lines.push(paint('dim', `${plural(unasked, 'place is', 'places are')} still to be asked who brought it there, or whether it is there: "namesake up" or the next sweep goes on.`))
  if (delivered > 0) lines.push(`${plural(delivered, 'notice')} delivered.`)
  if (held > 0) lines.push(paint('yellow', `${plural(held, 'notice')} held back by quiet hours or a mute: "namesake notices" says until when; the service, or a sweep after that, tells them.`))
  if (undelivered > 0) lines.push(paint('red', `${plural(undelivered, 'notice')} could not be delivered; "namesake doctor" says why, and nothing of it is lost.`))
  return lines
}

function describeClaims({ asked, strangers, claimable, secondLooks }: SweepReport['claims']): string[] {
  if (asked === 0) return []
  const lines = [`${plural(asked, 'name')} asked for in the registries: ${strangers} held by strangers, ${claimable} claimable by anybody.`]
  if (secondLooks > 0) lines.push(`${plural(secondLooks, 'name')} absent there; "claimable" needs a second look ten minutes later, by "namesake up", the next sweep or "namesake claims --check".`)
  return lines
}
