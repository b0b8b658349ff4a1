import { createRequire } from 'node:module'
import type * as Core from 'drizzle-orm'
import type * as Errors from 'drizzle-orm/errors'
import type * as Pg from 'drizzle-orm/pg-core'
import type * as PostgresJs from 'drizzle-orm/postgres-js'

/**
 * The parts of drizzle-orm that namesake uses, from its CommonJS build. Node reads the long `exports` of drizzle's
 * package.json again for each of its hundred ES modules: 0.4 s of processor at every start, against 0.05 s this way.
 */
const load = createRequire(import.meta.url)
// Both builds are made of the same source; `require` itself knows no types.
const core = load('drizzle-orm') as typeof Core
const pg = load('drizzle-orm/pg-core') as typeof Pg
const postgresJs = load('drizzle-orm/postgres-js') as typeof PostgresJs
const errors = load('drizzle-orm/errors') as typeof Errors

export const {
  and, arrayOverlaps, asc, between, count, countDistinct, desc, eq, exists, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, min, ne, not, notExists, notInArray, or, sql, sum,
} = core
export const {
  alias, bigint, bigserial, boolean, check, customType, date, doublePrecision, index, integer, jsonb, pgTable, primaryKey, smallint, text, timestamp, unique, uniqueIndex,
} = pg
export const { drizzle, PostgresJsPreparedQuery } = postgresJs
export const { DrizzleQueryError } = errors
export type { SQL } from 'drizzle-orm'
export type { AnyPgColumn, PgDatabase } from 'drizzle-orm/pg-core'
export type { PostgresJsDatabase, PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
