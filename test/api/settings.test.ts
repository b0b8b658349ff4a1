import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accounts, notices } from '../../src/db/schema/index.ts'
import { openTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ config: 'notify: { slack: { webhookUrl: "http://127.0.0.1:9/services/T0/B0/none" } }' })
})
afterAll(() => api[Symbol.asyncDispose]())

const password = 'correct horse battery'
/** As the page does it: what stands behind the # of a link. */
const tokenOf = (url: string) => url.slice(url.indexOf('#') + 1)

describe('accounts', () => {
  test('are made by an invitation whose link works once, and name what they may do', async () => {
    const { answer } = await api.call('POST /api/accounts', { body: { email: 'Ann@Acme-Corp.com', name: 'Ann', role: 'analyst' } })
    expect(answer.link.url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/welcome#[\w-]{43}$/)
    const token = tokenOf(answer.link.url)
    expect((await api.call('POST /api/links/look', { body: { token } }, null)).answer).toMatchObject({ kind: 'invitation', email: 'ann@acme-corp.com' })
    const uses = await Promise.all([1, 2].map(() => api.call('POST /api/links/use', { body: { token, password, name: 'Ann B' } }, null)))
    expect(uses.map(({ status }) => status).sort()).toEqual([200, 404])
    expect((await api.call('POST /api/links/look', { body: { token } }, null)).status).toBe(404)
    const { answer: list } = await api.call('GET /api/accounts', {})
    expect(list.items.find(({ email }) => email === 'ann@acme-corp.com')).toMatchObject({ name: 'Ann B', role: 'analyst', status: 'active', password: true, oidc: false, sessions: 1 })
    expect((await api.call('POST /api/accounts', { body: { email: 'ann@acme-corp.com', name: 'Ann', role: 'viewer' } })).problem).toMatchObject({ status: 409, code: 'conflict' })
  })

  test('an expired link is none', async () => {
    const { answer } = await api.call('POST /api/accounts', { body: { email: 'late@acme-corp.com', name: 'Late', role: 'viewer' } })
    api.clock.advance(73 * 3_600_000)
    expect((await api.call('POST /api/links/use', { body: { token: tokenOf(answer.link.url), password } }, null)).status).toBe(404)
    // A reset gives a new one.
    const { answer: again } = await api.call('POST /api/accounts/{id}/reset', { params: { id: answer.id } })
    expect((await api.call('POST /api/links/use', { body: { token: tokenOf(again.link.url), password } }, null)).status).toBe(200)
  })

  test('a short password is refused, with the key and what was expected', async () => {
    expect((await api.call('POST /api/links/use', { body: { token: 'x', password: 'short' } }, null)).problem).toMatchObject({
      status: 422, code: 'invalid', faults: [{ key: 'password', expected: 'at least 12 characters' }],
    })
  })

  test('who is disabled is out at once, with sessions and tokens, and is back when enabled again', async () => {
    const bob = await api.join('bob', 'analyst')
    const [cookie, token] = [await bob.cookie(), await bob.token(['read'])]
    const ask = (headers: Record<string, string>) => api.send('GET /api/session', { as: null, headers }).then(({ status }) => status)
    expect([await ask({ cookie }), await ask({ authorization: `Bearer ${token}` })]).toEqual([200, 200])
    await api.call('PATCH /api/accounts/{id}', { params: { id: String(bob.id) }, body: { disabled: true } })
    expect([await ask({ cookie }), await ask({ authorization: `Bearer ${token}` })]).toEqual([401, 401])
    await api.call('PATCH /api/accounts/{id}', { params: { id: String(bob.id) }, body: { disabled: false } })
    expect([await ask({ cookie }), await ask({ authorization: `Bearer ${token}` })]).toEqual([401, 200])
  })

  test('another role holds from the next request on', async () => {
    const eve = await api.join('eve', 'analyst')
    const cookie = await eve.cookie()
    const invite = () => api.send('POST /api/accounts', { as: null, headers: { cookie }, body: {} }).then(({ status }) => status)
    expect(await invite()).toBe(403)
    await api.call('PATCH /api/accounts/{id}', { params: { id: String(eve.id) }, body: { role: 'administrator' } })
    expect(await invite()).toBe(422)
  })

  test('the last administrator who can log in stays one, even when two take it from each other', async () => {
    const lonely = await openTestApi()
    await using _ = lonely
    const other = await lonely.join('other', 'administrator')
    const demote = (id: bigint) => lonely.call('PATCH /api/accounts/{id}', { params: { id: String(id) }, body: { role: 'viewer' } })
    const both = await Promise.all([demote(lonely.ids.administrator), demote(other.id)])
    expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200])
    const left = (await lonely.db.select().from(accounts)).filter(({ role }) => role === 'administrator')
    expect(left).toHaveLength(1)
  })

  test('sessions of somebody else can be ended', async () => {
    const ida = await api.join('ida', 'viewer')
    const cookies = [await ida.cookie(), await ida.cookie()]
    expect((await api.call('DELETE /api/accounts/{id}/sessions', { params: { id: String(ida.id) } })).answer).toEqual({ ended: 2 })
    for (const cookie of cookies) expect((await api.send('GET /api/session', { as: null, headers: { cookie } })).status).toBe(401)
    expect((await api.call('DELETE /api/accounts/{id}/sessions', { params: { id: '99999' } })).status).toBe(404)
  })
})

describe('the audit log', () => {
  test('has every one of these, newest first, by who did it, page by page, and no secret', async () => {
    const all: { verb: string; actor: { name: string }; subject: { name: string } }[] = []
    let cursor: string | null = null
    do {
      const { answer }: { answer: { items: typeof all; next: string | null } } = await api.call('GET /api/audit', { query: { limit: 3, ...(cursor === null ? {} : { cursor }) } })
      all.push(...answer.items)
      cursor = answer.next
    } while (cursor !== null)
    expect(new Set(all.map(({ verb }) => verb))).toEqual(new Set(['sessions-ended', 'role-changed', 'account-enabled', 'account-disabled', 'token-made', 'account-opened', 'password-reset-asked', 'password-reset', 'account-invited']))
    expect(all.at(-1)).toMatchObject({ verb: 'account-invited', actor: { kind: 'user', name: 'administrator@acme-corp.com' }, subject: { kind: 'account', name: 'ann@acme-corp.com' } })
    expect(JSON.stringify(all)).not.toMatch(/scrypt|nsk_|[\w-]{43}/)
    const { answer } = await api.call('GET /api/audit', { query: { verb: 'account-disabled' } })
    expect(answer.items.map(({ subject }) => subject.name)).toEqual(['bob@acme-corp.com'])
    expect(answer.verbs).toContain('role-changed')
    expect((await api.call('GET /api/audit', { query: { cursor: 'bm9uZQ' } })).problem).toMatchObject({ status: 422, faults: [{ key: 'cursor' }] })
  })
})

describe('destinations and queues', () => {
  test('how a destination fares, and a test that cannot be sent says so and stands in the audit log', async () => {
    expect((await api.call('GET /api/destinations', {})).answer.items).toEqual([
      { id: 'slack', title: 'Slack', pending: 0, delivered: 0, dead: 0, lastDeliveredAt: null, trouble: null },
    ])
    const { answer } = await api.call('POST /api/destinations/{id}/test', { params: { id: 'slack' } })
    expect(answer.outcome).toBe('unclear')
    expect((await api.call('GET /api/audit', { query: { verb: 'destination-tested' } })).answer.items).toHaveLength(1)
    expect((await api.call('POST /api/destinations/{id}/test', { params: { id: 'none' } })).status).toBe(404)
  })

  test('what was refused for good is listed, and waits again when somebody says so', async () => {
    await api.db.insert(notices).values([1, 2, 3].map((key) => ({ channel: 'slack', kind: 'baseline' as const, key: String(key), state: 'dead' as const, reason: 'gone', createdAt: api.clock.now() })))
    const { answer } = await api.call('GET /api/notices/dead', { query: { limit: 2 } })
    expect(answer.items.map(({ kind, reason, finding }) => [kind, reason, finding])).toEqual([['baseline', 'gone', null], ['baseline', 'gone', null]])
    expect((await api.call('GET /api/notices/dead', { query: { limit: 2, cursor: answer.next ?? '' } })).answer).toMatchObject({ items: [{}], next: null })
    expect((await api.call('POST /api/notices/resend', { body: { channel: 'slack', ids: [answer.items[0]?.id ?? ''] } })).answer).toEqual({ count: 1 })
    expect((await api.call('POST /api/notices/resend', { body: { channel: 'slack' } })).answer).toEqual({ count: 2 })
    expect((await api.call('GET /api/destinations', {})).answer.items[0]).toMatchObject({ pending: 3, dead: 0 })
  })

  test('queues of this configuration with their counts', async () => {
    const { answer } = await api.call('GET /api/queues', {})
    expect(answer).toMatchObject({ kind: 'postgres', processes: [] })
    expect(answer.queues).toContainEqual({ queue: 'notify.slack', waiting: 0, active: 0, delayed: 0, failed: 0, pausedUntil: null })
  })
})
