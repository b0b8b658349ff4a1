import { afterAll, beforeAll, expect, test } from 'vitest'
import { listenersAtMost } from '../../src/api/live.ts'
import { recordAction } from '../../src/trail/record-action.ts'
import { openTestApi, type TestApi } from '../support/api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

/** Reads events until one is there, or the stream ends (null). */
async function listen(as: 'viewer' | 'analyst' = 'viewer') {
  const response = await api.send('GET /api/live', { as })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    response,
    async until(event: string): Promise<string | null> {
      while (!text.includes(event)) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) return null
        text += value
      }
      const found = text
      text = ''
      return found
    },
    leave: () => reader?.cancel(),
  }
}
const happen = () => recordAction(api.db, { actor: { kind: 'system', name: 'test' }, verb: 'something-done', subject: { kind: 'test', name: '@acme-corp/billing' }, at: api.clock.now() })

test('every open page hears what kind of thing changed, and no name', async () => {
  const pages = [await listen(), await listen('analyst')]
  for (const page of pages) {
    expect(page.response.headers.get('content-type')).toBe('text/event-stream')
    expect(page.response.headers.get('x-accel-buffering')).toBe('no')
    expect(await page.until('hello')).toContain('retry: 3000')
  }
  // The first question of the database only learns how things stand; what happens after it is news.
  const heard = Promise.all(pages.map((page) => page.until('changed')))
  const asking = setInterval(() => void happen(), 20)
  const told = await heard
  clearInterval(asking)
  for (const text of told) {
    expect(text).toContain('event: changed\ndata: settings\n')
    expect(text).not.toContain('acme')
  }
  await Promise.all(pages.map((page) => page.leave()))
})

test('an account has only so many pages open, and may again when one is left', async () => {
  const pages = []
  for (let count = 0; count < listenersAtMost.account; count += 1) pages.push(await listen())
  const refused = await api.send('GET /api/live', { as: 'viewer' })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30'])
  const other = await listen('analyst')
  expect(other.response.status).toBe(200)
  await pages[0]?.leave()
  const again = await listen()
  expect(again.response.status).toBe(200)
  await Promise.all([...pages.slice(1), other, again].map((page) => page.leave()))
})

test('ends when the server does, so that the browser comes back to another', async () => {
  const page = await listen()
  await page.until('hello')
  api.service.live.close()
  expect(await page.until('never')).toBeNull()
})
