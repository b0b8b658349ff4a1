import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Notice, OpenNotifier } from '../../src/contracts/notifier.ts'
import { createHttp } from '../../src/net/http.ts'
import { notifiers } from '../../src/notifiers/all.ts'
import { refusalOf } from '../../src/notifiers/refusal.ts'
import type { NotifierSettings } from '../../src/notifiers/settings.ts'
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts'
import { change, changed, finding, hostileClaim, hostileFinding, samples } from '../notifiers/samples.ts'

const now = () => new Date('2026-11-23T06:00:00Z')
let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox({ repositories: [], now })
})
afterAll(() => sandbox.close())

function open(id: string, settings: NotifierSettings): OpenNotifier {
  const opened = notifiers.find((one) => one.id === id)?.open(settings, { http: createHttp({ userAgent: 'namesake test', origins: [sandbox.url], now }), now }).get('')
  if (opened === undefined) throw new Error('it is configured')
  return opened
}
const webhook = (secret = sandbox.receivers.webhook.secret) => open('webhook', { webhook: [{ url: `${sandbox.url}${sandbox.receivers.webhook.path}`, secret }] })
const teams = (path = sandbox.receivers.teams.path) => open('teams', { teams: [{ url: `${sandbox.url}${path}` }] })
const pagerduty = (routingKey = sandbox.receivers.pagerduty.routingKey) => open('pagerduty', { pagerduty: [{ routingKey, url: `${sandbox.url}${sandbox.receivers.pagerduty.path}` }] })
const refused = (work: Promise<unknown>) => work.then(() => 'taken', (error: unknown) => refusalOf(error))
const leaked: Notice = { kind: 'leaked', id: '31', organization: 'Acme Corp', finding }

describe('the receivers of the sandbox', () => {
  test('take every kind of notice of every channel, hostile ones too, in full and in plain form', async () => {
    for (const notifier of [webhook(), teams(), pagerduty()]) {
      for (const notice of [...samples(), ...samples(hostileFinding(2_000), hostileClaim(2_000), 'x'.repeat(2_000))]) {
        await notifier.send(notice)
        await notifier.sendPlain(notice)
      }
    }
    expect(sandbox.receivers.webhook.events().length).toBeGreaterThan(10)
    expect(sandbox.receivers.teams.cards().length).toBeGreaterThan(20)
    expect(sandbox.receivers.pagerduty.alerts().length).toBeGreaterThan(5)
  })

  test('know a repeated event by its id', async () => {
    const before = sandbox.receivers.webhook.repeats()
    await webhook().send({ ...leaked, id: '4711' })
    const events = sandbox.receivers.webhook.events().length
    await webhook().send({ ...leaked, id: '4711' })
    expect(sandbox.receivers.webhook.repeats()).toBe(before + 1)
    expect(sandbox.receivers.webhook.events()).toHaveLength(events)
  })

  test('refuse a wrong secret, a wrong address and a wrong key', async () => {
    expect(await refused(webhook(`whsec_${Buffer.alloc(32, 1).toString('base64')}`).send(leaked))).toBe('destination')
    expect(await refused(teams('/receivers/teams/workflows/1?sig=other').send(leaked))).toBe('destination')
    expect(await refused(pagerduty('f'.repeat(32)).send(leaked))).toBe('message')
  })

  test('an alert of PagerDuty follows its finding through its life', async () => {
    const another = { ...leaked, finding: { ...finding, id: '77' } }
    const about = (notice: Notice): Notice => ('finding' in notice ? { ...notice, finding: { ...notice.finding, id: '77' } } : notice)
    const state = () => sandbox.receivers.pagerduty.alerts().filter(({ key }) => key.endsWith('finding-77')).map((alert) => alert.state)
    const notifier = pagerduty()
    await notifier.send(another)
    expect(state()).toEqual(['triggered'])
    await notifier.send(about(changed('acknowledged', change('acknowledged'))))
    expect(state()).toEqual(['acknowledged'])
    await notifier.send(about(changed('resolved', change('resolved'))))
    expect(state()).toEqual(['resolved'])
    await notifier.send({ ...another, kind: 'reopened' })
    expect(state()).toEqual(['resolved', 'triggered'])
  })
})
