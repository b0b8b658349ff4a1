import { fork, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Permanent } from '../../src/errors.ts'
import type { Payload } from '../../src/queue/open.ts'
import type { Order, Report } from './child.ts'
import { Recorder } from './recorder.ts'
import { hasty, onEachStore, type TestStore } from './stores.ts'

type Start = { readonly by: string; readonly step: string; readonly at: number }

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
})

/** Starts a process that works on a queue and resolves when it does. */
async function startChild(by: string, order: Order, starts: Recorder<Start>): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'child.ts'), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  children.push(child)
  const ready = new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the child ended before it was ready')))
    child.on('message', (report: Report) => (report.what === 'ready' ? resolve() : starts.add({ by, ...report })))
  })
  child.send(order)
  await ready
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => { child.once('exit', resolve) })
  child.kill('SIGKILL')
  await gone
}

const jobs = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `step-${index}`, payload: { step: String(index) } }))
const order = (store: TestStore, queue: string, more: Partial<Order> = {}): Order => ({
  address: store.address(), retry: hasty, queue, limit: null, concurrency: 1, hang: false, ...more,
})

/** The most starts in any window of `perMs`, both ends included but one: a window [t, t + perMs). */
function mostInAWindow(starts: readonly Start[], perMs: number): number {
  const times = starts.map(({ at }) => at).sort((a, b) => a - b)
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + perMs).length))
}

onEachStore((store) => {
  describe('a rate limit', () => {
    test.each([
      { max: 20, perMs: 1_000, count: 50 },
      { max: 3, perMs: 500, count: 12 },
    ])('of $max in $perMs ms is never exceeded, in no window, by two processes and four jobs at a time', async ({ max, perMs, count }) => {
      const queues = await store.open()
      const starts = new Recorder<Start>()
      const queue = `search.rate-${max}`
      const limited = order(store, queue, { limit: { max, perMs }, concurrency: 2 })
      await Promise.all([startChild('one', limited, starts), startChild('two', limited, starts)])
      await queues.enqueue(queue, jobs(count))
      await starts.until(count)
      expect(mostInAWindow(starts.all, perMs)).toBeLessThanOrEqual(max)
      expect(new Set(starts.all.map(({ step }) => step)).size).toBe(count)
      expect(new Set(starts.all.map(({ by }) => by)), 'both took part').toEqual(new Set(['one', 'two']))
    }, 30_000)

    test('holds while jobs fail and come back', async () => {
      const queues = await store.open({ retry: { attempts: 2, firstDelayMs: 1, maxDelayMs: 1 } })
      const starts = new Recorder<Start>()
      const ended = new Recorder<string>()
      const handler = {
        run: async (payload: Payload) => {
          starts.add({ by: 'here', step: String(payload['step']), at: Date.now() })
          throw new Error('no')
        },
        giveUp: async (payload: Payload) => ended.add(String(payload['step'])),
      }
      await queues.enqueue('search.rate-failing', jobs(10))
      await queues.work('search.rate-failing', handler, { limit: { max: 10, perMs: 500 }, concurrency: 2 })
      await ended.until(10)
      expect(starts.all).toHaveLength(20)
      expect(mostInAWindow(starts.all, 500)).toBeLessThanOrEqual(10)
    })
  })

  describe('a killed process', () => {
    test('loses no job: another process takes it over, at no cost', async () => {
      const queues = await store.open({ retry: { attempts: 1 } })
      const starts = new Recorder<Start>()
      await queues.enqueue('search.killed', jobs(1))
      const child = await startChild('child', order(store, 'search.killed', { hang: true }), starts)
      await starts.until(1)
      const givenUp: unknown[] = []
      await queues.work('search.killed', {
        run: async (payload) => starts.add({ by: 'here', step: String(payload['step']), at: Date.now() }),
        giveUp: async (_, error) => { givenUp.push(error) },
      }, { limit: null, concurrency: 1 })
      const killed = Date.now()
      await kill(child)
      await starts.until(2)
      expect(starts.all.map(({ by, step }) => `${by} ${step}`)).toEqual(['child 0', 'here 0'])
      expect(Date.now() - killed).toBeLessThan(5_000)
      await vi.waitFor(async () => expect(await queues.counts('search.killed')).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 }), { timeout: 5_000 })
      expect(givenUp).toEqual([])
    })

    test('again and again by the same job ends in giving the job up', async () => {
      const queues = await store.open({ retry: { crashes: 2 } })
      const starts = new Recorder<Start>()
      await queues.enqueue('search.crash', jobs(1))
      for (const time of [1, 2]) {
        const child = await startChild(`child ${time}`, order(store, 'search.crash', { hang: true }), starts)
        await starts.until(time)
        await kill(child)
      }
      const givenUp = new Recorder<unknown>()
      await queues.work('search.crash', {
        run: async (payload) => starts.add({ by: 'here', step: String(payload['step']), at: Date.now() }),
        giveUp: async (_, error) => givenUp.add(error),
      }, { limit: null, concurrency: 1 })
      expect(await givenUp.until(1)).toEqual([expect.any(Permanent)])
      expect(starts.all.map(({ by }) => by)).toEqual(['child 1', 'child 2'])
    })
  })
})
