import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { openDatabase, type Sql } from '../../src/db/client.ts'
import { openEmbedded } from '../../src/db/embedded.ts'
import { migrate } from '../../src/db/migrate.ts'
import { homeIn, isAlive, readPostmaster } from '../../src/db/postmaster.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server on which databases may be created. */
    readonly postgres: {
      readonly url: string
      /** It is ours, started for this run. */
      readonly embedded: boolean
      /** Name of the migrated database that test files clone. */
      readonly template: string
      /** Databases of this run start with it. */
      readonly prefix: string
    }
  }
}

/**
 * One server for the whole run: the one of TEST_DATABASE_URL, else an embedded one in a temporary folder. On it one
 * template database with every migration applied.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'] ?? ''
  const server = given === '' ? await startServer() : { url: given, stop: async () => {} }
  const prefix = `namesake_test_${randomBytes(4).toString('hex')}_`
  const template = `${prefix}template`
  async function tearDown(): Promise<void> {
    try {
      await onServer(server.url, async (sql) => dropAll(sql, prefix))
    } finally {
      await server.stop()
    }
  }
  try {
    await makeTemplate(server.url, template)
  } catch (error) {
    await tearDown()
    throw error
  }
  project.provide('postgres', { url: server.url, embedded: given === '', template, prefix })
  return tearDown
}

async function makeTemplate(server: string, template: string): Promise<void> {
  await onServer(server, async (sql) => {
    await sql`create database ${sql(template)}`
  })
  const database = openDatabase(databaseUrl(server, template))
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
}

async function startServer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  await removeAbandoned()
  const folder = await mkdtemp(path.join(tmpdir(), `namesake-test-${process.pid}-`))
  const server = await openEmbedded({ dataDir: folder })
  await onServer(server.url, async (sql) => {
    // What a crash would lose here is thrown away anyway.
    await sql`alter system set fsync = off`
    await sql`alter system set full_page_writes = off`
    await sql`alter system set synchronous_commit = off`
    await sql`select pg_reload_conf()`
  })
  return {
    url: server.url,
    async stop() {
      await server.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Servers of runs that were killed: they outlive their run by design. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^namesake-test-(?<pid>\d+)-/.exec(name)?.groups?.['pid']
    if (pid === undefined || isAlive(Number(pid))) continue
    const folder = path.join(tmpdir(), name)
    try {
      if ((await readPostmaster(homeIn(folder))) !== null) await (await openEmbedded({ dataDir: folder })).close()
      await rm(folder, { recursive: true, force: true })
    } catch {
      // Another run is at it, or it belongs to another user.
    }
  }
}

/** Also those that a test file left behind because it failed half-way. */
async function dropAll(sql: Sql, prefix: string): Promise<void> {
  const rows = await sql<{ datname: string }[]>`select datname from pg_database where starts_with(datname, ${prefix})`
  for (const { datname } of rows) await sql`drop database if exists ${sql(datname)} with (force)`
}

export async function onServer<Value>(url: string, act: (sql: Sql) => Promise<Value>): Promise<Value> {
  const database = openDatabase(url, { max: 1, applicationName: 'namesake test' })
  try {
    return await act(database.sql)
  } finally {
    await database.close()
  }
}

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
