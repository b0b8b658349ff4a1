import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { createDatabase } from '../support/database.ts'

const shipped = path.join(import.meta.dirname, '../../migrations')

test('what is known of the time before the history is in it after the upgrade, and stays as it is', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-test-'))
  await using own = await createDatabase({ empty: true })
  const { sql } = own.database
  try {
    for (const name of await readdir(shipped)) if (name < '0011') await cp(path.join(shipped, name), path.join(folder, name))
    await migrate(own.database, folder)
    await sql`insert into identifiers (form, kind, ecosystem, name, key, team, disclose, public_on_purpose, near, created_at, retired_at, pattern_id) values
      ('name', 'package', 'npm', 'kept', 'kept', 'identity', 'name', false, '[]', '2026-01-01Z', null, null),
      ('name', 'package', 'npm', 'retired', 'retired', null, 'name', true, '[]', '2026-02-01Z', '2026-05-01Z', null),
      ('name', 'package', 'npm', 'spelled', 'spelled', 'data', 'name', false, '[]', '2026-03-01Z', null, 1)`
    await sql`insert into watches (source, key, input, query, created_at, retired_at, purpose) values
      ('github-code', 'a', '{}', 'a', '2025-12-01Z', null, 'cover'), ('github-code', 'b', '{}', 'b', '2026-02-02Z', '2026-04-01Z', 'cover'), ('github-code', 'c', '{}', 'c', '2026-02-02Z', null, 'check')`
    await sql`insert into watch_covers (watch_id, identifier_id) values (1, 1), (2, 2), (3, 1)`
    await migrate(own.database)
    const names = await sql`select identifier_id::int as id, in_inventory, public_on_purpose, team, at from identifier_events order by id, identifier_events.id`
    expect(names.map(({ id, in_inventory: line, public_on_purpose: onPurpose, team, at }) => [id, line, onPurpose, team, new Date(at).toISOString().slice(0, 10)])).toEqual([
      [1, true, false, 'identity', '2026-01-01'], [2, true, true, null, '2026-02-01'], [2, false, true, null, '2026-05-01'], [3, false, false, 'data', '2026-03-01'],
    ])
    const covers = await sql`select watch_id::int as watch, identifier_id::int as name, covers, at from cover_events order by id`
    expect(covers.map(({ watch, name, covers: on, at }) => [watch, name, on, new Date(at).toISOString().slice(0, 10)])).toEqual([
      [1, 1, true, '2026-01-01'], [2, 2, true, '2026-02-02'], [2, 2, false, '2026-04-01'],
    ])
    await expect(sql`delete from identifier_events`).rejects.toThrow(/append-only/)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
