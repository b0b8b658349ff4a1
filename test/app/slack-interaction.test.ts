import { asc } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { slackInteraction, takeInteraction, type InteractionContext } from '../../src/app/slack-interaction.ts'
import { startSocketMode } from '../../src/app/socket-mode.ts'
import { accounts, events, findings, interactions } from '../../src/db/schema/index.ts'
import { Transient } from '../../src/errors.ts'
import { enqueueClicks, slackJob } from '../../src/jobs/slack.ts'
import { createLog } from '../../src/log.ts'
import { createHttp } from '../../src/net/http.ts'
import { deliver } from '../../src/notices/deliver.ts'
import { unrouted } from '../../src/notices/route.ts'
import { openAnswers } from '../../src/notifiers/slack/answers.ts'
import { slackSettings, type SlackSettings } from '../../src/notifiers/slack/settings.ts'
import type { NewJob } from '../../src/queue/open.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import type { Click, SignedRequest } from '../../src/sandbox/slack/workspace.ts'
import { acknowledge } from '../../src/findings/acknowledge.ts'
import { resolve } from '../../src/findings/resolve.ts'
import { openSlack } from '../notifiers/slack/open-slack.ts'
import { addLeak, now as start } from '../notices/outbox.ts'
import { useDatabase } from '../support/database.ts'

const opened = useDatabase({ truncate: true })
let at = start
const now = () => at
let sandbox: Sandbox
let queued: NewJob[] = []
let queueFails = false

beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], now, slack: { burst: 1_000, workspace: { everyMs: 1 } } })
})
afterAll(async () => {
  await sandbox.close()
})
beforeEach(async () => {
  const account = { name: 'A person', role: 'analyst' as const, password: null, createdAt: start }
  await opened.database.db.insert(accounts).values([
    { ...account, email: 'ann@acme-corp.com' }, { ...account, email: 'bob@acme-corp.com' }, { ...account, email: 'vic@acme-corp.com', role: 'viewer' }, { ...account, email: 'dan@acme-corp.com', disabledAt: start },
  ])
  at = start
  queued = []
  queueFails = false
  sandbox.setFaults({})
})

const log = createLog({ level: 'silent' })
function settings(): SlackSettings {
  const { workspace, apiUrl, responseUrl } = sandbox.slack
  const { botToken, signingSecret, appToken, teamId } = workspace
  return slackSettings.parse({ messageEveryMs: 1, botToken, channel: 'C0ALERTS', apiUrl, signingSecret, appToken, teamId, responseUrl, users: { U0ANN: 'Ann@acme-corp.com', U0BOB: 'bob@acme-corp.com', U0VIC: 'vic@acme-corp.com', U0DAN: 'dan@acme-corp.com', U0ZOE: 'zoe@acme-corp.com' } })
}
const http = () => createHttp({ userAgent: 'namesake test', origins: [sandbox.url], now })
const queues = {
  enqueue: async (_: string, jobs: readonly NewJob[]) => {
    await Promise.resolve()
    if (queueFails) throw new Transient('the queue is away')
    queued.push(...jobs)
  },
}
const context = (slack: SlackSettings | undefined = settings()): InteractionContext => ({ slack, database: opened.database, queues, now, log })
const receive = ({ body, headers }: SignedRequest) => slackInteraction(new TextEncoder().encode(body), new Headers(headers), context())

async function work(): Promise<void> {
  const slack = settings()
  const handler = slackJob({ database: opened.database, queues, now, log }, { users: slack.users, messagesKnown: true, answers: openAnswers(slack, http(), now) })
  for (let job = queued.shift(); job !== undefined; job = queued.shift()) {
    const { payload } = job
    if (payload['interaction'] === undefined) continue
    await handler.run(payload, AbortSignal.timeout(10_000)).catch(() => handler.run(payload, AbortSignal.timeout(10_000)))
  }
}

/** A leak whose message stands in the channel. */
async function tell(name = 'acme-corp-auth-client'): Promise<{ readonly findingId: bigint; readonly ts: string }> {
  const { findingId, noticeId } = await addLeak(opened.database.db, name)
  const slack = settings()
  const notifier = openSlack({ ...slack }, { now })
  await deliver(opened.database.db, notifier, { kind: 'notice', channel: 'slack', noticeId }, { organization: 'Acme Corp', routing: unrouted(['slack']), now: at })
  return { findingId, ts: sandbox.slack.workspace.messages('C0ALERTS').at(-1)?.ts ?? '' }
}
const press = (ts: string, change: Partial<Click> = {}) => sandbox.slack.workspace.click({ room: 'C0ALERTS', ts, action: 'finding.acknowledge', user: 'U0ANN', ...change })
const state = async (findingId: bigint) => (await opened.database.db.select().from(findings)).find(({ id }) => id === findingId)?.state
const history = () => opened.database.db.select().from(events).orderBy(asc(events.id))
const rows = () => opened.database.db.select().from(interactions).orderBy(asc(interactions.id))
const told = () => sandbox.slack.workspace.responses().at(-1)?.body

describe('a click', () => {
  test('is stored and queued, and acknowledged with an empty 200; then it is done, by the account of the person', async () => {
    const { findingId, ts } = await tell()
    expect(await receive(press(ts))).toEqual({ status: 200, body: null })
    expect(await state(findingId)).toBe('open')
    expect(queued).toEqual([{ id: 'interaction-1', payload: { interaction: '1' } }])
    await work()
    expect(await state(findingId)).toBe('acknowledged')
    expect((await history()).at(-1)).toMatchObject({ verb: 'acknowledged', actorKind: 'slack', actor: 'ann@acme-corp.com' })
    expect(await rows()).toMatchObject([{ state: 'done', triggerId: null, responseUrl: null }])
  })

  test('shows in the message at once, without waiting for the clock', async () => {
    const { findingId, ts } = await tell()
    await receive(press(ts))
    const handler = slackJob({ database: opened.database, queues, now, log }, { users: settings().users, messagesKnown: true, answers: openAnswers(settings(), http(), now) })
    queued = []
    await handler.run({ interaction: '1' }, AbortSignal.timeout(10_000))
    expect(queued).toEqual([{ id: `refresh-${findingId}`, payload: { refresh: String(findingId) } }, { id: `changed-${findingId}`, payload: { changed: String(findingId) } }])
  })

  test('on the message of a webhook, which nobody can change, is confirmed to the one who clicked', async () => {
    const { findingId } = await addLeak(opened.database.db, 'acme-corp-auth-client')
    await receive(press('1.1', { value: String(findingId) }))
    const handler = slackJob({ database: opened.database, queues, now, log }, { users: settings().users, messagesKnown: false, answers: openAnswers(settings(), http(), now) })
    await handler.run({ interaction: '1' }, AbortSignal.timeout(10_000))
    expect(await state(findingId)).toBe('acknowledged')
    expect(told()).toMatchObject({ response_type: 'ephemeral', text: 'Done: it is acknowledged.' })
  })

  test('that comes twice is done once: the same request, and a second press', async () => {
    const { ts } = await tell()
    const request = press(ts)
    for (const one of [request, request, press(ts)]) expect(await receive(one)).toMatchObject({ status: 200 })
    const before = sandbox.slack.workspace.responses().length
    await work()
    expect((await history()).filter(({ verb }) => verb === 'acknowledged')).toHaveLength(1)
    expect((await rows()).map((row) => row.state)).toEqual(['done', 'done'])
    expect(sandbox.slack.workspace.responses()).toHaveLength(before)
  })

  test('of a person without an account changes nothing, and they are told what to do', async () => {
    const { findingId, ts } = await tell()
    await receive(press(ts, { user: 'U0EVE' }))
    await work()
    expect(await state(findingId)).toBe('open')
    expect(told()).toMatchObject({ response_type: 'ephemeral', replace_original: false, text: expect.stringContaining('add your Slack id U0EVE') })
    expect(await rows()).toMatchObject([{ state: 'refused' }])
  })

  test.each([
    ['U0ZOE', 'There is no account zoe@acme-corp.com'], ['U0DAN', 'or it is disabled'], ['U0VIC', 'may look and not decide'],
  ])('of %s changes nothing: their account does not allow it', async (user, words) => {
    const { findingId, ts } = await tell()
    for (const action of ['finding.acknowledge', 'finding.assign', 'finding.dismiss']) await receive(press(ts, { user, action, value: String(findingId) }))
    await work()
    expect(await state(findingId)).toBe('open')
    expect((await history()).filter(({ verb }) => verb !== 'found')).toEqual([])
    expect(told()).toMatchObject({ text: expect.stringContaining(words) })
    expect((await rows()).map((row) => row.state)).toEqual(['refused', 'refused', 'refused'])
  })

  test('assigns to the one who clicked, twice is once, and the message says so', async () => {
    const { db } = opened.database
    const { findingId, ts } = await tell()
    for (let count = 0; count < 2; count += 1) await receive(press(ts, { action: 'finding.assign' }))
    await work()
    expect((await history()).filter(({ verb }) => verb === 'assigned')).toMatchObject([{ actor: 'ann@acme-corp.com', facts: { assignee: 'ann@acme-corp.com' } }])
    const notifier = openSlack({ ...settings() }, { now })
    for (const kind of ['changed', 'refresh'] as const) await deliver(db, notifier, { kind, channel: 'slack', findingId }, { organization: 'Acme Corp', routing: unrouted(['slack']), now: at })
    const messages = sandbox.slack.workspace.messages('C0ALERTS')
    expect(JSON.stringify(messages.find((message) => message.ts === ts)?.blocks)).toContain('assigned to `ann@acme-corp.com`')
    expect(JSON.stringify(messages.at(-1)?.blocks)).toContain('to ann@acme-corp.com')
    expect(messages.at(-1)?.threadTs).toBe(ts)
  })

  test('that lost the race is explained to the one who clicked', async () => {
    const { db } = opened.database
    const { findingId, ts } = await tell()
    const request = press(ts)
    await acknowledge(db, { findingId, actor: { kind: 'user', name: 'bob@acme-corp.com' }, now: at })
    await receive(request)
    await work()
    expect(told()).toMatchObject({ text: `Nothing was changed: finding ${findingId} is acknowledged already, by bob@acme-corp.com at 2026-11-23 06:00 UTC.` })
    expect((await history()).filter(({ verb }) => verb === 'acknowledged')).toHaveLength(1)
  })

  test.each([
    ['another finding', async () => ({ value: String((await tell('acme-corp-other')).findingId) })],
    ['a finding that is not there', () => Promise.resolve({ value: '999' })],
    ['the message of another channel', () => Promise.resolve({ room: 'C0PAYMENTS', value: '1' })],
  ])('with %s in it changes nothing', async (_, change) => {
    const { findingId, ts } = await tell()
    const changed = await change()
    await receive(press(ts, changed))
    await work()
    expect(await state(findingId)).toBe('open')
    expect((await history()).filter(({ verb }) => verb === 'acknowledged')).toEqual([])
    expect(told()).toMatchObject({ text: expect.stringContaining('Nothing was changed') })
  })

  test('whose answer has no place to go any more is given up, and not tried for ever', async () => {
    const { ts } = await tell()
    await receive(press(ts, { user: 'U0EVE' }))
    at = new Date(at.getTime() + 31 * 60_000)
    const slack = settings()
    const handler = slackJob({ database: opened.database, queues, now, log }, { users: slack.users, messagesKnown: true, answers: openAnswers(slack, http(), now) })
    const error = await handler.run({ interaction: '1' }, AbortSignal.timeout(10_000)).catch((thrown: unknown) => thrown)
    await handler.giveUp({ interaction: '1' }, error)
    expect(await rows()).toMatchObject([{ state: 'failed', responseUrl: null }])
  })

  test('is not lost when the queue is away: the clock queues it', async () => {
    const { findingId, ts } = await tell()
    queueFails = true
    expect(await receive(press(ts))).toMatchObject({ status: 200 })
    queueFails = false
    await enqueueClicks({ database: opened.database, queues })
    await work()
    expect(await state(findingId)).toBe('acknowledged')
  })
})

describe('dismissing', () => {
  test('asks why in a dialog, and is done with the reason', async () => {
    const { findingId, ts } = await tell()
    await receive(press(ts, { action: 'finding.dismiss' }))
    await work()
    expect(sandbox.slack.workspace.views().at(-1)).toMatchObject({ user: 'U0ANN', view: { callback_id: 'finding.dismiss' } })
    expect(await state(findingId)).toBe('open')
    expect(await receive(sandbox.slack.workspace.submit('U0ANN', { reason: { reason: '  ' } }))).toMatchObject({ status: 200, body: { response_action: 'errors' } })
    expect(await receive(sandbox.slack.workspace.submit('U0ANN', { reason: { reason: 'a tutorial' } }))).toEqual({ status: 200, body: null })
    await work()
    expect(await state(findingId)).toBe('dismissed')
    expect((await history()).at(-1)).toMatchObject({ verb: 'dismissed', reason: 'a tutorial', actorKind: 'slack', actor: 'ann@acme-corp.com' })
  })

  test('too late for the dialog tells so: nothing happens without a word', async () => {
    const { ts } = await tell()
    await receive(press(ts, { action: 'finding.dismiss' }))
    at = new Date(at.getTime() + 4_000)
    await work()
    expect(told()).toMatchObject({ text: expect.stringContaining('please click again') })
    expect(await rows()).toMatchObject([{ state: 'refused' }])
  })

  test('what was settled while the dialog was open is told in the channel, to that person only', async () => {
    const { db } = opened.database
    const { findingId, ts } = await tell()
    await receive(press(ts, { action: 'finding.dismiss' }))
    await work()
    await resolve(db, { findingId, actor: { kind: 'user', name: 'bob@acme-corp.com' }, now: at })
    await receive(sandbox.slack.workspace.submit('U0ANN', { reason: { reason: 'a tutorial' } }))
    await work()
    expect(sandbox.slack.workspace.ephemerals().at(-1)).toMatchObject({ room: 'C0ALERTS', user: 'U0ANN', text: expect.stringContaining('is resolved already, by bob@acme-corp.com') })
    expect(await state(findingId)).toBe('resolved')
  })

  test('of what is settled already opens no dialog', async () => {
    const { db } = opened.database
    const { findingId, ts } = await tell()
    const request = press(ts, { action: 'finding.dismiss', value: String(findingId) })
    await resolve(db, { findingId, actor: { kind: 'user', name: 'bob@acme-corp.com' }, now: at })
    const before = sandbox.slack.workspace.views().length
    await receive(request)
    await work()
    expect(sandbox.slack.workspace.views()).toHaveLength(before)
    expect(told()).toMatchObject({ text: expect.stringContaining('resolved already') })
  })
})

describe('what is not from Slack', () => {
  test.each<[string, Parameters<Sandbox['slack']['workspace']['click']>[1]]>([['with another secret', { secret: 'guessed' }], ['too old', { offMs: -301_000 }], ['from the future', { offMs: 301_000 }]])('%s is refused with 401 and stored nowhere', async (_, signature) => {
    const { ts } = await tell()
    expect(await receive(sandbox.slack.workspace.click({ room: 'C0ALERTS', ts, action: 'finding.acknowledge', user: 'U0ANN' }, signature))).toEqual({ status: 401, body: null })
    expect(await rows()).toEqual([])
  })

  test('of another workspace is refused', async () => {
    const { ts } = await tell()
    expect(await receive(press(ts, { team: 'T0OTHER' }))).toEqual({ status: 403, body: null })
    expect(await rows()).toEqual([])
  })

  test('without a signing secret the address is not there', async () => {
    const { ts } = await tell()
    const { body, headers } = press(ts)
    const { signingSecret: _, ...rest } = settings()
    expect(await slackInteraction(new TextEncoder().encode(body), new Headers(headers), context(rest))).toMatchObject({ status: 404 })
    expect(await slackInteraction(new TextEncoder().encode(body), new Headers(headers), { database: opened.database, queues, now, log, slack: undefined })).toMatchObject({ status: 404 })
  })

  test('signed, and no payload, is refused', async () => {
    expect(await takeInteraction(undefined, context())).toEqual({ status: 400, body: null })
  })
})

describe('Socket Mode', () => {
  const timing = { firstDelayMs: 5, maxDelayMs: 20, renewMs: 60_000 }
  const connected = (count = 1) => vi.waitFor(() => expect(sandbox.slack.socket.connections()).toBe(count), { timeout: 5_000, interval: 5 })
  const open = (change: Partial<typeof timing> = {}) => startSocketMode({ ...context(), slack: settings(), http: http(), timing: { ...timing, ...change } }, sandbox.slack.workspace.appToken)

  test('takes a click through a connection of its own, and acknowledges it after it was stored', async () => {
    const { findingId, ts } = await tell()
    const running = open()
    await connected()
    expect(await sandbox.slack.socket.deliver(press(ts).payload)).toBeNull()
    expect(await rows()).toHaveLength(1)
    await running.close()
    await work()
    expect(await state(findingId)).toBe('acknowledged')
    await connected(0)
  })

  test('answers a dialog without a reason in the acknowledgement', async () => {
    const { ts } = await tell()
    const running = open()
    await connected()
    await sandbox.slack.socket.deliver(press(ts, { action: 'finding.dismiss' }).payload)
    await work()
    expect(await sandbox.slack.socket.deliver(sandbox.slack.workspace.submit('U0ANN', { reason: { reason: ' ' } }).payload)).toMatchObject({ response_action: 'errors' })
    await running.close()
  })

  test('comes back when Slack asks it to, when it is cut, and after failures', async () => {
    const { ts } = await tell()
    const running = open()
    await connected()
    for (const how of ['asked', 'cut'] as const) {
      sandbox.setFaults({ serverError: { calls: [1, 2] } })
      const before = sandbox.slack.socket.opened()
      sandbox.slack.socket.disconnect(how)
      await vi.waitFor(() => expect(sandbox.slack.socket.opened()).toBeGreaterThan(before), { timeout: 5_000, interval: 5 })
      await connected()
    }
    await sandbox.slack.socket.deliver(press(ts).payload)
    expect(await rows()).toHaveLength(1)
    await running.close()
  })

  test('acknowledges nothing that it could not store: Slack delivers it again', async () => {
    const { ts } = await tell()
    const broken = { ...opened.database, db: new Proxy(opened.database.db, { get: () => { throw new Transient('the database is away') } }) }
    const running = startSocketMode({ ...context(), database: broken, slack: settings(), http: http(), timing }, sandbox.slack.workspace.appToken)
    await connected()
    await expect(sandbox.slack.socket.deliver(press(ts).payload, { withinMs: 100 })).rejects.toThrow('not acknowledged')
    await running.close()
  })

  test('makes its connection anew now and then, the new one before the old one is closed', async () => {
    const running = open({ renewMs: 20 })
    const before = sandbox.slack.socket.opened()
    await vi.waitFor(() => expect(sandbox.slack.socket.opened()).toBeGreaterThan(before + 2), { timeout: 5_000, interval: 5 })
    await running.close()
    await connected(0)
  })
})
