import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { createWorld, type TestWorld } from '../support/world.ts'
import { namesake, startNamesake, type Started } from './run-namesake.ts'

// Every step is a process of its own with a database of its own; a busy machine takes its time.
vi.setConfig({ testTimeout: 180_000 })

/** Between Ctrl-C and the end: jobs at hand may finish, and the database stops in order. */
const patienceMs = 20_000

let slow: TestWorld
let quick: TestWorld

beforeAll(async () => {
  // A search every 3 s, four of them: away from a terminal progress is said every 5 s, and something is left then.
  slow = await createWorld({ searchesPerMinute: 20 })
  // Whatever the time of day: the clock strikes for no sweep in between.
  quick = await createWorld({ schedule: '0 0 1 1 *' })
})
afterAll(async () => {
  await slow[Symbol.asyncDispose]()
  await quick[Symbol.asyncDispose]()
})

/** Waits for a sentence that the program says; fails when it ends without it, or says it nowhere near in time. */
async function untilSaid({ child, said }: Started, pattern: RegExp, stream: 'stdout' | 'stderr' = 'stderr'): Promise<void> {
  const until = performance.now() + 120_000
  while (!pattern.test(said[stream])) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`it never said ${String(pattern)}:\n${said.stdout}\n${said.stderr}`)
    await wait(50)
  }
}

async function interrupt({ child, ended }: Started) {
  const began = performance.now()
  child.kill('SIGINT')
  const end = await ended
  expect(performance.now() - began).toBeLessThan(patienceMs)
  return end
}

/** The pid in the lock file of an embedded server; the program removes the file when it stops the server. */
async function postmasterIn(folder: string): Promise<number | null> {
  for (const entry of await readdir(folder, { recursive: true }).catch(() => [])) {
    if (path.basename(entry) === 'postmaster.pid') return Number((await readFile(path.join(folder, entry), 'utf8')).split('\n')[0])
  }
  return null
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

test('a sweep ends on Ctrl-C and leaves no server behind; the next one resumes it', async () => {
  const env = { NAMESAKE_CONFIG: slow.configFile }
  const first = startNamesake(['sweep', '--json'], { env })
  await untilSaid(first, /swept \d+ of \d+ queries/)
  const pid = await postmasterIn(path.join(slow.folder, 'data'))
  expect(pid).not.toBeNull()
  const cut = await interrupt(first)
  expect(JSON.parse(cut.stdout)).toMatchObject({ interrupted: true })
  expect(cut.code).toBe(2)
  expect(lives(pid ?? 0)).toBe(false)
  expect(await postmasterIn(path.join(slow.folder, 'data'))).toBeNull()

  const second = await namesake(['sweep', '--json'], { env })
  const report = z.looseObject({ resumed: z.int(), interrupted: z.boolean(), incomplete: z.array(z.unknown()), newFindings: z.array(z.string()) }).parse(JSON.parse(second.stdout))
  expect(report.resumed).toBeGreaterThan(0)
  expect(report).toMatchObject({ interrupted: false, incomplete: [] })
  // What the first had found already is news of the second: nobody heard of it.
  expect(report.newFindings.length).toBeGreaterThan(10)
  expect(second.code).toBe(1)
  expect(slow.sandbox.slack.messages()).toHaveLength(1)
})

test('up logs JSON lines on stdout: a sweep that ended, a notice that was taken, no names; it ends on Ctrl-C', async () => {
  const { code, stdout, stderr } = await serve({ LOG_LEVEL: 'info' }, (started) => untilSaid(started, /a channel took a notice/, 'stdout'))
  expect(code).toBe(0)
  expect(stderr).toMatch(/namesake is up: \d+ inventory lines, 1 source, queue on postgres\./)
  expect(stderr).toMatch(/stopping …/)
  const line = z.looseObject({ level: z.int(), time: z.iso.datetime(), msg: z.string() })
  const lines = stdout.trim().split('\n').map((text) => line.parse(JSON.parse(text)))
  const about = (message: string) => lines.filter(({ msg }) => msg === message)
  // The page stands apart: without its port the names are looked for all the same.
  expect(about('started').map(({ queue, processes }) => ({ queue, processes }))).toEqual([
    { queue: 'postgres', processes: ['scheduler', 'search', 'fetch', 'claims', 'attribute', 'recheck', 'notify'] },
    { queue: 'postgres', processes: ['web'] },
  ])
  expect(about('stopping')).toHaveLength(2)
  expect(stderr).toMatch(/The page: http:\/\/127[.\d]+:8080\n[\s\S]*first administrator[\s\S]*\/welcome#[\w-]{43}\n/)
  expect(stdout).not.toContain('welcome')
  expect(about('a sweep was started')).toEqual([expect.objectContaining({ source: 'github-code', runs: 4 })])
  // What the trial of a stem did not prove is searched afterwards, and ends too; each is told once.
  expect(about('a sweep has ended')).toMatchObject([{ source: 'github-code', runs: 4, outcomes: { complete: 4 } }, { source: 'github-code', runs: 3, outcomes: { complete: 3 } }])
  expect(about('a channel took a notice')).toEqual([expect.objectContaining({ channel: 'slack', kind: 'baseline' })])
  expect(stdout + stderr).not.toMatch(/acme|hermes|billing|demo-token|notasecret/i)
})

test('a higher log level leaves the log empty on a good day', async () => {
  const { code, stdout } = await serve({ LOG_LEVEL: 'error' }, (started) => untilSaid(started, /Ctrl-C ends it/))
  expect([code, stdout]).toEqual([0, ''])
})

/** Runs the service with a database of its own until something was said, then interrupts it. */
async function serve(env: Record<string, string>, until: (started: Started) => Promise<void>) {
  // An address of loopback that nobody else listens on.
  const started = startNamesake(['up', '--config', quick.configFile], { env: { WEB_HOST: `127.7.${process.pid % 250}.1`, ...env } })
  await until(started)
  const pid = await postmasterIn(path.join(quick.folder, 'data'))
  const end = await interrupt(started)
  expect(pid).not.toBeNull()
  expect(lives(pid ?? 0)).toBe(false)
  return end
}

test('two demos at once, one of which stays up until Ctrl-C, end in an alert each and leave nothing behind', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-test-demos-'))
  try {
    const [once, staying] = [startDemo(folder, '--once'), startDemo(folder)]
    await untilSaid(staying, /Ctrl-C ends it and removes everything/, 'stdout')
    const ends = [await once.ended, await interrupt(staying)]
    for (const { code, stdout, stderr } of ends) {
      expect(stdout).toMatch(/CRITICAL [\s\S]*new findings\. \d+ queries swept/)
      // An alert does not wait for the registry: it is high only when that has told in time that no stranger can take the name.
      const alert = stdout.slice(stdout.search(/│ \w+ leak: @acme-corp\/billing-events\n/)).split('finding ')[0] ?? ''
      expect(alert).toMatch(alert.includes('its rules stop a stranger') ? /^│ HIGH leak: / : /^│ CRITICAL leak: /)
      expect(stdout).toMatch(/│ kofi-ops\/homelab alerts\/package\.json:6/)
      expect(stdout.split('\n').length).toBeLessThan(100)
      expect(stdout + stderr).not.toContain('\u001b')
      expect(code).toBe(0)
    }
    expect(ends[1]?.stdout).toMatch(/npx namesake findings --config .*namesake\.yaml/)
    expect(await readdir(folder)).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('a demo that is interrupted while it begins ends at once and leaves nothing behind', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-test-demos-'))
  try {
    const demo = startDemo(folder)
    await untilSaid(demo, /loading/)
    const { code, stderr } = await interrupt(demo)
    expect(stderr).toMatch(/namesake: interrupted\n$/)
    expect(code).toBe(2)
    expect(await readdir(folder)).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

/** With all its temporary files in a folder, and an environment that must not reach into the demo. */
function startDemo(folder: string, ...args: string[]): Started {
  return startNamesake(['demo', ...args], { env: { TMPDIR: folder, DATABASE_URL: 'postgres://somebody@127.0.0.1:1/else' }, cwd: folder })
}
