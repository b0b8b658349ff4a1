import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Option, type Command } from 'commander'
import { teach } from './help.ts'
import { untilInterrupted } from './interrupt.ts'
import { parsePort } from './sandbox.ts'
import { createProgress } from './terminal.ts'

export function addDemo(program: Command): void {
  const command = program
    .command('demo')
    .description('everything on a small make-believe internet: a company, its leaks, GitHub, Slack; needs no account')
    .addOption(new Option('--once', 'end after the first alert instead of staying up'))
    .addOption(new Option('--port <port>', 'port of the make-believe internet (default: a free one)').argParser(parsePort))
    .action(async (options: { once?: boolean; port?: number }) => {
      await untilInterrupted(async (signal) => {
        const folder = await mkdtemp(path.join(tmpdir(), 'namesake-demo-'))
        const progress = createProgress()
        try {
          progress.show('loading')
          const { runDemo } = await import('./run-demo.ts')
          await runDemo({ folder, signal, progress, once: options.once === true, port: options.port ?? 0 })
        } finally {
          progress.end()
          await rm(folder, { recursive: true, force: true })
        }
      })
    })
  teach(command, {
    notes: 'Nothing leaves this machine. It lives in a temporary folder, which is gone when the demo ends.',
    exitCodes: '0 shown, 2 something failed or was interrupted before the end.',
  })
}
