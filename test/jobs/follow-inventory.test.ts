import { isNull } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import type { OpenSource } from '../../src/contracts/source.ts'
import { watches } from '../../src/db/schema/index.ts'
import { addIdentifier } from '../../src/identifiers/add-identifier.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { followInventory } from '../../src/jobs/follow-inventory.ts'
import { createLog } from '../../src/log.ts'
import { readPlanned, replanSource } from '../../src/runs/replan.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const now = new Date('2026-11-02T09:00:00Z')
/** Searches for every term. */
const source: Pick<OpenSource, 'plan'> & Partial<OpenSource> = {
  destination: 'source.example',
  plan: ({ terms }) => ({ queries: terms.map(({ text, covers }) => ({ key: text, input: {}, text, covers, term: text })), unsearchable: [] }),
}
// Only what planning asks of a source is there.
const open = source as OpenSource
const line = (text: string) => ({ form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, text, team: null, disclose: 'name' as const, publicOnPurpose: false, near: [], where: '' })
const context = () => ({ database: store.database, sources: new Map([['a', open], ['b', open]]), askRule: () => Promise.resolve(() => null), now: () => now, log: createLog({ level: 'silent' }) })
const queries = async () => (await store.database.db.select().from(watches).where(isNull(watches.retiredAt))).map(({ source: id, query }) => `${id} ${query}`).sort()

beforeEach(async () => {
  await syncInventory(store.database.db, { lines: [line('acme-one')], digest: 'c1', now })
  for (const id of ['a', 'b']) await replanSource(store.database.db, id, open, now)
})

test('a change of the inventory while the service runs is planned, once, in every source', async () => {
  expect(await followInventory(context())).toBe(0)
  await addIdentifier(store.database.db, { lines: [line('acme-two')], statesDisclosure: true, loosen: false, actor: { kind: 'user', name: 'ann' }, now })
  expect(await readPlanned(store.database.db, 'a')).toMatchObject({ upToDate: false })
  expect(await followInventory(context())).toBe(2)
  expect(await queries()).toEqual(['a acme-one', 'a acme-two', 'b acme-one', 'b acme-two'])
  expect([await readPlanned(store.database.db, 'b'), await followInventory(context())]).toEqual([{ at: now, upToDate: true }, 0])
})

test('two processes at once plan the same', async () => {
  await addIdentifier(store.database.db, { lines: [line('acme-two')], statesDisclosure: true, loosen: false, actor: { kind: 'user', name: 'ann' }, now })
  await Promise.all([followInventory(context()), followInventory(context())])
  expect(await queries()).toHaveLength(4)
})
