/** The part of `pg` that BullMQ's PostgreSQL backend needs; the package brings no types. */
declare module 'pg' {
  import type { EventEmitter } from 'node:events'
  import type { PgPoolClient, PgQueryResult } from 'bullmq'

  export interface PoolOptions {
    connectionString: string
    /** Connections at most; read by the pool each time it wants one. */
    max: number
    keepAlive: boolean
    application_name: string
    connectionTimeoutMillis: number
    idleTimeoutMillis: number
    /** Milliseconds a query may take, as the client counts them. */
    query_timeout: number
  }

  export class Pool extends EventEmitter {
    constructor(options: PoolOptions)
    readonly options: PoolOptions
    connect(): Promise<PgPoolClient>
    query<Row = unknown>(text: string, values?: readonly unknown[]): Promise<PgQueryResult<Row>>
    end(): Promise<void>
  }
}
