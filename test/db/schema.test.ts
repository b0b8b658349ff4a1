import { sql as text, type SQL } from 'drizzle-orm'
import { getTableConfig, PgTable, type AnyPgColumn } from 'drizzle-orm/pg-core'
import { is } from 'drizzle-orm/entity'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { disclosures } from '../../src/contracts/inventory.ts'
import * as schema from '../../src/db/schema/index.ts'
import { useDatabase } from '../support/database.ts'

const own = useDatabase()

const exported: readonly unknown[] = Object.values(schema)
const configs = exported.filter((value) => is(value, PgTable)).map((table) => getTableConfig(table))
const byText = (one: { readonly key: string }, other: { readonly key: string }) => (one.key < other.key ? -1 : 1)
const columnNames = (columns: readonly { readonly name: string }[]) => columns.map(({ name }) => name)

describe('the tables of src/db/schema are those of the migrations', () => {
  test('table by table', async () => {
    const rows = await own.database.sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = 'public' and table_name <> 'schema_migrations' order by 1`
    expect(rows.map(({ name }) => name)).toEqual(configs.map(({ name }) => name).sort())
    expect(rows.length).toBeGreaterThan(10)
  })

  test('column by column: type, null, default, identity', async () => {
    const rows = await own.database.sql<{ key: string }[]>`
      select table_name || '.' || column_name as key, case data_type when 'ARRAY' then ltrim(udt_name, '_') || '[]' else data_type end as type, is_nullable = 'YES' as nullable,
        column_default is not null as default, is_identity = 'YES' as identity
      from information_schema.columns where table_schema = 'public' and table_name <> 'schema_migrations'`
    const declared = configs.flatMap(({ name: table, columns }) =>
      columns.map((column) => ({
        key: `${table}.${column.name}`,
        type: column.getSQLType(),
        nullable: !column.notNull,
        default: column.default !== undefined,
        identity: column.generatedIdentity !== undefined,
      })))
    expect([...rows].sort(byText)).toEqual(declared.sort(byText))
  })

  test('primary key by primary key', async () => {
    const declared = configs.map(({ name, columns, primaryKeys }) => {
      const [composite] = primaryKeys
      const keyColumns = composite === undefined ? columns.filter((column) => column.primary) : composite.columns
      return { key: `${name}_pkey`, table: name, columns: columnNames(keyColumns) }
    })
    expect(await constraints('p')).toEqual(declared.sort(byText))
  })

  test('unique constraint by unique constraint, nulls too', async () => {
    const rows = await own.database.sql<{ key: string }[]>`
      select c.conname as key, c.conrelid::regclass::text as table, i.indnullsnotdistinct as "nullsNotDistinct", ${columnsOf('c.conrelid', 'c.conkey')} as columns
      from pg_constraint c join pg_index i on i.indexrelid = c.conindid
      where c.contype = 'u' and c.connamespace = 'public'::regnamespace and c.conrelid <> 'schema_migrations'::regclass`
    const declared = configs.flatMap(({ name: table, uniqueConstraints }) =>
      uniqueConstraints.map(({ name, nullsNotDistinct, columns }) => ({ key: name ?? '', table, nullsNotDistinct, columns: columnNames(columns) })))
    expect([...rows].sort(byText)).toEqual(declared.sort(byText))
  })

  test('index by index: name, columns, unique, condition', async () => {
    const rows = await own.database.sql<{ key: string; condition: string | null }[]>`
      select i.indexrelid::regclass::text as key, i.indrelid::regclass::text as table, i.indisunique as unique,
        ${columnsOf('i.indrelid', 'i.indkey')} as columns, pg_get_expr(i.indpred, i.indrelid) as condition
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where c.relnamespace = 'public'::regnamespace and not exists (select 1 from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))`
    const declared = []
    for (const { name: table, indexes } of configs) {
      for (const { config } of indexes) {
        // An index on an expression would have no name here: we have none, and this would show one.
        const columns = columnNames(config.columns as AnyPgColumn[])
        const condition = config.where === undefined ? null : await normalise(table, config.where)
        declared.push({ key: config.name ?? '', table, unique: config.unique, columns, condition })
      }
    }
    expect([...rows].sort(byText)).toEqual(declared.sort(byText))
    expect(rows.some(({ condition }) => condition !== null)).toBe(true)
  })

  test('reference by reference', async () => {
    const rows = await own.database.sql<{ key: string }[]>`
      select c.conrelid::regclass::text as table, ${columnsOf('c.conrelid', 'c.conkey')} as columns,
        c.confrelid::regclass::text as target, ${columnsOf('c.confrelid', 'c.confkey')} as "targetColumns"
      from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace`
    const declared = configs.flatMap(({ name: table, foreignKeys }) =>
      foreignKeys.map((foreignKey) => {
        const { columns, foreignTable, foreignColumns } = foreignKey.reference()
        return { table, columns: columnNames(columns), target: getTableConfig(foreignTable).name, targetColumns: columnNames(foreignColumns) }
      }))
    const lines = (references: readonly object[]) => references.map((reference) => JSON.stringify(reference, ['table', 'columns', 'target', 'targetColumns'])).sort()
    expect(lines(rows)).toEqual(lines(declared))
  })
})

describe('the words that a column takes are those of the program', () => {
  test.each([
    ['findings', 'state', schema.findingStates],
    ['findings', 'severity', schema.severities],
    ['events', 'state', schema.findingStates],
    ['occurrences', 'status', schema.occurrenceStatuses],
    ['occurrences', 'copy_reason', schema.copyReasons],
    ['events', 'verb', schema.eventVerbs],
    ['runs', 'outcome', schema.outcomes],
    ['notices', 'kind', schema.noticeKinds],
    ['identifiers', 'disclose', disclosures],
    ['inferred', 'state', schema.inferredStates],
    ['accounts', 'role', schema.accountRoles],
    ['account_links', 'kind', schema.linkKinds],
  ] as const)('%s.%s', async (table, column, words) => {
    const [row] = await own.database.sql<{ definition: string }[]>`
      select pg_get_constraintdef(oid) as definition from pg_constraint
      where contype = 'c' and conrelid = ${table}::regclass and conname = ${`${table}_${column}_check`}`
    const allowed = [...(row?.definition ?? '').matchAll(/'(?<word>[^']*)'::text/g)].map((match) => match.groups?.['word'])
    expect(allowed.sort()).toEqual([...words].sort())
  })
})

describe('the history of findings', () => {
  test.each(['update events set actor = $1', 'delete from events where actor = $1'])('refuses: %s', async (statement) => {
    const { sql } = own.database
    await sql`insert into identifiers (form, kind, name, key, disclose, public_on_purpose, near, created_at)
      values ('name', 'codename', 'HermesBuilder', 'hermesbuilder', 'never', false, '[]', now()) on conflict do nothing`
    await sql`insert into findings (identifier_id, state, severity, reasons, first_seen_at, public_since, public_since_is_lower_bound, updated_at)
      select id, 'open', 'low', '[]', now(), now(), true, now() from identifiers on conflict do nothing`
    await sql`insert into events (finding_id, verb, actor_kind, actor, state, facts, at)
      select id, 'found', 'system', 'search', 'open', '{}', now() from findings`
    await expect(sql.unsafe(statement, ['search'])).rejects.toThrow('events are append-only')
  })
})

test.each(["update audit_trail set actor = 'somebody'", 'delete from audit_trail'])('the audit trail refuses: %s', async (statement) => {
  const { sql } = own.database
  await sql`insert into audit_trail (actor_kind, actor, verb, subject_kind, subject, facts, at) values ('cli', 'root', 'account-invited', 'account', 'a@b.example', '{}', now())`
  await expect(sql.unsafe(statement)).rejects.toThrow('append-only')
})

describe('the files of migrations/', () => {
  test('leave the transaction to the runner', async () => {
    const folder = path.join(import.meta.dirname, '..', '..', 'migrations')
    const wrong: string[] = []
    for (const name of await readdir(folder)) {
      const statements = (await readFile(path.join(folder, name), 'utf8')).replace(/--.*$|\$\$[\s\S]*?\$\$/gm, '')
      if (/\b(begin|commit|rollback|concurrently|vacuum)\b/i.test(statements)) wrong.push(`${name}: it runs inside a transaction already`)
    }
    expect(wrong).toEqual([])
  })
})

/** Names of columns in the order of a key, as an SQL fragment; both arguments are written here. */
function columnsOf(table: string, key: string) {
  return own.database.sql.unsafe(`array(
    select a.attname::text from unnest(${key}::int2[]) with ordinality as k (number, place)
    join pg_attribute a on a.attrelid = ${table} and a.attnum = k.number order by k.place)`)
}

async function constraints(type: string): Promise<readonly object[]> {
  const rows = await own.database.sql<{ key: string }[]>`
    select c.conname as key, c.conrelid::regclass::text as table, ${columnsOf('c.conrelid', 'c.conkey')} as columns
    from pg_constraint c
    where c.contype = ${type} and c.connamespace = 'public'::regnamespace and c.conrelid <> 'schema_migrations'::regclass`
  return [...rows].sort(byText)
}

/** A condition as PostgreSQL prints it: on an index that is made and taken back. */
async function normalise(table: string, condition: SQL): Promise<string> {
  class Undo extends Error {}
  let printed = ''
  try {
    await own.database.db.transaction(async (tx) => {
      await tx.execute(text`create index probe on ${text.identifier(table)} ((1)) where ${condition}`)
      const [row] = await tx.execute<{ condition: string }>(
        text`select pg_get_expr(indpred, indrelid) as condition from pg_index where indexrelid = 'probe'::regclass`)
      printed = row?.condition ?? ''
      throw new Undo()
    })
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  }
  return printed
}
