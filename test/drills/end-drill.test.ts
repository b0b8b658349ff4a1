import { beforeEach, describe, expect, test } from 'vitest'
import type { Match } from '../../src/contracts/match.ts'
import { deliveredMessages, documents, drills, identifiers, inferred, notices } from '../../src/db/schema/index.ts'
import { eq } from '../../src/db/drizzle.ts'
import { endDrill } from '../../src/drills/end-drill.ts'
import { startDrill } from '../../src/drills/start-drill.ts'
import { countInbox } from '../../src/findings/count-inbox.ts'
import { listInbox, readInboxRows } from '../../src/findings/list-inbox.ts'
import { recordEvent } from '../../src/findings/record-event.ts'
import { recordInferred } from '../../src/identifiers/record-inferred.ts'
import { spellOut } from '../../src/identifiers/spell-out.ts'
import { syncInventory } from '../../src/identifiers/sync-inventory.ts'
import { announce } from '../../src/notices/announce.ts'
import { unrouted } from '../../src/notices/route.ts'
import { addEvent, addFinding, addNotice, addPlace, now } from '../notices/outbox.ts'
import { useDatabase } from '../support/database.ts'

const own = useDatabase({ truncate: true })
const token = 'k2b3c4d5f6'
const canary = { name: `acme-corp-canary-${token}`, ecosystem: 'npm' as const, token, team: null }

describe('what belongs to a drill', () => {
  let drillId: bigint
  let identifierId: bigint
  beforeEach(async () => {
    drillId = await startDrill(own.database.db, { canary, findWithinSeconds: 60, acknowledgeWithinSeconds: 60, by: 'eve', now })
    const [row] = await own.database.db.select().from(drills)
    identifierId = row?.identifierId ?? 0n
  })

  const matchOf = (name: string): Match => ({
    term: { id: '999', form: 'prefix', kind: 'package', ecosystem: 'pypi', text: 'acme-corp-', team: null, disclose: 'name', publicOnPurpose: false, near: [], where: '' },
    name, kind: 'package', ecosystem: 'pypi', start: 0, end: 1,
  })

  test.each([canary.name, canary.name.toUpperCase(), `${canary.name}-core`])('a pattern of another ecosystem that matches %s makes no identifier of its own', async (name) => {
    expect(await spellOut(own.database.db, matchOf(name), now)).toMatchObject({ id: identifierId, origin: 'drill' })
    expect(await own.database.db.$count(identifiers)).toBe(1)
  })

  test('a name that only looks like it is spelled out as ever', async () => {
    const [pattern] = await own.database.db.insert(identifiers).values({
      form: 'prefix', kind: 'package', ecosystem: 'pypi', name: 'acme-corp-', key: 'acme-corp-', disclose: 'name', publicOnPurpose: false, near: [], createdAt: now,
    }).returning()
    const match = matchOf('acme-corp-canary-real')
    expect((await spellOut(own.database.db, { ...match, term: { ...match.term, id: String(pattern?.id) } }, now)).origin).toBe('inventory')
  })

  test('a name with its random part is no candidate for the inventory', async () => {
    const findingId = await addFinding(own.database.db, { identifierId })
    await addPlace(own.database.db, findingId)
    const [document] = await own.database.db.select().from(documents)
    const named = (name: string) => ({ name, kind: 'package' as const, ecosystem: 'npm' as const, reason: 'of our scope', weak: false, line: 1, start: 0 })
    await recordInferred(own.database.db, document?.id ?? 0n, [named(`${canary.name}-types`), named('acme-corp-real')], now)
    expect((await own.database.db.select().from(inferred)).map(({ name }) => name)).toEqual(['acme-corp-real'])
  })

  test('only the alert is told, and after the end nothing', async () => {
    const { db } = own.database
    const findingId = await addFinding(db, { identifierId })
    const news = { routing: unrouted(['slack']), findingId, now }
    await addPlace(db, findingId)
    await announce(db, { ...news, kind: 'leaked' })
    await addEvent(db, findingId, 'place-added')
    await announce(db, { ...news, kind: 'place' })
    expect((await db.select().from(notices)).map(({ kind }) => kind)).toEqual(['leaked'])
    const other = await addNotice(db, { findingId: await addFinding(db) })
    await endDrill(db, { drillId, now })
    expect((await db.select().from(notices)).map(({ id }) => id)).toEqual([other])
    await addEvent(db, findingId, 'reopened')
    await announce(db, { ...news, kind: 'reopened' })
    expect((await db.select().from(notices)).map(({ id }) => id)).toEqual([other])
  })

  test('the inbox has neither a line nor a count of it; a change of it after the end goes into no thread', async () => {
    const { db } = own.database
    const findingId = await addFinding(db, { identifierId })
    const real = await addFinding(db)
    expect((await listInbox(db, {}, { order: 'newest', after: null, limit: 10 })).items.map(({ id }) => id)).toEqual([String(real)])
    expect((await countInbox(db, {})).total).toBe(1)
    expect(await readInboxRows(db, [findingId])).toMatchObject([{ drill: true }])

    const noticeId = await addNotice(db, { findingId, state: 'delivered', deliveredAt: now })
    await db.insert(deliveredMessages).values({ channel: 'slack', findingId, noticeId, room: 'C1', ts: '1.2', shows: 'open', postedAt: now, shownAt: now })
    const acknowledge = { findingId, verb: 'acknowledged' as const, actorKind: 'cli' as const, actor: 'adam', state: 'acknowledged' as const, facts: {}, at: now }
    await recordEvent(db, acknowledge)
    const told = await db.$count(notices)
    expect(told).toBeGreaterThan(1)
    await endDrill(db, { drillId, now })
    await recordEvent(db, { ...acknowledge, verb: 'resolved', state: 'resolved' })
    expect((await db.select().from(notices)).map(({ id }) => id)).toEqual([noticeId])
  })

  test('what was delivered stays: it is when somebody was told', async () => {
    const { db } = own.database
    const findingId = await addFinding(db, { identifierId })
    await addNotice(db, { findingId, state: 'delivered', deliveredAt: now })
    await endDrill(db, { drillId, now })
    expect(await db.$count(notices)).toBe(1)
  })

  test('a line of the configuration that names it does not make it one of ours', async () => {
    const { db } = own.database
    const line = { form: 'name' as const, kind: 'package' as const, ecosystem: 'npm' as const, text: canary.name, team: null, disclose: 'name' as const, publicOnPurpose: false, near: [], where: '' }
    await syncInventory(db, { lines: [line], digest: 'one', now })
    await syncInventory(db, { lines: [], digest: 'two', now })
    expect(await db.select({ origin: identifiers.origin, retiredAt: identifiers.retiredAt }).from(identifiers).where(eq(identifiers.id, identifierId))).toEqual([{ origin: 'drill', retiredAt: null }])
  })
})
