import { array, assert, asyncProperty, constant, constantFrom, oneof, string } from 'fast-check'
import { setImmediate as tick } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/db/client.ts'
import { settings } from '../../src/db/schema/index.ts'
import { Permanent, Transient } from '../../src/errors.ts'
import { useDatabase } from '../support/database.ts'

/** For what another process has to do first, on a busy machine. */
const patient = { timeout: 30_000 }

const own = useDatabase({ truncate: true })
const at = new Date('2026-03-01T09:00:00Z')
/** A pool of its own for each test, whose sessions can be told apart. */
let pool: Database

beforeEach(() => {
  pool = openDatabase(own.url, { max: 2, applicationName: 'under test' })
})
afterEach(async () => {
  await pool.close()
})

const row = (key: string) => ({ key, value: 1, changedAt: at })
const keys = async () => (await own.database.db.select({ key: settings.key }).from(settings).orderBy(settings.key)).map(({ key }) => key)
/** As a failover or an operator would end them. */
const killAll = () => own.database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'under test'`
const sessions = async () => (await own.database.sql`select 1 from pg_stat_activity where application_name = 'under test'`).length
const fate = (promise: Promise<unknown>) => promise.then(() => 'done', (error: unknown) => error)

describe('a transaction whose connection is lost', () => {
  test('in a statement: fails as Transient and leaves nothing', async () => {
    const outcome = fate(pool.sql.begin(async (tx) => {
      await tx`insert into settings values ('a', '1', now())`
      await tx`select pg_sleep(60)`
    }))
    await expect.poll(async () => (await own.database.sql`select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and application_name = 'under test'`).length, patient).toBe(1)
    await killAll()
    expect(await outcome).toBeInstanceOf(Transient)
    expect(await keys()).toEqual([])
  })

  test('between two statements: the second never runs, on that connection or on another', async () => {
    const outcome = fate(pool.db.transaction(async (tx) => {
      await tx.insert(settings).values(row('a'))
      await killAll()
      await expect.poll(sessions, patient).toBe(0)
      // Others take new connections meanwhile.
      await Promise.all([pool.db.insert(settings).values(row('other')), pool.db.insert(settings).values(row('another'))])
      await tx.insert(settings).values(row('b'))
    }))
    expect(await outcome).toBeInstanceOf(Transient)
    expect(await keys()).toEqual(['another', 'other'])
  })

  test('and whose function does not care: fails all the same, and commits nothing', async () => {
    const outcome = fate(pool.sql.begin(async (tx) => {
      await tx`insert into settings values ('a', '1', now())`
      await killAll()
      await tx`insert into settings values ('b', '1', now())`.catch(() => {})
      await tx`insert into settings values ('c', '1', now())`.catch(() => {})
      return 'fine'
    }))
    expect(await outcome).toBeInstanceOf(Transient)
    expect(await keys()).toEqual([])
  })

  test('in a savepoint: fails as a whole', async () => {
    const outcome = fate(pool.db.transaction(async (tx) => {
      await tx.insert(settings).values(row('a'))
      await tx.transaction(async (inner) => {
        await killAll()
        await inner.insert(settings).values(row('b'))
      }).catch(() => {})
    }))
    expect(await outcome).toBeInstanceOf(Transient)
    expect(await keys()).toEqual([])
  })
})

describe('connections that are lost all the time', () => {
  test('leave no statement unanswered, no half transaction and no broken pool', { timeout: 60_000 }, async () => {
    const { sql } = own.database
    await sql`create table pairs (tx integer, part integer)`
    let next = 0
    let lost = 0
    async function work(): Promise<void> {
      while (next < 600) {
        next += 1
        const id = next
        const outcome = await fate(id % 5 === 0 ? pool.sql`select ${id}::integer` : pool.sql.begin(async (tx) => {
          await tx`insert into pairs values (${id}, 1)`
          if (id % 3 === 0) await tick()
          if (id % 7 === 0) await tx.savepoint((inner) => inner`select pg_sleep(0.002)`)
          await Promise.all([tx`insert into pairs values (${id}, 2)`, tx`select 1`])
        }))
        if (outcome === 'done') continue
        expect(outcome).toBeInstanceOf(Transient)
        lost += 1
      }
    }
    const done = new AbortController()
    const killing = (async () => {
      while (!done.signal.aborted) await sql`select pg_terminate_backend(pid), pg_sleep(0.01) from pg_stat_activity where application_name = 'under test' order by random() limit 1`
    })()
    await Promise.all([1, 2, 3, 4, 5, 6].map(() => work()))
    done.abort()
    await killing
    expect(lost).toBeGreaterThan(0)
    expect(await sql`select tx from pairs group by tx having count(*) <> 2`).toEqual([])
    expect(await Promise.all([1, 2, 3].map((n) => pool.sql`select ${n}::integer as n`))).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
    await sql`drop table pairs`
  })
})

describe('a transaction', () => {
  test('whose function ignored a failed statement is rolled back, and says so', async () => {
    const outcome = await fate(pool.sql.begin(async (tx) => {
      await tx`insert into settings values ('a', '1', now())`
      await tx`select 1 / 0`.catch(() => {})
      return 'fine'
    }))
    expect(outcome).toBeInstanceOf(Permanent)
    expect(String(outcome)).toContain('22012')
    expect(await keys()).toEqual([])
  })

  test('outlives a savepoint that failed', async () => {
    await pool.db.transaction(async (tx) => {
      await tx.insert(settings).values(row('a'))
      await tx.transaction(async (inner) => {
        await inner.insert(settings).values(row('b'))
        throw new Error('not this one')
      }).catch(() => {})
      await tx.transaction((inner) => inner.insert(settings).values(row('c')))
    })
    expect(await keys()).toEqual(['a', 'c'])
  })

  test('hears of a failure that its savepoint ignored', async () => {
    const outcome = await fate(pool.sql.begin((tx) => tx.savepoint(async (inner) => {
      await inner`select 1 / 0`.catch(() => {})
    })))
    expect(String(outcome)).toContain('22012')
  })

  test('takes the options of begin', async () => {
    const outcome = await fate(pool.sql.begin('read only', (tx) => tx`insert into settings values ('a', '1', now())`))
    expect(String(outcome)).toContain('25006')
    const level = await pool.db.transaction(async (tx) => await tx.execute('show transaction isolation level'), { isolationLevel: 'serializable' })
    expect(level).toEqual([{ transaction_isolation: 'serializable' }])
  })

  test('refuses a statement after its end', async () => {
    const leaked = await pool.sql.begin((tx) => () => tx`insert into settings values ('late', '1', now())`)
    expect(await fate(leaked())).toBeInstanceOf(Permanent)
    expect(await keys()).toEqual([])
  })

  test('returns what its function returned, rows or not', async () => {
    expect(await pool.sql.begin(() => 7)).toBe(7)
    expect(await pool.sql.begin((tx) => [tx`select 1 as a`, tx`select 2 as a`])).toEqual([[{ a: 1 }], [{ a: 2 }]])
    expect(await pool.sql.begin((tx) => tx`select 1 as a`)).toEqual([{ a: 1 }])
  })
})

describe('the pool', () => {
  test('opens nothing before it is needed, and never more than its limit', async () => {
    expect(await sessions()).toBe(0)
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => pool.sql`select pg_sleep(0.01)`))
    expect(await sessions()).toBe(2)
  })

  test('answers in the order of the questions when it has one connection', async () => {
    const narrow = openDatabase(own.url, { max: 1 })
    const order: number[] = []
    await Promise.all([1, 2, 3, 4].map(async (n) => {
      await narrow.sql`select 1`
      order.push(n)
    }))
    await narrow.close()
    expect(order).toEqual([1, 2, 3, 4])
  })

  test('waits at close for what is running', async () => {
    const running = pool.sql`select pg_sleep(0.2), 1 as one`.then(([answer]) => answer?.['one'] as unknown)
    await expect.poll(sessions, patient).toBe(1)
    await pool.close()
    expect(await running).toBe(1)
    expect(await fate(pool.sql`select 1`)).toBeInstanceOf(Transient)
    expect(await fate(pool.db.transaction((tx) => tx.select().from(settings)))).toBeInstanceOf(Transient)
  })

  test('leaves no connection behind', async () => {
    await Promise.all([1, 2, 3].map(() => pool.sql`select 1`))
    await pool.close()
    await expect.poll(sessions, patient).toBe(0)
  })

  test.each(['reserve', 'listen', 'notify', 'end', 'subscribe'])('does not let %s of the driver go around it', (verb) => {
    const driver = pool.sql as unknown as Record<string, () => unknown>
    expect(() => driver[verb]?.()).toThrow(Permanent)
  })
})

describe('arrays', () => {
  test('of texts come back as they went, whatever stands in them', async () => {
    const element = oneof(string().filter((text) => !text.includes('\0')), constantFrom('', 'NULL', '"', '\\', '{}', ',', ' a ', '{"a"}'), constant(null))
    await assert(asyncProperty(array(element, { minLength: 1, maxLength: 5 }), async (texts) => {
      const [answer] = await own.database.sql`select ${texts as string[]}::text[] as texts`
      expect(answer?.['texts']).toEqual(texts)
    }), { numRuns: 60 })
  })

  test('of other types, of arrays, and empty ones', async () => {
    const { sql } = own.database
    const [answer] = await sql`select ${sql.array([1n, 2n ** 40n], 20)}::bigint[] as ids, ${sql.array([at], 1184)}::timestamptz[] as times, '{}'::text[] as none,
      array[[1, 2], [3, null]] as nested, '[0:1]={t,f}'::boolean[] as shifted, array['{"a": [1]}'::jsonb] as json`
    expect(answer).toEqual({ ids: [1n, 2n ** 40n], times: [at], none: [], nested: [[1, 2], [3, null]], shifted: [true, false], json: [{ a: [1] }] })
  })

  test('serve a condition', async () => {
    const { db, sql } = own.database
    await db.insert(settings).values(['a', 'b', 'c'].map(row))
    expect(await sql`select key from settings where key = any(${['a', 'c']}) order by key`).toEqual([{ key: 'a' }, { key: 'c' }])
  })
})
