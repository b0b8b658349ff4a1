import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createHttp } from '../../../src/net/http.ts'
import { webhook } from '../../../src/notifiers/webhook/index.ts'
import { payloadOf, typeOf } from '../../../src/notifiers/webhook/payload.ts'
import { keyOf, webhookSettings } from '../../../src/notifiers/webhook/settings.ts'
import { signatureHeaders } from '../../../src/notifiers/webhook/sign.ts'
import { useReceiver } from '../receiver.ts'
import { finding, samples } from '../samples.ts'

const receiver = useReceiver({ status: 204 })
const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3'
const newer = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const at = new Date('2026-11-23T06:00:07.900Z')

function open(rows: Parameters<typeof webhookSettings.parse>[0]) {
  const settings = webhookSettings.parse(rows)
  return webhook.open({ webhook: settings }, { http: createHttp({ userAgent: 'namesake test', origins: [receiver.url], now: () => at }), now: () => at })
}

describe('the signature', () => {
  test('is the one of the published algorithm', () => {
    expect(signatureHeaders({ id: 'msg_local_1', at: new Date(1_700_000_000_000), body: '{"type":"finding.created"}' }, [secret])).toEqual({
      'webhook-id': 'msg_local_1', 'webhook-timestamp': '1700000000', 'webhook-signature': 'v1,WNcGrXx4Bs3YGlAMvQJl4rkTKMSksNfpkLxjDNrGs/A=',
    })
  })

  test('covers the very bytes that are sent, with seconds of the attempt', async () => {
    await open([{ url: receiver.url, secret }]).get('')?.send({ kind: 'leaked', id: '34', organization: 'Acme Corp', finding })
    const [got] = receiver.received
    expect(got?.headers).toMatchObject({ 'webhook-id': 'notice_34', 'webhook-timestamp': '1795413607', 'content-type': 'application/json' })
    const expected = createHmac('sha256', '0123456789abcdef01234567').update(`notice_34.1795413607.${got?.body}`).digest('base64')
    expect(got?.headers['webhook-signature']).toBe(`v1,${expected}`)
  })

  test('is made with both secrets while one takes over from the other, the new one first', async () => {
    await open([{ url: receiver.url, secret: newer, previousSecret: secret }]).get('')?.send({ kind: 'leaked', id: '34', organization: 'Acme Corp', finding })
    const { body = '', headers } = receiver.received[0] ?? {}
    const one = (key: string) => signatureHeaders({ id: 'notice_34', at, body }, [key])['webhook-signature']
    expect(headers?.['webhook-signature']).toBe(`${one(newer)} ${one(secret)}`)
  })

  test('has an id without dots, which would move the borders of what is signed', async () => {
    await open([{ url: receiver.url, secret }]).get('')?.send({ kind: 'digest', id: '1-2.3', organization: 'Acme Corp', findings: [], findingCount: 0, placeCount: 0, gaps: [] })
    expect(receiver.received[0]?.headers['webhook-id']).toBe('notice_1-2_3')
  })
})

describe('a secret', () => {
  test.each([secret, newer, `whsec_${Buffer.alloc(64, 1).toString('base64')}`])('%s is one', (text) => {
    expect(keyOf(text)).not.toBeNull()
  })
  test.each(['', 'whsec_', 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3', `whsec_${Buffer.alloc(23).toString('base64')}`, `whsec_${Buffer.alloc(65).toString('base64')}`, 'whsec_not base64 at all, is it not so, or is it'])('%j is none', (text) => {
    expect(keyOf(text)).toBeNull()
  })
})

describe('the settings', () => {
  test('open a destination for each row, by name', () => {
    expect([...open([{ url: receiver.url, secret }, { name: 'soar', url: receiver.url, secret }]).keys()]).toEqual(['', 'soar'])
  })
  test.each([
    ['two of one name', [{ url: 'https://a.example', secret }, { url: 'https://b.example', secret }], /called the same/],
    ['an address without encryption', [{ url: 'http://hooks.example/x', secret }], /expected https/],
    ['a password in the address', [{ url: 'https://user:pass@hooks.example/x', secret }], /without user and password/],
    ['a secret that is none', [{ url: 'https://a.example', secret: 'hunter2' }], /whsec_/],
    ['a name with blanks', [{ name: 'the soar', url: 'https://a.example', secret }], /lower-case letters/],
  ])('with %s are refused', (_, rows, words) => {
    expect(() => webhookSettings.parse(rows)).toThrow(words)
  })
})

describe('the payload', () => {
  test('is a dotted type, a time and data, for every kind of notice', () => {
    const types = samples().map(typeOf)
    for (const type of types) expect(type).toMatch(/^[a-z_]+(\.[a-z_]+)+$/)
    expect(new Set(types)).toEqual(new Set([
      'finding.leaked', 'finding.reopened', 'finding.escalated', 'claim.taken', 'claim.version_above', 'claim.install_time_code', 'claim.freed', 'finding.changed',
      'summary.baseline', 'summary.digest', 'summary.storm', 'operator.destination_dead', 'operator.destination_failing', 'operator.test',
    ]))
  })

  test('of a leak says what a program needs', () => {
    expect(payloadOf({ kind: 'leaked', id: '34', organization: 'Acme Corp', finding }, at)).toMatchObject({
      type: 'finding.leaked', timestamp: '2026-11-23T06:00:07.900Z',
      data: {
        notice: '34', organization: 'Acme Corp', headline: 'CRITICAL leak: acme-corp-auth-client',
        finding: {
          id: '12', identifier: 'acme-corp-auth-client', kind: 'package', ecosystem: 'npm', team: 'identity', severity: 'critical', state: 'open', placeCount: 1,
          places: [{ url: 'https://github.com/someone/shop/blob/4f2a/package.json#L12', container: 'someone/shop', path: 'services/package.json', line: 12, role: 'dependency' }],
        },
      },
    })
  })

  test('of a name without a finding has no id of one', () => {
    const notice = samples().find((one) => one.kind === 'claim' && one.finding.id === '')
    expect(notice === undefined ? null : payloadOf(notice, at).data['finding']).toMatchObject({ id: null, identifier: 'acme-corp-auth-client' })
  })
})
