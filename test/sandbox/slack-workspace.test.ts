import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'

let sandbox: Sandbox
let at = new Date('2026-11-23T06:00:00Z')
beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], now: () => at, slack: { burst: 3 } })
})
afterAll(async () => {
  await sandbox.close()
})
beforeEach(() => {
  at = new Date(at.getTime() + 60_000)
  sandbox.setFaults({})
})

const bot = () => `Bearer ${sandbox.slack.workspace.botToken}`
async function call(method: string, body: object, authorization: string | null = bot()): Promise<{ readonly status: number; readonly headers: Headers; readonly answer: Record<string, unknown> }> {
  const response = await fetch(`${sandbox.slack.apiUrl}/${method}`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) }, body: JSON.stringify(body), redirect: 'manual',
  })
  return { status: response.status, headers: response.headers, answer: (await response.json()) as Record<string, unknown> }
}
async function read(method: string, query: Readonly<Record<string, string>>): Promise<Record<string, unknown> & { readonly messages: readonly Record<string, unknown>[] }> {
  const response = await fetch(`${sandbox.slack.apiUrl}/${method}?${new URLSearchParams(query)}`, { headers: { authorization: bot() } })
  return (await response.json()) as Record<string, unknown> & { readonly messages: readonly Record<string, unknown>[] }
}
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const post = (change: object = {}) => call('chat.postMessage', { channel: 'C0ALERTS', text: 'a leak', ...change })

describe('the Web API', () => {
  test('tells who a token is and what it may', async () => {
    const { answer, headers } = await call('auth.test', {})
    expect(answer).toMatchObject({ ok: true, team_id: 'T0SANDBOX' })
    expect(headers.get('x-oauth-scopes')).toBe('chat:write,channels:history')
  })

  test.each([
    [null, 'not_authed'], ['Bearer nobody', 'invalid_auth'], ['Bearer xapp-sandbox-token', 'not_allowed_token_type'],
  ])('answers a failure with 200: %j', async (authorization, error) => {
    expect(await call('auth.test', {}, authorization)).toMatchObject({ status: 200, answer: { ok: false, error } })
  })

  test.each([
    ['another channel', { channel: 'C0NONE' }, 'channel_not_found'],
    ['nothing to say', { text: '' }, 'no_text'],
    ['a section that is too long', { blocks: [section('x'.repeat(3_001))] }, 'invalid_blocks'],
    ['blocks that are too long together', { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2_700))) }, 'msg_blocks_too_long'],
    ['a thread that is not there', { thread_ts: '1.000001' }, 'thread_not_found'],
    ['metadata without a payload', { metadata: { event_type: 'x' } }, 'invalid_metadata_format'],
  ])('refuses %s', async (_, change, error) => {
    expect((await post(change)).answer).toMatchObject({ ok: false, error })
  })

  test('says where a block is wrong', async () => {
    expect((await post({ blocks: [section('x'.repeat(3_001))] })).answer).toMatchObject({ response_metadata: { messages: [expect.stringContaining('[json-pointer:/blocks/0')] } })
  })

  test('takes one message a second and channel, with room for a short burst, and notes what came too close', async () => {
    const before = sandbox.slack.workspace.tooClose().length
    const answers = [await post(), await post(), await post(), await post()]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('1')
    expect((await post({ channel: 'C0PAYMENTS' })).status).toBe(200)
    expect(sandbox.slack.workspace.tooClose().slice(before)).toEqual([{ room: 'C0ALERTS', ms: 0 }, { room: 'C0ALERTS', ms: 0 }, { room: 'C0ALERTS', ms: 0 }])
  })

  test('changes a message, and none that is not there', async () => {
    const { answer } = await post()
    expect((await call('chat.update', { channel: 'C0ALERTS', ts: answer['ts'], text: 'resolved' })).answer).toMatchObject({ ok: true, text: 'resolved' })
    sandbox.slack.workspace.remove('C0ALERTS', String(answer['ts']))
    expect((await call('chat.update', { channel: 'C0ALERTS', ts: answer['ts'], text: 'resolved' })).answer).toMatchObject({ ok: false, error: 'message_not_found' })
  })

  test('shows a channel newest first, page by page, without answers that it was not to show, and metadata to whoever asks', async () => {
    const metadata = { event_type: 'x', event_payload: { notice: '1' } }
    const { answer: parent } = await post({ channel: 'C0PAYMENTS', metadata })
    const { answer: quiet } = await post({ channel: 'C0PAYMENTS', thread_ts: parent['ts'] })
    const { answer: loud } = await post({ channel: 'C0PAYMENTS', thread_ts: parent['ts'], reply_broadcast: true })
    const first = await read('conversations.history', { channel: 'C0PAYMENTS', limit: '1' })
    expect([first['has_more'], first.messages.map(({ ts }) => ts)]).toEqual([true, [loud['ts']]])
    const next = (first['response_metadata'] as { next_cursor: string }).next_cursor
    const second = await read('conversations.history', { channel: 'C0PAYMENTS', limit: '1', cursor: next, include_all_metadata: 'true' })
    expect(second.messages).toMatchObject([{ ts: parent['ts'], metadata }])
    expect((await read('conversations.history', { channel: 'C0PAYMENTS' })).messages.find(({ ts }) => ts === parent['ts'])).not.toHaveProperty('metadata')
    expect((await read('conversations.replies', { channel: 'C0PAYMENTS', ts: String(parent['ts']) })).messages.map(({ ts }) => ts)).toEqual([parent['ts'], quiet['ts'], loud['ts']])
  })

  test('shows on its page what is an answer, and what was changed', async () => {
    const { answer: parent } = await post({ text: 'the leak of the page' })
    await post({ thread_ts: parent['ts'], text: 'an answer on the page' })
    await call('chat.update', { channel: 'C0ALERTS', ts: parent['ts'], text: 'the leak of the page, resolved' })
    const page = await (await fetch(sandbox.slack.pageUrl)).text()
    expect(page).toMatch(new RegExp('class="reply"[^>]*><strong>namesake</strong><time>[^<]*in the <a href="#m[^"]+">thread</a></time><p>an answer on the page'))
    expect(page).toMatch(/\(edited\)<\/time><p>the leak of the page, resolved/)
  })

  test('may take a message and answer that it failed', async () => {
    sandbox.setFaults({ slackAcceptsThenFails: true })
    const before = sandbox.slack.workspace.messages('C0ALERTS').length
    expect((await post()).answer).toMatchObject({ ok: false, error: 'fatal_error' })
    expect(sandbox.slack.workspace.messages('C0ALERTS')).toHaveLength(before + 1)
  })
})

describe('a click', () => {
  const click = () => sandbox.slack.workspace.click({ action: 'finding.acknowledge', user: 'U0ANN', value: '12' })

  test('is answered at its address five times, within half an hour', async () => {
    const address = String(click().payload['response_url'])
    const answer = async () => (await fetch(address, { method: 'POST', body: '{"text":"x"}' })).status
    for (let count = 0; count < 5; count += 1) expect(await answer()).toBe(200)
    expect(await answer()).toBe(404)
    const later = String(click().payload['response_url'])
    at = new Date(at.getTime() + 31 * 60_000)
    expect((await fetch(later, { method: 'POST', body: '{"text":"x"}' })).status).toBe(404)
  })

  test('opens one dialog, within three seconds, and none that Slack would not show', async () => {
    const view = { type: 'modal', callback_id: 'c', title: { type: 'plain_text', text: 'Why?' }, blocks: [section('x')] }
    const trigger_id = click().payload['trigger_id']
    expect((await call('views.open', { trigger_id, view })).answer).toMatchObject({ ok: true })
    expect((await call('views.open', { trigger_id, view })).answer).toMatchObject({ error: 'expired_trigger_id' })
    const late = click().payload['trigger_id']
    at = new Date(at.getTime() + 3_001)
    expect((await call('views.open', { trigger_id: late, view })).answer).toMatchObject({ error: 'expired_trigger_id' })
    expect((await call('views.open', { trigger_id: click().payload['trigger_id'], view: { ...view, title: { type: 'plain_text', text: 'x'.repeat(25) } } })).answer).toMatchObject({ error: 'invalid_arguments' })
  })
})

test('Socket Mode: an address is good for one connection, and only with the app token', async () => {
  expect((await call('apps.connections.open', {})).answer).toMatchObject({ ok: false, error: 'not_allowed_token_type' })
  const { answer } = await call('apps.connections.open', {}, `Bearer ${sandbox.slack.workspace.appToken}`)
  const connect = () => new Promise<string>((resolve) => {
    const socket = new WebSocket(String(answer['url']))
    socket.addEventListener('message', ({ data }) => {
      resolve(String(data))
      socket.close()
    })
    socket.addEventListener('error', () => resolve('refused'))
  })
  expect(JSON.parse(await connect())).toMatchObject({ type: 'hello' })
  expect(await connect()).toBe('refused')
})
