import { asc, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Notice, OpenNotifier, Posted } from '../../src/contracts/notifier.ts'
import { Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { deliveredMessages, findings, notices } from '../../src/db/schema/index.ts'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { dismiss } from '../../src/findings/dismiss.ts'
import { recordEvent } from '../../src/findings/record-event.ts'
import { announce } from '../../src/notices/announce.ts'
import { deliver } from '../../src/notices/deliver.ts'
import { listDue, type Due } from '../../src/notices/list-due.ts'
import { resend } from '../../src/notices/resend.ts'
import { unrouted } from '../../src/notices/route.ts'
import { refuse } from '../../src/notifiers/refusal.ts'
import { useDatabase } from '../support/database.ts'
import { addFinding, addLeak, addNotice, addPlace, now } from './outbox.ts'

const opened = useDatabase({ truncate: true })

/** A destination in memory: what it has, and what it does with the next requests. */
interface Channel {
  readonly posts: { readonly notice: Notice; readonly under: Posted | null; readonly plain: boolean }[]
  readonly updates: { readonly notice: Notice; readonly posted: Posted }[]
  readonly asked: string[]
  /** In order; absent: everything works. */
  script: (() => unknown)[]
}
let channel: Channel
beforeEach(() => {
  channel = { posts: [], updates: [], asked: [], script: [] }
})

function next(): void {
  const error = channel.script.shift()?.()
  if (error !== undefined) throw error
}

function notifier(change: Partial<OpenNotifier> = {}): OpenNotifier {
  const never = () => Promise.reject(new Error('a message went out without its thread'))
  return {
    destination: 'slack.com', limit: { max: 1, perMs: 1_100 }, follows: true, send: never, sendPlain: never, check: () => Promise.resolve([]),
    threads: {
      room: 'C1',
      settlesMs: 20_000,
      post: (notice, { plain, under }) => {
        channel.posts.push({ notice, plain, under })
        return settle(() => {
          next()
          return { room: 'C1', ts: `${channel.posts.length}.0` }
        })
      },
      update: (notice, posted) => {
        channel.updates.push({ notice, posted })
        return settle(next)
      },
      find: (noticeId) => {
        channel.asked.push(noticeId)
        return settle(() => {
          next()
          const index = channel.posts.findIndex(({ notice }) => notice.id === noticeId)
          return index === -1 ? null : { room: 'C1', ts: `${index + 1}.0` }
        })
      },
    },
    ...change,
  }
}

async function settle<T>(work: () => T): Promise<T> {
  await Promise.resolve()
  return work()
}

const lost = () => new Transient('slack.com: the exchange broke off')
const later = (ms: number) => new Date(now.getTime() + ms)
const send = (due: Due, at = now, through = notifier()) => deliver(opened.database.db, through, due, { organization: 'Acme Corp', routing: unrouted(['slack']), now: at })
const single = (noticeId: bigint): Due => ({ kind: 'notice', channel: 'slack', noticeId })
const due = () => listDue(opened.database.db, { routing: unrouted(['slack']), now, digest: false })
const rows = () => opened.database.db.select().from(notices).orderBy(asc(notices.id))
const kept = () => opened.database.db.select().from(deliveredMessages)
const ann = { kind: 'user' as const, name: 'ann@acme-corp.com' }

async function tellAll(at = now): Promise<void> {
  for (const one of await due()) await send(one, at)
}

describe('the message of a finding', () => {
  test('is kept with its place and what it shows', async () => {
    const { findingId, noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    await send(single(noticeId))
    expect(await kept()).toEqual([{ channel: 'slack', findingId, noticeId, room: 'C1', ts: '1.0', shows: 'open', eventId: null, postedAt: now, shownAt: now }])
    expect(channel.posts).toMatchObject([{ under: null, plain: false, notice: { kind: 'leaked' } }])
  })

  test('gets what happens later as one answer in its thread, and shows it itself by one change', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    await acknowledge(db, { findingId, actor: ann, now: later(60_000) })
    await dismiss(db, { findingId, actor: ann, reason: 'a tutorial', now: later(120_000) })
    expect(await due()).toEqual([{ kind: 'changed', channel: 'slack', findingId }, { kind: 'refresh', channel: 'slack', findingId }])
    await tellAll(later(180_000))
    expect(channel.posts.slice(1)).toMatchObject([{
      under: { room: 'C1', ts: '1.0' },
      notice: { kind: 'changed', changes: [{ what: 'acknowledged', by: 'ann@acme-corp.com' }, { what: 'dismissed', reason: 'a tutorial' }] },
    }])
    expect(channel.updates).toMatchObject([{ posted: { room: 'C1', ts: '1.0' }, notice: { id: String(noticeId), finding: { standing: { state: 'dismissed', by: 'ann@acme-corp.com', reason: 'a tutorial' } } } }])
    expect(await kept()).toMatchObject([{ shows: 'dismissed', shownAt: later(180_000) }])
    expect((await rows()).every(({ state }) => state === 'delivered')).toBe(true)
    expect(await due()).toEqual([])
  })

  test('what is decided while it is being sent is told after it: nothing falls between', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    const slow = notifier()
    const threads = slow.threads
    if (threads === undefined) throw new Error('it has threads')
    await send(single(noticeId), now, { ...slow, threads: { ...threads, post: async (notice, form) => {
      await acknowledge(db, { findingId, actor: ann, now })
      return threads.post(notice, form)
    } } })
    expect(channel.posts).toMatchObject([{ notice: { finding: { standing: { state: 'open' } } } }])
    expect(await due()).toHaveLength(2)
    await tellAll()
    expect(channel.updates).toMatchObject([{ notice: { finding: { standing: { state: 'acknowledged' } } } }])
  })

  test('what is decided before it is sent is in it, and needs no answer', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await acknowledge(db, { findingId, actor: ann, now })
    await send(single(noticeId))
    expect(channel.posts).toMatchObject([{ notice: { finding: { standing: { state: 'acknowledged' } } } }])
    expect(await due()).toEqual([])
  })

  test('a further place is said in the thread, not in the digest; of a name without a message it is in the digest', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    const other = await addFinding(db)
    for (const id of [findingId, other]) {
      const occurrenceId = await addPlace(db, id)
      await recordEvent(db, { findingId: id, verb: 'place-added', actorKind: 'system', actor: 'namesake', state: 'open', facts: { occurrenceId: String(occurrenceId) }, at: now })
      await announce(db, { routing: unrouted(['slack']), kind: 'place', findingId: id, occurrenceId, now })
    }
    expect((await rows()).filter(({ kind }) => kind === 'place').map((row) => row.findingId)).toEqual([other])
    await tellAll()
    expect(channel.posts.at(-1)?.notice).toMatchObject({ kind: 'changed', changes: [{ what: 'place', place: { container: 'someone/shop' } }] })
  })

  test.each([
    ['a copy of what was told', { copyOf: '3' }, 'open' as const],
    ['a place that is suppressed', { suppressed: true }, 'open' as const],
    ['a place of a leak that was dismissed', {}, 'dismissed' as const],
  ])('%s changes the message and is not said', async (_, facts, state) => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    await recordEvent(db, { findingId, verb: 'place-added', actorKind: 'system', actor: 'namesake', state, facts, at: now })
    expect(await due()).toEqual([{ kind: 'refresh', channel: 'slack', findingId }])
  })

  test('a leak that is back is told under the message that is there', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    await send(single(await addNotice(db, { kind: 'reopened', findingId })))
    expect(channel.posts.at(-1)).toMatchObject({ notice: { kind: 'reopened' }, under: { room: 'C1', ts: '1.0' } })
    expect(await kept()).toMatchObject([{ ts: '1.0', noticeId }])
  })

  test('a leak that is back is said once: loudly where the rules send it, in the thread where they do not', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    const other = await addNotice(db, { findingId, channel: 'slack-payments' })
    await send({ kind: 'notice', channel: 'slack-payments', noticeId: other })
    await recordEvent(db, { findingId, verb: 'reopened', actorKind: 'system', actor: 'namesake', state: 'open', facts: {}, at: now })
    await announce(db, { routing: unrouted(['slack']), kind: 'reopened', findingId, now })
    const waiting = (await rows()).filter(({ state }) => state === 'pending').map(({ channel: where, kind }) => `${where} ${kind}`)
    expect(waiting.sort()).toEqual(['slack refresh', 'slack reopened', 'slack-payments changed', 'slack-payments refresh'])
  })

  test('that somebody deleted is forgotten: the next news are a message of their own', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    const again = await addNotice(db, { kind: 'reopened', findingId })
    channel.script = [() => refuse('thread', 'the message is gone')]
    await expect(send(single(again))).rejects.toMatchObject({ scope: 'job', until: now })
    expect(await kept()).toEqual([])
    expect(await send(single(again))).toBe('delivered')
    expect(channel.posts.at(-1)).toMatchObject({ under: null })
    expect(await kept()).toMatchObject([{ ts: '3.0', noticeId: again }])
  })

  test('that somebody deleted has nothing to be changed: its waiting changes are settled', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    await acknowledge(db, { findingId, actor: ann, now })
    channel.script = [() => refuse('thread', 'the message is gone')]
    await expect(send({ kind: 'changed', channel: 'slack', findingId })).rejects.toBeInstanceOf(RetryLater)
    expect(await send({ kind: 'changed', channel: 'slack', findingId })).toBe('settled')
    expect(await send({ kind: 'refresh', channel: 'slack', findingId })).toBe('settled')
    expect(channel.updates).toEqual([])
    expect(await due()).toEqual([])
  })

  test('that stands in another room, from before the configuration changed, is forgotten: places go into the digest, loud news become a message', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    const occurrenceId = await addPlace(db, findingId)
    await acknowledge(db, { findingId, actor: ann, now })
    await recordEvent(db, { findingId, verb: 'place-added', actorKind: 'system', actor: 'namesake', state: 'open', facts: { occurrenceId: String(occurrenceId) }, at: now })
    const again = await addNotice(db, { kind: 'reopened', findingId, createdAt: later(1_000) })
    const moved = notifier()
    if (moved.threads === undefined) throw new Error('it has threads')
    const elsewhere = { ...moved, threads: { ...moved.threads, room: 'C2' } }
    expect(await send({ kind: 'changed', channel: 'slack', findingId }, now, elsewhere)).toBe('settled')
    expect(await kept()).toEqual([])
    expect((await rows()).filter(({ kind, state }) => kind === 'place' && state === 'pending').map((row) => row.occurrenceId)).toEqual([occurrenceId])
    expect(await send({ kind: 'refresh', channel: 'slack', findingId }, now, elsewhere)).toBe('settled')
    expect(await send(single(again), now, elsewhere)).toBe('delivered')
    expect(channel.posts.at(-1)).toMatchObject({ notice: { kind: 'reopened' }, under: null })
  })

  test('a channel that does not follow hears nothing of what happens later', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    let sent = 0
    const webhook: OpenNotifier = { destination: 'hooks.slack.com', limit: { max: 1, perMs: 1_100 }, send: () => settle(() => { sent += 1 }), sendPlain: () => Promise.resolve(), check: () => Promise.resolve([]) }
    await send(single(noticeId), now, webhook)
    await acknowledge(db, { findingId, actor: ann, now })
    expect([sent, await kept(), await due()]).toEqual([1, [], []])
  })

  test('a channel that follows without threads hears the changes and has nothing to be changed', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    const heard: string[] = []
    const follower: OpenNotifier = { destination: 'siem.example', limit: { max: 1, perMs: 100 }, follows: true, send: ({ kind }) => settle(() => { heard.push(kind) }), sendPlain: () => Promise.resolve(), check: () => Promise.resolve([]) }
    await send(single(noticeId), now, follower)
    await acknowledge(db, { findingId, actor: ann, now })
    for (const one of await due()) await send(one, now, follower)
    expect(heard).toEqual(['leaked', 'changed'])
    expect(await kept()).toMatchObject([{ room: null, ts: null }])
  })
})

describe('an answer that never came', () => {
  test('is asked for, and a message that is there is not repeated', async () => {
    const { findingId, noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    channel.script = [lost]
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    expect(await send(single(noticeId), later(60_000))).toBe('delivered')
    expect(channel.asked).toEqual([String(noticeId)])
    expect(channel.posts).toHaveLength(1)
    expect(await kept()).toMatchObject([{ findingId, ts: '1.0' }])
    expect(await rows()).toMatchObject([{ state: 'delivered', possibleRepeats: 0, attempt: null }])
  })

  test('of a message that did not arrive: it is sent again, once that is certain', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    channel.script = [lost]
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    channel.posts.length = 0
    await expect(send(single(noticeId), later(60_000))).rejects.toMatchObject({ until: later(60_000), scope: 'job' })
    expect(channel.posts).toHaveLength(0)
    expect(await send(single(noticeId), later(61_000))).toBe('delivered')
    expect(channel.posts).toHaveLength(1)
  })

  test('is not asked for too early: it may still be on its way', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    channel.script = [lost]
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    await expect(send(single(noticeId), later(5_000))).rejects.toMatchObject({ until: later(20_000), scope: 'job' })
    expect(channel.asked).toEqual([])
  })

  test.each([['fails', lost], ['is put off', () => new RetryLater('later', later(90_000))]])('whose question %s is asked for again, and never sent blind', async (_, failure) => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    channel.script = [lost, failure, failure]
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    for (const at of [60_000, 120_000]) await expect(send(single(noticeId), later(at))).rejects.toBeInstanceOf(Error)
    expect(channel.posts).toHaveLength(1)
    expect(await rows()).toMatchObject([{ state: 'pending', reason: expect.stringContaining('asking for the message failed') }])
    expect(await send(single(noticeId), later(180_000))).toBe('delivered')
    expect([channel.posts.length, channel.asked.length]).toEqual([1, 3])
  })

  test('that may not be asked for is left to a person, who can have it sent again', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    channel.script = [lost, () => new Permanent('missing_scope')]
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    await expect(send(single(noticeId), later(60_000))).rejects.toBeInstanceOf(Permanent)
    expect(await rows()).toMatchObject([{ state: 'dead', reason: 'it may have arrived, and could not be looked for: missing_scope' }])
    await resend(opened.database.db, { channel: 'slack' })
    expect(await send(single(noticeId), later(90_000))).toBe('delivered')
  })

  test('of several changes is asked for as they were sent; what came since waits for the next message', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    await acknowledge(db, { findingId, actor: ann, now })
    channel.script = [lost]
    await expect(send({ kind: 'changed', channel: 'slack', findingId })).rejects.toBeInstanceOf(Transient)
    await dismiss(db, { findingId, actor: ann, reason: 'a tutorial', now })
    expect(await send({ kind: 'changed', channel: 'slack', findingId }, later(60_000))).toBe('delivered')
    expect(await send({ kind: 'changed', channel: 'slack', findingId }, later(61_000))).toBe('delivered')
    expect(channel.posts.slice(1).map(({ notice }) => (notice.kind === 'changed' ? notice.changes.map(({ what }) => what) : []))).toEqual([['acknowledged'], ['dismissed']])
  })

  test('of a change of the message needs no question: it is changed again', async () => {
    const { db } = opened.database
    const { findingId, noticeId } = await addLeak(db, 'acme-corp-auth-client')
    await send(single(noticeId))
    await acknowledge(db, { findingId, actor: ann, now })
    channel.script = [lost]
    await expect(send({ kind: 'refresh', channel: 'slack', findingId })).rejects.toBeInstanceOf(Transient)
    expect(await send({ kind: 'refresh', channel: 'slack', findingId }, later(1_000))).toBe('delivered')
    expect([channel.updates.length, channel.asked.length]).toEqual([2, 0])
  })

  test('of a rate limit is an answer: nothing is asked for', async () => {
    const { noticeId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    channel.script = [() => new RetryLater('429', later(30_000))]
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(RetryLater)
    expect(await send(single(noticeId), later(30_000))).toBe('delivered')
    expect(channel.asked).toEqual([])
  })

  test('by a webhook cannot be asked for: it is sent again, and the possible repeat is counted', async () => {
    const { db } = opened.database
    const { noticeId } = await addLeak(db, 'acme-corp-auth-client')
    let sent = 0
    const webhook: OpenNotifier = {
      destination: 'hooks.slack.com', limit: { max: 1, perMs: 1_100 }, sendPlain: () => Promise.resolve(), check: () => Promise.resolve([]),
      send: () => settle(() => {
        sent += 1
        if (sent < 3) throw lost()
      }),
    }
    for (const _ of ['first', 'second']) await expect(send(single(noticeId), now, webhook)).rejects.toBeInstanceOf(Transient)
    expect(await send(single(noticeId), now, webhook)).toBe('delivered')
    expect(sent).toBe(3)
    const [row] = await db.select().from(notices).where(eq(notices.id, noticeId))
    expect(row).toMatchObject({ state: 'delivered', possibleRepeats: 2, attempt: null })
    expect(await db.select().from(findings)).toHaveLength(1)
  })
})
