import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Notice, OpenNotifier, Threads } from '../../../src/contracts/notifier.ts'
import { Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { refusalOf } from '../../../src/notifiers/refusal.ts'
import type { FaultName } from '../../../src/sandbox/faults.ts'
import { startSandbox, type Sandbox } from '../../../src/sandbox/start.ts'
import { finding, leaked } from './notices.ts'
import { openSlack } from './open-slack.ts'

let sandbox: Sandbox
const at = new Date('2026-11-23T06:00:00Z')
const now = () => at

beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], now, slack: { burst: 1_000, workspace: { everyMs: 1 } } })
})
afterAll(async () => {
  await sandbox.close()
})
beforeEach(() => {
  sandbox.setFaults({})
})

function open(change: Partial<Parameters<typeof openSlack>[0]> = {}, suffix = ''): OpenNotifier & { readonly threads: Threads } {
  const { workspace, apiUrl } = sandbox.slack
  const opened = openSlack({ botToken: workspace.botToken, channel: 'C0ALERTS', channels: { payments: 'C0PAYMENTS' }, apiUrl, ...change }, { now, suffix })
  if (opened.threads === undefined) throw new Error('a bot has threads')
  return { ...opened, threads: opened.threads }
}
const plainly = { plain: false, under: null }
const changed: Notice = { kind: 'changed', id: '41', organization: 'Acme Corp', finding, changes: [{ what: 'acknowledged', by: 'ann', at, reason: null, place: null, claim: null }] }
const messageAt = (ts: string) => sandbox.slack.workspace.messages().find((message) => message.ts === ts)

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(() => { throw new Error('it should have failed') }, (error: unknown) => error)
}

describe('a bot', () => {
  test('posts a message that Slack takes, with the id of the notice where nobody sees it', async () => {
    const posted = await open().threads.post(leaked(), plainly)
    expect(posted.room).toBe('C0ALERTS')
    expect(messageAt(posted.ts)).toMatchObject({
      text: expect.stringContaining('CRITICAL leak: acme-corp-auth-client'), threadTs: null, warnings: [], pings: [], settings: { unfurl_links: false, unfurl_media: false },
      metadata: { event_type: 'namesake_notice', event_payload: { notice: '34' } },
    })
  })

  test('posts to the channel of its name', async () => {
    expect(await open({}, 'payments').threads.post(leaked(), plainly)).toMatchObject({ room: 'C0PAYMENTS' })
  })

  test('says what happened later in the thread only, and what is loud in the channel too', async () => {
    const { threads } = open()
    const under = await threads.post(leaked(), plainly)
    const quiet = await threads.post(changed, { plain: false, under })
    const loud = await threads.post({ ...leaked(), kind: 'reopened', finding }, { plain: true, under })
    expect([messageAt(quiet.ts), messageAt(loud.ts)]).toMatchObject([{ threadTs: under.ts, broadcast: false }, { threadTs: under.ts, broadcast: true, blocks: [] }])
  })

  test('makes a message show the present', async () => {
    const { threads } = open()
    const posted = await threads.post(leaked(), plainly)
    await threads.update(leaked({ standing: { state: 'resolved', by: 'ann', at, reason: null, proposed: null, assignee: null } }), posted)
    expect(messageAt(posted.ts)).toMatchObject({ text: expect.stringContaining('Resolved leak'), editedAt: at })
  })

  test('has buttons only where a click can come back', async () => {
    const { signingSecret, teamId } = sandbox.slack.workspace
    const kinds = async (notifier: { readonly threads: Threads }) => messageAt((await notifier.threads.post(leaked(), plainly)).ts)?.blocks.map(({ type }) => type)
    expect(await kinds(open())).not.toContain('actions')
    expect(await kinds(open({ signingSecret, teamId }))).toContain('actions')
    expect(await kinds(open({ appToken: sandbox.slack.workspace.appToken, teamId }))).toContain('actions')
  })

  test.each([['changing', (threads: Threads) => threads.update(leaked(), { room: 'C0ALERTS', ts: '1.000001' })], ['answering', (threads: Threads) => threads.post(changed, { plain: false, under: { room: 'C0ALERTS', ts: '1.000001' } })]])(
    '%s a message that was deleted says so', async (_, work) => {
      expect(refusalOf(await failureOf(work(open().threads)))).toBe('thread')
    })
})

describe('looking for a message', () => {
  test('finds it by the id of its notice, in the channel or in its thread', async () => {
    const { threads } = open()
    const notice: Notice = { ...leaked(), id: '900' }
    const under = await threads.post(notice, plainly)
    const answer = await threads.post({ ...changed, id: '901-902' }, { plain: false, under })
    expect(await threads.find('900', { since: at, under: null })).toEqual(under)
    expect(await threads.find('901-902', { since: at, under })).toEqual({ room: 'C0ALERTS', ts: answer.ts })
  })

  test('does not take another notice, another time or another channel for it', async () => {
    const { threads } = open()
    await threads.post({ ...leaked(), id: '910' }, plainly)
    expect(await threads.find('91', { since: at, under: null })).toBeNull()
    expect(await threads.find('910', { since: new Date(at.getTime() + 3_600_000), under: null })).toBeNull()
    expect(await open({}, 'payments').threads.find('910', { since: at, under: null })).toBeNull()
  })

  test('goes through all pages', async () => {
    const { threads } = open({}, 'payments')
    const first = await threads.post({ ...leaked(), id: '920' }, plainly)
    for (let n = 0; n < 205; n += 1) await threads.post({ ...leaked(), id: `930${n}` }, { plain: true, under: null })
    expect(await threads.find('920', { since: at, under: null })).toEqual(first)
  })

  test('never takes a failure for an absence', async () => {
    for (const fault of ['serverError', 'badGatewayHtml', 'connectionDropped', 'slack-api:internal_error', 'slackRateLimit', 'slack-api:missing_scope'] as const) {
      sandbox.setFaults({ [fault]: true })
      expect(await failureOf(open().threads.find('920', { since: at, under: null })), fault).toBeInstanceOf(Error)
    }
  })
})

describe('what Slack answers', () => {
  test.each<[FaultName, new (...values: never[]) => Error, string | null]>([
    ['serverError', Transient, null], ['badGatewayHtml', Transient, null], ['unavailable', Transient, null], ['connectionDropped', Transient, null], ['connectionReset', Transient, null],
    ['slackAcceptsThenCloses', Transient, null], ['slackAcceptsThenFails', Transient, null], ['slack-api:internal_error', Transient, null], ['slack-api:service_unavailable', Transient, null],
    ['slackRateLimit', RetryLater, null], ['slack-api:ratelimited', RetryLater, null],
    ['slack-api:channel_not_found', Permanent, 'destination'], ['slack-api:not_in_channel', Permanent, 'destination'], ['slack-api:is_archived', Permanent, 'destination'],
    ['slack-api:token_revoked', Permanent, 'destination'], ['slack-api:missing_scope', Permanent, 'destination'], ['slackRedirects', Permanent, 'destination'],
    ['slack-api:invalid_blocks', Permanent, 'message'], ['slack-api:msg_blocks_too_long', Permanent, 'message'],
  ])('%s', async (fault, kind, refusal) => {
    sandbox.setFaults({ [fault]: true })
    const error = await failureOf(open().threads.post(leaked(), plainly))
    expect(error).toBeInstanceOf(kind)
    expect(refusalOf(error)).toBe(refusal)
    const said = `${String(error)} ${JSON.stringify(error instanceof Error ? error.cause : null)}`
    expect(said).not.toContain(sandbox.slack.workspace.botToken)
    expect(said).not.toContain('acme-corp-auth-client')
  })

  test('a wrong token refuses the destination', async () => {
    expect(refusalOf(await failureOf(open({ botToken: 'xoxb-wrong' }).threads.post(leaked(), plainly)))).toBe('destination')
  })

  test('429 waits as long as Slack asks', async () => {
    sandbox.setFaults({ slackRateLimit: { amount: 30 } })
    expect(await failureOf(open().threads.post(leaked(), plainly))).toMatchObject({ until: new Date(at.getTime() + 30_000), scope: 'destination' })
  })
})

describe('the check of doctor', () => {
  test('tells the workspace and that the channel can be read', async () => {
    expect(await open().check()).toEqual(['the bot token is of workspace T0SANDBOX', 'the channel C0ALERTS can be read', 'no buttons: they need signingSecret or appToken'])
    expect(await open({}, 'payments').check()).toEqual(['the bot token is of workspace T0SANDBOX', 'the channel C0PAYMENTS can be read'])
  })

  test('warns of scopes that are missing and of another workspace', async () => {
    await using other = await startSandbox({ repositories: [], now, slack: { workspace: { scopes: ['chat:write'], teamId: 'T0OTHER' } } })
    const notifier = openSlack({ botToken: other.slack.workspace.botToken, channel: 'C0ALERTS', apiUrl: other.slack.apiUrl, signingSecret: 'sandbox-signing-secret', teamId: 'T0SANDBOX' }, { now })
    expect(await notifier.check()).toEqual([
      'the bot token is of workspace T0OTHER', 'warning: teamId is another workspace: no click would be taken',
      'warning: the token lacks the scope channels:history or groups:history, needed to look for a message whose answer never came',
      'the channel C0ALERTS can be read', 'buttons: clicks are taken at /api/slack/interactions, if the Slack app has that address',
      'warning: nobody stands in notify.slack.users: every click would be refused',
    ])
  })

  test('tells whether the app token opens connections, and who may decide', async () => {
    const { appToken, teamId } = sandbox.slack.workspace
    const users = { U0ANN: 'ann@acme-corp.com' }
    expect((await open({ appToken, teamId, users }).check()).slice(2)).toEqual(['buttons: the app token opens connections of Socket Mode', '1 Slack user may decide'])
    expect((await open({ appToken: 'xapp-wrong', teamId, users }).check())[2]).toMatch(/^warning: Socket Mode does not work, no click arrives by it: Slack refused apps\.connections\.open/)
  })

  test.each(['slack-api:invalid_auth', 'slack-api:channel_not_found'] as const)('%s fails it', async (fault) => {
    sandbox.setFaults({ [fault]: true })
    expect(await failureOf(open().check())).toBeInstanceOf(Permanent)
  })
})
