import { asc, eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { claimEvents, claims, findings, notices } from '../../src/db/schema/index.ts'
import { announce, announceClaim } from '../../src/notices/announce.ts'
import { countNotices } from '../../src/notices/count-notices.ts'
import { unrouted } from '../../src/notices/route.ts'
import { useDatabase } from '../support/database.ts'
import { addEvent, addFinding, addIdentifier, addNotice, addPlace, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })
const all = () => opened.database.db.select().from(notices).orderBy(asc(notices.id))

describe('announcing', () => {
  test('queues a pending row for each channel', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    await announce(db, { routing: unrouted(['slack', 'mail']), kind: 'leaked', findingId, occurrenceId, now })
    expect(await all()).toMatchObject([
      { channel: 'slack', kind: 'leaked', findingId, occurrenceId, state: 'pending', attempts: 0, reason: null, createdAt: now, deliveredAt: null },
      { channel: 'mail', kind: 'leaked', findingId, occurrenceId, state: 'pending' },
    ])
  })

  test('queues it where the rules lead, by what the finding is in this very transaction', async () => {
    const { db } = opened.database
    const rules = [
      { when: { severity: ['critical' as const] }, to: ['pager'], continue: true },
      { when: { team: ['payments'], source: ['stack-exchange'] }, to: ['payments'], continue: false },
    ]
    const routing = { ...unrouted(['slack', 'payments', 'pager']), rules }
    const quiet = await addFinding(db, { severity: 'low' })
    const loud = await addFinding(db, { identifierId: await addIdentifier(db, { team: 'payments' }), severity: 'low' })
    const occurrenceId = await addPlace(db, loud, { document: { source: 'stack-exchange' } })
    await announce(db, { routing, kind: 'leaked', findingId: quiet, occurrenceId: await addPlace(db, quiet), now })
    await db.transaction(async (tx) => {
      await tx.update(findings).set({ severity: 'critical' }).where(eq(findings.id, loud))
      await announce(tx, { routing, kind: 'leaked', findingId: loud, occurrenceId, now })
    })
    expect((await all()).map(({ channel, findingId }) => [channel, findingId])).toEqual([['slack', quiet], ['payments', loud], ['pager', loud]])
  })

  test('of a claim is routed as critical, with or without a finding', async () => {
    const { db } = opened.database
    const routing = { ...unrouted(['slack', 'pager']), rules: [{ when: { severity: ['critical' as const], team: ['payments'] }, to: ['pager'], continue: false }] }
    const identifierId = await addIdentifier(db, { team: 'payments' })
    const [claim] = await db.insert(claims).values({ identifierId, registry: 'npm', state: 'unknown', claimable: 'unknown', why: 'not asked', signals: [], createdAt: now }).returning({ id: claims.id })
    const happened = { claimId: claim?.id ?? 0n, state: 'stranger' as const, claimable: 'no' as const, why: 'taken', facts: null, signals: [], news: 'taken' as const, at: now }
    const [first, second] = await db.insert(claimEvents).values([happened, happened]).returning({ id: claimEvents.id })
    await announceClaim(db, { routing, findingId: null, claimEventId: first?.id ?? 0n, now })
    await announceClaim(db, { routing, findingId: await addFinding(db, { identifierId, severity: 'low' }), claimEventId: second?.id ?? 0n, now })
    expect((await all()).map(({ channel, kind }) => [channel, kind])).toEqual([['pager', 'claim'], ['pager', 'claim']])
  })

  test('with no channel queues nothing', async () => {
    const { db } = opened.database
    await announce(db, { routing: unrouted([]), kind: 'leaked', findingId: await addFinding(db), now })
    expect(await all()).toEqual([])
  })

  test('is undone with the transaction that made the news', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    await expect(
      db.transaction(async (tx) => {
        await announce(tx, { routing: unrouted(['slack']), kind: 'leaked', findingId, now })
        throw new Error('something else failed')
      }),
    ).rejects.toThrow('something else failed')
    expect(await all()).toEqual([])
  })

  test('of the same leak twice, or by two at once, queues it once', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const news = { routing: unrouted(['slack']), kind: 'leaked' as const, findingId, now }
    await Promise.all([announce(db, news), announce(db, news), announce(db, news)])
    expect(await all()).toHaveLength(1)
  })

  test('of the same leak after it was delivered queues nothing', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    await announce(db, { routing: unrouted(['slack']), kind: 'leaked', findingId, now })
    await db.update(notices).set({ state: 'delivered', deliveredAt: now })
    await announce(db, { routing: unrouted(['slack']), kind: 'leaked', findingId, now })
    expect(await all()).toMatchObject([{ state: 'delivered' }])
  })

  test.each([['reopened', 'reopened'], ['place', 'place-added']] as const)('of the kind %s, twice for the same event, queues it once', async (kind, verb) => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    await addEvent(db, findingId, verb)
    await announce(db, { routing: unrouted(['slack']), kind, findingId, occurrenceId, now })
    await announce(db, { routing: unrouted(['slack']), kind, findingId, occurrenceId, now })
    expect(await all()).toHaveLength(1)
  })

  test.each([['reopened', 'reopened'], ['place', 'place-added']] as const)('of the kind %s, when the same place made the news before, is news again', async (kind, verb) => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    for (const _ of ['first', 'second']) {
      await addEvent(db, findingId, verb)
      await announce(db, { routing: unrouted(['slack']), kind, findingId, occurrenceId, now })
    }
    expect(await all()).toHaveLength(2)
  })

  test.each(['reopened', 'place'] as const)('of the kind %s without an event fails: it could not be told from the last time', async (kind) => {
    const { db } = opened.database
    await expect(announce(db, { routing: unrouted(['slack']), kind, findingId: await addFinding(db), now })).rejects.toThrow('after their event')
    expect(await all()).toEqual([])
  })
})

describe('counting', () => {
  test('tells what waits from what was told and from what was refused', async () => {
    const { db } = opened.database
    expect(await countNotices(db)).toEqual({ pending: 0, delivered: 0, dead: 0, possibleRepeats: 0 })
    await addNotice(db)
    await addNotice(db, { channel: 'mail' })
    await addNotice(db, { state: 'dead' })
    await addNotice(db, { state: 'delivered', deliveredAt: now, possibleRepeats: 3 })
    expect(await countNotices(db)).toEqual({ pending: 2, delivered: 1, dead: 1, possibleRepeats: 3 })
  })
})
