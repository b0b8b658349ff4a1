import { count } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { settings } from '../../src/db/schema/index.ts'
import { fixedClock } from '../support/clock.ts'
import { createDatabase, useDatabase } from '../support/database.ts'

const clock = fixedClock('2026-03-01T09:00:00Z')

describe('a database per test file', () => {
  const own = useDatabase({ truncate: true })

  test.each([1, 2])('starts every test empty, for the %i. time', async () => {
    const { db } = own.database
    expect(await db.select({ rows: count() }).from(settings)).toEqual([{ rows: 0 }])
    await db.insert(settings).values({ key: 'digest', value: 'abc', changedAt: clock.now() })
  })

  test('is not seen by another one', async () => {
    await own.database.db.insert(settings).values({ key: 'digest', value: 'abc', changedAt: clock.now() })
    await using other = await createDatabase()
    expect(await other.database.db.select().from(settings)).toEqual([])
  })

  test('is gone after drop', async () => {
    const other = await createDatabase()
    const name = new URL(other.url).pathname.slice(1)
    await other.drop()
    expect(await own.database.sql`select 1 from pg_database where datname = ${name}`).toHaveLength(0)
  })
})

describe('the fixed clock', () => {
  test('stands still until it is advanced', () => {
    const clock = fixedClock('2026-03-01T09:00:00Z')
    clock.now().setFullYear(1999)
    expect(clock.now().toISOString()).toBe('2026-03-01T09:00:00.000Z')
    clock.advance(1500)
    expect(clock.now().toISOString()).toBe('2026-03-01T09:00:01.500Z')
  })

  test('refuses what is not a time', () => {
    expect(() => fixedClock('yesterday')).toThrow('not a time')
  })
})
