import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Invalid } from '../errors.ts'
import type { Database, Sql } from './client.ts'

/** The folder that is shipped with the program. */
const shipped = path.join(import.meta.dirname, '..', '..', 'migrations')

/** Any number that nobody else locks: several migrators of one database queue up behind it. */
const lock = 6_262_737_653n

interface Migration {
  /** 1-based, without gaps. */
  readonly number: number
  /** File name, `0001-create-the-house.sql`. */
  readonly name: string
  /** SHA-256 of the text with line ends as LF, in hex. */
  readonly checksum: string
  readonly text: string
}

interface Applied {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

/**
 * Brings the database up to this program's schema: every file of `migrations/` in the order of its number, each in a
 * transaction of its own together with its ledger row (`schema_migrations`). Migrators that run at once wait for each
 * other; the later ones find nothing left to do and succeed.
 *
 * Not drizzle-kit's migrator: that one neither refuses a database newer than the program nor makes concurrent
 * migrators wait, and our files are named and written by hand.
 * @returns the file names applied by this call
 * @throws Invalid for a folder with a gap, an applied file that was changed, or a database newer than the program
 */
export async function migrate(database: Database, folder: string = shipped): Promise<{ readonly applied: readonly string[] }> {
  const migrations = await readMigrations(folder)
  const applied: string[] = []
  for (;;) {
    const name = await applyNext(database.sql, migrations)
    if (name === null) return { applied }
    applied.push(name)
  }
}

/**
 * For processes that must not migrate.
 * @throws Invalid when the database is older or newer than the program, with the command that helps
 */
export async function assertMigrated(database: Database, folder: string = shipped): Promise<void> {
  const migrations = await readMigrations(folder)
  const [ledger] = await database.sql`select to_regclass('schema_migrations') is not null as exists`
  const applied = ledger?.['exists'] === true ? await readLedger(database.sql) : []
  assertKnown(applied, migrations)
  const missing = migrations[applied.length]
  if (missing !== undefined) {
    throw new Invalid(`the database lacks migration ${missing.name}: run "namesake migrate", then start again`)
  }
}

/** One transaction: wait for the lock, compare ledger and files, apply the first file that is missing. */
async function applyNext(sql: Sql, migrations: readonly Migration[]): Promise<string | null> {
  return await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lock})`
    await tx`
      create table if not exists schema_migrations (
        number integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
      )`
    const applied = await readLedger(tx)
    assertKnown(applied, migrations)
    const next = migrations[applied.length]
    if (next === undefined) return null
    await tx.unsafe(next.text).simple()
    await tx`insert into schema_migrations (number, name, checksum) values (${next.number}, ${next.name}, ${next.checksum})`
    return next.name
  })
}

async function readLedger(sql: Pick<Sql, 'unsafe'>): Promise<readonly Applied[]> {
  return await sql.unsafe<Applied[]>('select number, name, checksum from schema_migrations order by number')
}

/** The ledger must be the beginning of the folder, file by file. */
function assertKnown(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const [index, row] of applied.entries()) {
    const file = migrations[index]
    if (row.number !== index + 1) {
      throw new Invalid(`the database has no record of migration ${number(index + 1)} but of a later one: restore it from a backup`)
    }
    if (file === undefined) {
      throw new Invalid(`the database is newer than this program (it has migration ${row.name}): start a version that knows it, or restore a backup`)
    }
    if (file.checksum !== row.checksum || file.name !== row.name) {
      throw new Invalid(`migration ${file.name} is not the one that was applied (${row.name}): put the file back as it was and write the change as a new migration`)
    }
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  for (const [index, name] of names.entries()) {
    if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(name)) {
      throw new Invalid(`migrations/${name}: a migration is named like 0001-create-the-house.sql`)
    }
    if (Number(name.slice(0, 4)) !== index + 1) {
      throw new Invalid(`migrations/${name}: expected number ${number(index + 1)} here; numbers have no gaps and no doubles`)
    }
    const text = (await readFile(path.join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
    migrations.push({ number: index + 1, name, checksum: createHash('sha256').update(text).digest('hex'), text })
  }
  return migrations
}

const number = (value: number) => String(value).padStart(4, '0')
