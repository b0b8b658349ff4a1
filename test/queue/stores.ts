import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, describe } from 'vitest'
import { createLog, type Log } from '../../src/log.ts'
import { openQueues, type QueueOptions, type Queues, type RetryTuning } from '../../src/queue/open.ts'
import { useDatabase } from '../support/database.ts'

/** As patient as a test can be. */
export const hasty: RetryTuning = { attempts: 3, firstDelayMs: 20, maxDelayMs: 100, lockMs: 1_000, stalledCheckMs: 400, closeMs: 300, abandonMs: 200 }

export interface TestStore {
  readonly kind: Queues['kind']
  /** Everything but log and tuning. */
  address(): Pick<QueueOptions, 'databaseUrl' | 'redisUrl' | 'prefix'>
  /** Opens queues that are closed after the test. */
  open(options?: { retry?: RetryTuning; log?: Log; address?: Pick<QueueOptions, 'databaseUrl' | 'redisUrl' | 'prefix'> }): Promise<Queues>
  /** Every byte that is stored for the queues of this suite. */
  raw(): Promise<string>
  /** Replaces the stored payload of every job of a queue, as no version of ours would. */
  tamper(queue: string, payload: object): Promise<void>
}

const redisUrl = process.env['TEST_REDIS_URL'] ?? ''

/** The same suite on both stores; Redis only when TEST_REDIS_URL names a server. */
export function onEachStore(suite: (store: TestStore) => void): void {
  describe('on PostgreSQL', () => {
    const made = useDatabase()
    const address = () => ({ databaseUrl: made.url, redisUrl: null })
    suite({
      kind: 'postgres',
      address,
      open: opener(address),
      raw: async () => {
        const rows = await made.database.sql`
          select row_to_json(line)::text as text from bullmq.job line
          union all select row_to_json(line)::text from bullmq.event line
          union all select row_to_json(line)::text from bullmq.meta line`
        return rows.map((row) => String(row['text'])).join('\n')
      },
      tamper: async (queue, payload) => {
        await made.database.sql`update bullmq.job set data = ${made.database.sql.json(JSON.parse(JSON.stringify(payload)))} where queue = ${`namesake.${queue}`}`
      },
    })
  })
  describe.skipIf(redisUrl === '')('on Redis (TEST_REDIS_URL)', () => {
    const prefix = `test-${randomBytes(6).toString('hex')}`
    const address = () => ({ databaseUrl: 'postgres://127.0.0.1:1/unused', redisUrl, prefix })
    afterAll(async () => withRedis(async (redis) => {
      const keys = await redis.keys(`${prefix}:*`)
      if (keys.length > 0) await redis.del(keys)
    }))
    suite({
      kind: 'redis',
      address,
      open: opener(address),
      raw: () => withRedis(async (redis) => {
        const texts: string[] = []
        for (const key of await redis.keys(`${prefix}:*`)) texts.push(key, JSON.stringify(await readKey(redis, key)))
        return texts.join('\n')
      }),
      tamper: (queue, payload) => withRedis(async (redis) => {
        for (const key of await redis.keys(`${prefix}:${queue}:~*`)) await redis.hset(key, 'data', JSON.stringify(payload))
      }),
    })
  })
}

function opener(address: TestStore['address']): TestStore['open'] {
  const opened: Queues[] = []
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queues) => queues.close()))
  })
  return async (options = {}) => {
    const queues = await openQueues({ ...(options.address ?? address()), log: options.log ?? createLog({ level: 'silent' }), retry: { ...hasty, ...options.retry } })
    opened.push(queues)
    return queues
  }
}

async function withRedis<Value>(act: (redis: Redis) => Promise<Value>): Promise<Value> {
  const redis = new Redis(redisUrl)
  try {
    return await act(redis)
  } finally {
    redis.disconnect()
  }
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash': return redis.hgetall(key)
    case 'list': return redis.lrange(key, 0, -1)
    case 'set': return redis.smembers(key)
    case 'zset': return redis.zrange(key, '0', '-1')
    case 'stream': return redis.xrange(key, '-', '+')
    default: return redis.get(key)
  }
}
