import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { interactions } from '../../src/db/schema/index.ts'
import { openTestApi, type TestApi } from '../support/api.ts'

const secret = 'sandbox-signing-secret'
let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ config: `notify: { slack: { botToken: xoxb-1, channel: C0123, signingSecret: ${secret}, teamId: T0SANDBOX } }` })
})
afterAll(() => api[Symbol.asyncDispose]())

function post(body: string, headers: Readonly<Record<string, string>>): Response | Promise<Response> {
  return api.server.request('http://namesake.internal.example/api/slack/interactions', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body })
}

function sign(body: string, at = api.clock.now()): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000))
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}` }
}

const click = new URLSearchParams({
  payload: JSON.stringify({
    type: 'block_actions', team: { id: 'T0SANDBOX' }, user: { id: 'U0ANN' }, trigger_id: '1.2', response_url: 'https://hooks.slack.com/actions/T1/1/x',
    container: { message_ts: '1700000000.000100', channel_id: 'C0123' }, actions: [{ action_id: 'finding.acknowledge', action_ts: '1700000001.000', value: '12' }],
  }),
}).toString()

describe('POST /api/slack/interactions', () => {
  test('takes what Slack signed, by any name and without a session, and answers nothing', async () => {
    const response = await post(click, sign(click))
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(await api.db.select().from(interactions)).toMatchObject([{ action: 'acknowledge', findingId: 12n, userId: 'U0ANN', state: 'pending' }])
  })

  test.each([
    ['unsigned', () => ({})],
    ['signed for another body', () => sign(`${click} `)],
    ['signed six minutes ago', () => sign(click, new Date(api.clock.now().getTime() - 360_000))],
  ])('refuses what is %s, with an empty answer', async (_, headers) => {
    const response = await post(click, headers())
    expect([response.status, await response.text()]).toEqual([401, ''])
  })

  test('a session is no signature', async () => {
    expect((await post(click, { cookie: await api.cookie('administrator') })).status).toBe(401)
  })

  test('reads no more than Slack ever sends', async () => {
    const body = `payload=${'x'.repeat(300_000)}`
    expect((await post(body, sign(body))).status).toBe(413)
  })
})
