#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { version } from '../app/version.ts'
import { addDemo } from './demo.ts'
import { addDoctor } from './doctor.ts'
import { addExport } from './export.ts'
import { addFindings } from './findings.ts'
import { addInventory } from './inventory.ts'
import { addMigrate } from './migrate.ts'
import { addPlan } from './plan.ts'
import { addSandbox } from './sandbox.ts'
import { addSweep } from './sweep.ts'
import { exitCodes, failWith } from './exit.ts'
import { addTriage } from './triage.ts'
import { addUp } from './up.ts'

const program = new Command('namesake')
  .description("Finds your company's internal names in public before an attacker does.")
  .version(version)
  .option('-c, --config <file>', 'configuration file (default: $NAMESAKE_CONFIG, then ./namesake.yaml)')
  .showHelpAfterError('(add --help for the options of a command)')
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
  $ namesake up                        the service: clock, workers, notices

Exit codes: 0 complete and nothing new, 1 new findings, 2 could not complete or bad input.`,
  )

for (const add of [addSweep, addUp, addFindings, addTriage, addExport, addPlan, addInventory, addDoctor, addMigrate, addDemo, addSandbox]) add(program)
// Sub-commands do not inherit it: a typing mistake must be exit code 2 everywhere.
for (const command of program.commands) command.exitOverride().showHelpAfterError('(add --help for the options)')

try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.complete : exitCodes.failed
  else failWith(error)
}
