import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { openDatabase, type Database } from '../../src/db/client.ts'
import { databaseUrl, onServer } from './postgres.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly database: Database
  /** Closes the pool and drops the database. */
  drop(): Promise<void>
}

/** A database of one's own: a clone of the migrated template, or an empty one for tests of the migrations. */
export async function createDatabase(options: { readonly empty?: boolean } = {}): Promise<TestDatabase> {
  const server = inject('postgres')
  const name = `${server.prefix}${randomBytes(6).toString('hex')}`
  const template = options.empty === true ? 'template0' : server.template
  await onServer(server.url, async (sql) => {
    await sql`create database ${sql(name)} template ${sql(template)}`
  })
  const url = databaseUrl(server.url, name)
  const database = openDatabase(url, { max: 5, applicationName: 'namesake test' })
  async function drop(): Promise<void> {
    await database.close()
    await onServer(server.url, async (sql) => {
      await sql`drop database if exists ${sql(name)} with (force)`
    })
  }
  return { url, database, drop, [Symbol.asyncDispose]: drop }
}

/**
 * One database for the test file it is called in, made before its first test and dropped after its last.
 * Read the fields inside tests and hooks only.
 * @param options.truncate empties every table before each test
 */
export function useDatabase(options: { readonly truncate?: boolean } = {}): Pick<TestDatabase, 'url' | 'database'> {
  let made: TestDatabase | undefined
  const opened = (): TestDatabase => {
    if (made === undefined) throw new Error('useDatabase: read its fields inside a test or hook, the database is made in beforeAll')
    return made
  }
  beforeAll(async () => {
    made = await createDatabase()
  })
  afterAll(async () => {
    await made?.drop()
  })
  if (options.truncate === true) beforeEach(async () => truncateAll(opened().database))
  return {
    get url() {
      return opened().url
    },
    get database() {
      return opened().database
    },
  }
}

/** Every table of ours is empty afterwards and counts ids from 1; the ledger of migrations stays. */
export async function truncateAll({ sql }: Database): Promise<void> {
  const rows = await sql<{ tablename: string }[]>`
    select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations' order by tablename`
  if (rows.length === 0) return
  await sql`truncate ${sql(rows.map(({ tablename }) => tablename))} restart identity cascade`
}
