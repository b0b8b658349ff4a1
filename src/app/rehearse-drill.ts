import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { loadConfig } from '../config.ts'
import { compareDrills, type ComparedDrill } from '../drills/compare-drills.ts'
import { markPlanted } from '../drills/mark-planted.ts'
import { plantOf } from '../drills/plant.ts'
import { readDrills } from '../drills/read-drills.ts'
import { acknowledge } from '../findings/acknowledge.ts'
import type { Log } from '../log.ts'
import { importCommits } from '../sandbox/git/import-commits.ts'
import { startSandbox } from '../sandbox/start.ts'
import { demoInventory, demoToken } from '../sandbox/world.ts'
import { beginDrill, finishDrill } from './drill.ts'
import { openApp } from './open.ts'
import { readInventory } from './read-inventory.ts'
import { sweep } from './sweep.ts'

export interface Rehearsal {
  /** Holds the make-believe internet, the configuration and the database; the caller removes it. */
  readonly folder: string
  readonly signal: AbortSignal
  readonly onProgress: (line: string) => void
  readonly log: Log
  /** A database to use; absent: an embedded one in the folder. */
  readonly databaseUrl?: string
  /** Nobody acknowledges: the drill is abandoned at that step. */
  readonly leaveUnacknowledged?: boolean
  /** For tests. */
  readonly pollMs?: number
}

export interface RehearsalReport {
  readonly drill: ComparedDrill
  /** First lines of what arrived in the channel about it. */
  readonly alerts: readonly string[]
}

const bystander = { name: 'Mira Lindqvist', email: 'mira@example.org' }

/**
 * A drill from start to report in the sandbox: a public repository of a stranger, the name planted in it, a sweep, the
 * alert, its acknowledgement, the end. Everything but the internet is the real thing. Nothing leaves this machine.
 */
export async function rehearseDrill(rehearsal: Rehearsal): Promise<RehearsalReport> {
  const { folder, onProgress, signal, log } = rehearsal
  onProgress('building the make-believe internet')
  const gitDir = path.join(folder, 'github', 'mira-data', 'weekend-notes.git')
  const first = { author: bystander, date: '2026-01-10T09:00:00Z', message: 'notes\n', files: { 'README.md': 'Notes of a weekend.\n' } }
  await importCommits(gitDir, [first])
  await using sandbox = await startSandbox({
    repositories: [{ owner: 'mira-data', name: 'weekend-notes', gitDir, id: 1 }],
    tokens: [demoToken],
    limits: { codeSearchPerMinute: 3_000, searchPerMinute: 100_000, corePerHour: 10_000_000, graphqlPerHour: 10_000_000 },
  })
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `${demoInventory}
sources:
  github: { token: "${sandbox.github.token}", apiUrl: "${sandbox.github.apiUrl}", graphqlUrl: "${sandbox.github.graphqlUrl}", places: [code], searchesPerMinute: 600, fetchesPerHour: 20000000, otherSearchesPerMinute: 6000, requestsPerHour: 20000000 }
notify: { slack: { webhookUrl: "${sandbox.slack.webhookUrl}" } }
dataDir: data
`)
  // A rehearsal is its own world: nothing of the shell's environment may point it at a real database.
  const config = await loadConfig({ path: file, env: rehearsal.databaseUrl === undefined ? {} : { DATABASE_URL: rehearsal.databaseUrl } })
  const app = await openApp(config, { log, onProgress })
  try {
    const options = { signal, onProgress, ...(rehearsal.pollMs === undefined ? {} : { pollMs: rehearsal.pollMs }) }
    const inventory = await readInventory(config)
    onProgress('the baseline')
    await sweep(app, inventory, options)
    signal.throwIfAborted()
    const { drillId, canary } = await beginDrill(app, { ecosystem: 'npm', findWithinSeconds: 600, acknowledgeWithinSeconds: 600, by: 'rehearsal' })
    const plant = plantOf(canary)
    const at = app.now()
    await importCommits(gitDir, [first, { author: bystander, date: `${at.toISOString().slice(0, 19)}Z`, message: 'a dependency\n', files: { 'README.md': 'Notes of a weekend.\n', [plant.file]: plant.content } }])
    await sandbox.reindex()
    await markPlanted(app.database.db, { drillId, at, url: `${sandbox.url}/mira-data/weekend-notes`, now: app.now() })
    const before = sandbox.slack.messages().length
    await sweep(app, inventory, options)
    signal.throwIfAborted()
    const findingId = (await drillOf(app, drillId)).findingId
    if (findingId !== null && rehearsal.leaveUnacknowledged !== true) {
      await acknowledge(app.database.db, { findingId: BigInt(findingId), actor: { kind: 'system', name: 'rehearsal' }, now: app.now() })
    }
    const alerts = sandbox.slack.messages().slice(before).map((message) => message.text.split('\n', 1)[0] ?? '')
    await finishDrill(app, drillId)
    return { drill: await drillOf(app, drillId), alerts }
  } finally {
    await app.close()
  }
}

async function drillOf(app: Parameters<typeof beginDrill>[0], drillId: bigint): Promise<ComparedDrill> {
  const { drills } = compareDrills(await readDrills(app.database.db, { now: app.now() }), app.now())
  const drill = drills.find(({ id }) => id === String(drillId))
  if (drill === undefined) throw new Error('a drill vanished')
  return drill
}
