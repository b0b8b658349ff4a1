import { expect, test } from 'vitest'
import { listCoverage } from '../../src/coverage/list-coverage.ts'
import { coverage, identifiers } from '../../src/db/schema/index.ts'
import { useDatabase } from '../support/database.ts'

const store = useDatabase({ truncate: true })
const at = new Date('2026-11-01T00:00:00Z')

test('a zero that is proven, one that is not, and one that nobody looked at are told apart', async () => {
  const { db } = store.database
  const rows = await db.insert(identifiers)
    .values(['a-proven', 'b-cut-off', 'c-refused', 'd-unasked'].map((name) => ({ form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, name, key: name, disclose: 'name' as const, publicOnPurpose: false, near: [], createdAt: at })))
    .returning({ id: identifiers.id })
  const [proven = { id: 0n }, cut = { id: 0n }, refused = { id: 0n }] = rows
  await db.insert(coverage).values([
    { identifierId: proven.id, source: 's', completeAt: at, attemptedAt: at, counted: 0, seen: 0, gap: null },
    { identifierId: cut.id, source: 's', completeAt: at, attemptedAt: at, counted: 4_000, seen: 1_000, gap: 'partial: 3,000 of 4,000 results are out of reach' },
    { identifierId: refused.id, source: 's', completeAt: null, attemptedAt: null, gap: 'not searched: shorter than 3 characters' },
  ])
  expect((await listCoverage(db)).map(({ identifier, source, state }) => [identifier, source, state])).toEqual([
    ['a-proven', 's', 'proven'], ['b-cut-off', 's', 'gap'], ['c-refused', 's', 'never'], ['d-unasked', null, 'never'],
  ])
  expect(await listCoverage(db, 'B-Cut-Off')).toMatchObject([{ counted: 4_000, seen: 1_000 }])
})
