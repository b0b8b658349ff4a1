import { Queue, Worker, type Telemetry } from 'bullmq'
import { Redis } from 'ioredis'
import { Invalid, Transient } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Payload } from './payload.ts'
import { codeOf, commandTimeoutMs, connectTimeoutMs, reportTo, type Store } from './store.ts'

/**
 * BullMQ on Redis. Two connections: workers wait through an outage for as long as it takes, producers fail at once.
 * Each worker has one more of its own for its blocking wait.
 * @throws Invalid when Redis cannot be reached or refuses the login
 */
export async function openRedis(options: { readonly redisUrl: string; readonly prefix: string; readonly log: Log; readonly telemetry?: Telemetry | undefined }): Promise<Store> {
  const { log, prefix } = options
  const where = readUrl(options.redisUrl)
  const producer = new Redis(options.redisUrl, {
    lazyConnect: true,
    keepAlive: 10_000,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: (times) => Math.min(times * 200, 3_000),
  })
  await connect(producer, where)
  producer.on('error', reportTo(log, { store: 'redis' }))
  const consumer = producer.duplicate({ lazyConnect: false, maxRetriesPerRequest: null, enableOfflineQueue: true, commandTimeout: undefined })
  consumer.on('error', reportTo(log, { store: 'redis' }))
  // Every queue and worker listens to the connection that they share.
  producer.setMaxListeners(0)
  consumer.setMaxListeners(0)
  const traced = options.telemetry === undefined ? {} : { telemetry: options.telemetry }
  return {
    kind: 'redis',
    openQueue: async (name) => {
      requireReady(producer)
      const queue = new Queue<Payload>(name, { connection: producer, prefix, streams: { events: { maxLen: 100 } }, ...traced })
      queue.on('error', reportTo(log, { queue: name }))
      await queue.waitUntilReady()
      return queue
    },
    openWorker: async (name, processor, settings) => {
      requireReady(producer)
      const worker = new Worker<Payload, void>(name, processor, { ...settings, connection: consumer, prefix, ...traced })
      worker.on('error', reportTo(log, { queue: name }))
      await worker.waitUntilReady()
      return worker
    },
    ping: async () => {
      requireReady(producer)
      await producer.ping()
    },
    close: async () => {
      producer.disconnect()
      consumer.disconnect()
    },
  }
}

/** What waits for a connection would wait as long as the outage lasts; a producer has to say so at once. */
function requireReady(redis: Redis): void {
  if (redis.status !== 'ready') throw new Transient('Redis cannot be reached')
}

async function connect(redis: Redis, where: string): Promise<void> {
  // The promise only says "closed"; the first error event says why.
  let first: unknown
  const note = (error: unknown) => { first ??= error }
  redis.on('error', note)
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    redis.disconnect()
    throw new Invalid(`the queue's Redis at ${where} ${reasonOf(first ?? error)}`)
  } finally {
    redis.off('error', note)
  }
}

function reasonOf(error: unknown): string {
  const code = codeOf(error)
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR)$/.test(code) ? `refuses the login (${code})` : `cannot be reached (${code})`
}

/** Where the server is, for messages: never user or password. */
function readUrl(redisUrl: string): string {
  const url = URL.parse(redisUrl)
  if (url === null || !/^rediss?:$/.test(url.protocol)) throw new Invalid("the queue's address is no redis:// or rediss:// URL")
  return `${url.hostname}:${url.port === '' ? '6379' : url.port}`
}
