import { setTimeout } from 'node:timers/promises'
import {
  createPostgresBackend, DEFAULT_SCHEMA, Queue, runMigrations, SchemaVersionMismatchError, UnsupportedPostgresVersionError, Worker,
  type JobProgress, type PostgresConnectionOptions, type PostgresQueueBackend,
  type Telemetry,
} from 'bullmq'
import { Pool } from 'pg'
import { Invalid } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Payload } from './payload.ts'
import { codeOf, commandTimeoutMs, connectTimeoutMs, reportTo, type Store } from './store.ts'

/** Connections for queries, shared by all queues of the process; each worker holds one more for LISTEN. */
const queryConnections = 4

/**
 * BullMQ on PostgreSQL, schema `bullmq`, created and migrated here under BullMQ's own advisory lock. Its limiter and
 * locks go by the clocks of the worker processes: on several machines those have to agree (NTP).
 * @throws Invalid when the server cannot be reached, refuses the login, or cannot hold the schema
 */
export async function openPostgres(options: { readonly databaseUrl: string; readonly prefix: string; readonly log: Log; readonly telemetry?: Telemetry | undefined }): Promise<Store> {
  const { where, connectionString } = readUrl(options.databaseUrl)
  const pool = new StorePool({
    connectionString,
    max: queryConnections,
    keepAlive: true,
    application_name: 'namesake-queue',
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 10_000,
    query_timeout: commandTimeoutMs,
  })
  // Every backend listens to the pool that they share.
  pool.setMaxListeners(0)
  pool.on('error', reportTo(options.log, { store: 'postgres' }))
  try {
    await migrate(pool)
  } catch (error) {
    await pool.end()
    throw new Invalid(`the queue's PostgreSQL at ${where} ${reasonOf(error)}`)
  }
  const traced = options.telemetry === undefined ? {} : { telemetry: options.telemetry }
  // The schema is one for all, so the prefix is part of the queue's name.
  const stored = (name: string) => `${options.prefix}.${name}`
  return {
    kind: 'postgres',
    openQueue: async (name) => {
      const queue = new PostgresQueue(stored(name), { connection: pool, streams: { events: { maxLen: 100 } }, ...traced }, createPostgresBackend)
      queue.on('error', reportTo(options.log, { queue: name }))
      return readyOrClosed(queue)
    },
    openWorker: async (name, processor, settings) => {
      pool.options.max += 1
      const worker = new PostgresWorker(stored(name), processor, { ...settings, connection: pool, ...traced }, createPostgresBackend)
      worker.on('error', reportTo(options.log, { queue: name }))
      worker.on('closed', () => { pool.options.max -= 1 })
      return readyOrClosed(worker)
    },
    ping: async () => { await pool.query('select 1') },
    // A worker that was left behind keeps its connection: the process ends without waiting for it.
    close: async () => { await Promise.race([pool.end(), setTimeout(connectTimeoutMs, undefined, { ref: false })]) },
  }
}

// The last two parameters say which backend it is; TypeScript cannot infer them from the factory.
const PostgresQueue = Queue<Payload, void, string, Payload, void, string, PostgresQueueBackend, PostgresConnectionOptions>
const PostgresWorker = Worker<Payload, void, string, PostgresQueueBackend, JobProgress, PostgresConnectionOptions>

/** BullMQ remembers a failed first connection for ever: what is not ready now is thrown away. */
async function readyOrClosed<Part extends { waitUntilReady(): Promise<unknown>; close(): Promise<void> }>(part: Part): Promise<Part> {
  try {
    await part.waitUntilReady()
    return part
  } catch (error) {
    await part.close()
    throw error
  }
}

async function migrate(pool: Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await runMigrations(client, DEFAULT_SCHEMA)
  } finally {
    client.release()
  }
}

/** Where the server is, for messages (never user or password), and the address with BullMQ's schema in the search path. */
function readUrl(databaseUrl: string): { where: string; connectionString: string } {
  const url = URL.parse(databaseUrl)
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) throw new Invalid("the database's address is no postgres:// URL")
  const given = url.searchParams.get('options')
  url.searchParams.set('options', `${given === null ? '' : `${given} `}-c search_path=${DEFAULT_SCHEMA}`)
  // libpq reads %20 in `options`, not the plus that URLSearchParams writes.
  const connectionString = url.href.replace(/\?.*$/, (query) => query.replaceAll('+', '%20'))
  return { where: `${url.searchParams.get('host') ?? url.hostname}:${url.port === '' ? '5432' : url.port}`, connectionString }
}

const reasons: Readonly<Record<string, string>> = {
  '28P01': 'refuses the user or the password',
  '28000': 'refuses the user',
  '3D000': 'has no such database',
  '42501': `does not let this user create the schema "${DEFAULT_SCHEMA}"`,
}

function reasonOf(error: unknown): string {
  if (error instanceof UnsupportedPostgresVersionError) return `is older than version ${error.minimumVersion}`
  if (error instanceof SchemaVersionMismatchError) return 'was last used by a newer BullMQ: upgrade namesake'
  return reasons[codeOf(error)] ?? `cannot be used (${codeOf(error)})`
}

/**
 * BullMQ knows an outage only by the code ECONNREFUSED: it then waits and asks again. Everything else fails the job
 * or the fetch at once, so a restart of the server would cost attempts and spin. All outages are told apart here.
 */
class StorePool extends Pool {
  override async query<Row = unknown>(text: string, values?: readonly unknown[]) {
    try {
      return await super.query<Row>(text, values)
    } catch (error) {
      throw isOutage(error) ? new Error('ECONNREFUSED: the database cannot be reached', { cause: error }) : error
    }
  }
}

const outageCodes = /^(08\w{3}|57P0[123]|53300|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/
/** What `pg` and `pg-pool` throw without a code. */
const outageMessages = /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Client was closed)/

function isOutage(error: unknown): boolean {
  return error instanceof Error && (outageCodes.test(codeOf(error)) || outageMessages.test(error.message))
}
