import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { openApp, type App } from '../app/open.ts'
import { readInventory } from '../app/read-inventory.ts'
import { originOf } from '../api/origin.ts'
import { processNames } from '../processes/all.ts'
import { firstLogin } from '../processes/first-login.ts'
import { startProcesses } from '../processes/run-process.ts'
import { sweep, type SweepReport } from '../app/sweep.ts'
import { loadConfig } from '../config.ts'
import type { Inventory } from '../inventory/load.ts'
import { startSandbox, type Sandbox } from '../sandbox/start.ts'
import { buildWorld, demoInventory, demoRegistries, demoStock, demoToken, laterConversation, leakMore } from '../sandbox/world.ts'
import { exitCodes } from './exit.ts'
import { aborted } from './interrupt.ts'
import { logOf } from './load.ts'
import { showMessage } from './show-message.ts'
import { printReport } from './sweep.ts'
import { paint, plural, type Progress } from './terminal.ts'

export interface Demo {
  /** Holds the make-believe internet, the configuration and the database. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly progress: Progress
  readonly once: boolean
  readonly port: number
}

/** Builds the make-believe internet, sweeps it, lets it leak something new, and shows the alert. */
export async function runDemo(demo: Demo): Promise<void> {
  const { folder, progress, signal } = demo
  console.log(paint('bold', 'A make-believe company, Acme Corp, and a make-believe internet around it.'))
  console.log('Everything runs on this machine, and nothing leaves it.\n')
  progress.show('building the make-believe internet')
  const repositories = path.join(folder, 'github')
  await buildWorld(repositories)
  signal.throwIfAborted()
  await using sandbox = await startSandbox({
    port: demo.port,
    repositories,
    tokens: [demoToken],
    stock: demoStock(new Date()),
    // A demo that waits for real rate limits shows nothing but waiting.
    // What people do is seen at once, and may be asked for at any time.
    activity: { delayMs: 0, pollSeconds: 0 },
    limits: { codeSearchPerMinute: 3_000, searchPerMinute: 100_000, corePerHour: 10_000_000, graphqlPerHour: 10_000_000 },
  })
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, configuration(demoInventory, sandbox, await freePort()))
  // The demo is its own world: nothing of the shell's environment may point it at a real database.
  const config = await loadConfig({ path: file, env: {} })
  const inventory = await readInventory(config)
  signal.throwIfAborted()
  const app = await openApp(config, { log: logOf(config, progress), onProgress: (line) => progress.show(line) })
  try {
    await showSweeps({ ...demo, app, inventory, sandbox, file, leakMore: (at) => leakMore(repositories, at) })
  } finally {
    await app.close()
  }
}

function configuration(inventory: string, sandbox: Sandbox, webPort: number): string {
  return `${inventory}
sources:
  github:
    token: ${sandbox.github.token}
    apiUrl: ${sandbox.github.apiUrl}
    graphqlUrl: ${sandbox.github.graphqlUrl}
    schedule: "* * * * *"
    searchesPerMinute: 600
    fetchesPerHour: 20000000
    otherSearchesPerMinute: 6000
    requestsPerHour: 20000000
    people: [kofi-ops, samwhitfield]
    rosterSchedule: "* * * * *"
  stackexchange: { apiUrl: "${sandbox.url}/stack-exchange/2.3", requestsPerMinute: 3000, schedule: "* * * * *" }
  hackerNews: { apiUrl: "${sandbox.url}/hacker-news/api/v1", requestsPerMinute: 3000, schedule: "* * * * *" }
  jobs: { boards: [ { type: greenhouse, board: acme, apiUrl: "${sandbox.url}/boards/greenhouse" }, { type: page, url: "${sandbox.site.url}/careers" } ], schedule: "* * * * *" }
  pages: { requestsPerMinute: 3000, schedule: "* * * * *" }
  webAssets: { sites: [ "${sandbox.site.url}/" ], requestsPerMinute: 3000, schedule: "* * * * *" }
${demoRegistries(sandbox.registries.urlOf)}notify:
  slack: { botToken: ${sandbox.slack.workspace.botToken}, channel: ${demoRoom}, apiUrl: "${sandbox.slack.apiUrl}" }
web: { port: ${webPort} }
log: { level: warn }
dataDir: data
`
}

/** The Slack channel of the demo: its bot keeps one message for each finding true. */
const demoRoom = 'C0ALERTS'
const told = (sandbox: Sandbox) => sandbox.slack.workspace.messages(demoRoom)

/** Of this machine; between now and when it is used somebody else may take it, which the demo then says. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 8080
}

interface Stage extends Demo {
  readonly app: App
  readonly inventory: Inventory
  readonly sandbox: Sandbox
  /** The configuration. */
  readonly file: string
  leakMore(at: Date): Promise<{ readonly repository: string; readonly path: string }>
}

async function showSweeps(stage: Stage): Promise<void> {
  const { app, file, inventory, once, progress, sandbox, signal } = stage
  const run = async (): Promise<SweepReport> => {
    const report = await sweep(app, inventory, { signal, onProgress: (line) => progress.show(line) })
    progress.end()
    return report
  }

  const baseline = await run()
  if (baseline.interrupted) return reportInterruption()
  console.log(title('The first sweep: what is public already, worst first'))
  await printReport(app, baseline, inventory.warnings, { findings: 3, places: 2, seeAll: once ? 'the demo without --once lets you ask' : `npx namesake findings --config ${file}` })
  console.log(`\nSlack got ${plural(told(sandbox).length, 'message')} about it, a summary: the first sweep is the baseline.`)

  const before = told(sandbox).length
  const leak = await stage.leakMore(app.now())
  const question = laterConversation(app.now())
  sandbox.publish({ conversations: [question] })
  console.log(`\n${title(`Somebody pushes ${leak.path} to ${leak.repository}, somebody else asks a question in ${question.repository}.`)}`)
  console.log('The search of code does not show the push yet; who pushed it is on the roster. The next sweep:')
  const second = await run()
  if (second.interrupted) return reportInterruption()
  console.log(`${plural(second.newFindings.length, 'new finding')}, told at once. What arrived in Slack:\n`)
  for (const message of told(sandbox).slice(before)) console.log(`${showMessage(message).join('\n')}\n`)
  // A demo that has nothing to show has failed.
  if (told(sandbox).length === before) process.exitCode = exitCodes.failed
  if (once) return

  await sandbox.reindex()
  const service = await startProcesses(app, processNames)
  try {
    const login = await firstLogin(app)
    console.log(`${title('The service is up now, and sweeps every minute')}
  the page:               ${originOf(app.config.web).url}
  Slack:                  ${sandbox.slack.pageUrl}
  the make-believe web:   ${sandbox.url}${login === null ? '' : `
${login}`}
In another terminal:
  npx namesake findings --config ${file}
  npx namesake claims --config ${file}
  npx namesake triage 1 --acknowledge --config ${file}
  npx namesake export --format csv --config ${file}
Ctrl-C ends it and removes everything.`)
    await aborted(signal)
    console.error('stopping …')
  } finally {
    await service.close()
  }
}

function title(text: string): string {
  return paint('bold', `── ${text}`)
}

function reportInterruption(): void {
  console.error('namesake: interrupted')
  process.exitCode = exitCodes.failed
}
