import { Invalid } from '../errors.ts'
import { drizzle, DrizzleQueryError, PostgresJsPreparedQuery, type PgDatabase, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from './drizzle.ts'
import { openPool, type Pool, type Sql } from './pool.ts'
import * as schema from './schema/index.ts'
import type { Driver } from './session.ts'
import { faultOf, translateError } from './translate-error.ts'

export type { Sql } from './pool.ts'
export { faultOf, type DatabaseFault } from './translate-error.ts'

/** What a verb takes: the database or a transaction of it. */
export type Db = PgDatabase<PostgresJsQueryResultHKT, typeof schema>

export interface Database {
  readonly db: PostgresJsDatabase<typeof schema>
  /**
   * For what drizzle cannot say: postgres.js. Times are Date, int8 is bigint, JSON is parsed, as in drizzle; only JSON
   * that is a mere text keeps its quotes.
   */
  readonly sql: Sql
  /** Waits for running statements for at most 5 s, then cuts them off. Safe to call twice. */
  close(): Promise<void>
}

/**
 * A pool of connections; none is opened before the first statement. A statement or transaction has a connection for
 * itself; when that is lost it fails with `Transient`, and the next one gets a new connection.
 *
 * Every error that comes out of it is one of the closed set (`Transient`, `Conflict`, `Permanent`), without values:
 * parameters are names. Its `cause` is a `DatabaseFault` (see `faultOf`).
 * @param options.max connections at most, 10 by default
 * @throws Invalid when the URL cannot be read; the message does not repeat it, it holds a password
 */
export function openDatabase(url: string, options: { readonly max?: number; readonly applicationName?: string } = {}): Database {
  const { sql, close } = openPool(url, { max: options.max ?? 10, applicationName: options.applicationName ?? 'namesake' })
  // drizzle calls `unsafe`, `begin` and `savepoint` of its client, and reads `options`: the pool has these.
  return { db: drizzle({ client: sql as unknown as Driver, schema }), sql, close }
}

/**
 * One connection, one statement: for `doctor` and the start of a process.
 * @throws Invalid with one sentence for the operator: unreachable, login refused, no such database, or refused otherwise
 */
export async function pingDatabase(url: string): Promise<void> {
  const pool = openPool(url, { max: 1, applicationName: 'namesake doctor' })
  try {
    await pool.sql`select 1`
  } catch (error) {
    throw new Invalid(explain(error, pool.place))
  } finally {
    await pool.close()
  }
}

/** One sentence for the operator. Host, port, user and database name are his own; the password is never among them. */
function explain(error: unknown, { server, user, database }: Pool['place']): string {
  const code = faultOf(error)?.code ?? 'unknown'
  if (code === '28P01') return `database ${server}: wrong password for user "${user}"`
  if (code.startsWith('28')) return `database ${server}: user "${user}" may not log in to "${database}" (${code})`
  if (code === '3D000') return `database ${server}: there is no database "${database}"; create it, or mend database.url`
  if (code === '53300') return `database ${server}: all its connections are taken`
  if (code === '57P03') return `database ${server}: it is starting or stopping; try again in a moment`
  if (code === 'NOT_POSTGRES') return `database ${server}: what answers there is not PostgreSQL`
  if (code.includes('CERT')) return `database ${server}: its TLS certificate is not accepted (${code})`
  if (/^[0-9][0-9A-Z]{4}$/.test(code)) return `database ${server}: it refused us (${code})`
  return `database ${server}: unreachable (${code})`
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
