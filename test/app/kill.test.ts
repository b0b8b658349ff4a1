import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { notices, runs, steps } from '../../src/db/schema/index.ts'
import type { Database } from '../../src/db/client.ts'
import { listFindings } from '../../src/findings/list-findings.ts'
import { expected } from '../../src/sandbox/world.ts'
import { createDatabase } from '../support/database.ts'
import { createWorld } from '../support/world.ts'

const root = path.join(import.meta.dirname, '../..')
const workers = ['scheduler', 'search', 'fetch', 'claims', 'notify'] as const
const kills = 20
/** On Redis where one is given, else on PostgreSQL: .ci/run does both. */
const redis = process.env['TEST_REDIS_URL']
const backends = [redis === undefined ? ['PostgreSQL', undefined] : ['Redis', redis]] as const

/** Milliseconds after Slack's answer within which a killed notifier may not have stored it: then it tells again. */
const acknowledgementMs = 250

/** A worker process of its own, started again whenever it is killed. */
function startWorker(name: (typeof workers)[number], env: Record<string, string>): { kill(): Promise<void>; stop(): Promise<void> } {
  let child: ChildProcess
  const start = (): void => {
    child = spawn(process.execPath, [`workers/${name}.ts`], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  start()
  return {
    kill: async () => {
      await end('SIGKILL')
      start()
    },
    stop: () => end('SIGTERM'),
  }
}

async function isSettled(database: Database): Promise<boolean> {
  const [allRuns, allNotices] = [await database.db.select().from(runs), await database.db.select().from(notices)]
  return allRuns.length > 0 && allRuns.every(({ finishedAt }) => finishedAt !== null) && allNotices.every(({ kind, state }) => kind === 'place' || state === 'delivered')
}

test.each(backends)(`kill -9 of any process, ${kills} times during a sweep, loses no finding and repeats no acknowledged alert (queue on %s)`, async (_name, redisUrl) => {
  await using database = await createDatabase()
  // Slow enough that the kills fall into the middle of it; two inventory lines more make it longer.
  await using world = await createWorld({ baseline: false, searchesPerMinute: 20 })
  const env: Record<string, string> = {
    NAMESAKE_CONFIG: world.configFile,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'silent',
    ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
  }
  const running = workers.map((worker) => startWorker(worker, env))
  const killedAt: number[] = []
  try {
    // The schedule's tick starts the sweep: the first is made up at once or comes within a minute.
    await untilTrue(async () => (await database.database.db.select().from(runs)).length > 0, 90_000)
    for (let count = 0; count < kills; count += 1) {
      await wait(700 + ((count * 317) % 600))
      const victim = count % workers.length
      if (workers[victim] === 'notify') killedAt.push(Date.now())
      await running[victim]?.kill()
    }
    await untilTrue(() => isSettled(database.database), 120_000)
  } finally {
    await Promise.all(running.map((worker) => worker.stop()))
  }
  const places = (await listFindings(database.database.db)).flatMap(({ identifier, occurrences }) => occurrences.map(({ repository, path }) => `${identifier} ${repository} ${path}`))
  const wanted = expected.filter(({ findable }) => findable).map(({ identifier, repository, path }) => `${identifier} ${repository} ${path}`)
  expect(places).toEqual(expect.arrayContaining(wanted))
  expect((await database.database.db.select().from(runs)).filter(({ outcome }) => outcome === 'failed' || outcome === 'interrupted')).toEqual([])
  expect((await database.database.db.select().from(steps)).filter(({ state }) => state !== 'done')).toEqual([])

  const messages = world.sandbox.slack.messages()
  const told = Map.groupBy(messages, ({ text }) => text)
  // A webhook cannot recognise a repeat: only a message whose acknowledgement could not be stored may come again.
  const lost = (at: Date) => killedAt.some((killed) => killed >= at.getTime() && killed - at.getTime() < acknowledgementMs)
  const repeated = [...told.values()].filter((copies) => copies.length - copies.slice(0, -1).filter(({ at }) => lost(at)).length > 1)
  expect(repeated).toEqual([])
  expect(told.size).toBe((await database.database.db.select().from(notices)).filter(({ kind }) => kind !== 'place').length)
}, 300_000)

async function untilTrue(condition: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms`)
    await wait(250)
  }
}
