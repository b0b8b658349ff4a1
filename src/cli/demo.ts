import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Option, type Command } from 'commander'
import { openApp } from '../app/open.ts'
import { readInventory } from '../app/prepare-watches.ts'
import { startProcesses } from '../app/run-process.ts'
import { sweep } from '../app/sweep.ts'
import { loadConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { startSandbox, type Sandbox } from '../sandbox/start.ts'
import { buildWorld, demoInventory, demoToken } from '../sandbox/world.ts'
import { interruptible } from './interrupt.ts'
import { printReport } from './sweep.ts'
import { createProgress, paint, plural } from './terminal.ts'
import { aborted } from './up.ts'

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('everything on a small make-believe internet: a company, its leaks, GitHub, Slack; needs no account')
    .addOption(new Option('--once', 'end after the first sweep instead of staying up'))
    .addOption(new Option('--port <port>', 'port of the make-believe internet (default: a free one)').argParser(Number))
    .action(async (options: { once?: boolean; port?: number }) => {
      const interrupt = interruptible()
      const progress = createProgress()
      const folder = await mkdtemp(path.join(tmpdir(), 'namesake-demo-'))
      try {
        progress.show('building a make-believe internet')
        await buildWorld(path.join(folder, 'github'))
        const sandbox = await startSandbox({
          port: options.port ?? 0,
          repositories: path.join(folder, 'github'),
          tokens: [demoToken],
          // A demo that waits for real rate limits shows nothing but waiting.
          limits: { codeSearchPerMinute: 3_000, graphqlPerHour: 1_000_000 },
        })
        try {
          const config = await writeConfig(folder, sandbox)
          await runDemo(config, sandbox, { once: options.once === true, signal: interrupt.signal, progress })
        } finally {
          await sandbox.close()
        }
      } finally {
        progress.end()
        await rm(folder, { recursive: true, force: true })
        interrupt.dispose()
      }
    })
}

async function writeConfig(folder: string, sandbox: Sandbox): Promise<string> {
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `${demoInventory}
sources:
  github:
    token: ${demoToken.token}
    apiUrl: ${sandbox.github.apiUrl}
    graphqlUrl: ${sandbox.github.graphqlUrl}
    schedule: "* * * * *"
    searchesPerMinute: 600
    fetchesPerHour: 100000
notify:
  slack: { webhookUrl: "${sandbox.slack.webhookUrl}" }
log: { level: warn }
dataDir: data
`)
  return file
}

interface DemoOptions {
  readonly once: boolean
  readonly signal: AbortSignal
  readonly progress: ReturnType<typeof createProgress>
}

async function runDemo(file: string, sandbox: Sandbox, options: DemoOptions): Promise<void> {
  // The demo is its own world: nothing of the shell's environment may point it at a real database.
  const config = await loadConfig({ path: file, env: {} })
  const inventory = await readInventory(config)
  const { progress, signal } = options
  const app = await openApp(config, { log: createLog({ level: 'warn' }), onProgress: (line) => progress.show(line) })
  try {
    const report = await sweep(app, inventory, { signal, onProgress: (line) => progress.show(line) })
    progress.end()
    await printReport(app, report, inventory.warnings)
    if (report.interrupted) return
    console.log(`
${paint('bold', 'Where to look')}
  Slack, what arrived:   ${sandbox.url}/slack   (${plural(sandbox.slack.messages().length, 'message')})
  the make-believe web:  ${sandbox.url}
  the configuration:     ${file}`)
    if (options.once) return
    const running = await startProcesses(app, ['scheduler', 'search', 'fetch', 'notify'])
    console.log(`
The service is up and sweeps every minute. In another terminal:
  npx namesake findings --config ${file}
  npx namesake triage 1 --acknowledge --config ${file}
Ctrl-C ends it and removes everything.`)
    await aborted(signal)
    console.log('stopping …')
    await running.close()
  } finally {
    await app.close()
  }
}
