import { setTimeout } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { Conflict, ContractBroken, Invalid, NotFound, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import type { JobHandler, NewJob, Payload, Queues } from '../../src/queue/open.ts'
import { Recorder } from './recorder.ts'
import { onEachStore } from './stores.ts'

type Happening =
  | { readonly what: 'run' | 'done'; readonly step: string; readonly at: number }
  | { readonly what: 'given up'; readonly step: string; readonly at: number; readonly error: unknown }

const stepOf = (payload: Payload) => String(payload['step'])
const job = (step: number, more: Partial<NewJob> = {}): NewJob => ({ id: `step-${step}`, payload: { step: String(step) }, ...more })
const free = { limit: null, concurrency: 1 }
const idle = { waiting: 0, active: 0, delayed: 0, pausedUntil: null }

/** A handler that records what happens around the given behaviour. */
function recording(seen: Recorder<Happening>, run: (payload: Payload, signal: AbortSignal) => Promise<void> = async () => {}, giveUp: JobHandler['giveUp'] = async () => {}): JobHandler {
  return {
    run: async (payload, signal) => {
      seen.add({ what: 'run', step: stepOf(payload), at: Date.now() })
      await run(payload, signal)
      seen.add({ what: 'done', step: stepOf(payload), at: Date.now() })
    },
    giveUp: async (payload, error) => {
      await giveUp(payload, error)
      seen.add({ what: 'given up', step: stepOf(payload), at: Date.now(), error })
    },
  }
}

/** Throws each of these in turn, then succeeds. */
function failing(...errors: readonly unknown[]): () => Promise<void> {
  const left = [...errors]
  return async () => {
    if (left.length > 0) throw left.shift()
  }
}

const words = (all: readonly Happening[]) => all.map(({ what, step }) => `${what} ${step}`)
const settled = (queues: Queues, queue: string, expected: object) =>
  vi.waitFor(async () => expect(await queues.counts(queue)).toMatchObject(expected), { timeout: 10_000, interval: 20 })

onEachStore((store) => {
  describe('a job', () => {
    test('is run once, with its payload, and leaves nothing behind', async () => {
      const queues = await store.open()
      const seen = new Recorder<Payload>()
      await queues.enqueue('search.once', [{ id: 'step-7', payload: { step: '7', page: 3, source: 'github-code' } }])
      await queues.work('search.once', { run: async (payload) => seen.add(payload), giveUp: async () => {} }, free)
      expect(await seen.until(1)).toEqual([{ step: '7', page: 3, source: 'github-code' }])
      await settled(queues, 'search.once', { ...idle, failed: 0 })
      expect(seen.all).toHaveLength(1)
      expect(queues.kind).toBe(store.kind)
    })

    test('waits for somebody to work on its queue', async () => {
      const queues = await store.open()
      await queues.enqueue('search.early', [job(1), job(2), job(3, { delayMs: 60_000 })])
      expect(await queues.counts('search.early')).toEqual({ waiting: 2, active: 0, delayed: 1, failed: 0, pausedUntil: null })
    })

    test('with the id of one that waits is the same job', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      await Promise.all([queues.enqueue('search.same', [job(1), job(1), job(2)]), queues.enqueue('search.same', [job(1)])])
      await queues.work('search.same', recording(seen), free)
      await seen.until(4)
      await settled(queues, 'search.same', idle)
      expect(words(seen.all).filter((word) => word.startsWith('run')).sort()).toEqual(['run 1', 'run 2'])
    })

    test('with the id of one that runs is the same job', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      const go = Promise.withResolvers<void>()
      await queues.enqueue('search.running', [job(1)])
      await queues.work('search.running', recording(seen, () => go.promise), free)
      await seen.until(1)
      await queues.enqueue('search.running', [job(1)])
      expect(await queues.counts('search.running')).toMatchObject({ waiting: 0, active: 1 })
      go.resolve()
      await settled(queues, 'search.running', idle)
      expect(words(seen.all)).toEqual(['run 1', 'done 1'])
    })

    test('may be added again once it ended, well or badly', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      await queues.work('search.again', recording(seen, failing(new Permanent('no'))), free)
      await queues.enqueue('search.again', [job(1)])
      await seen.until(2)
      await settled(queues, 'search.again', { ...idle, failed: 1 })
      await queues.enqueue('search.again', [job(1)])
      await seen.until(4)
      await settled(queues, 'search.again', { ...idle, failed: 1 })
      await queues.enqueue('search.again', [job(1)])
      await seen.until(6)
      expect(words(seen.all)).toEqual(['run 1', 'given up 1', 'run 1', 'done 1', 'run 1', 'done 1'])
    })

    test('does not run before its delay', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      await queues.work('search.delay', recording(seen), free)
      const added = Date.now()
      // Long enough that a machine which stops for a while does not turn them round.
      await queues.enqueue('search.delay', [job(1, { delayMs: 2_000 }), job(2)])
      await seen.until(4)
      expect(words(seen.all)).toEqual(['run 2', 'done 2', 'run 1', 'done 1'])
      expect(seen.all[2]?.at).toBeGreaterThanOrEqual(added + 2_000)
    })

    test('runs in order of priority, then of arrival', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      await queues.enqueue('search.order', [job(1, { priority: 9 }), job(2, { priority: 1 }), job(3), job(4), job(5, { priority: 1 })])
      await queues.work('search.order', recording(seen), free)
      await seen.until(10)
      expect(words(seen.all).filter((word) => word.startsWith('run'))).toEqual(['run 3', 'run 4', 'run 2', 'run 5', 'run 1'])
    })

    test('of another queue or another prefix is none of this one', async () => {
      const queues = await store.open()
      const other = await store.open({ address: { ...store.address(), prefix: 'elsewhere' } })
      await queues.enqueue('search.mine', [job(1)])
      expect(await queues.counts('search.yours')).toMatchObject(idle)
      expect(await other.counts('search.mine')).toMatchObject(idle)
    })

    test('runs beside as many others as the consumer allows, and no more', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      const go = Promise.withResolvers<void>()
      await queues.enqueue('search.beside', Array.from({ length: 12 }, (_, index) => job(index)))
      await queues.work('search.beside', recording(seen, () => go.promise), { limit: null, concurrency: 3 })
      await seen.until(3)
      expect(await queues.counts('search.beside')).toMatchObject({ waiting: 9, active: 3 })
      expect(words(seen.all)).toEqual(['run 0', 'run 1', 'run 2'])
      go.resolve()
      await seen.until(24)
    })

    test('is one of a thousand that are added at once', async () => {
      const queues = await store.open()
      await queues.enqueue('search.many', Array.from({ length: 1_201 }, (_, index) => job(index)))
      expect(await queues.counts('search.many')).toMatchObject({ waiting: 1_201 })
    })
  })

  describe('an error', () => {
    test.each([
      ['Transient', new Transient('away')],
      ['an unknown error', new TypeError('undefined is not a function')],
      ['a thrown text', 'away'],
    ])('of class %s is tried again, longer and longer, then given up', async (name, error) => {
      const queues = await store.open({ retry: { attempts: 3, firstDelayMs: 100, maxDelayMs: 1_000 } })
      const seen = new Recorder<Happening>()
      const queue = `search.again-${name.split(' ').at(-1)?.toLowerCase()}`
      await queues.work(queue, recording(seen, () => Promise.reject(error)), free)
      await queues.enqueue(queue, [job(1)])
      const [first, second, third, end] = await seen.until(4)
      expect(words(seen.all)).toEqual(['run 1', 'run 1', 'run 1', 'given up 1'])
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(50)
      expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(100)
      expect(end).toMatchObject({ error })
      await settled(queues, queue, { ...idle, failed: 1 })
    })

    test('that passes leaves no trace', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      await queues.work('search.passes', recording(seen, failing(new Transient('away'), new Transient('away'))), free)
      await queues.enqueue('search.passes', [job(1)])
      await seen.until(4)
      expect(words(seen.all)).toEqual(['run 1', 'run 1', 'run 1', 'done 1'])
      await settled(queues, 'search.passes', { ...idle, failed: 0 })
    })

    test.each([
      new Permanent('blocked'), new ContractBroken('unreadable'), new NotFound('gone'), new Conflict('changed'), new Invalid('wrong'),
    ])('of class $name is given up at once', async (error) => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      const queue = `search.final-${error.name.toLowerCase()}`
      await queues.work(queue, recording(seen, failing(error)), free)
      await queues.enqueue(queue, [job(1)])
      await seen.until(2)
      await settled(queues, queue, { ...idle, failed: 1 })
      expect(words(seen.all)).toEqual(['run 1', 'given up 1'])
      expect(seen.all[1]).toMatchObject({ error })
    })

    test('is recorded before the queue forgets the job', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      const asked = Promise.withResolvers<void>()
      const recorded = Promise.withResolvers<void>()
      const giveUp = () => {
        asked.resolve()
        return recorded.promise
      }
      await queues.work('search.before', recording(seen, failing(new Permanent('no')), giveUp), free)
      await queues.enqueue('search.before', [job(1)])
      await asked.promise
      expect(await queues.counts('search.before')).toMatchObject({ active: 1, failed: 0 })
      recorded.resolve()
      await settled(queues, 'search.before', { ...idle, failed: 1 })
    })

    test('that could not be recorded brings the job back', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      const giveUp = failing(new Transient('database away'), new Error('again'), new Permanent('and again'), new Transient('still'))
      await queues.work('search.unrecorded', recording(seen, () => Promise.reject(new Permanent('no')), giveUp), free)
      await queues.enqueue('search.unrecorded', [job(1)])
      await seen.until(6)
      expect(words(seen.all)).toEqual(['run 1', 'run 1', 'run 1', 'run 1', 'run 1', 'given up 1'])
      await settled(queues, 'search.unrecorded', { ...idle, failed: 1 })
    })
  })

  describe('RetryLater', () => {
    test('of a job delays that job only, and costs no attempt', async () => {
      const queues = await store.open({ retry: { attempts: 1 } })
      const seen = new Recorder<Happening>()
      const until = new Date(Date.now() + 1_500)
      const once = failing(new RetryLater('not yet', until, 'job'))
      await queues.work('search.later', recording(seen, (payload) => (stepOf(payload) === '1' ? once() : Promise.resolve())), free)
      await queues.enqueue('search.later', [job(1), job(2)])
      await seen.until(3)
      expect(words(seen.all)).toEqual(['run 1', 'run 2', 'done 2'])
      expect(await queues.counts('search.later')).toMatchObject({ delayed: 1, pausedUntil: null })
      await seen.until(5)
      expect(words(seen.all).slice(3)).toEqual(['run 1', 'done 1'])
      expect(seen.all[3]?.at).toBeGreaterThanOrEqual(until.getTime())
      await settled(queues, 'search.later', { ...idle, failed: 0 })
    })

    test('of a destination stops every worker of the queue, and costs no attempt', async () => {
      const [one, two] = [await store.open({ retry: { attempts: 1 } }), await store.open({ retry: { attempts: 1 } })]
      const seen = new Recorder<Happening>()
      const until = new Date(Date.now() + 2_000)
      const once = failing(new RetryLater('slow down', until))
      await one.enqueue('search.slow', [job(1), job(2), job(3), job(4)])
      await one.work('search.slow', recording(seen, once), free)
      const paused = await vi.waitFor(async () => {
        const counts = await two.counts('search.slow')
        expect(counts.pausedUntil).not.toBeNull()
        return counts
      }, { timeout: 1_900, interval: 10 })
      expect(Math.abs((paused.pausedUntil?.getTime() ?? 0) - until.getTime())).toBeLessThan(300)
      // The second worker comes when the queue is paused already: it has to hold still as well.
      await two.work('search.slow', recording(seen), free)
      await seen.until(9)
      expect(words(seen.all).filter((word) => word.startsWith('run')).sort()).toEqual(['run 1', 'run 1', 'run 2', 'run 3', 'run 4'])
      for (const { at } of seen.all.slice(1)) expect(at).toBeGreaterThanOrEqual(until.getTime() - 5)
      await settled(one, 'search.slow', { ...idle, failed: 0 })
    })

    test('does not end earlier because another job asked for less', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      const long = new Date(Date.now() + 2_500)
      const both = Promise.withResolvers<void>()
      let running = 0
      const run = async (payload: Payload) => {
        if (Date.now() >= long.getTime() - 5) return
        running += 1
        if (running === 2) both.resolve()
        await both.promise
        throw new RetryLater('slow down', stepOf(payload) === '1' ? long : new Date(0))
      }
      await queues.enqueue('search.longer', [job(1), job(2)])
      await queues.work('search.longer', recording(seen, run), { limit: null, concurrency: 2 })
      await seen.until(6)
      for (const { at } of seen.all.slice(2)) expect(at).toBeGreaterThanOrEqual(long.getTime() - 5)
    })
  })

  describe('what is stored', () => {
    test.each([
      ['a package name', { id: 'step-1', payload: { step: 'acme-corp-auth-client' } }],
      ['a scoped name', { id: 'step-1', payload: { step: '@acme-corp/auth' } }],
      ['a query', { id: 'step-1', payload: { source: 'acme in:file' } }],
      ['a URL', { id: 'step-1', payload: { page: 'https://api.github.com/x?page=2' } }],
      ['a long text', { id: 'step-1', payload: { step: '1'.repeat(65) } }],
      ['a fraction', { id: 'step-1', payload: { page: 1.5 } }],
      ['a name as key', { id: 'step-1', payload: { 'acme-corp': '1' } }],
      ['a name as id', { id: 'acme corp', payload: {} }],
      ['an empty id', { id: '', payload: {} }],
      ['a delay that is none', { id: 'step-1', payload: {}, delayMs: -1 }],
      ['a priority that is none', { id: 'step-1', payload: {}, priority: 0.5 }],
    ])('is never %s: nothing of such a batch is added', async (_, wrong) => {
      const queues = await store.open()
      const adding = queues.enqueue('search.guard', [job(1), wrong])
      await expect(adding).rejects.toThrow(Invalid)
      await expect(adding).rejects.not.toThrow(/acme/)
      expect(await queues.counts('search.guard')).toMatchObject(idle)
    })

    test('is never a list where an object belongs, or a queue named with text', async () => {
      const queues = await store.open()
      // The compiler would refuse it; a caller with data from elsewhere would not.
      const list = ['acme'] as unknown as Payload
      await expect(queues.enqueue('search.guard', [{ id: 'step-1', payload: list }])).rejects.toThrow(Invalid)
      await expect(queues.enqueue('acme corp', [job(1)])).rejects.toThrow(Invalid)
      await expect(queues.counts('')).rejects.toThrow(Invalid)
    })

    test('is ids and nothing else, whatever jobs throw; nor does the log repeat it', async () => {
      const lines: string[] = []
      const log = createLog({ level: 'trace', destination: { write: (line) => { lines.push(line) } } })
      const queues = await store.open({ log, retry: { firstDelayMs: 60_000, maxDelayMs: 60_000 } })
      const seen = new Recorder<Happening>()
      const secret = 'acme-corp-auth-client'
      const errors = [new Transient(`${secret} timed out`), new Error(`cannot read ${secret}`), new RetryLater(secret, new Date(Date.now() + 60_000), 'job'), new Permanent(secret), secret]
      await queues.work('search.raw', recording(seen, failing(...errors)), free)
      await queues.enqueue('search.raw', errors.map((_, index) => job(index)))
      await seen.until(6)
      await settled(queues, 'search.raw', { waiting: 0, active: 0, delayed: 4, failed: 1 })
      const raw = await store.raw()
      expect(raw).toContain('step-0')
      expect(raw).toContain('tries again')
      expect(raw).not.toContain('acme')
      expect(raw).not.toMatch(/\.ts:\d+/)
      expect(lines.join('')).toContain('a job was given up')
      expect(lines.join('')).not.toContain('acme')
    })
  })

  test('a stored job that cannot be read is kept, neither run nor given up, and reported', async () => {
    const lines: string[] = []
    const log = createLog({ level: 'error', destination: { write: (line) => { lines.push(line) } } })
    const queues = await store.open({ log, retry: { maxDelayMs: 60_000 } })
    const seen = new Recorder<Happening>()
    await queues.enqueue('search.tampered', [job(1)])
    await store.tamper('search.tampered', { step: 'acme-corp-auth-client' })
    await queues.work('search.tampered', recording(seen), free)
    await settled(queues, 'search.tampered', { waiting: 0, active: 0, delayed: 1, failed: 0 })
    expect(seen.all).toEqual([])
    expect(lines.join('')).toContain('a stored job holds what this version cannot read; it is kept')
    expect(lines.join('')).not.toContain('acme')
  })

  describe('closing', () => {
    test('lets the job at hand finish, and takes no other', async () => {
      const queues = await store.open({ retry: { closeMs: 5_000 } })
      const seen = new Recorder<Happening>()
      const go = Promise.withResolvers<void>()
      await queues.enqueue('search.close', [job(1), job(2)])
      const consumer = await queues.work('search.close', recording(seen, () => go.promise), free)
      await seen.until(1)
      const closing = consumer.close()
      go.resolve()
      await closing
      expect(words(seen.all)).toEqual(['run 1', 'done 1'])
      expect(await queues.counts('search.close')).toMatchObject({ waiting: 1, active: 0, failed: 0 })
    })

    test.each([
      ['heeds the signal', (signal: AbortSignal) => new Promise<void>((_, reject) => { signal.addEventListener('abort', () => reject(signal.reason)) })],
      ['does not heed the signal', () => new Promise<void>(() => {})],
    ])('puts a job back that %s and does not end in time, at no cost', async (name, hang) => {
      const queues = await store.open({ retry: { attempts: 1 } })
      const seen = new Recorder<Happening>()
      const queue = name.startsWith('heeds') ? 'search.heeds' : 'search.ignores'
      await queues.enqueue(queue, [job(1)])
      const consumer = await queues.work(queue, recording(seen, (_, signal) => hang(signal)), free)
      await seen.until(1)
      const began = Date.now()
      await consumer.close()
      expect(Date.now() - began).toBeLessThan(2_500)
      expect(await queues.counts(queue)).toMatchObject({ waiting: 1, active: 0, failed: 0 })
      await queues.work(queue, recording(seen), free)
      await seen.until(3)
      expect(words(seen.all)).toEqual(['run 1', 'run 1', 'done 1'])
    })

    test('twice is closing once, and an idle consumer closes at once', async () => {
      const queues = await store.open()
      const consumer = await queues.work('search.idle', recording(new Recorder()), free)
      const began = Date.now()
      await Promise.all([consumer.close(), consumer.close(), queues.close(), queues.close()])
      expect(Date.now() - began).toBeLessThan(1_500)
    })

    test('the queues closes their consumers', async () => {
      const queues = await store.open()
      const seen = new Recorder<Happening>()
      await queues.work('search.all', recording(seen), free)
      await queues.close()
      const others = await store.open()
      await others.enqueue('search.all', [job(1)])
      expect(await others.counts('search.all')).toMatchObject({ waiting: 1 })
      expect(seen.all).toEqual([])
    })
  })

  test('a job that runs too long is stopped, which counts as an attempt', async () => {
    const queues = await store.open({ retry: { attempts: 2, runMs: 150 } })
    const seen = new Recorder<Happening>()
    await queues.enqueue('search.long', [job(1)])
    await queues.work('search.long', recording(seen, () => new Promise(() => {})), free)
    await seen.until(3)
    expect(words(seen.all)).toEqual(['run 1', 'run 1', 'given up 1'])
    expect(seen.all[2]).toMatchObject({ error: expect.any(Transient) })
  })

  test('a job that runs longer than its lock keeps it', async () => {
    const [one, two] = [await store.open(), await store.open()]
    const seen = new Recorder<Happening>()
    await one.enqueue('search.lock', [job(1)])
    const started = Date.now()
    // Three locks long, while a second worker looks out for silent ones.
    const run = () => setTimeout(3_000)
    await one.work('search.lock', recording(seen, run), free)
    await two.work('search.lock', recording(seen, run), free)
    await seen.until(2)
    expect(Date.now() - started).toBeGreaterThanOrEqual(3_000)
    await settled(one, 'search.lock', { ...idle, failed: 0 })
    expect(words(seen.all)).toEqual(['run 1', 'done 1'])
  })

  test('a record that never ends does not keep the process from closing', async () => {
    const queues = await store.open()
    const asked = Promise.withResolvers<void>()
    const giveUp = () => {
      asked.resolve()
      return new Promise<void>(() => {})
    }
    await queues.enqueue('search.stuck', [job(1)])
    await queues.work('search.stuck', recording(new Recorder(), failing(new Permanent('no')), giveUp), free)
    await asked.promise
    const began = Date.now()
    await queues.close()
    expect(Date.now() - began).toBeLessThan(10_000)
    const others = await store.open()
    const seen = new Recorder<Happening>()
    await others.work('search.stuck', recording(seen), free)
    await seen.until(2)
    expect(words(seen.all)).toEqual(['run 1', 'done 1'])
  })

  test('a ping is answered', async () => {
    const queues = await store.open()
    await expect(queues.ping()).resolves.toBeUndefined()
  })

  test('a limit that is none is refused', async () => {
    const queues = await store.open()
    for (const limit of [{ max: 0, perMs: 1_000 }, { max: 1, perMs: 0 }, { max: 1.5, perMs: 1_000 }, { max: Number.NaN, perMs: 1_000 }]) {
      await expect(queues.work('search.limit', recording(new Recorder()), { limit, concurrency: 1 })).rejects.toThrow(Invalid)
    }
  })
})
