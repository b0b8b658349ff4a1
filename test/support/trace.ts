import type { SpanExporter } from '@opentelemetry/sdk-trace'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { askPlaces } from '../../src/app/ask-places.ts'
import { closeTogether, consumers } from '../../src/app/consumers.ts'
import { openApp, type App } from '../../src/app/open.ts'
import { readInventory } from '../../src/app/read-inventory.ts'
import { sweep } from '../../src/app/sweep.ts'
import { loadConfig } from '../../src/config.ts'
import { events } from '../../src/db/schema/index.ts'
import { listFindings, type ListedFinding, type ListedOccurrence } from '../../src/findings/list-findings.ts'
import { createLog } from '../../src/log.ts'
import { importCommits, type CommitSource } from '../../src/sandbox/git/import-commits.ts'
import type { ConversationSource, GistSource } from '../../src/sandbox/publications.ts'
import type { AccountSource, RepositorySource } from '../../src/sandbox/repositories.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import { countNotices } from '../../src/notices/count-notices.ts'
import { createDatabase } from './database.ts'

export interface TraceOptions {
  /** By `owner/name`. */
  readonly repositories: Readonly<Record<string, readonly CommitSource[]>>
  readonly about?: Readonly<Record<string, Partial<RepositorySource>>>
  readonly accounts?: readonly AccountSource[]
  readonly people?: readonly string[]
  /** Of GitHub; default code search only. */
  readonly places?: readonly string[]
  readonly conversations?: readonly ConversationSource[]
  readonly gists?: readonly GistSource[]
  /** Takes the spans of its jobs. */
  readonly spans?: SpanExporter
  /** What the clocks of all show at first. */
  readonly now: string
}

/** Repositories in public, real git history, and a namesake that found what is in them. Its clock and GitHub's are the test's. */
export interface Trace extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly app: App
  readonly db: App['database']['db']
  /** Moves the clocks forward. */
  later(hours: number): void
  sweep(): Promise<Awaited<ReturnType<typeof sweep>>>
  /** Does what is due about places, and nothing else. */
  ask(): Promise<void>
  findings(): Promise<readonly ListedFinding[]>
  /** The only finding; its only place, or that of a repository. */
  finding(): Promise<ListedFinding>
  place(repository?: string): Promise<ListedOccurrence>
  verbs(): Promise<readonly string[]>
  /** Replaces a repository, or with null takes it away; `as` gives it another name. */
  change(fullName: string, change: (Partial<RepositorySource> & { readonly as?: string }) | null): void
  /** Writes further commits (the whole history is imported again; the same commits give the same ids). */
  commit(fullName: string, commits: readonly CommitSource[]): Promise<void>
}

export async function createTrace({ repositories, about = {}, accounts = [], people = [], places = ['code'], conversations = [], gists = [], spans, now: start }: TraceOptions): Promise<Trace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-trace-'))
  const database = await createDatabase()
  let now = new Date(start)
  const gitDir = (fullName: string) => path.join(folder, `${fullName}.git`)
  const histories = new Map(Object.entries(repositories))
  const sources = new Map<string, RepositorySource>()
  for (const [fullName, commits] of histories) {
    await importCommits(gitDir(fullName), commits)
    const [owner = '', name = ''] = fullName.split('/')
    sources.set(fullName, { owner, name, gitDir: gitDir(fullName), id: 1_000 + sources.size, ...about[fullName] })
  }
  const sandbox = await startSandbox({
    repositories: [...sources.values()], accounts, now: () => now,
    limits: { codeSearchPerMinute: 60_000, graphqlPerHour: 10_000_000, corePerHour: 10_000_000 }, slack: { burst: 1_000 },
  })
  sandbox.publish({ conversations, gists })
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `organization: { name: Acme Corp, domains: [acme-corp.com], github: [acme-corp] }
inventory: [{ name: acme-corp-auth, ecosystem: npm }, { name: acme-corp-billing, ecosystem: npm }, { codename: NightJar, disclose: never }]
sources:
  github: { token: "${sandbox.github.token}", apiUrl: "${sandbox.github.apiUrl}", graphqlUrl: "${sandbox.github.graphqlUrl}", searchesPerMinute: 6000, fetchesPerHour: 50000000, otherSearchesPerMinute: 6000, requestsPerHour: 50000000, places: [${places.join(', ')}], people: [${people.join(', ')}] }
notify: { baseline: false, slack: { webhookUrl: "${sandbox.slack.webhookUrl}" } }
dataDir: data
`)
  const config = await loadConfig({ path: file, env: { DATABASE_URL: database.url } })
  const app = await openApp(config, { log: createLog({ level: 'silent' }), now: () => now, retry: { attempts: 3, firstDelayMs: 20, maxDelayMs: 100 }, ...(spans === undefined ? {} : { spans }) })
  const options = { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, pollMs: 20 }
  const findings = () => listFindings(app.database.db)
  const finding = async (): Promise<ListedFinding> => {
    const [only, ...more] = await findings()
    if (only === undefined || more.length > 0) throw new Error('expected one finding')
    return only
  }
  return {
    sandbox, app, db: app.database.db, findings, finding,
    later: (hours) => {
      now = new Date(now.getTime() + hours * 3_600_000)
    },
    sweep: async () => sweep(app, await readInventory(config), options),
    ask: async () => {
      const workers = await closeTogether([consumers.attribute(app), consumers.recheck(app), consumers.notify(app)])
      try {
        await askPlaces(app, options)
        while ((await countNotices(app.database.db)).pending > 0) await pause(options.pollMs)
      } finally {
        await workers.close()
      }
    },
    place: async (repository) => {
      const places = (await finding()).occurrences.filter((place) => repository === undefined || place.repository === repository)
      const [place] = places
      if (place === undefined || places.length > 1) throw new Error(`expected one place, not ${places.length}`)
      return place
    },
    verbs: async () => (await app.database.db.select({ id: events.id, verb: events.verb }).from(events)).sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ verb }) => verb),
    change: (fullName, change) => {
      const before = sources.get(fullName)
      sources.delete(fullName)
      if (change !== null && before !== undefined) {
        const { as = fullName, ...more } = change
        const [owner = '', name = ''] = as.split('/')
        sources.set(as, { ...before, owner, name, ...more })
      }
      sandbox.setRepositories([...sources.values()])
    },
    commit: async (fullName, commits) => {
      const all = [...(histories.get(fullName) ?? []), ...commits]
      histories.set(fullName, all)
      await importCommits(gitDir(fullName), all)
    },
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await sandbox.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
