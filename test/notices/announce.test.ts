import { asc } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { notices } from '../../src/db/schema/index.ts'
import { announce } from '../../src/notices/announce.ts'
import { countNotices } from '../../src/notices/count-notices.ts'
import { useDatabase } from '../support/database.ts'
import { addEvent, addFinding, addNotice, addPlace, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })
const all = () => opened.database.db.select().from(notices).orderBy(asc(notices.id))

describe('announcing', () => {
  test('queues a pending row for each channel', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    await announce(db, { channels: ['slack', 'mail'], kind: 'leaked', findingId, occurrenceId, now })
    expect(await all()).toMatchObject([
      { channel: 'slack', kind: 'leaked', findingId, occurrenceId, state: 'pending', attempts: 0, reason: null, createdAt: now, deliveredAt: null },
      { channel: 'mail', kind: 'leaked', findingId, occurrenceId, state: 'pending' },
    ])
  })

  test('with no channel queues nothing', async () => {
    const { db } = opened.database
    await announce(db, { channels: [], kind: 'leaked', findingId: await addFinding(db), now })
    expect(await all()).toEqual([])
  })

  test('is undone with the transaction that made the news', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    await expect(
      db.transaction(async (tx) => {
        await announce(tx, { channels: ['slack'], kind: 'leaked', findingId, now })
        throw new Error('something else failed')
      }),
    ).rejects.toThrow('something else failed')
    expect(await all()).toEqual([])
  })

  test('of the same leak twice, or by two at once, queues it once', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const news = { channels: ['slack'], kind: 'leaked' as const, findingId, now }
    await Promise.all([announce(db, news), announce(db, news), announce(db, news)])
    expect(await all()).toHaveLength(1)
  })

  test('of the same leak after it was delivered queues nothing', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    await announce(db, { channels: ['slack'], kind: 'leaked', findingId, now })
    await db.update(notices).set({ state: 'delivered', deliveredAt: now })
    await announce(db, { channels: ['slack'], kind: 'leaked', findingId, now })
    expect(await all()).toMatchObject([{ state: 'delivered' }])
  })

  test.each([['reopened', 'reopened'], ['place', 'place-added']] as const)('of the kind %s, twice for the same event, queues it once', async (kind, verb) => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    await addEvent(db, findingId, verb)
    await announce(db, { channels: ['slack'], kind, findingId, occurrenceId, now })
    await announce(db, { channels: ['slack'], kind, findingId, occurrenceId, now })
    expect(await all()).toHaveLength(1)
  })

  test.each([['reopened', 'reopened'], ['place', 'place-added']] as const)('of the kind %s, when the same place made the news before, is news again', async (kind, verb) => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    const occurrenceId = await addPlace(db, findingId)
    for (const _ of ['first', 'second']) {
      await addEvent(db, findingId, verb)
      await announce(db, { channels: ['slack'], kind, findingId, occurrenceId, now })
    }
    expect(await all()).toHaveLength(2)
  })

  test.each(['reopened', 'place'] as const)('of the kind %s without an event fails: it could not be told from the last time', async (kind) => {
    const { db } = opened.database
    await expect(announce(db, { channels: ['slack'], kind, findingId: await addFinding(db), now })).rejects.toThrow('after their event')
    expect(await all()).toEqual([])
  })
})

describe('counting', () => {
  test('tells what waits from what was told and from what was refused', async () => {
    const { db } = opened.database
    expect(await countNotices(db)).toEqual({ pending: 0, delivered: 0, dead: 0 })
    await addNotice(db)
    await addNotice(db, { channel: 'mail' })
    await addNotice(db, { state: 'dead' })
    await addNotice(db, { state: 'delivered', deliveredAt: now })
    expect(await countNotices(db)).toEqual({ pending: 2, delivered: 1, dead: 1 })
  })
})
