import { afterEach, describe, expect, test, vi } from 'vitest'
import { Invalid, Transient } from '../../src/errors.ts'
import { createLog } from '../../src/log.ts'
import { openQueues, type JobHandler, type Payload, type Queues } from '../../src/queue/open.ts'
import { createDatabase } from '../support/database.ts'
import { Recorder } from './recorder.ts'
import { onEachStore, type TestStore } from './stores.ts'
import { openWire, type Wire } from './wire.ts'

const wires: Wire[] = []
afterEach(async () => {
  for (const wire of wires.splice(0)) await wire.close()
})

/** The store behind a wire that can be cut. */
async function behindWire(store: TestStore): Promise<{ wire: Wire; address: ReturnType<TestStore['address']> }> {
  const address = store.address()
  const url = new URL(address.redisUrl ?? address.databaseUrl)
  const wire = await openWire({ host: url.hostname, port: Number(url.port) })
  wires.push(wire)
  url.hostname = '127.0.0.1'
  url.port = String(wire.port)
  return { wire, address: store.kind === 'redis' ? { ...address, redisUrl: url.href } : { ...address, databaseUrl: url.href } }
}

const job = (step: number) => ({ id: `step-${step}`, payload: { step: String(step) } })
const free = { limit: null, concurrency: 1 }
const recording = (seen: Recorder<string>, run: (payload: Payload) => Promise<void> = async () => {}): JobHandler => ({
  run: async (payload) => {
    await run(payload)
    seen.add(String(payload['step']))
  },
  giveUp: async () => { seen.add('given up') },
})
const reachable = (queues: Queues) => vi.waitFor(() => queues.ping(), { timeout: 10_000, interval: 50 })

onEachStore((store) => {
  describe('while the store is away', () => {
    test('every request fails soon, and as an outage; afterwards all is well', async () => {
      const { wire, address } = await behindWire(store)
      const queues = await store.open({ address })
      await queues.enqueue('search.known', [job(1)])
      await wire.cut()
      const began = Date.now()
      await expect(queues.enqueue('search.known', [job(2)])).rejects.toThrow(Transient)
      await expect(queues.enqueue('search.new', [job(2)])).rejects.toThrow(Transient)
      await expect(queues.counts('search.known')).rejects.toThrow(Transient)
      await expect(queues.ping()).rejects.toThrow(Transient)
      await expect(queues.work('search.known', recording(new Recorder()), free)).rejects.toThrow(Transient)
      expect(Date.now() - began).toBeLessThan(3_000)
      await wire.mend()
      await reachable(queues)
      await queues.enqueue('search.known', [job(2)])
      await queues.enqueue('search.new', [job(2)])
      expect(await queues.counts('search.known')).toMatchObject({ waiting: 2 })
      expect(await queues.counts('search.new')).toMatchObject({ waiting: 1 })
    })

    test('an idle consumer waits, and then goes on', async () => {
      const { wire, address } = await behindWire(store)
      const queues = await store.open({ address })
      const seen = new Recorder<string>()
      await queues.work('search.idle', recording(seen), free)
      await queues.enqueue('search.idle', [job(1)])
      await seen.until(1)
      await wire.cut()
      await wire.mend()
      await reachable(queues)
      await queues.enqueue('search.idle', [job(2)])
      expect(await seen.until(2)).toEqual(['1', '2'])
    })

    test('the job at hand goes on, and leaves the queue when the store is back', async () => {
      const { wire, address } = await behindWire(store)
      const queues = await store.open({ address, retry: { lockMs: 20_000 } })
      const seen = new Recorder<string>()
      const started = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      await queues.enqueue('search.busy', [job(1), job(2)])
      await queues.work('search.busy', recording(seen, () => {
        started.resolve()
        return go.promise
      }), free)
      await started.promise
      await wire.cut()
      go.resolve()
      await seen.until(1)
      await wire.mend()
      await seen.until(2)
      await vi.waitFor(async () => expect(await queues.counts('search.busy')).toMatchObject({ waiting: 0, active: 0, delayed: 0, failed: 0 }), { timeout: 10_000 })
      expect(seen.all, 'done once, although the store was away when it was done').toEqual(['1', '2'])
    })

    test('the log says so in one static line with a code', async () => {
      const lines: string[] = []
      const { wire, address } = await behindWire(store)
      const queues = await store.open({ address, log: createLog({ level: 'warn', destination: { write: (line) => { lines.push(line) } } }) })
      await queues.work('search.log', recording(new Recorder()), free)
      await wire.cut()
      await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), { timeout: 5_000 })
      await wire.mend()
      await reachable(queues)
      for (const line of lines) expect(line).toMatch(/"msg":"the queue has trouble with its store; it goes on trying"/)
      expect(lines.join('')).not.toMatch(/127\.0\.0\.1|postgres:\/\/|redis:\/\//)
      expect(lines.length).toBeLessThan(5)
    })

    test('closing does not wait for it to come back', async () => {
      const { wire, address } = await behindWire(store)
      const queues = await store.open({ address })
      const seen = new Recorder<string>()
      const started = Promise.withResolvers<void>()
      await queues.enqueue('search.leave', [job(1)])
      await queues.work('search.leave', recording(seen, () => {
        started.resolve()
        return new Promise(() => {})
      }), free)
      await started.promise
      await wire.cut()
      const began = Date.now()
      await queues.close()
      expect(Date.now() - began).toBeLessThan(6_000)
      const others = await store.open()
      await others.work('search.leave', recording(seen), free)
      expect(await seen.until(1)).toEqual(['1'])
    })
  })
})

describe('opening', () => {
  const log = createLog({ level: 'silent' })
  const unused = 'postgres://127.0.0.1:1/unused'

  test.each([
    ['PostgreSQL', { databaseUrl: 'postgres://namesake:s3cret@127.0.0.1:1/namesake' }, "the queue's PostgreSQL at 127.0.0.1:1 cannot be used (ECONNREFUSED)"],
    ['Redis', { databaseUrl: unused, redisUrl: 'redis://namesake:s3cret@127.0.0.1:1' }, "the queue's Redis at 127.0.0.1:1 cannot be reached (ECONNREFUSED)"],
    ['an address that is no PostgreSQL', { databaseUrl: 'mysql://namesake:s3cret@127.0.0.1/x' }, "the database's address is no postgres:// URL"],
    ['an address that is no Redis', { databaseUrl: unused, redisUrl: 's3cret' }, "the queue's address is no redis:// or rediss:// URL"],
  ])('%s that is not there is one clear fault, with host and port and without the password', async (_, address, message) => {
    const opening = openQueues({ ...address, log })
    await expect(opening).rejects.toThrow(Invalid)
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.not.toThrow(/s3cret/)
  })

  test('a database that is not there is told apart from a server that is not there', async () => {
    await using made = await createDatabase({ empty: true })
    const url = new URL(made.url)
    url.pathname = '/no_such_database_of_namesake'
    await expect(openQueues({ databaseUrl: url.href, log })).rejects.toThrow(/has no such database/)
  })

  test('a server that speaks something else is not Redis', async () => {
    await using made = await createDatabase({ empty: true })
    const { host } = new URL(made.url)
    await expect(openQueues({ databaseUrl: unused, redisUrl: `redis://${host}`, log })).rejects.toThrow(Invalid)
  }, 30_000)

  test('of several processes at once on an empty database makes the schema once', async () => {
    await using made = await createDatabase({ empty: true })
    const opened = await Promise.all([1, 2, 3, 4].map(() => openQueues({ databaseUrl: made.url, log })))
    await opened[0]?.enqueue('search.first', [job(1)])
    expect(await opened[3]?.counts('search.first')).toMatchObject({ waiting: 1 })
    await Promise.all(opened.map((queues) => queues.close()))
    const [row] = await made.database.sql`select count(*)::int as migrations, count(distinct version)::int as versions from bullmq.migration`
    expect(row?.['migrations']).toBe(row?.['versions'])
  })

  test('keeps what the database URL says about the session, beside the schema of the queue', async () => {
    await using made = await createDatabase({ empty: true })
    const url = new URL(made.url)
    url.searchParams.set('options', '-c statement_timeout=54321')
    const queues = await openQueues({ databaseUrl: url.href, log })
    await queues.enqueue('search.options', [job(1)])
    expect(await queues.counts('search.options')).toMatchObject({ waiting: 1 })
    await queues.close()
    url.searchParams.set('options', '-c no_such_setting=1')
    await expect(openQueues({ databaseUrl: url.href, log }), 'the server is asked for it').rejects.toThrow(Invalid)
  })
})

describe('PostgreSQL that ends every connection, as for a restart', () => {
  test('is survived by producer and consumer', async () => {
    await using made = await createDatabase({ empty: true })
    const queues = await openQueues({ databaseUrl: made.url, log: createLog({ level: 'silent' }), retry: { firstDelayMs: 20 } })
    const seen = new Recorder<string>()
    await queues.work('search.ended', recording(seen), free)
    await queues.enqueue('search.ended', [job(1)])
    await seen.until(1)
    await made.database.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    await reachable(queues)
    await queues.enqueue('search.ended', [job(2)])
    expect(await seen.until(2)).toEqual(['1', '2'])
    await queues.close()
  })
})
