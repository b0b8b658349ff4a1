import { asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { Line } from '../../src/contracts/inventory.ts'
import { coverEvents, identifierEvents, identifiers, runs, watches } from '../../src/db/schema/index.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { planWatches } from '../../src/runs/plan-watches.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const db = () => store.database.db
const at = (day: number) => new Date(Date.UTC(2026, 9, day))

const line = (text: string, more: Partial<Line> = {}): Line =>
  ({ form: 'name', kind: 'package', ecosystem: 'npm', text, team: 'identity', disclose: 'name', publicOnPurpose: false, near: [], where: 'test', ...more })
const sync = (lines: readonly Line[], day: number) => syncInventory(db(), { lines, digest: String(day), now: at(day) })
const identifierHistory = async () => (await db().select().from(identifierEvents).orderBy(asc(identifierEvents.id))).map(({ inInventory, publicOnPurpose, team, at: moment }) => [moment.getUTCDate(), inInventory, publicOnPurpose, team])

describe('the history of identifiers', () => {
  test('has a line for each change of team, purpose and membership, and none when nothing changed', async () => {
    await sync([line('a')], 1)
    await sync([line('a')], 2)
    await sync([line('a', { team: 'iam' })], 3)
    await sync([line('a', { team: 'iam', publicOnPurpose: true })], 4)
    await sync([], 5)
    await sync([], 6)
    await sync([line('a')], 7)
    expect(await identifierHistory()).toEqual([[1, true, false, 'identity'], [3, true, false, 'iam'], [4, true, true, 'iam'], [5, false, true, 'iam'], [7, true, false, 'identity']])
  })

  test('only grows', async () => {
    await sync([line('a')], 1)
    await expect(db().delete(identifierEvents)).rejects.toThrow(/append-only/)
    await expect(db().update(identifierEvents).set({ team: 'x' })).rejects.toThrow(/append-only/)
  })
})

const query = (key: string, covers: string[]) => ({ key, input: { q: key }, text: key, covers })
const plan = (queries: ReturnType<typeof query>[], day: number, checks: ReturnType<typeof query>[] = []) =>
  planWatches(db(), { source: 'github-code', destination: 'api.github.com', queries, unsearchable: [], checks, trials: new Map(), naive: queries.length }, at(day))
const coverHistory = async () =>
  (await db().select({ key: watches.key, covers: coverEvents.covers, at: coverEvents.at }).from(coverEvents).innerJoin(watches, eq(watches.id, coverEvents.watchId)).orderBy(asc(coverEvents.id))).map(({ key, covers, at: moment }) => [moment.getUTCDate(), key, covers])

describe('the history of what watches cover', () => {
  test('tells when a watch begins to cover a name, stops, is retired, brought back, and turned into a check', async () => {
    await sync([line('a'), line('b')], 1)
    const [a = '', b = ''] = (await db().select().from(identifiers).orderBy(asc(identifiers.name))).map(({ id }) => String(id))
    await plan([query('stem', [a])], 2)
    await plan([query('stem', [a])], 3)
    await plan([query('stem', [a, b])], 4)
    await plan([query('stem', [b]), query('name', [a])], 5)
    await plan([query('stem', [b])], 6)
    await plan([query('stem', [b]), query('name', [a])], 7)
    await plan([query('stem', [a, b])], 8, [query('name', [a])])
    expect(await coverHistory()).toEqual([
      [2, 'stem', true], [4, 'stem', true], [5, 'stem', false], [5, 'name', true], [6, 'name', false], [7, 'name', true], [8, 'stem', true], [8, 'name', false],
    ])
  })

  test('only grows', async () => {
    await sync([line('a')], 1)
    const [a] = await db().select().from(identifiers)
    await plan([query('one', [String(a?.id)])], 2)
    await expect(db().delete(coverEvents)).rejects.toThrow(/append-only/)
  })
})

test('a run that has ended stays as it ended; one that goes on may still change', async () => {
  const [watch] = await db().insert(watches).values({ source: 'github-code', key: 'k', input: {}, query: 'q', createdAt: at(1) }).returning()
  await db().insert(runs).values({ watchId: watch?.id ?? 0n, tick: at(1), trigger: 'sweep', startedAt: at(1) })
  await db().update(runs).set({ outcome: 'partial', finishedAt: at(2) })
  await expect(db().update(runs).set({ outcome: 'complete' })).rejects.toThrow(/stays as it ended/)
  await expect(db().delete(runs)).rejects.toThrow(/stays as it ended/)
})
