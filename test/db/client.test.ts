import { eq, max, sql as text } from 'drizzle-orm'
import { inspect } from 'node:util'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Pool } from 'pg'
import { describe, expect, inject, test } from 'vitest'
import { faultOf, openDatabase, pingDatabase, type Db } from '../../src/db/client.ts'
import { identifiers, settings } from '../../src/db/schema/index.ts'
import { Conflict, describeError, Invalid, NamesakeError, Permanent, Transient } from '../../src/errors.ts'
import { createDatabase, useDatabase } from '../support/database.ts'

const own = useDatabase({ truncate: true })
const at = new Date('2026-03-01T09:00:00.123Z')
const secret = 'acme-corp-auth-client'

async function thrownBy(act: () => unknown): Promise<unknown> {
  try {
    await act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** Everything that a logger could find: message, stack, fields hidden or not, causes. */
const allOf = (error: unknown) => inspect(error, { depth: 10, showHidden: true }) + describeError(error)

describe('an error of the database holds none of our names', () => {
  const codename = (name: string) => ({
    form: 'name' as const, kind: 'codename' as const, name, key: name, disclose: 'never' as const, publicOnPurpose: false, near: [], createdAt: at,
  })
  const insertTwice = async (db: Db) => {
    await db.insert(identifiers).values(codename(secret))
    await db.insert(identifiers).values(codename(secret))
  }

  const ways: readonly (readonly [string, (db: Db) => unknown])[] = [
    ['a drizzle insert', insertTwice],
    ['a drizzle transaction', (db) => db.transaction(insertTwice)],
    ['a drizzle savepoint', (db) => db.transaction((tx) => tx.transaction(insertTwice))],
    ['a drizzle select', (db) => db.select().from(identifiers).where(text`${identifiers.id} = ${secret}::bigint`)],
    ['drizzle execute', (db) => db.execute(text`select ${secret}::timestamptz`)],
    ['a relational query', (db) => db.query.identifiers.findFirst({ where: text`${secret}::integer = 1` })],
    ['a raw statement', () => own.database.sql`select ${secret}::integer`],
    ['an unsafe statement', () => own.database.sql.unsafe('select $1::integer', [secret])],
    ['an unsafe statement for values', () => own.database.sql.unsafe('select $1::integer', [secret]).values()],
    ['a raw transaction', () => own.database.sql.begin((tx) => tx`select ${secret}::integer`)],
    ['a raw savepoint', () => own.database.sql.begin((tx) => tx.savepoint((inner) => inner`select ${secret}::integer`))],
    ['a failed statement that its transaction ignored', () => own.database.sql.begin(async (tx) => {
      await tx`select ${secret}::integer`.catch(() => {})
      await tx`select 1`
    })],
    ['a nul character', () => own.database.sql`select ${`${secret}\0`}::text`],
    ['a value of a wrong type', () => own.database.sql.unsafe('select $1::bytea', [{ toString: () => { throw new TypeError(secret) } } as unknown as string])],
  ]

  test.each(ways)('%s', async (_, act) => {
    const error = await thrownBy(() => act(own.database.db))
    expect(allOf(error)).not.toContain('acme')
    expect(error).toBeInstanceOf(NamesakeError)
  })

  test('a key that exists already is a Conflict that names the constraint', async () => {
    const error = await thrownBy(() => insertTwice(own.database.db))
    expect(error).toBeInstanceOf(Conflict)
    expect(describeError(error)).toBe('database: statement failed (23505, table identifiers, constraint identifiers_identity)')
    expect(faultOf(error)).toEqual({ code: '23505', constraint: 'identifiers_identity', table: 'identifiers', column: null })
  })

  test('a statement that cannot be right is Permanent and says why', async () => {
    const error = await thrownBy(() => own.database.sql`select missing from identifiers`)
    expect(error).toBeInstanceOf(Permanent)
    expect(describeError(error)).toBe('database: statement failed (42703): column "missing" does not exist')
  })

  test('a deadlock or a serialisation failure is Transient', async () => {
    const error = await thrownBy(() => own.database.sql.unsafe(`do $$ begin raise exception using errcode = '40001'; end $$`))
    expect(error).toBeInstanceOf(Transient)
  })

  test('a connection that is cut off is Transient, and the next statement gets a new one', async () => {
    const { sql } = own.database
    const error = await thrownBy(() => sql`select pg_terminate_backend(pg_backend_pid())`)
    expect(error).toBeInstanceOf(Transient)
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  })

  test('a server that is not there is Transient', async () => {
    const nowhere = openDatabase(`postgres://user:geheim@127.0.0.1:${await closedPort()}/x`)
    const error = await thrownBy(() => nowhere.db.transaction((tx) => tx.select().from(settings)))
    await nowhere.close()
    expect(error).toBeInstanceOf(Transient)
    expect(allOf(error)).not.toContain('geheim')
    expect(describeError(error)).toBe('database: connection failed (ECONNREFUSED)')
  })

  test('a statement after close is refused, not kept waiting', async () => {
    await using other = await createDatabase()
    await other.database.close()
    expect(await thrownBy(() => other.database.sql`select 1`)).toBeInstanceOf(Transient)
  })
})

describe('what a verb throws in its transaction', () => {
  test('comes out as it is, and the transaction is undone', async () => {
    const own404 = new Invalid('no such finding')
    const error = await thrownBy(() => own.database.db.transaction(async (tx) => {
      await tx.insert(settings).values({ key: 'a', value: 1, changedAt: at })
      throw own404
    }))
    expect(error).toBe(own404)
    expect(await own.database.db.select().from(settings)).toEqual([])
  })

  test('is not mistaken for a failed connection when it is a plain error', async () => {
    const bug = new TypeError('a bug')
    expect(await thrownBy(() => own.database.db.transaction(async () => { throw bug }))).toBe(bug)
  })

  test('rollback works', async () => {
    const error = await thrownBy(() => own.database.db.transaction(async (tx) => {
      await tx.insert(settings).values({ key: 'a', value: 1, changedAt: at })
      tx.rollback()
    }))
    expect(error).not.toBeInstanceOf(NamesakeError)
    expect(await own.database.db.select().from(settings)).toEqual([])
  })
})

describe('values', () => {
  test('ids are bigint, times are Date, JSON is JSON, in drizzle and in raw statements alike', async () => {
    const { db, sql } = own.database
    await db.insert(settings).values({ key: 'a', value: { list: [1, 'zwei', null] }, changedAt: at })
    const raw = await sql`select *, count(*) over () as n, array[1, 2]::bigint[] as ids from settings where changed_at = ${at}`
    expect(raw).toEqual([{ key: 'a', value: { list: [1, 'zwei', null] }, changed_at: at, n: 1n, ids: [1n, 2n] }])
    expect(await db.select().from(settings).where(eq(settings.changedAt, at))).toEqual([{ key: 'a', value: { list: [1, 'zwei', null] }, changedAt: at }])
    expect(await db.select({ at: max(settings.changedAt) }).from(settings)).toEqual([{ at }])
    expect(await db.select({ key: settings.key }).from(settings).where(text`${settings.changedAt} >= ${at}`)).toEqual([{ key: 'a' }])
  })

  test('raw statements write what drizzle reads', async () => {
    const { db, sql } = own.database
    await sql`insert into settings (key, value, changed_at) values ('b', ${sql.json({ deep: [true] })}, ${at})`
    expect(await db.select().from(settings)).toEqual([{ key: 'b', value: { deep: [true] }, changedAt: at }])
  })

  test('JSON that is only a text stays a text', async () => {
    const { db } = own.database
    await db.insert(settings).values({ key: 'c', value: '{"not": "parsed"}', changedAt: at })
    expect(await db.select({ value: settings.value }).from(settings)).toEqual([{ value: '{"not": "parsed"}' }])
  })

  test('node-postgres connects by the same URL', async () => {
    const limits = { max: 1, keepAlive: true, connectionTimeoutMillis: 5000, idleTimeoutMillis: 5000, query_timeout: 5000 }
    const pool = new Pool({ connectionString: own.url, application_name: 'namesake test', ...limits })
    const { rows } = await pool.query('select count(*)::int as n from settings')
    await pool.end()
    expect(rows).toEqual([{ n: 0 }])
  })
})

describe('pingDatabase', () => {
  const withUrl = (change: (url: URL) => void) => {
    const url = new URL(own.url)
    change(url)
    return url.href
  }

  test('is content with a database that answers', async () => {
    await expect(pingDatabase(own.url)).resolves.toBeUndefined()
  })

  test('says that nobody listens', async () => {
    const port = await closedPort()
    const error = await thrownBy(() => pingDatabase(`postgres://namesake:geheim@127.0.0.1:${port}/namesake`))
    expect(describeError(error)).toBe(`database 127.0.0.1:${port}: unreachable (ECONNREFUSED)`)
    expect(error).toBeInstanceOf(Invalid)
  })

  test('says that the host is unknown', async () => {
    const error = await thrownBy(() => pingDatabase('postgres://namesake:geheim@host.invalid/namesake'))
    expect(describeError(error)).toMatch(/^database host\.invalid:5432: unreachable \((ENOTFOUND|EAI_AGAIN)\)$/)
  })

  test('says that what answers is not PostgreSQL', async () => {
    await using other = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const error = await thrownBy(() => pingDatabase(`postgres://namesake:geheim@127.0.0.1:${other.port}/namesake`))
    expect(describeError(error)).toBe(`database 127.0.0.1:${other.port}: what answers there is not PostgreSQL`)
    expect(error).toBeInstanceOf(Invalid)
    expect(allOf(error)).not.toContain('geheim')
  })

  test.each(['', '?sslmode=require'])('does not wait for ever for a proxy that hangs up %s', async (query) => {
    await using other = await listen((socket) => socket.end())
    const error = await thrownBy(() => pingDatabase(`postgres://namesake:geheim@127.0.0.1:${other.port}/namesake${query}`))
    expect(describeError(error)).toBe(`database 127.0.0.1:${other.port}: unreachable (ECONNRESET)`)
  })

  test('says that the database does not exist', async () => {
    const error = await thrownBy(() => pingDatabase(withUrl((url) => { url.pathname = '/nowhere' })))
    expect(error).toBeInstanceOf(Invalid)
    expect(describeError(error)).toMatch(/there is no database "nowhere"/)
  })

  // A server may trust local connections; the embedded one never does.
  test.skipIf(!inject('postgres').embedded)('says that the password is wrong, without repeating it', async () => {
    const error = await thrownBy(() => pingDatabase(withUrl((url) => { url.password = 'geheim' })))
    expect(error).toBeInstanceOf(Invalid)
    expect(describeError(error)).toMatch(/wrong password for user "namesake"$/)
    expect(allOf(error)).not.toContain('geheim')
  })

  test.each([
    ['http://127.0.0.1/namesake', 'must start with postgres:// or postgresql://'],
    ['geheim', 'must start with postgres:// or postgresql://'],
    ['', 'must start with postgres:// or postgresql://'],
    ['postgres://namesake:geheim%@127.0.0.1/namesake', 'must be percent-encoded'],
    ['postgres://namesake:geheim@127.0.0.1:port/namesake', 'must be percent-encoded'],
    ['postgres://namesake:geh[eim@[/namesake', 'must be percent-encoded'],
  ])('refuses %s without repeating it', async (url, expected) => {
    for (const act of [() => pingDatabase(url), () => openDatabase(url)]) {
      const error = await thrownBy(act)
      expect(error).toBeInstanceOf(Invalid)
      expect(describeError(error)).toContain(expected)
      expect(allOf(error)).not.toMatch(/geh\[?eim/)
    }
  })
})

/** A server on loopback that is not PostgreSQL. */
async function listen(answer: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => {
    // Unread bytes would keep the socket open, and a hang-up is what these tests are about.
    socket.resume().on('error', () => {})
    answer(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function closedPort(): Promise<number> {
  await using server = await listen(() => {})
  return server.port
}
