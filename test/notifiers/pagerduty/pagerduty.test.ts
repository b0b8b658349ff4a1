import { describe, expect, test } from 'vitest'
import type { Notice } from '../../../src/contracts/notifier.ts'
import { createHttp } from '../../../src/net/http.ts'
import { eventOf } from '../../../src/notifiers/pagerduty/event.ts'
import { pagerduty } from '../../../src/notifiers/pagerduty/index.ts'
import { useReceiver } from '../receiver.ts'
import { change, changed, claim, finding, samples } from '../samples.ts'

const receiver = useReceiver({ status: 202, body: '{"status":"success"}' })
const routingKey = '0123456789abcdef0123456789abcdef'
const now = () => new Date('2026-11-23T06:00:00Z')
function open() {
  const opened = pagerduty.open({ pagerduty: [{ routingKey, url: receiver.url }] }, { http: createHttp({ userAgent: 'namesake test', origins: [receiver.url], now }), now }).get('')
  if (opened === undefined) throw new Error('it is configured')
  return opened
}
const about = { id: '34', organization: 'Acme Corp' }
const leaked: Notice = { kind: 'leaked', ...about, finding }

describe('an alert of PagerDuty', () => {
  test('is opened by a leak', async () => {
    await open().send(leaked)
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      routing_key: routingKey, event_action: 'trigger', client: 'namesake',
      payload: { summary: 'CRITICAL leak: acme-corp-auth-client', source: 'namesake: Acme Corp', severity: 'critical', component: 'identity', class: 'leaked' },
      links: [{ href: 'https://github.com/someone/shop/blob/4f2a/package.json#L12' }],
    })
  })

  test.each([['acknowledged', 'acknowledge'], ['resolved', 'resolve'], ['dismissed', 'resolve']] as const)('follows the finding when it is %s', (state, action) => {
    expect(eventOf(changed(state, change(state)), true)).toEqual({ event_action: action, dedup_key: eventOf(leaked, true)?.dedup_key })
  })

  test('is opened again when somebody reopens the finding', () => {
    expect(eventOf(changed('open', change('reopened')), true)).toMatchObject({ event_action: 'trigger', dedup_key: eventOf(leaked, true)?.dedup_key })
  })

  test('goes by how the finding stands, whatever happened on the way', () => {
    expect(eventOf(changed('resolved', change('acknowledged'), change('place'), change('resolved')), true)).toMatchObject({ event_action: 'resolve' })
  })

  test('is not touched by places, claims and assignments: nothing is sent', async () => {
    await open().send(changed('open', change('place'), change('claim'), change('assigned'), change('proposed')))
    expect(receiver.received).toEqual([])
  })

  test('is one for everything about a finding, and another one for another finding or company', () => {
    const key = (notice: Notice) => eventOf(notice, true)?.dedup_key
    expect(key({ kind: 'reopened', ...about, id: '99', finding })).toBe(key(leaked))
    expect(key({ kind: 'escalation', ...about, finding, toldAt: now() })).toBe(key(leaked))
    expect(key({ kind: 'claim', news: 'taken', ...about, finding, claim })).toBe(key(leaked))
    expect(key({ ...leaked, finding: { ...finding, id: '13' } })).not.toBe(key(leaked))
    expect(key({ ...leaked, organization: 'Other Corp' })).not.toBe(key(leaked))
  })

  test('of a name without a finding is one by registry and name, which are not readable in its key', () => {
    const bare = { ...finding, id: '' }
    const key = eventOf({ kind: 'claim', news: 'taken', ...about, finding: bare, claim }, true)?.dedup_key
    expect(key).toMatch(/^namesake-[0-9a-f]{12}-claim-[0-9a-f]{32}$/)
    expect(eventOf({ kind: 'claim', news: 'version-above', ...about, id: '40', finding: bare, claim }, true)?.dedup_key).toBe(key)
  })

  test.each([['critical', 'critical'], ['high', 'error'], ['medium', 'warning'], ['low', 'info'], ['something new', 'info']])('of severity %s is %s there', (severity, expected) => {
    expect(eventOf({ ...leaked, finding: { ...finding, severity } }, true)?.payload?.severity).toBe(expected)
  })

  test('has the documented sizes for every kind of notice', () => {
    for (const notice of samples({ ...finding, identifier: 'x'.repeat(5_000) })) {
      const event = eventOf(notice, true)
      if (event === null) continue
      expect(event.dedup_key.length).toBeLessThanOrEqual(255)
      expect(event.payload?.summary.length ?? 0).toBeLessThanOrEqual(1_024)
    }
  })

  test('is looked at by doctor without anybody being woken', async () => {
    expect(await open().check()).toEqual([expect.stringContaining('nobody sees')])
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual({ routing_key: routingKey, event_action: 'resolve', dedup_key: 'namesake-doctor' })
  })
})
