import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

describe('a session', () => {
  test('tells who it is of', async () => {
    expect(await api.call('GET /api/session', {}, 'viewer')).toMatchObject({
      status: 200, answer: { account: { email: 'viewer@acme-corp.com', role: 'viewer' }, organization: 'Acme Corp' },
    })
  })

  test('nobody gets nothing, not even the name of the company', async () => {
    const response = await api.send('GET /api/session', { as: null })
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.text()).not.toContain('Acme')
  })
})
