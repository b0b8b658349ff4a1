import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { dismissView, isFromSlack, readForm, readInteraction } from '../../../src/notifiers/slack/interaction.ts'
import { modal } from '../../../src/sandbox/slack/validate-view.ts'
import { createWorkspace, type Click } from '../../../src/sandbox/slack/workspace.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const now = new Date(1_700_000_000_000)
const vector = {
  secret: 'local-test-signing-secret', body: 'payload=%7B%22type%22%3A%22block_actions%22%7D',
  signature: 'v0=4afc6752dd2dfb8160e93466081c32a689494ccb6319f9312c93b8efb86e7bd1',
}
const signed = (change: Readonly<Record<string, string | null>> = {}) => {
  const headers = new Headers({ 'x-slack-request-timestamp': '1700000000', 'x-slack-signature': vector.signature })
  for (const [name, value] of Object.entries(change)) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  return headers
}
const isTaken = (headers: Headers, { body = vector.body, secret = vector.secret, at = now } = {}) => isFromSlack(bytes(body), headers, { signingSecret: secret, now: at })
const sign = (timestamp: number, body = vector.body) => `v0=${createHmac('sha256', vector.secret).update(`v0:${timestamp}:${body}`).digest('hex')}`

describe('the signature of Slack', () => {
  test('is taken as another implementation made it', () => {
    expect(isTaken(signed())).toBe(true)
  })

  test.each([
    ['another body', signed(), { body: `${vector.body}&x=1` }],
    ['another secret', signed(), { secret: 'local-test-signing-secre7' }],
    ['another signature', signed({ 'x-slack-signature': vector.signature.replace('4', '5') }), {}],
    ['an upper-case signature', signed({ 'x-slack-signature': vector.signature.toUpperCase() }), {}],
    ['a signature of another version', signed({ 'x-slack-signature': vector.signature.replace('v0', 'v1') }), {}],
    ['half a signature', signed({ 'x-slack-signature': vector.signature.slice(0, 40) }), {}],
    ['no signature', signed({ 'x-slack-signature': null }), {}],
    ['no timestamp', signed({ 'x-slack-request-timestamp': null }), {}],
    ['a timestamp that is no number', signed({ 'x-slack-request-timestamp': '1700000000.0' }), {}],
    ['another timestamp', signed({ 'x-slack-request-timestamp': '1700000001' }), {}],
  ])('%s is refused', (_, headers, change) => {
    expect(isTaken(headers, change)).toBe(false)
  })

  test.each(['x-slack-signature', 'x-slack-request-timestamp'])('a header that comes twice is refused: %s', (name) => {
    const headers = signed()
    headers.append(name, headers.get(name) ?? '')
    expect(isTaken(headers)).toBe(false)
  })

  test.each([[-301, false], [-300, true], [0, true], [300, true], [301, false]])('%i s off our clock: %s', (seconds, wanted) => {
    const timestamp = 1_700_000_000 + seconds
    expect(isTaken(new Headers({ 'x-slack-request-timestamp': String(timestamp), 'x-slack-signature': sign(timestamp) }))).toBe(wanted)
  })
})

describe('the form', () => {
  test('has its payload in one field', () => {
    expect(readForm(bytes(vector.body))).toEqual({ type: 'block_actions' })
  })

  test.each(['', 'x=1', 'payload=%7B', 'payload=1&payload=2', `payload=${'x'.repeat(300_000)}`])('%j has none', (body) => {
    expect(readForm(bytes(body))).toBeUndefined()
  })
})

const workspace = createWorkspace({}, { now: () => now, url: () => 'https://hooks.slack.com' })
const settings = { teamId: 'T0SANDBOX', responseUrl: 'https://hooks.slack.com' }
const click = (change: Partial<Click> = {}) => workspace.click({ room: 'C0ALERTS', ts: '1700000000.000100', action: 'finding.acknowledge', user: 'U1', value: '12', ...change }).payload

describe('a click', () => {
  test('says what, of which finding, by whom and where', () => {
    expect(readInteraction(click(), settings)).toEqual({
      interaction: {
        key: expect.stringMatching(/^U1:finding\.acknowledge:[\d.]+$/), action: 'acknowledge', findingId: 12n, userId: 'U1', room: 'C0ALERTS', ts: '1700000000.000100', threadTs: null,
        reason: null, triggerId: expect.any(String), responseUrl: expect.stringMatching(/^https:\/\/hooks\.slack\.com\/slack-actions\//),
      },
    })
  })

  test('of the button that asks for a reason opens a dialog first', () => {
    expect(readInteraction(click({ action: 'finding.dismiss' }), settings)).toMatchObject({ interaction: { action: 'ask-reason' } })
  })

  test('of a button that is none of ours is acknowledged and nothing else', () => {
    expect(readInteraction(click({ action: 'open' }), settings)).toEqual({ nothing: true })
    expect(readInteraction(click({ action: 'constructor' }), settings)).toEqual({ nothing: true })
  })

  test.each([
    ['of another workspace', click({ team: 'T0OTHER' }), settings],
    ['without a workspace in the configuration', click(), { responseUrl: settings.responseUrl }],
    ['of no finding', click({ value: 'all' }), settings],
    ['of a finding with a tail', click({ value: '12; drop' }), settings],
    ['that wants its answer elsewhere', click(), { ...settings, responseUrl: 'https://slack.example' }],
    ['that wants its answer inside', { ...click(), response_url: 'http://169.254.169.254/' }, settings],
    ['that wants its answer at a look-alike', { ...click(), response_url: 'https://hooks.slack.com.evil.example/x' }, settings],
    ['without a message', { ...click(), container: {} }, settings],
    ['without a button', { ...click(), actions: [] }, settings],
    ['that is nothing', null, settings],
  ])('%s is refused', (_, payload, against) => {
    expect(readInteraction(payload, against)).toEqual({ refused: expect.any(String) })
  })
})

describe('the dialog', () => {
  const about = { findingId: 12n, room: 'C0ALERTS', ts: '1700000000.000100', threadTs: null }
  const sent = (value: unknown, view: Readonly<Record<string, unknown>> = {}) => ({
    type: 'view_submission', team: { id: 'T0SANDBOX' }, user: { id: 'U1' },
    view: { id: 'V1', callback_id: 'finding.dismiss', private_metadata: (dismissView(about) as { private_metadata: string }).private_metadata, state: { values: { reason: { reason: { value } } } }, ...view },
  })

  test('is one that Slack opens', () => {
    expect(modal.safeParse(dismissView(about)).error?.issues ?? []).toEqual([])
  })

  test('brings the finding, the message and the reason back', () => {
    expect(readInteraction(sent('  a tutorial '), settings)).toEqual({
      interaction: { key: 'U1:finding.dismiss:V1', action: 'dismiss', ...about, userId: 'U1', reason: 'a tutorial', triggerId: null, responseUrl: null },
    })
  })

  test.each([' \n ', '', null, undefined])('without a reason (%j) asks again', (value) => {
    expect(readInteraction(sent(value), settings)).toEqual({ correct: { reason: expect.stringContaining('A reason is needed') } })
  })

  test('of somebody else is acknowledged and nothing else', () => {
    expect(readInteraction(sent('x', { callback_id: 'other' }), settings)).toEqual({ nothing: true })
  })

  test.each(['', '{}', '{"finding":"12","room":"C1","ts":"1.1","thread":null,"more":1}', '{"finding":12,"room":"C1","ts":"1.1","thread":null}'])('with a note that is not ours is refused: %s', (private_metadata) => {
    expect(readInteraction(sent('x', { private_metadata }), settings)).toEqual({ refused: expect.any(String) })
  })
})
