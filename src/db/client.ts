import type { PgDatabase } from 'drizzle-orm/pg-core'
import { drizzle, PostgresJsPreparedQuery, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import { DrizzleQueryError } from 'drizzle-orm/errors'
import postgres from 'postgres'
import { Invalid } from '../errors.ts'
import * as schema from './schema/index.ts'
import { socketFactory } from './open-socket.ts'
import { isDriverError, translateError } from './translate-error.ts'

export { faultOf, type DatabaseFault } from './translate-error.ts'

/** postgres.js with int8 as bigint, as drizzle reads it. */
export type Sql = postgres.Sql<{ bigint: bigint }>

/** What a verb takes: the database or a transaction of it. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, typeof schema>

export interface Database {
  readonly db: PostgresJsDatabase<typeof schema>
  /**
   * For what drizzle cannot say. Times are Date, int8 is bigint, JSON is parsed as in drizzle; only JSON that is a mere
   * text keeps its quotes.
   */
  readonly sql: Sql
  /** Waits for running statements for at most 5 s, then cuts them off. Safe to call twice. */
  close(): Promise<void>
}

const connectSeconds = 10
const idleSeconds = 60
const closeSeconds = 5

/**
 * A pool of connections; none is opened before the first statement.
 *
 * Every error that comes out of it is one of the closed set (`Transient`, `Conflict`, `Permanent`), without values:
 * parameters are names. Its `cause` is a `DatabaseFault` (see `faultOf`).
 * @param options.max connections at most, 10 by default
 * @throws Invalid when the URL cannot be read; the message does not repeat it, it holds a password
 */
export function openDatabase(url: string, options: { readonly max?: number; readonly applicationName?: string } = {}): Database {
  const client = connect(url, { max: options.max ?? 10, applicationName: options.applicationName ?? 'namesake' })
  const guarded = guard(client)
  const db = drizzle({ client: guarded, schema })
  keepTypesOfDriver(client)
  return { db, sql: guarded, close: () => client.end({ timeout: closeSeconds }) }
}

/**
 * One connection, one statement: for `doctor` and the start of a process.
 * @throws Invalid with one sentence for the operator: unreachable, login refused, no such database, or refused otherwise
 */
export async function pingDatabase(url: string): Promise<void> {
  const client = connect(url, { max: 1, applicationName: 'namesake doctor' })
  try {
    await client`select 1`
  } catch (error) {
    throw new Invalid(explain(error, client))
  } finally {
    await client.end({ timeout: 1 })
  }
}

function connect(url: string, options: { readonly max: number; readonly applicationName: string }): Sql {
  if (!/^postgres(ql)?:\/\//.test(url)) throw new Invalid('database.url must start with postgres:// or postgresql://')
  const settings = {
    max: options.max,
    connect_timeout: connectSeconds,
    idle_timeout: idleSeconds,
    connection: { application_name: options.applicationName },
    types: { bigint: postgres.BigInt },
    onnotice: () => {},
    // Documented ("Custom socket") but missing in the driver's types.
    socket: socketFactory(),
  }
  try {
    return postgres(url, settings)
  } catch {
    // The parser's own error repeats the URL.
    throw new Invalid('database.url is not a URL: special characters in user and password must be percent-encoded')
  }
}

/** One sentence for the operator. Host, port, user and database name are his own; the password is never among them. */
function explain(error: unknown, client: Sql): string {
  const { host, port, user, database } = client.options
  const server = `${host[0] ?? ''}:${port[0] ?? ''}`
  const code = translateError(error).cause
  const state = typeof code === 'object' && code !== null && 'code' in code ? String(code.code) : 'unknown'
  if (state === '28P01') return `database ${server}: wrong password for user "${user}"`
  if (state.startsWith('28')) return `database ${server}: user "${user}" may not log in to "${database}" (${state})`
  if (state === '3D000') return `database ${server}: there is no database "${database}"; create it, or mend database.url`
  if (state === '53300') return `database ${server}: all its connections are taken`
  if (state === 'NOT_POSTGRES') return `database ${server}: what answers there is not PostgreSQL`
  if (state.includes('CERT')) return `database ${server}: its TLS certificate is not accepted (${state})`
  if (state === '57P03') return `database ${server}: it is starting or stopping; try again in a moment`
  if (/^[0-9A-Z]{5}$/.test(state) && error instanceof postgres.PostgresError) return `database ${server}: it refused us (${state})`
  return `database ${server}: unreachable (${state})`
}

/** drizzle replaces the driver's handling of times and JSON for the whole client; raw statements want it back. */
function keepTypesOfDriver(client: Sql): void {
  const { parsers, serializers } = client.options
  for (const type of [1184, 1114]) {
    parsers[type] = (text: string) => new Date(text)
    serializers[type] = (value: Date | string) => (value instanceof Date ? value.toISOString() : value)
  }
  for (const type of [114, 3802]) {
    // drizzle hands over JSON as text, and parses again what reaches it as text: that must still be JSON.
    serializers[type] = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
    parsers[type] = (text: string) => (text.startsWith('"') ? text : JSON.parse(text))
  }
}

/** The parts of a postgres.js query that decide its outcome. */
interface Outcome {
  reject(error: unknown): void
}

/** The same client, but its errors are translated, in transactions and savepoints too. */
function guard<Client extends object>(client: Client): Client {
  return new Proxy(client, {
    // The client is a tagged template; what it returns is a query, or a fragment without outcome.
    apply: (target, self, parts) => watch(Reflect.apply(target as () => unknown, self, parts)),
    get(target, key) {
      const member: unknown = Reflect.get(target, key)
      if (typeof member !== 'function') return member
      if (key === 'unsafe' || key === 'file' || key === 'notify') return (...parts: unknown[]) => watch(Reflect.apply(member, target, parts))
      if (key === 'begin' || key === 'savepoint') return (...parts: unknown[]) => scope(member, target, parts)
      if (key === 'reserve') return async () => guard<object>(await translated(Reflect.apply(member, target, [])))
      return member
    },
  })
}

function watch(made: unknown): unknown {
  if (!(made instanceof Promise)) return made
  if (!('reject' in made) || typeof made.reject !== 'function') return translated(made)
  // A postgres.js query is a promise with its own `reject`: the driver calls it.
  const query = made as unknown as Outcome
  const reject = query.reject.bind(query)
  query.reject = (error) => reject(translateError(error))
  return made
}

function scope(member: Function, target: object, parts: readonly unknown[]): Promise<unknown> {
  const inner = parts.map((part) => (typeof part === 'function' ? (tx: object) => part(guard(tx)) : part))
  return translated(Reflect.apply(member, target, inner))
}

async function translated<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value
  } catch (error) {
    throw isDriverError(error) ? translateError(error) : error
  }
}

/**
 * drizzle wraps every error in one whose message spells out all parameters. There is no option against it, so its
 * one place is replaced: the translated error goes through as it is.
 */
function letTranslatedErrorsThrough(): void {
  type Execute = (query: string, parameters: unknown[], run: () => Promise<unknown>) => Promise<unknown>
  // Not in drizzle's public types; a version without it must fail here, not leak.
  const prepared = PostgresJsPreparedQuery.prototype as unknown as { queryWithCache?: Execute }
  const original = prepared.queryWithCache
  if (original === undefined) throw new Error('drizzle-orm changed: errors of queries would spell out their parameters')
  prepared.queryWithCache = async function queryWithCache(query, parameters, run) {
    try {
      return await original.call(this, query, parameters, run)
    } catch (error) {
      throw error instanceof DrizzleQueryError ? translateError(error.cause) : error
    }
  }
}

letTranslatedErrorsThrough()
