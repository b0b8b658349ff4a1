import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../src/db/client.ts'
import { assertMigrated, migrate } from '../../src/db/migrate.ts'
import { Invalid, Permanent } from '../../src/errors.ts'
import { createDatabase, type TestDatabase } from '../support/database.ts'

/** For what another process has to do first, on a busy machine. */
const patient = { timeout: 30_000 }

let made: TestDatabase
let database: Database
let folder: string

beforeEach(async () => {
  made = await createDatabase({ empty: true })
  database = made.database
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-migrations-'))
})
afterEach(async () => {
  await made.drop()
  await rm(folder, { recursive: true })
})

const write = (name: string, text: string) => writeFile(path.join(folder, name), text)
const ledger = () => database.sql`select number, name from schema_migrations order by number`
async function twoTables(): Promise<void> {
  await write('0001-create-one.sql', 'create table one (id integer);\ncreate index one_by_id on one (id);\n')
  await write('0002-create-two.sql', 'create table two (id integer);\n')
}

describe('migrate', () => {
  test('applies the files of the program in order, once', async () => {
    const shipped = (await readdir(path.join(import.meta.dirname, '..', '..', 'migrations'))).sort()
    expect(await migrate(database)).toEqual({ applied: shipped })
    expect(await migrate(database)).toEqual({ applied: [] })
    await expect(assertMigrated(database)).resolves.toBeUndefined()
  })

  test('goes on where an older program stopped', async () => {
    await write('0001-create-one.sql', 'create table one (id integer)')
    await migrate(database, folder)
    await write('0002-create-two.sql', 'create table two (id integer)')
    expect(await migrate(database, folder)).toEqual({ applied: ['0002-create-two.sql'] })
    expect(await ledger()).toEqual([{ number: 1, name: '0001-create-one.sql' }, { number: 2, name: '0002-create-two.sql' }])
  })

  test('several at once all succeed, and each file is applied by one of them', async () => {
    await twoTables()
    await write('0003-wait.sql', 'create table three (id integer); select pg_sleep(0.1);')
    const others = [1, 2, 3].map(() => openDatabase(made.url, { max: 1 }))
    const results = await Promise.all([database, ...others].map((each) => migrate(each, folder)))
    await Promise.all(others.map((other) => other.close()))
    expect(results.flatMap(({ applied }) => applied).sort()).toEqual(['0001-create-one.sql', '0002-create-two.sql', '0003-wait.sql'])
    expect(await ledger()).toHaveLength(3)
  })

  test('takes a file with other line ends for the same', async () => {
    await twoTables()
    await migrate(database, folder)
    const text = await readFile(path.join(folder, '0001-create-one.sql'), 'utf8')
    await write('0001-create-one.sql', text.replaceAll('\n', '\r\n'))
    expect(await migrate(database, folder)).toEqual({ applied: [] })
  })

  test('leaves nothing behind of a file that fails, and keeps those before it', async () => {
    await twoTables()
    await write('0003-fail.sql', 'create table three (id integer); insert into missing values (1);')
    await expect(migrate(database, folder)).rejects.toThrow(Permanent)
    expect(await ledger()).toHaveLength(2)
    expect(await database.sql`select to_regclass('three') as three`).toEqual([{ three: null }])
    await write('0003-fail.sql', 'create table three (id integer);')
    expect(await migrate(database, folder)).toEqual({ applied: ['0003-fail.sql'] })
  })

  test('refuses an applied file that was changed', async () => {
    await twoTables()
    await migrate(database, folder)
    await write('0001-create-one.sql', 'create table one (id bigint);')
    await write('0003-create-three.sql', 'create table three (id integer);')
    await expect(migrate(database, folder)).rejects.toThrow('migration 0001-create-one.sql is not the one that was applied')
    expect(await ledger()).toHaveLength(2)
  })

  test('refuses an applied file that was renamed', async () => {
    await twoTables()
    await migrate(database, folder)
    await rename(path.join(folder, '0002-create-two.sql'), path.join(folder, '0002-create-zwei.sql'))
    await expect(migrate(database, folder)).rejects.toThrow('is not the one that was applied (0002-create-two.sql)')
  })

  test('refuses a database that is newer than the program', async () => {
    await twoTables()
    await migrate(database, folder)
    await rm(path.join(folder, '0002-create-two.sql'))
    await expect(migrate(database, folder)).rejects.toThrow(
      'the database is newer than this program (it has migration 0002-create-two.sql): start a version that knows it, or restore a backup')
  })

  test('refuses a ledger with a hole', async () => {
    await twoTables()
    await migrate(database, folder)
    await database.sql`delete from schema_migrations where number = 1`
    await expect(migrate(database, folder)).rejects.toThrow('no record of migration 0001')
  })

  test.each([
    ['a gap', ['0001-a.sql', '0003-c.sql'], 'migrations/0003-c.sql: expected number 0002 here'],
    ['a double', ['0001-a.sql', '0001-b.sql'], 'migrations/0001-b.sql: expected number 0002 here'],
    ['a folder that does not begin at 1', ['0002-a.sql'], 'migrations/0002-a.sql: expected number 0001 here'],
    ['a name that is none', ['1_init.sql'], 'migrations/1_init.sql: a migration is named like'],
  ])('refuses %s before it touches the database', async (_, names, message) => {
    for (const name of names) await write(name, 'select 1')
    await expect(migrate(database, folder)).rejects.toThrow(message)
    await expect(migrate(database, folder)).rejects.toThrow(Invalid)
    expect(await database.sql`select to_regclass('schema_migrations') as ledger`).toEqual([{ ledger: null }])
  })

  test('a migrator that is killed in the middle does not hold up the next', async () => {
    await write('0001-wait.sql', 'create table one (id integer); select pg_sleep(30);')
    const victim = openDatabase(made.url, { max: 1, applicationName: 'victim' })
    const fate = migrate(victim, folder).catch((error: unknown) => error)
    await expect.poll(async () => {
      const rows = await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim' and query like '%pg_sleep%'`
      return rows.length
    }, patient).toBe(1)
    expect(await fate).toBeInstanceOf(Error)
    await victim.close()
    await write('0001-wait.sql', 'create table one (id integer);')
    expect(await migrate(database, folder)).toEqual({ applied: ['0001-wait.sql'] })
  })
})

describe('assertMigrated', () => {
  test('refuses a database that nobody migrated, with the command', async () => {
    await expect(assertMigrated(database)).rejects.toThrow(Invalid)
    await expect(assertMigrated(database)).rejects.toThrow('the database lacks migration 0001-create-the-house.sql: run "namesake migrate"')
  })

  test('refuses an older one, with the command, and changes nothing', async () => {
    await write('0001-create-one.sql', 'create table one (id integer)')
    await migrate(database, folder)
    await write('0002-create-two.sql', 'create table two (id integer)')
    await expect(assertMigrated(database, folder)).rejects.toThrow('lacks migration 0002-create-two.sql: run "namesake migrate"')
    expect(await ledger()).toHaveLength(1)
  })

  test('refuses a newer one', async () => {
    await twoTables()
    await migrate(database, folder)
    await rm(path.join(folder, '0002-create-two.sql'))
    await expect(assertMigrated(database, folder)).rejects.toThrow('the database is newer than this program')
  })

  test('refuses one that was migrated by other files', async () => {
    await twoTables()
    await migrate(database, folder)
    await write('0002-create-two.sql', 'select 2')
    await expect(assertMigrated(database, folder)).rejects.toThrow('is not the one that was applied')
  })
})
