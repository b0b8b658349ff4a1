import { asc, eq, inArray, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Routing } from '../../src/contracts/routing.ts'
import { destinations, findings, mutes, notices } from '../../src/db/schema/index.ts'
import { Invalid, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { deliver } from '../../src/notices/deliver.ts'
import { tellOperators } from '../../src/notices/destination-health.ts'
import { escalate } from '../../src/notices/escalate.ts'
import { listDestinations } from '../../src/notices/list-destinations.ts'
import { listDue, type Asked, type Due } from '../../src/notices/list-due.ts'
import { countHeld, listNotices } from '../../src/notices/list-notices.ts'
import { listMutes, mute } from '../../src/notices/mute.ts'
import { resend } from '../../src/notices/resend.ts'
import { unrouted } from '../../src/notices/route.ts'
import { sendTest } from '../../src/notices/send-test.ts'
import { unmute } from '../../src/notices/unmute.ts'
import { refuse } from '../../src/notifiers/refusal.ts'
import { useDatabase } from '../support/database.ts'
import { addEvent, addFinding, addIdentifier, addLeak, addNotice, addPlace, now } from './outbox.ts'
import { createRecorder, type Recorder } from './recorder.ts'

const opened = useDatabase({ truncate: true })
const db = () => opened.database.db
const minute = 60_000
const hour = 60 * minute
const later = (ms: number) => new Date(now.getTime() + ms)
const ann = { kind: 'cli' as const, name: 'ann' }
const plain = unrouted(['slack', 'mail'])

let slack: Recorder
beforeEach(() => {
  slack = createRecorder()
})
const listed = (routing: Routing = plain, at = now, more: Partial<Asked> = {}) => listDue(db(), { routing, now: at, digest: false, ...more })
const send = (due: Due, at = now, routing: Routing = plain, through = slack) => deliver(db(), through, due, { organization: 'Acme Corp', routing, now: at })
const single = (noticeId: bigint, channel = 'slack'): Due => ({ kind: 'notice', channel, noticeId })
const rows = () => db().select().from(notices).orderBy(asc(notices.id))
const dead = () => refuse('destination', 'the webhook is gone (410)')

async function tellAll(at = now, routing: Routing = plain): Promise<void> {
  for (const due of await listed(routing, at)) if (due.channel === 'slack') await send(due, at, routing)
}

/** Leaks of a severity, each with its notice, in one go. */
async function addLeaks(count: number, values: Parameters<typeof addFinding>[1] = {}, createdAt = now): Promise<bigint[]> {
  const ids: bigint[] = []
  for (let n = 0; n < count; n += 1) ids.push(await addNotice(db(), { findingId: await addFinding(db(), values), createdAt }))
  return ids
}

describe('many alerts at once', () => {
  const routing: Routing = { ...plain, storm: { more: 3, withinMs: 10 * minute }, page: 'https://namesake.acme-corp.example' }

  test('as many as are told one by one are told one by one', async () => {
    const ids = await addLeaks(3)
    expect(await listed(routing)).toEqual(ids.map((id) => single(id)))
  })

  test('one more makes one message of all, with each finding in it and stored as told', async () => {
    await addLeaks(5)
    expect(await listed(routing)).toEqual([{ kind: 'storm', channel: 'slack', loud: false }])
    await tellAll(now, routing)
    expect(slack.told).toMatchObject([{ kind: 'storm', findingCount: 5, alerts: { leaked: 5 }, page: 'https://namesake.acme-corp.example' }])
    expect(slack.told[0]).toHaveProperty('findings.length', 5)
    expect(await rows()).toMatchObject(Array.from({ length: 5 }, () => ({ state: 'delivered', deliveredAt: now, toldWith: '1-5', attempts: 1 })))
  })

  test('what was told one by one a moment ago counts too', async () => {
    await addLeaks(3)
    await tellAll(now, routing)
    await addLeaks(2, {}, later(minute))
    expect(await listed(routing, later(minute))).toEqual([{ kind: 'storm', channel: 'slack', loud: false }])
  })

  test('what was told longer ago than the time does not', async () => {
    await addLeaks(3)
    await tellAll(now, routing)
    const [id] = await addLeaks(1, {}, later(11 * minute))
    expect(await listed(routing, later(11 * minute))).toEqual([single(id ?? 0n)])
  })

  test('after such a message the next one waits until the time is over, and nothing is lost', async () => {
    await addLeaks(5)
    await tellAll(now, routing)
    await addLeaks(4, {}, later(minute))
    expect(await listed(routing, later(minute))).toEqual([])
    expect(await listed(routing, later(9 * minute))).toEqual([])
    await tellAll(later(10 * minute), routing)
    expect(slack.told).toMatchObject([{ findingCount: 5 }, { findingCount: 4 }])
    expect((await rows()).every(({ state }) => state === 'delivered')).toBe(true)
  })

  test('somebody who does not come back later does not wait', async () => {
    await addLeaks(5)
    await tellAll(now, routing)
    await addLeaks(4, {}, later(minute))
    expect(await listed(routing, later(minute), { flush: true })).toEqual([{ kind: 'storm', channel: 'slack', loud: false }])
  })

  test('what is critical is counted apart: little things neither hide nor delay it', async () => {
    await addLeaks(5, { severity: 'low' })
    await tellAll(now, routing)
    await addLeaks(4, { severity: 'low' }, later(minute))
    const [loud] = await addLeaks(1, { severity: 'critical' }, later(minute))
    expect(await listed(routing, later(minute))).toEqual([single(loud ?? 0n)])
  })

  test('critical ones are one message too when they are many', async () => {
    await addLeaks(4, { severity: 'critical' })
    await addLeaks(1, { severity: 'low' })
    expect(await listed(routing)).toEqual([{ kind: 'storm', channel: 'slack', loud: true }, expect.objectContaining({ kind: 'notice' })])
    await tellAll(now, routing)
    expect(slack.told.map(({ kind }) => kind)).toEqual(['storm', 'leaked'])
  })

  test('channels are counted apart', async () => {
    await addLeaks(4)
    const other = await addNotice(db(), { channel: 'mail', findingId: await addFinding(db()) })
    expect(await listed(routing)).toEqual([{ kind: 'storm', channel: 'slack', loud: false }, single(other, 'mail')])
  })

  test('when the message fails all of them wait, and one that was refused is sent plain', async () => {
    await addLeaks(4)
    slack.fail(new Transient('slack.example: no answer'), refuse('message', 'it refused the message'))
    const storm: Due = { kind: 'storm', channel: 'slack', loud: false }
    await expect(send(storm, now, routing)).rejects.toBeInstanceOf(Transient)
    expect((await rows()).map(({ state, attempts }) => [state, attempts])).toEqual(Array.from({ length: 4 }, () => ['pending', 1]))
    await expect(send(storm, now, routing)).rejects.toBeInstanceOf(RetryLater)
    expect(await send(storm, now, routing)).toBe('delivered')
    expect(slack.told).toHaveLength(1)
  })

  test('one whose answer never came is one message again, whatever has come since', async () => {
    await addLeaks(4)
    slack.fail(new Transient('slack.example: the exchange broke off'))
    const storm: Due = { kind: 'storm', channel: 'slack', loud: false }
    await expect(send(storm, now, routing)).rejects.toBeInstanceOf(Transient)
    await addLeaks(2, {}, later(minute))
    await tellAll(later(minute), routing)
    expect(slack.told).toMatchObject([{ id: '1-4', findingCount: 4 }])
    expect((await rows()).map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered', 'delivered', 'pending', 'pending'])
  })

  test('a row of it is not told by itself by a job that waited', async () => {
    const [first = 0n] = await addLeaks(4)
    slack.fail(new Transient('slack.example: the exchange broke off'))
    await expect(send({ kind: 'storm', channel: 'slack', loud: false }, now, routing)).rejects.toBeInstanceOf(Transient)
    expect(await send(single(first), now, routing)).toBe('settled')
    expect(slack.told).toEqual([])
  })

  test('a thousand are one message that says how many are not in its table', async () => {
    await db().execute(sql`insert into identifiers (form, kind, ecosystem, name, key, team, disclose, public_on_purpose, near, created_at)
      select 'name', 'package', 'npm', 'acme-' || n, 'acme-' || n, 'identity', 'name', false, '[]', ${now.toISOString()}::timestamptz from generate_series(1, 1000) n`)
    await db().execute(sql`insert into findings (identifier_id, state, severity, reasons, first_seen_at, public_since, public_since_is_lower_bound, updated_at)
      select id, 'open', 'high', '[]', ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz, false, ${now.toISOString()}::timestamptz from identifiers`)
    await db().execute(sql`insert into notices (channel, kind, key, finding_id, state, created_at) select 'slack', 'leaked', id::text, id, 'pending', ${now.toISOString()}::timestamptz from findings`)
    await tellAll(now, routing)
    expect(slack.told).toMatchObject([{ kind: 'storm', findingCount: 1000, findings: { length: 20 } }])
    expect(await db().$count(notices, eq(notices.state, 'delivered'))).toBe(1000)
  })
})

describe('quiet hours', () => {
  const quietHours = { timezone: 'UTC', from: 5 * 60, to: 7 * 60, days: [0, 1, 2, 3, 4, 5, 6], wholeDays: [], except: { severity: ['critical' as const] } }
  const routing: Routing = { ...plain, quietHours, storm: { more: 3, withinMs: 10 * minute } }

  test('keep back what is not excepted, and tell it at their end', async () => {
    const [id = 0n] = await addLeaks(1)
    expect(await listed(routing)).toEqual([])
    expect(await listed(routing, later(hour - 1))).toEqual([])
    expect(await listed(routing, later(hour))).toEqual([single(id)])
  })

  test('let pass what is excepted, and a claim always: it is critical', async () => {
    const [critical = 0n] = await addLeaks(1, { severity: 'critical' })
    const findingId = await addFinding(db(), { severity: 'low' })
    const claim = await addNotice(db(), { kind: 'claim', findingId })
    expect(await listed(routing)).toEqual([single(critical), single(claim)])
  })

  test('let pass what was found where it is excepted', async () => {
    const except = { ...routing, quietHours: { ...quietHours, except: { source: ['stack-exchange'] } } }
    const [here = 0n, there = 0n] = [await addFinding(db()), await addFinding(db())]
    await addPlace(db(), here, { document: { source: 'github-code' } })
    await addPlace(db(), there, { document: { source: 'stack-exchange' } })
    await addNotice(db(), { findingId: here })
    const passes = await addNotice(db(), { findingId: there })
    expect(await listed(except)).toEqual([single(passes)])
  })

  test('at their end tell much as one message', async () => {
    await addLeaks(4, {}, later(-30 * minute))
    expect(await listed(routing)).toEqual([])
    expect(await listed(routing, later(hour))).toEqual([{ kind: 'storm', channel: 'slack', loud: false }])
  })

  test('are asked again right before a message is sent: it may have waited in a queue', async () => {
    const [id = 0n] = await addLeaks(1)
    expect(await send(single(id), now, routing)).toBe('held')
    expect(slack.told).toEqual([])
    expect(await rows()).toMatchObject([{ state: 'pending', attempts: 0, attempt: null }])
    expect(await send(single(id), later(hour), routing)).toBe('delivered')
  })

  test('keep the digest, the first summary and escalations back, not what follows a message and not word for the operator', async () => {
    const findingId = await addFinding(db())
    await addNotice(db(), { kind: 'place', findingId, occurrenceId: await addPlace(db(), findingId) })
    await addNotice(db(), { kind: 'baseline' })
    await addNotice(db(), { kind: 'escalation', findingId })
    const operator = await addNotice(db(), { kind: 'operator' })
    const other = await addFinding(db())
    await addNotice(db(), { kind: 'changed', findingId: other })
    expect(await listed(routing, now, { digest: true })).toEqual([single(operator), { kind: 'changed', channel: 'slack', findingId: other }])
    expect(await listed(routing, later(hour), { digest: true })).toHaveLength(5)
  })

  test('a digest whose moment they held is told at their end, by the places that were there', async () => {
    const findingId = await addFinding(db())
    await addNotice(db(), { kind: 'place', findingId, occurrenceId: await addPlace(db(), findingId) })
    const bornBefore = later(minute)
    expect(await listed(routing, later(minute), { digest: { bornBefore } })).toEqual([])
    expect(await listed(routing, later(hour), { digest: { bornBefore } })).toEqual([{ kind: 'digest', channel: 'slack' }])
    expect(await listed(routing, later(hour), { digest: { bornBefore: now } })).toEqual([])
  })

  test('that are taken out of the configuration hold nothing any more', async () => {
    const [id = 0n] = await addLeaks(1)
    expect(await listed(routing)).toEqual([])
    expect(await listed(plain)).toEqual([single(id)])
  })

  test('show in the list of what waits, with their end', async () => {
    await addLeaks(1)
    expect(await listNotices(db(), { routing, now })).toMatchObject([{ state: 'held', until: later(hour), reason: 'quiet hours' }])
    expect(await countHeld(db(), { routing, now })).toBe(1)
  })
})

describe('a mute', () => {
  const muted = (change: Partial<Parameters<typeof mute>[1]> = {}) => mute(db(), { channel: null, until: later(2 * hour), reason: 'maintenance', actor: ann, now, ...change })

  test('holds everything, critical too, until its end, and drops nothing', async () => {
    const [id = 0n] = await addLeaks(1, { severity: 'critical' })
    await muted()
    expect(await listed()).toEqual([])
    expect(await send(single(id))).toBe('held')
    expect(await listNotices(db(), { routing: plain, now })).toMatchObject([{ state: 'held', until: later(2 * hour), reason: 'muted: maintenance' }])
    expect(await listed(plain, later(2 * hour))).toEqual([single(id)])
  })

  test('of one destination leaves the others', async () => {
    await addLeaks(1)
    const mail = await addNotice(db(), { channel: 'mail', findingId: await addFinding(db()) })
    await muted({ channel: 'slack' })
    expect(await listed()).toEqual([single(mail, 'mail')])
  })

  test('that ends early tells what waited, and says who ended it', async () => {
    const [id = 0n] = await addLeaks(1)
    await muted()
    expect(await unmute(db(), { channel: null, actor: { kind: 'cli', name: 'bob' }, now: later(minute) })).toBe(1)
    expect(await listed(plain, later(minute))).toEqual([single(id)])
    expect(await db().select().from(mutes)).toMatchObject([{ actor: 'ann', actorKind: 'cli', reason: 'maintenance', endedAt: later(minute), endedBy: 'bob' }])
    expect(await unmute(db(), { channel: null, actor: ann, now: later(minute) })).toBe(0)
  })

  test('of several the last that ends counts', async () => {
    await addLeaks(1)
    await muted({ until: later(hour) })
    await muted({ until: later(3 * hour), channel: 'slack' })
    expect(await listed(plain, later(2 * hour))).toEqual([])
    expect((await listMutes(db(), now)).map(({ endsAt }) => endsAt)).toEqual([later(3 * hour), later(hour)])
  })

  test.each<[string, Partial<Parameters<typeof mute>[1]>, RegExp]>([
    ['without a reason', { reason: ' ' }, /needs a reason/],
    ['that ends now', { until: now }, /ends in the future/],
    ['that is forgotten', { until: later(31 * 24 * hour) }, /at most 30 days/],
    ['without a moment', { until: new Date(Number.NaN) }, /ends in the future/],
  ])('%s is refused', async (_, change, words) => {
    await expect(muted(change)).rejects.toThrow(words)
    await expect(muted(change)).rejects.toBeInstanceOf(Invalid)
    expect(await listMutes(db(), now)).toEqual([])
  })
})

describe('the order', () => {
  test('of messages about one finding is kept: a later one waits for one that is tried again', async () => {
    const { findingId, noticeId } = await addLeak(db(), 'acme-corp-auth-client')
    const back = await addNotice(db(), { kind: 'reopened', findingId })
    slack.fail(new Transient('slack.example: no answer'))
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    expect(await send(single(back))).toBe('held')
    expect(slack.told).toEqual([])
    await tellAll()
    expect(slack.told.map(({ kind }) => kind)).toEqual(['leaked', 'reopened'])
  })

  test('holds what follows a message back behind a later alert about the same finding', async () => {
    const findingId = await addFinding(db())
    await addEvent(db(), findingId, 'found')
    const escalation = await addNotice(db(), { kind: 'escalation', findingId })
    await addNotice(db(), { kind: 'changed', findingId })
    slack.fail(new Transient('slack.example: no answer'))
    await expect(send(single(escalation))).rejects.toBeInstanceOf(Transient)
    expect(await send({ kind: 'changed', channel: 'slack', findingId })).toBe('held')
  })

  test('does not hold up other findings, other destinations, and nothing behind what was refused', async () => {
    const { findingId, noticeId } = await addLeak(db(), 'acme-corp-auth-client')
    const { noticeId: other } = await addLeak(db(), 'acme-corp-other')
    const mail = await addNotice(db(), { channel: 'mail', findingId, kind: 'reopened' })
    const back = await addNotice(db(), { kind: 'reopened', findingId })
    slack.fail(new Transient('slack.example: no answer'))
    await expect(send(single(noticeId))).rejects.toBeInstanceOf(Transient)
    expect(await send(single(other))).toBe('delivered')
    expect(await send(single(mail, 'mail'))).toBe('delivered')
    await db().update(notices).set({ state: 'dead' }).where(eq(notices.id, noticeId))
    expect(await send(single(back))).toBe('delivered')
  })

  test('is not the digest\'s: a place that waits for it holds up nothing', async () => {
    const findingId = await addFinding(db())
    await addNotice(db(), { kind: 'place', findingId, occurrenceId: await addPlace(db(), findingId) })
    const back = await addNotice(db(), { kind: 'reopened', findingId })
    expect(await send(single(back))).toBe('delivered')
  })

  test('of a claim and the little leak before it: neither waits for many other little ones', async () => {
    const routing: Routing = { ...plain, storm: { more: 3, withinMs: 10 * minute } }
    await addLeaks(5, { severity: 'low' })
    await tellAll(now, routing)
    await addLeaks(4, { severity: 'low' }, later(minute))
    const findingId = await addFinding(db(), { severity: 'low' })
    const leaked = await addNotice(db(), { findingId, createdAt: later(minute) })
    const claim = await addNotice(db(), { kind: 'claim', findingId, createdAt: later(minute) })
    expect(await listed(routing, later(minute))).toEqual([single(leaked), single(claim)])
  })
})

describe('an escalation', () => {
  const rule = { afterMs: 4 * hour, when: {}, to: ['mail'] }
  const routing = (change: Partial<typeof rule> & { readonly when?: Routing['escalate'][number]['when'] } = {}): Routing => ({ ...plain, escalate: [{ ...rule, ...change }] })
  const born = async () => (await rows()).filter(({ kind }) => kind === 'escalation')

  async function told(values: Parameters<typeof addFinding>[1] = {}, at = now): Promise<bigint> {
    const findingId = await addFinding(db(), values)
    await addNotice(db(), { findingId, key: String(findingId), createdAt: at, state: 'delivered', deliveredAt: at })
    return findingId
  }

  test('is born when nobody has acknowledged in time, not before', async () => {
    const findingId = await told()
    expect(await escalate(db(), routing(), later(4 * hour - 1))).toBe(0)
    expect(await escalate(db(), routing(), later(4 * hour))).toBe(1)
    expect(await born()).toMatchObject([{ channel: 'mail', findingId, state: 'pending', details: { toldAt: now.toISOString() }, createdAt: later(4 * hour) }])
  })

  test('is made up for when the minute was missed, even by a day', async () => {
    await told()
    expect(await escalate(db(), routing(), later(30 * hour))).toBe(1)
  })

  test('is born once, however often and by however many it is asked for', async () => {
    await told()
    const counts = await Promise.all([1, 2, 3].map(() => escalate(db(), routing(), later(5 * hour))))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1)
    expect(await escalate(db(), routing(), later(6 * hour))).toBe(0)
    expect(await born()).toHaveLength(1)
  })

  test.each(['acknowledged', 'resolved', 'dismissed'] as const)('is not born of a finding that is %s', async (state) => {
    await told({ state, dismissedReason: state === 'dismissed' ? 'a tutorial' : null })
    expect(await escalate(db(), routing(), later(5 * hour))).toBe(0)
  })

  test('is not born of what the first summary told', async () => {
    await addFinding(db())
    await addNotice(db(), { kind: 'baseline', key: 'baseline', state: 'delivered', deliveredAt: now })
    expect(await escalate(db(), routing(), later(100 * hour))).toBe(0)
  })

  test('is born even when the first word of it was never delivered', async () => {
    const findingId = await addFinding(db())
    await addNotice(db(), { findingId, key: String(findingId), state: 'dead' })
    expect(await escalate(db(), routing(), later(5 * hour))).toBe(1)
  })

  test('is born again when the finding is back, counted from then', async () => {
    const findingId = await told()
    await escalate(db(), routing(), later(4 * hour))
    await addNotice(db(), { kind: 'reopened', findingId, key: `${findingId}.9`, createdAt: later(10 * hour) })
    expect(await escalate(db(), routing(), later(13 * hour))).toBe(0)
    expect(await escalate(db(), routing(), later(14 * hour))).toBe(1)
  })

  test('goes by what the finding is now', async () => {
    const findingId = await told({ severity: 'low' })
    const critical = routing({ when: { severity: ['critical'] } })
    expect(await escalate(db(), critical, later(5 * hour))).toBe(0)
    await db().update(findings).set({ severity: 'critical' }).where(eq(findings.id, findingId))
    expect(await escalate(db(), critical, later(5 * hour))).toBe(1)
  })

  test.each<[string, Routing['escalate'][number]['when'], boolean]>([
    ['its team', { team: ['payments'] }, true], ['another team', { team: ['identity'] }, false],
    ['its ecosystem', { ecosystem: ['pypi'] }, true], ['another ecosystem', { ecosystem: ['npm'] }, false],
    ['its source', { source: ['stack-exchange'] }, true], ['another source', { source: ['github-code'] }, false],
  ])('asks for %s', async (_, when, expected) => {
    const findingId = await told({ identifierId: await addIdentifier(db(), { team: 'payments', ecosystem: 'pypi' }) })
    await addPlace(db(), findingId, { document: { source: 'stack-exchange' } })
    expect(await escalate(db(), routing({ when }), later(5 * hour))).toBe(expected ? 1 : 0)
  })

  test('of each rule is its own, and a rule is the same wherever it stands', async () => {
    await told()
    const second = { afterMs: 8 * hour, when: {}, to: ['slack'] }
    await escalate(db(), { ...plain, escalate: [rule, second] }, later(4 * hour))
    expect((await born()).map(({ channel }) => channel)).toEqual(['mail'])
    await escalate(db(), { ...plain, escalate: [second, rule] }, later(8 * hour))
    expect((await born()).map(({ channel }) => channel)).toEqual(['mail', 'slack'])
  })

  test('that names a destination which is not configured any more is born for nobody', async () => {
    await told()
    expect(await escalate(db(), routing({ to: ['gone'] }), later(5 * hour))).toBe(0)
  })

  test('says so when it is told, with the moment', async () => {
    await told()
    await escalate(db(), routing({ to: ['slack'] }), later(4 * hour))
    await tellAll(later(4 * hour))
    expect(slack.told).toMatchObject([{ kind: 'escalation', toldAt: now }])
  })

  test('of many is born for each, and for none a second time', async () => {
    const ids = await addLeaks(30)
    await db().update(notices).set({ key: sql`finding_id::text` }).where(inArray(notices.id, ids))
    expect(await escalate(db(), routing(), later(5 * hour))).toBe(30)
    expect(await escalate(db(), routing(), later(5 * hour))).toBe(0)
  })
})

describe('a destination that refuses us for good', () => {
  const operators = async () => (await rows()).filter(({ kind }) => kind === 'operator')

  test('is told to every other one, once', async () => {
    const routing = unrouted(['slack', 'mail', 'teams'])
    const [first = 0n] = await addLeaks(2)
    slack.fail(dead())
    await expect(send(single(first), now, routing)).rejects.toBeInstanceOf(Permanent)
    expect((await operators()).map(({ channel }) => channel)).toEqual(['mail', 'teams'])
    const [next = 0n] = await addLeaks(1, {}, later(hour))
    slack.fail(dead())
    await expect(send(single(next), later(hour), routing)).rejects.toBeInstanceOf(Permanent)
    expect(await operators()).toHaveLength(2)
  })

  test('is told by which, since when, why, and how much is not told', async () => {
    await addLeaks(3)
    slack.fail(dead())
    await expect(send(single((await rows())[0]?.id ?? 0n))).rejects.toBeInstanceOf(Permanent)
    const mail = createRecorder()
    const [operator] = await operators()
    await send(single(operator?.id ?? 0n, 'mail'), now, plain, mail)
    expect(mail.told).toMatchObject([{ kind: 'operator', news: 'dead', about: 'slack', reason: 'the webhook is gone (410)', since: now, untold: 3 }])
  })

  test('is told to nobody by itself, and to nobody where there is no other', async () => {
    const [id = 0n] = await addLeaks(1)
    slack.fail(dead())
    await expect(send(single(id), now, unrouted(['slack']))).rejects.toBeInstanceOf(Permanent)
    expect(await operators()).toEqual([])
    expect(await listDestinations(db(), { routing: unrouted(['slack']), now })).toMatchObject([{ name: 'slack', state: 'dead', since: now, reason: 'the webhook is gone (410)', dead: 1 }])
  })

  test('is told to one that works rather than to one that is dead too', async () => {
    await db().insert(destinations).values({ name: 'mail', deadSince: now, triedAt: now })
    const [id = 0n] = await addLeaks(1)
    slack.fail(dead())
    await expect(send(single(id), now, unrouted(['slack', 'mail', 'teams']))).rejects.toBeInstanceOf(Permanent)
    expect((await operators()).map(({ channel }) => channel)).toEqual(['teams'])
  })

  test('gets nothing for an hour, is then tried with what waits, and works again when it takes it', async () => {
    const [first = 0n] = await addLeaks(1)
    slack.fail(dead())
    await expect(send(single(first))).rejects.toBeInstanceOf(Permanent)
    const [next = 0n] = await addLeaks(1, {}, later(minute))
    expect(await listed(plain, later(minute))).toEqual([expect.objectContaining({ channel: 'mail' })])
    expect(await send(single(next), later(minute))).toBe('held')
    expect(await send(single(next), later(hour))).toBe('delivered')
    expect(await listDestinations(db(), { routing: plain, now: later(hour) })).toMatchObject([{ name: 'slack', state: 'works', since: null, dead: 1 }, { name: 'mail', state: 'idle' }])
  })

  test('shows what it refused, with the reason, until somebody sends it again', async () => {
    const [id = 0n] = await addLeaks(1)
    slack.fail(dead())
    await expect(send(single(id))).rejects.toBeInstanceOf(Permanent)
    expect(await listNotices(db(), { routing: plain, now, states: ['dead'] })).toMatchObject([{ id, state: 'dead', reason: 'the webhook is gone (410)', channel: 'slack' }])
    await resend(db(), { channel: 'slack' })
    expect(await send(single(id), later(minute))).toBe('delivered')
  })

  test('whose death was told is told of again when it dies again', async () => {
    const [first = 0n, second = 0n, third = 0n] = await addLeaks(3)
    slack.fail(dead())
    await expect(send(single(first))).rejects.toBeInstanceOf(Permanent)
    await resend(db(), { channel: 'slack' })
    expect(await send(single(second), later(minute))).toBe('delivered')
    slack.fail(dead())
    await expect(send(single(third), later(2 * minute))).rejects.toBeInstanceOf(Permanent)
    expect(await operators()).toHaveLength(2)
  })
})

describe('a destination that gives no answer', () => {
  const operators = async () => (await rows()).filter(({ kind }) => kind === 'operator')

  test('is told to the others after an hour, once, and not when it has answered meanwhile', async () => {
    const [id = 0n] = await addLeaks(1)
    slack.fail(new Transient('slack.example: no answer'), new Transient('slack.example: still none'))
    await expect(send(single(id))).rejects.toBeInstanceOf(Transient)
    await expect(send(single(id), later(30 * minute))).rejects.toBeInstanceOf(Transient)
    await tellOperators(db(), plain, later(hour - 1))
    expect(await operators()).toEqual([])
    for (const ms of [hour, hour + minute]) await tellOperators(db(), plain, later(ms))
    expect(await operators()).toMatchObject([{ channel: 'mail', details: { operator: { news: 'failing', about: 'slack', reason: 'slack.example: still none', since: now.toISOString() } } }])
    expect(await send(single(id), later(2 * hour))).toBe('delivered')
    expect(await listDestinations(db(), { routing: plain, now })).toMatchObject([{ state: 'works', reason: null }, {}])
  })

  test('only asks to wait: that is no trouble', async () => {
    const [id = 0n] = await addLeaks(1)
    slack.fail(new RetryLater('slack.example: asks to wait (429)', later(minute)))
    await expect(send(single(id))).rejects.toBeInstanceOf(RetryLater)
    expect(await listDestinations(db(), { routing: plain, now })).toMatchObject([{ state: 'idle' }, {}])
  })
})

describe('a test message', () => {
  test('passes mutes, says that it is a test, and makes a dead destination work again', async () => {
    await db().insert(destinations).values({ name: 'slack', deadSince: now, triedAt: now, reason: 'gone' })
    await mute(db(), { channel: null, until: later(hour), reason: 'x', actor: ann, now })
    expect(await sendTest(db(), 'slack', slack, { organization: 'Acme Corp', now })).toEqual({ taken: true, reason: null, refused: null })
    expect(slack.told).toMatchObject([{ kind: 'operator', news: 'test', about: 'slack' }])
    expect(await listDestinations(db(), { routing: plain, now })).toMatchObject([{ state: 'works', mutedUntil: later(hour), muteReason: 'x' }, {}])
    expect(await rows()).toEqual([])
  })

  test.each([
    [dead(), { reason: 'the webhook is gone (410)', refused: 'destination' }],
    [new Transient('x.example: no answer'), { reason: 'x.example: no answer', refused: null }],
    [new TypeError('acme-corp-auth-client'), { reason: 'an unexpected failure', refused: null }],
  ])('that is not taken says why, without names: %s', async (error, expected) => {
    slack.fail(error)
    expect(await sendTest(db(), 'slack', slack, { organization: 'Acme Corp', now })).toEqual({ taken: false, ...expected })
  })
})
