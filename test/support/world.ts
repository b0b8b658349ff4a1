import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inject } from 'vitest'
import { openApp, type App } from '../../src/app/open.ts'
import { readInventory } from '../../src/app/read-inventory.ts'
import { sweep, type SweepReport } from '../../src/app/sweep.ts'
import { loadConfig, type Config } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import type { Place } from '../../src/remotes/github/shares.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/start.ts'
import type { Stock } from '../../src/sandbox/registries/packages.ts'
import { demoInventory, demoRegistries, demoToken } from '../../src/sandbox/world.ts'

/** The make-believe company and its public, behind a sandbox, with a configuration that points at it. */
export interface TestWorld extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly configFile: string
  readonly folder: string
  /** An app on the configuration, as a process of namesake would open it. */
  open(databaseUrl: string, change?: { redisUrl?: string; now?: () => Date }): Promise<App>
  config(databaseUrl: string, change?: { redisUrl?: string }): Promise<Config>
}

export interface WorldOptions {
  readonly sandbox?: Partial<SandboxOptions>
  readonly baseline?: boolean
  readonly searchesPerMinute?: number
  /** Of GitHub, for tests that the striking of the clock would disturb. */
  readonly schedule?: string
  /** Of GitHub; default code search only. */
  readonly places?: readonly Place[]
  readonly people?: readonly string[]
  /** What the registries hold; absent: none is configured. */
  readonly stock?: Stock
  /** Lines of YAML instead of the demo's company. */
  readonly inventory?: string
  /** The row of Slack; absent: the webhook. */
  readonly slack?: (slack: Sandbox['slack']) => string
}

export async function createWorld(options: WorldOptions = {}): Promise<TestWorld> {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-world-'))
  await cp(inject('builtWorld'), path.join(folder, 'github'), { recursive: true })
  const sandbox = await startSandbox({
    repositories: path.join(folder, 'github'),
    tokens: [demoToken],
    limits: { codeSearchPerMinute: 60_000, graphqlPerHour: 10_000_000, corePerHour: 10_000_000 },
    slack: { burst: 1_000 },
    ...(options.stock === undefined ? {} : { stock: options.stock }),
    ...options.sandbox,
  })
  const configFile = path.join(folder, 'namesake.yaml')
  await writeFile(configFile, `${options.inventory ?? demoInventory}
sources:
  github: { token: "${demoToken.token}", apiUrl: "${sandbox.github.apiUrl}", graphqlUrl: "${sandbox.github.graphqlUrl}", searchesPerMinute: ${options.searchesPerMinute ?? 6000}, fetchesPerHour: 50000000, otherSearchesPerMinute: 6000, requestsPerHour: 50000000${options.schedule === undefined ? '' : `, schedule: "${options.schedule}"`}, places: [${(options.places ?? ['code']).join(', ')}], people: [${(options.people ?? []).join(', ')}] }
notify: { baseline: ${options.baseline ?? true}, slack: ${options.slack?.(sandbox.slack) ?? `{ webhookUrl: "${sandbox.slack.webhookUrl}" }`} }
${options.stock === undefined ? '' : demoRegistries(sandbox.registries.urlOf)}dataDir: data
`)
  const config = (databaseUrl: string, change: { redisUrl?: string } = {}) =>
    loadConfig({ path: configFile, env: { DATABASE_URL: databaseUrl, ...(change.redisUrl === undefined ? {} : { REDIS_URL: change.redisUrl }) } })
  return {
    sandbox, configFile, folder, config,
    open: async (databaseUrl, change) =>
      openApp(await config(databaseUrl, change), { log: createLog({ level: 'silent' }), retry: { firstDelayMs: 50, maxDelayMs: 400 }, ...(change?.now === undefined ? {} : { now: change.now }) }),
    [Symbol.asyncDispose]: async () => {
      await sandbox.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function sweepOnce(app: App): Promise<SweepReport> {
  return sweep(app, await readInventory(app.config), { signal: AbortSignal.timeout(90_000), onProgress: () => undefined, pollMs: 50 })
}
