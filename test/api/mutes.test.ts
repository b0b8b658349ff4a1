import { afterAll, expect, test } from 'vitest'
import { auditTrail } from '../../src/db/schema/index.ts'
import { openTestApi } from '../support/api.ts'

const api = await openTestApi({ config: 'notify: { slack: { webhookUrl: "http://127.0.0.1:1/hook" } }' })
afterAll(() => api[Symbol.asyncDispose]())
const list = async () => (await api.call('GET /api/mutes', {}, 'analyst')).answer.items

test('a mute is set with a reason, shown, ended early, and each of it says by whom', async () => {
  expect((await api.call('POST /api/mutes', { body: { channel: null, minutes: 60, reason: 'the pager is moved' } })).status).toBe(200)
  expect((await api.call('POST /api/mutes', { body: { channel: 'slack', minutes: 30, reason: 'migration' } })).status).toBe(200)
  expect(await list()).toMatchObject([{ channel: null, until: '2026-11-02T10:00:00.000Z', by: 'administrator@acme-corp.com', reason: 'the pager is moved' }, { channel: 'slack' }])
  expect((await api.call('POST /api/mutes/end', { body: { channel: 'slack' } })).answer).toEqual({ ended: 1 })
  expect((await api.call('POST /api/mutes/end', { body: { channel: null } })).answer).toEqual({ ended: 1 })
  expect(await list()).toEqual([])
  expect((await api.db.select().from(auditTrail)).map(({ verb }) => verb)).toEqual(['destination-muted', 'destination-muted', 'destination-unmuted', 'destination-unmuted'])
})

test('nobody mutes without a reason, for ever, an unknown destination, or as an analyst', async () => {
  const mute = (body: { channel: string | null; minutes: number; reason: string }, as: 'administrator' | 'analyst' = 'administrator') => api.call('POST /api/mutes', { body }, as)
  expect((await mute({ channel: null, minutes: 60, reason: ' ' })).status).toBe(422)
  expect((await mute({ channel: null, minutes: 99_999, reason: 'x' })).status).toBe(422)
  expect((await mute({ channel: 'pager', minutes: 60, reason: 'x' })).status).toBe(404)
  expect((await mute({ channel: null, minutes: 60, reason: 'x' }, 'analyst')).status).toBe(403)
  expect(await list()).toEqual([])
})
