import { eq } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../src/db/client.ts'
import { notices } from '../../src/db/schema/index.ts'
import { isPlainNext, markChannelDead, markDead, markDelivered, markFailed, markPlainNext, markWaiting } from '../../src/notices/mark.ts'
import { useDatabase } from '../support/database.ts'
import { addNotice, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })

const marks: Readonly<Record<string, (db: Db, ids: readonly bigint[]) => Promise<readonly bigint[]>>> = {
  delivered: (db, ids) => markDelivered(db, ids, now),
  failed: (db, ids) => markFailed(db, ids, 'an outage'),
  waiting: (db, ids) => markWaiting(db, ids, 'a rate limit'),
  'plain next': (db, ids) => markPlainNext(db, ids, 'refused'),
  dead: (db, ids) => markDead(db, ids, 'refused'),
  'dead with its channel': (db) => markChannelDead(db, 'slack', 'refused'),
}

async function row(id: bigint) {
  const [found] = await opened.database.db.select().from(notices).where(eq(notices.id, id))
  if (found === undefined) throw new Error('no such notice')
  return found
}

describe.each(Object.entries(marks))('marking %s', (_, mark) => {
  test('changes a pending notice, and says which', async () => {
    const { db } = opened.database
    const id = await addNotice(db)
    const before = await row(id)
    expect(await mark(db, [id])).toEqual([id])
    expect(await row(id)).not.toEqual(before)
  })

  test.each(['delivered', 'dead'] as const)('changes nothing that is %s', async (state) => {
    const { db } = opened.database
    const id = await addNotice(db, { state, reason: 'as it was', attempts: 3 })
    const before = await row(id)
    expect(await mark(db, [id])).toEqual([])
    expect(await row(id)).toEqual(before)
  })

  test('changes no other notice', async () => {
    const { db } = opened.database
    const other = await addNotice(db, { channel: 'mail' })
    const before = await row(other)
    await mark(db, [await addNotice(db)])
    expect(await row(other)).toEqual(before)
  })
})

describe('the plain form', () => {
  test('is due after a refusal, and stays due through failures', async () => {
    const { db } = opened.database
    const id = await addNotice(db)
    expect(isPlainNext(await row(id))).toBe(false)
    await markPlainNext(db, [id], 'refused')
    expect(isPlainNext(await row(id))).toBe(true)
    await markFailed(db, [id], 'an outage')
    await markWaiting(db, [id], 'a rate limit')
    expect(isPlainNext(await row(id))).toBe(true)
    expect((await row(id)).reason).toBe('the message was refused; the next attempt is plain text\na rate limit')
  })

  test('is not due after a failure alone', async () => {
    const { db } = opened.database
    const id = await addNotice(db)
    await markFailed(db, [id], 'an outage')
    expect(await row(id)).toMatchObject({ reason: 'an outage', attempts: 1 })
    expect(isPlainNext(await row(id))).toBe(false)
  })
})
