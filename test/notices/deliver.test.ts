import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { asc, eq } from 'drizzle-orm'
import { describe, expect, test, vi } from 'vitest'
import type { OpenNotifier } from '../../src/contracts/notifier.ts'
import { NamesakeError, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { notices } from '../../src/db/schema/index.ts'
import { deliver } from '../../src/notices/deliver.ts'
import { listDue, type Due } from '../../src/notices/list-due.ts'
import { resend } from '../../src/notices/resend.ts'
import { unrouted } from '../../src/notices/route.ts'
import { openSlack } from '../notifiers/slack/open-slack.ts'
import { ok, useScriptedSlack } from '../notifiers/slack/scripted-slack.ts'
import { useDatabase } from '../support/database.ts'
import { addFinding, addLeak, addNotice, addPlace, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })
const webhook = useScriptedSlack()

function notifier(): OpenNotifier {
  const { webhookUrl } = webhook
  return openSlack({ webhookUrl }, { now: () => now })
}

const single = (noticeId: bigint): Due => ({ kind: 'notice', channel: 'slack', noticeId })
const digest: Due = { kind: 'digest', channel: 'slack' }
const send = (due: Due, through = notifier()) => deliver(opened.database.db, through, due, { organization: 'Acme Corp', routing: unrouted(['slack']), now })
const rows = () => opened.database.db.select().from(notices).orderBy(asc(notices.id))

async function row(id: bigint) {
  const [found] = await opened.database.db.select().from(notices).where(eq(notices.id, id))
  return found
}

describe('delivering', () => {
  test('sends the message once and marks it', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    expect(await send(single(noticeId))).toBe('delivered')
    expect(webhook.received).toHaveLength(1)
    expect(webhook.received[0]?.text).toContain('leak: acme-corp-auth-client')
    expect(webhook.received[0]?.text).toContain(`notice ${noticeId}`)
    expect(await row(noticeId)).toMatchObject({ state: 'delivered', deliveredAt: now, attempts: 1, reason: null })
  })

  test('never sends again what was delivered', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    await send(single(noticeId))
    expect(await send(single(noticeId))).toBe('settled')
    expect(webhook.received).toHaveLength(1)
  })

  test.each([['dead', { state: 'dead' as const }], ['of another channel', { channel: 'mail' }]])('sends nothing that is %s', async (_, change) => {
    const { db } = opened.database
    const noticeId = await addNotice(db, { findingId: await addFinding(db), ...change })
    expect(await send(single(noticeId))).toBe('settled')
    expect(webhook.received).toHaveLength(0)
  })

  test('sends the first sweep as one message', async () => {
    const { db } = opened.database
    for (const name of ['acme-a', 'acme-b']) await addPlace(db, await addFinding(db, { name }))
    const noticeId = await addNotice(db, { kind: 'baseline', key: 'baseline' })
    expect(await send(single(noticeId))).toBe('delivered')
    expect(webhook.received.map(({ text }) => text)).toEqual([expect.stringContaining('Baseline: 2 internal names are public')])
  })
})

describe('the digest', () => {
  async function addPlaces(count: number): Promise<void> {
    const { db } = opened.database
    const findingId = await addFinding(db)
    for (let n = 0; n < count; n += 1) await addNotice(db, { kind: 'place', findingId, occurrenceId: await addPlace(db, findingId) })
  }

  test('sends all places in one message and marks all rows at once', async () => {
    await addPlaces(3)
    await addLeak(opened.database.db, 'acme-corp-auth-client')
    expect(await send(digest)).toBe('delivered')
    expect(webhook.received.map(({ text }) => text)).toEqual([expect.stringContaining('Digest: 3 new places of 1 known leak')])
    expect((await rows()).map(({ kind, state }) => [kind, state])).toEqual([['place', 'delivered'], ['place', 'delivered'], ['place', 'delivered'], ['leaked', 'pending']])
  })

  test('with no place to tell sends nothing', async () => {
    expect(await send(digest)).toBe('settled')
    expect(webhook.received).toHaveLength(0)
  })

  test('that fails marks none of its rows as delivered', async () => {
    await addPlaces(2)
    webhook.script({ status: 503, body: '' })
    await expect(send(digest)).rejects.toBeInstanceOf(Transient)
    expect((await rows()).map(({ state, attempts }) => [state, attempts])).toEqual([['pending', 1], ['pending', 1]])
  })
})

describe('when the channel does not take it', () => {
  test('an outage leaves it pending with the reason and counts the attempt', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    webhook.script({ status: 503, body: 'acme-corp-auth-client' })
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    const failed = await row(noticeId)
    expect(failed).toMatchObject({ state: 'pending', attempts: 1, deliveredAt: null })
    expect(failed?.reason).toMatch(/server error \(503\)/)
    expect(failed?.reason).not.toContain('acme-corp-auth-client')
    expect(await send(single(noticeId))).toBe('delivered')
    expect(await row(noticeId)).toMatchObject({ state: 'delivered', attempts: 2, reason: null })
  })

  test('a rate limit costs no attempt', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    webhook.script({ status: 429, body: 'rate_limited', headers: { 'retry-after': '30' } })
    await expect(send(single(noticeId))).rejects.toMatchObject({ until: new Date(now.getTime() + 30_000), scope: 'destination' })
    expect(await row(noticeId)).toMatchObject({ state: 'pending', attempts: 0, reason: expect.stringContaining('asks to wait') })
  })

  test('a lost answer sends it again: at least once, with the same ids', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    webhook.script({ ...ok, cut: true })
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    await send(single(noticeId))
    expect(webhook.received).toHaveLength(2)
    expect(webhook.received[1]).toEqual(webhook.received[0])
  })

  test('a refused message is sent as plain text by the next attempt, not by this one', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    webhook.script({ status: 400, body: 'invalid_blocks' })
    const error = await send(single(noticeId)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RetryLater)
    expect(error).toMatchObject({ until: now, scope: 'job' })
    expect(webhook.received).toHaveLength(1)
    expect(await send(single(noticeId))).toBe('delivered')
    expect(webhook.received).toHaveLength(2)
    expect(webhook.received[1]).not.toHaveProperty('blocks')
    expect(await row(noticeId)).toMatchObject({ state: 'delivered', reason: null })
  })

  test('the plain form stays due through an outage and a rate limit', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    webhook.script({ status: 400, body: 'invalid_blocks' }, { status: 503, body: '' }, { status: 429, body: '' })
    for (const _ of ['refused', 'outage', 'limit']) await expect(send(single(noticeId))).rejects.toBeInstanceOf(NamesakeError)
    expect((await row(noticeId))?.reason).toMatch(/^the message was refused; the next attempt is plain text\n.*asks to wait/)
    await send(single(noticeId))
    expect(webhook.received.map((message) => 'blocks' in message)).toEqual([true, false, false, false])
  })

  test('a message that is refused as plain text too is dead, others of the channel are not', async () => {
    const { db } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    const { noticeId: other } = await addLeak(db, 'acme-corp-other')
    webhook.script({ status: 400, body: 'invalid_blocks' }, { status: 400, body: 'invalid_payload' })
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(RetryLater)
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Permanent)
    expect(await row(noticeId)).toMatchObject({ state: 'dead', attempts: 2, reason: 'Slack refused the message: invalid_payload' })
    expect(await row(other)).toMatchObject({ state: 'pending' })
    expect(await send(single(noticeId))).toBe('settled')
    expect(webhook.received).toHaveLength(2)
  })

  test('a refused channel leaves all that waits for it undelivered, with the reason, and asks no more', async () => {
    const { db } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    const { noticeId: waiting } = await addLeak(db, 'acme-corp-other')
    const mail = await addNotice(db, { channel: 'mail' })
    const told = await addNotice(db, { state: 'delivered', deliveredAt: now })
    webhook.script({ status: 404, body: 'no_service' })
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Permanent)
    expect(await row(noticeId)).toMatchObject({ state: 'dead', attempts: 1, reason: 'Slack refused the destination: no_service' })
    expect(await row(waiting)).toMatchObject({ state: 'dead', attempts: 0, reason: 'Slack refused the destination: no_service' })
    expect([(await row(mail))?.state, (await row(told))?.state]).toEqual(['pending', 'delivered'])
    expect(await send(single(waiting))).toBe('settled')
    expect(webhook.received).toHaveLength(1)
  })

  test('news that come after a refused channel wait for an hour, and are tried then: it may be mended', async () => {
    const { db } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    webhook.script({ status: 404, body: 'no_service' })
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Permanent)
    const { noticeId: later } = await addLeak(db, 'acme-corp-other')
    expect(await send(single(later))).toBe('held')
    expect(await row(later)).toMatchObject({ state: 'pending', attempts: 0, attempt: null })
    const anHourLater = new Date(now.getTime() + 3_600_000)
    expect(await deliver(db, notifier(), single(later), { organization: 'Acme Corp', routing: unrouted(['slack']), now: anHourLater })).toBe('delivered')
  })

  test('an error that is no answer of the channel is kept without its text', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    const broken = { ...notifier(), send: () => Promise.reject(new TypeError('acme-corp-auth-client is not a function')) }
    await expect(send(single(noticeId), broken)).rejects.toBeInstanceOf(TypeError)
    expect(await row(noticeId)).toMatchObject({ state: 'pending', attempts: 1, reason: 'an unexpected TypeError' })
  })
})

describe('two workers and crashes', () => {
  test('two that have the same notice at once send it once', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    let second: Promise<unknown> | undefined
    webhook.script({ ...ok, before: async () => {
      second = send(single(noticeId)).catch((error: unknown) => error)
      await second
    } })
    expect(await send(single(noticeId))).toBe('delivered')
    expect(await second).toMatchObject({ until: new Date(now.getTime() + 30_000), scope: 'job' })
    expect(webhook.received).toHaveLength(1)
    // The one that was put off comes back and finds it done.
    expect(await send(single(noticeId))).toBe('settled')
    expect(webhook.received).toHaveLength(1)
  })

  test('many that have the same digest at once tell each place once', async () => {
    const { db } = opened.database
    const findingId = await addFinding(db)
    // Who wins differs from time to time; that somebody does, and nobody twice, must not.
    for (let day = 1; day <= 25; day += 1) {
      for (let n = 0; n < 3; n += 1) await addNotice(db, { kind: 'place', findingId, occurrenceId: await addPlace(db, findingId) })
      await Promise.allSettled(Array.from({ length: 5 }, () => send(digest)))
      expect(webhook.received).toHaveLength(day)
    }
    expect((await rows()).every(({ state }) => state === 'delivered')).toBe(true)
  })

  test('two notices of a channel that is refused while both are sent both learn it, and neither waits for the other', async () => {
    const { db } = opened.database
    const [one, two] = [await addLeak(db, 'acme-one'), await addLeak(db, 'acme-two')]
    const refused = { status: 404, body: 'no_service' }
    let second: Promise<unknown> | undefined
    webhook.script({ ...refused, before: async () => {
      second = send(single(two.noticeId)).catch((error: unknown) => error)
      await second
    } }, refused)
    await expect(send(single(one.noticeId))).rejects.toBeInstanceOf(Permanent)
    expect(await second).toBeInstanceOf(Permanent)
    expect((await rows()).map(({ state }) => state)).toEqual(['dead', 'dead'])
  })

  test('a process that is killed after the message was sent and before it was marked leaves it to be sent again at once', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    const sender = fork(path.join(import.meta.dirname, 'deliver-and-die.ts'), [opened.url, webhook.webhookUrl, String(noticeId)])
    const died = once(sender, 'exit')
    webhook.script({ ...ok, before: async () => {
      sender.kill('SIGKILL')
      await died
    } })
    expect(await died).toEqual([null, 'SIGKILL'])
    expect(webhook.received).toHaveLength(1)
    expect(await row(noticeId)).toMatchObject({ state: 'pending', attempts: 0 })
    await vi.waitFor(async () => expect(await send(single(noticeId))).toBe('delivered'), { timeout: 10_000 })
    expect(webhook.received).toHaveLength(2)
    expect(await send(single(noticeId))).toBe('settled')
    expect(webhook.received).toHaveLength(2)
  })

  test('a database that is lost after the message was sent and before it was marked does the same', async () => {
    const { db, sql } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    webhook.script({ ...ok, before: async () => {
      await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'`
    } })
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    expect(webhook.received).toHaveLength(1)
    expect(await row(noticeId)).toMatchObject({ state: 'pending', attempts: 0 })
    expect(await send(single(noticeId))).toBe('delivered')
    expect(webhook.received).toHaveLength(2)
    expect(await send(single(noticeId))).toBe('settled')
    expect(webhook.received).toHaveLength(2)
  })

  test('a crash before the message was sent leaves it due', async () => {
    const { db } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    const crash = { ...notifier(), send: () => Promise.reject(new Error('killed')) }
    await expect(send(single(noticeId), crash)).rejects.toThrow('killed')
    expect(await listDue(db, { routing: unrouted(['slack']), now, digest: true })).toEqual([single(noticeId)])
  })
})

describe('sending again', () => {
  test('revives what is dead in this channel, as if it were new', async () => {
    const { db } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    webhook.script({ status: 400, body: 'invalid_blocks' }, { status: 400, body: 'invalid_blocks' })
    for (const _ of ['full', 'plain']) await expect(send(single(noticeId))).rejects.toBeInstanceOf(NamesakeError)
    const mail = await addNotice(db, { channel: 'mail', state: 'dead' })
    expect(await resend(db, { channel: 'slack' })).toEqual([noticeId])
    expect(await send(single(noticeId))).toBe('delivered')
    expect(webhook.received[2]).toHaveProperty('blocks')
    expect(await row(mail)).toMatchObject({ state: 'dead' })
  })

  test('of chosen notices leaves the others dead', async () => {
    const { db } = opened.database
    const [one, two] = [await addNotice(db, { state: 'dead' }), await addNotice(db, { state: 'dead' })]
    expect(await resend(db, { channel: 'slack', ids: [two] })).toEqual([two])
    expect((await row(one))?.state).toBe('dead')
  })

  test('never revives what was delivered', async () => {
    const { db } = opened.database
    const told = await addNotice(db, { state: 'delivered', deliveredAt: now })
    expect(await resend(db, { channel: 'slack', ids: [told] })).toEqual([])
    expect(await row(told)).toMatchObject({ state: 'delivered' })
  })
})
