import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../support/api.ts'

const token = 'a-token-for-prometheus'
let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ config: `telemetry: { metrics: { token: ${token} } }` })
})
afterAll(() => api[Symbol.asyncDispose]())

const scrape = (headers: Readonly<Record<string, string>>) => api.server.request('http://namesake.internal.example/metrics', { headers })

describe('GET /metrics', () => {
  test('shows the numbers to who has the token, by any name of the host', async () => {
    const response = await scrape({ authorization: `Bearer ${token}` })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(await response.text()).toContain('namesake_info{version=')
  })

  test('a session, an API token and nothing are no token of its own', async () => {
    expect((await scrape({})).status).toBe(401)
    expect((await scrape({ cookie: await api.cookie('administrator') })).status).toBe(401)
    expect((await scrape({ authorization: `Bearer ${await api.token('administrator', ['read'])}` })).status).toBe(401)
  })
})
