import { Command, CommanderError } from 'commander'
import { version } from '../app/version.ts'
import { addAccounts } from './accounts.ts'
import { addAudit } from './audit.ts'
import { addClaims } from './claims.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addDrill } from './drill.ts'
import { endQuietlyWithoutReader, exitCodes, failWith } from './exit.ts'
import { addCoverage } from './coverage.ts'
import { addExport } from './export.ts'
import { addFindings } from './findings.ts'
import { addFix } from './fix.ts'
import { addInventory } from './inventory.ts'
import { addMigrate } from './migrate.ts'
import { addMute, addUnmute } from './mute.ts'
import { addNotices } from './notices.ts'
import { addPlan } from './plan.ts'
import { addRecheck } from './recheck.ts'
import { addResend } from './resend.ts'
import { addSandbox } from './sandbox.ts'
import { addScan } from './scan.ts'
import { addSweep } from './sweep.ts'
import { addTriage } from './triage.ts'
import { addUp } from './up.ts'

const program = new Command('namesake')
  .description("Finds your company's internal names in public before an attacker does.")
  .version(version)
  // Understood before and behind the name of a command.
  .option('-c, --config <file>', 'configuration file (default: $NAMESAKE_CONFIG, then ./namesake.yaml)')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help explains the command and its options)')
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText(
    'after',
    `
First steps:
  $ namesake demo                      see it work on a small make-believe internet
  $ cp namesake.example.yaml namesake.yaml && $EDITOR namesake.yaml
  $ namesake plan                      what would be sent to whom; sends nothing
  $ namesake doctor                    are token, database, queue and Slack in order?
  $ namesake sweep                     one full pass now
  $ namesake up                        the service: clock, workers, notices, the page

Results go to standard output, progress and messages to standard error.

Exit codes: 0 done, 2 could not complete or bad input; of sweep also 1: new findings.`,
  )

// Sub-commands inherit what is set above.
for (const add of [addSweep, addScan, addAudit, addUp, addFindings, addClaims, addFix, addTriage, addExport, addCoverage, addPlan, addInventory, addAccounts, addDoctor, addDrill, addRecheck, addNotices, addResend, addMute, addUnmute, addMigrate, addDemo, addSandbox]) add(program)

endQuietlyWithoutReader(process.stdout)
try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.complete : exitCodes.failed
  else failWith(error)
}
