import { describe, expect, test } from 'vitest'
import { Permanent, RetryLater, Transient } from '../../../src/errors.ts'
import { createHttp } from '../../../src/net/http.ts'
import { refusalOf } from '../../../src/notifiers/refusal.ts'
import { slack } from '../../../src/notifiers/slack/index.ts'
import type { OpenNotifier } from '../../../src/contracts/notifier.ts'
import { openSlack } from './open-slack.ts'
import { leaked } from './notices.ts'
import { ok, secret, useScriptedSlack } from './scripted-slack.ts'

const webhook = useScriptedSlack()
const now = () => new Date('2026-11-23T06:00:00Z')

function open(webhookUrl = webhook.webhookUrl, origin = webhookUrl): OpenNotifier {
  return openSlack({ webhookUrl }, { now, origins: [origin] })
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it should have failed')
}

describe('Slack', () => {
  test('without its row in the settings it is not configured', () => {
    expect(slack.open({}, { http: createHttp({ userAgent: 'namesake test', origins: [], now }), now }).size).toBe(0)
  })

  test('names the host that sees the messages and the rate that Slack allows', () => {
    expect(open('https://hooks.slack.com/services/T1/B1/x')).toMatchObject({ destination: 'hooks.slack.com', limit: { max: 1, perMs: 1_100 } })
  })
})

describe('sending', () => {
  test('is one POST of the message', async () => {
    await open().send(leaked())
    expect(webhook.received).toHaveLength(1)
    expect(webhook.received[0]).toMatchObject({ text: expect.stringContaining('CRITICAL leak'), unfurl_links: false, blocks: expect.any(Array) })
  })

  test('the plain form is one POST without blocks', async () => {
    await open().sendPlain(leaked())
    expect(webhook.received).toHaveLength(1)
    expect(webhook.received[0]).not.toHaveProperty('blocks')
  })

  test.each([
    [404, 'no_service'], [404, 'no_service_id'], [404, 'no_active_hooks'], [403, 'invalid_token'], [410, 'channel_is_archived'],
    [404, 'channel_not_found'], [403, 'action_prohibited'], [500, 'no_team'], [403, 'team_disabled'], [400, 'user_not_found'],
    [403, 'posting_to_general_channel_denied'], [200, 'no_service'], [404, '<html>gone</html>'], [401, 'who are you'], [302, ''], [304, ''],
  ])('%i %j refuses the destination for good', async (status, body) => {
    webhook.script({ status, body })
    const error = await failureOf(open().send(leaked()))
    expect(error).toBeInstanceOf(Permanent)
    expect(refusalOf(error)).toBe('destination')
    expect(webhook.received).toHaveLength(1)
  })

  test.each([
    [400, 'invalid_payload'], [400, 'invalid_blocks'], [400, 'invalid_blocks_format'], [400, 'no_text'], [400, 'too_many_attachments'], [200, 'invalid_blocks'], [400, 'a word that is new'], [413, ''],
  ])('%i %j refuses only the message', async (status, body) => {
    webhook.script({ status, body })
    const error = await failureOf(open().send(leaked()))
    expect(error).toBeInstanceOf(Permanent)
    expect(refusalOf(error)).toBe('message')
  })

  test.each([[500, 'rollup_error'], [500, ''], [502, '<html>'], [503, ''], [408, ''], [400, 'rollup_error'], [200, ''], [200, '<html>sign in</html>'], [201, 'ok'], [200, 'okay']])(
    '%i %j acknowledges nothing and is tried again',
    async (status, body) => {
      webhook.script({ status, body })
      const error = await failureOf(open().send(leaked()))
      expect(error).toBeInstanceOf(Transient)
      expect(refusalOf(error)).toBeNull()
    },
  )

  test('429 waits as long as Slack asks', async () => {
    webhook.script({ status: 429, body: 'rate_limited', headers: { 'retry-after': '30' } })
    const error = await failureOf(open().send(leaked()))
    expect(error).toBeInstanceOf(RetryLater)
    expect(error).toMatchObject({ until: new Date('2026-11-23T06:00:30Z'), scope: 'destination' })
  })

  test('a connection that is cut after the message was read leaves it unknown and is tried again', async () => {
    webhook.script({ ...ok, cut: true })
    expect(await failureOf(open().send(leaked()))).toBeInstanceOf(Transient)
    expect(webhook.received).toHaveLength(1)
  })

  test('a redirect is not followed to another place', async () => {
    webhook.script({ status: 302, body: '', headers: { location: 'https://elsewhere.example/' } })
    expect(refusalOf(await failureOf(open().send(leaked())))).toBe('destination')
    expect(webhook.received).toHaveLength(1)
  })

  test('a redirect that would turn the message into a question is a refusal', async () => {
    webhook.script({ status: 302, body: '', headers: { location: '/ok' } }, ok)
    expect(refusalOf(await failureOf(open().send(leaked())))).toBe('destination')
  })

  test('an answer without an end is a refusal', async () => {
    webhook.script({ status: 200, body: 'x'.repeat(1_000_000) })
    expect(refusalOf(await failureOf(open().send(leaked())))).toBe('destination')
  })

  test('a webhook outside the allowed hosts is never asked', async () => {
    expect(refusalOf(await failureOf(open(webhook.webhookUrl, 'https://hooks.slack.com').send(leaked())))).toBe('destination')
    expect(webhook.received).toHaveLength(0)
  })

  test.each([
    { status: 404, body: `no_service ${secret}` }, { status: 400, body: secret }, { status: 500, body: secret }, { status: 302, body: '', headers: { location: `/${secret}` } },
    { status: 429, body: secret }, { status: 200, body: secret }, { ...ok, cut: true },
  ])('no error holds the webhook, the message or the answer ($status)', async (answer) => {
    webhook.script(answer)
    const error = await failureOf(open().send(leaked()))
    const everything = `${String(error)} ${JSON.stringify(error)} ${JSON.stringify(error instanceof Error ? error.cause : null)}`
    expect(everything).not.toContain(secret)
    expect(everything).not.toContain('acme-corp-auth-client')
  })
})

describe('the check of doctor', () => {
  test.each(['no_text', 'invalid_payload'])('a live webhook answers %s to an empty message', async (word) => {
    webhook.script({ status: 400, body: word })
    expect(await open().check()).toEqual(['the webhook is alive: it refused an empty message for being empty'])
    expect(webhook.received).toEqual([{}])
  })

  test.each(['no_service', 'invalid_token', 'channel_is_archived'])('a dead webhook answers %s', async (word) => {
    webhook.script({ status: 404, body: word })
    expect(await failureOf(open().check())).toMatchObject({ message: `Slack refused the destination: ${word}` })
  })

  test('a place that takes an empty message proves nothing', async () => {
    expect(await open().check()).toEqual(['it took an empty message, which Slack does not do: whether messages arrive cannot be told from here'])
  })

  test('an outage is an outage', async () => {
    webhook.script({ status: 503, body: '' })
    expect(await failureOf(open().check())).toBeInstanceOf(Transient)
  })
})
