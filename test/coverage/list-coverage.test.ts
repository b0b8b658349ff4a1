import { expect, test } from 'vitest'
import { listCoverage } from '../../src/coverage/list-coverage.ts'
import { summariseCoverage } from '../../src/coverage/summarise-coverage.ts'
import { coverage, findings, identifiers } from '../../src/db/schema/index.ts'
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

test('each line of the inventory counts once: public, proven on the oldest complete sweep, partly looked at, or not at all', async () => {
  const { db } = store.database
  expect(await summariseCoverage(db)).toEqual({ lines: 0, exposed: 0, proven: 0, provenSince: null, partly: 0, neverLookedAt: 0 })
  const line = (name: string, more: Partial<typeof identifiers.$inferInsert> = {}) =>
    ({ form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, name, key: name, disclose: 'name' as const, publicOnPurpose: false, near: [], createdAt: at, ...more })
  const rows = await db.insert(identifiers)
    .values([line('proven'), line('half'), line('refused'), line('unasked'), line('public'), line('acme-*', { form: 'prefix' }), line('meant', { publicOnPurpose: true }), line('gone', { retiredAt: at }), line('canary', { origin: 'drill' })])
    .returning({ id: identifiers.id, name: identifiers.name })
  const idOf = (name: string) => rows.find((row) => row.name === name)?.id ?? 0n
  const [spelled = { id: 0n }] = await db.insert(identifiers).values(line('acme-auth', { patternId: idOf('acme-*') })).returning({ id: identifiers.id })
  const earlier = new Date('2026-10-20T00:00:00Z')
  const whole = { completeAt: at, attemptedAt: at, counted: 0, seen: 0, gap: null }
  await db.insert(coverage).values([
    { identifierId: idOf('proven'), source: 'a', ...whole }, { identifierId: idOf('proven'), source: 'b', ...whole, completeAt: earlier },
    { identifierId: idOf('half'), source: 'a', ...whole }, { identifierId: idOf('half'), source: 'b', ...whole, completeAt: null, gap: 'failed: no' },
    { identifierId: idOf('refused'), source: 'a', completeAt: null, attemptedAt: at, gap: 'failed: no' },
    { identifierId: idOf('public'), source: 'a', ...whole }, { identifierId: idOf('acme-*'), source: 'a', ...whole },
  ])
  const finding = { state: 'open' as const, severity: 'high' as const, reasons: [], firstSeenAt: at, publicSince: at, publicSinceIsLowerBound: true, updatedAt: at }
  await db.insert(findings).values([{ identifierId: idOf('public'), ...finding }, { identifierId: spelled.id, ...finding, state: 'acknowledged' }, { identifierId: idOf('proven'), ...finding, state: 'resolved' }])
  expect(await summariseCoverage(db)).toEqual({ lines: 6, exposed: 2, proven: 1, provenSince: '2026-10-20T00:00:00.000Z', partly: 1, neverLookedAt: 2 })
})
