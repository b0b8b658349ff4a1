import { describe, expect, test } from 'vitest'
import type { Json } from '../../src/contracts/json.ts'
import type { Hit, OpenSource } from '../../src/contracts/source.ts'
import { NamesakeError, RetryLater, Transient } from '../../src/errors.ts'
import { createHttp } from '../../src/net/http.ts'
import { createForgetfulMemory } from '../../src/runs/source-memory.ts'
import { faultPresets, type Faults } from '../../src/sandbox/faults.ts'
import { sources } from '../../src/sources/all.ts'
import { sourceSettings } from '../../src/sources/settings.ts'
import { commit, openSandbox, useShelf } from '../sandbox/open-sandbox.ts'

const names = Array.from({ length: 6 }, (_, at) => `zentara-tool${at}`)
const files = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`f${at}.txt`, `${names[at % names.length]} ${at}\n`]))
const shelf = useShelf({ 'ann/app': [commit(files)] })

/** One request that is to be made; it may have to wait. */
interface Task {
  readonly source: OpenSource
  readonly input: Json
  readonly page: string | null
  readonly hits: readonly Hit[]
  notBefore: number
  tries: number
}

/** Works through searches and fetches of all sources in turns on a simulated clock, as impatiently as errors allow. */
async function workThrough(opened: readonly OpenSource[], clock: { now: Date }): Promise<{ waits: number; left: number }> {
  const tasks: Task[] = opened.flatMap((source) => source.plan({ terms: names.map((text) => ({ text, covers: [text] })), everything: names }).queries
    .map(({ input }) => ({ source, input, page: null, hits: [], notBefore: 0, tries: 0 })))
  let waits = 0
  for (let turn = 0; turn < 3_000 && tasks.length > 0; turn += 1) {
    const task = tasks.find(({ notBefore }) => notBefore <= clock.now.getTime())
    if (task === undefined) {
      clock.now = new Date(Math.min(...tasks.map(({ notBefore }) => notBefore)))
      continue
    }
    tasks.splice(tasks.indexOf(task), 1)
    clock.now = new Date(clock.now.getTime() + 50)
    try {
      tasks.push(...(await work(task)))
    } catch (error) {
      if (!(error instanceof NamesakeError)) throw error
      if (error instanceof RetryLater) waits += 1
      const until = error instanceof RetryLater ? error.until.getTime() : clock.now.getTime() + 1_000
      if (error instanceof RetryLater || (error instanceof Transient && task.tries < 10)) tasks.push({ ...task, notBefore: until, tries: task.tries + 1 })
    }
  }
  return { waits, left: tasks.length }
}

async function work({ source, input, page, hits }: Task): Promise<Task[]> {
  const next = { source, input, page: null, hits: [], notBefore: 0, tries: 0 }
  if (hits.length > 0) {
    const { retry } = await source.fetch(hits)
    return retry.length === 0 ? [] : [{ ...next, hits: retry, tries: 1 }]
  }
  const answer = await source.search(input, page)
  const found: Task[] = []
  for (let at = 0; at < answer.hits.length; at += source.batch) found.push({ ...next, hits: answer.hits.slice(at, at + source.batch) })
  for (const slice of answer.slices ?? []) found.push({ ...next, input: slice.input })
  if (answer.next !== null) found.push({ ...next, page: answer.next })
  return found
}

/** Faults that only cost time on a real clock. */
const quick: Partial<Faults> = { hang: false, slow: false }
/** As if another program used the same account. */
const usedUp: Partial<Faults> = { primaryLimit: 0.1, secondaryLimit403: 0.05, secondaryLimit429: 0.03, secondaryLimitSilent: 0.03 }

describe('nothing is sent while a limit of the account is known to be used up, by any source on it', () => {
  test.each([
    ['no faults but the limits themselves', {}],
    ['light faults', { ...faultPresets.light, ...quick }],
    ['heavy faults', { ...faultPresets.heavy, ...quick }],
    ['limits that others use up too', { ...faultPresets.light, ...usedUp, ...quick }],
  ] as const)('%s', async (_, faults) => {
    const clock = { now: new Date('2026-11-01T00:00:00Z') }
    const now = () => clock.now
    await using sandbox = await openSandbox(shelf, { now, faults, seed: 7, limits: { codeSearchPerMinute: 3, searchPerMinute: 4, graphqlPerHour: 40, corePerHour: 60 } })
    const settings = sourceSettings.parse({ github: { token: sandbox.github.token, apiUrl: sandbox.github.apiUrl, graphqlUrl: sandbox.github.graphqlUrl, people: ['ann'] } })
    const http = createHttp({ userAgent: 'namesake/test', origins: [new URL(sandbox.github.apiUrl).origin], now, timeoutMs: 5_000 })
    const opened = sources.map((source) => source.open(settings, { http, now, organizations: [], memory: createForgetfulMemory() })).filter((source) => source !== null)
    expect(opened.length).toBeGreaterThanOrEqual(4)
    const { waits, left } = await workThrough(opened, clock)
    const requests = sandbox.requests()
    expect([left, requests.filter(({ sentWhileExhausted }) => sentWhileExhausted).map(({ at, method, path, status, faults: struck }) => ({ at, method, path, status, struck }))]).toEqual([0, []])
    expect(requests.length).toBeGreaterThan(30)
    // A limit that never struck would prove nothing.
    expect(waits).toBeGreaterThan(10)
  }, 30_000)
})
