import postgres from 'postgres'
import { Conflict, NamesakeError, Permanent, Transient } from '../errors.ts'

/** What may be told about a refused statement: codes and the names of our own schema, never a value. */
export interface DatabaseFault {
  /** SQLSTATE, or the code of the connection (`ECONNREFUSED`, `CONNECT_TIMEOUT`). */
  readonly code: string
  readonly constraint: string | null
  readonly table: string | null
  readonly column: string | null
}

/** Codes of postgres.js and of the system that say: the connection failed, the statement was not refused. */
const connectionCodes = new Set([
  'CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED',
  'EAI_AGAIN', 'ECONNABORTED', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH',
  'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'NOT_POSTGRES',
])

/**
 * SQLSTATE classes (and single codes) that pass by themselves: connection, rollback by conflict, resources, operator,
 * system; failover to a read-only standby, lock timeout, and login refused until the operator mends it.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const passing = ['08', '28', '40', '53', '57', '58', '25006', '3D000', '55P03']

/**
 * An error of the driver as one of the closed set. The server's message, detail and parameters hold values, and
 * values are names: they are dropped. Messages about the statement itself (class 42) and those of our own triggers
 * (P0001) hold none and are kept.
 * @returns the same error when it is of the closed set already
 */
export function translateError(error: unknown): NamesakeError {
  if (error instanceof NamesakeError) return error
  const fault = readFault(error)
  const options = { cause: fault }
  const message = `database: ${describe(error, fault)}`
  if (connectionCodes.has(fault.code)) return new Transient(message, options)
  if (!(error instanceof postgres.PostgresError)) return new Permanent(message, options)
  if (fault.code === '23505' || fault.code === '23P01') return new Conflict(message, options)
  if (passing.some((start) => fault.code.startsWith(start))) return new Transient(message, options)
  return new Permanent(message, options)
}

/** Whether the driver made this error; anything else that leaves a transaction is its caller's own. */
export function isDriverError(error: unknown): boolean {
  return error instanceof postgres.PostgresError || connectionCodes.has(readCode(error))
}

/** Whether the session is gone with this error. PostgreSQL says FATAL when it closes the connection. */
export function endsSession(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return error.severity === 'FATAL' || error.severity === 'PANIC'
  return connectionCodes.has(readCode(error))
}

/** The fault behind an error that came out of the database; null for any other error. */
export function faultOf(error: unknown): DatabaseFault | null {
  if (!(error instanceof NamesakeError) || !isFault(error.cause)) return null
  return error.cause
}

function isFault(value: unknown): value is DatabaseFault {
  return typeof value === 'object' && value !== null && 'code' in value && 'constraint' in value && 'table' in value
}

function readFault(error: unknown): DatabaseFault {
  const code = readCode(error)
  if (!(error instanceof postgres.PostgresError)) return { code, constraint: null, table: null, column: null }
  return {
    code,
    constraint: error.constraint_name ?? null,
    table: error.table_name ?? null,
    column: error.column_name ?? null,
  }
}

function readCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function describe(error: unknown, fault: DatabaseFault): string {
  if (connectionCodes.has(fault.code)) return `connection failed (${fault.code})`
  if (!(error instanceof postgres.PostgresError)) return `the driver could not send the statement (${fault.code})`
  const places = [
    fault.table === null ? '' : `, table ${fault.table}`,
    fault.column === null ? '' : `, column ${fault.column}`,
    fault.constraint === null ? '' : `, constraint ${fault.constraint}`,
  ]
  const said = fault.code.startsWith('42') || fault.code === 'P0001' ? `: ${error.message}` : ''
  return `statement failed (${fault.code}${places.join('')})${said}`
}
