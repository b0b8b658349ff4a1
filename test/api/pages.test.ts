import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPages } from '../../src/api/pages.ts'

let folder: string
let app: Hono
const script = `console.log(${JSON.stringify('x'.repeat(5_000))})`
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'namesake-pages-'))
  await mkdir(path.join(folder, 'web', 'assets'), { recursive: true })
  await writeFile(path.join(folder, 'web', 'index.html'), '<!doctype html><title>namesake</title>')
  await writeFile(path.join(folder, 'web', 'assets', 'main-abc123.js'), script)
  await writeFile(path.join(folder, 'secret.txt'), 'secret')
  app = new Hono().get('*', await pagesOf(path.join(folder, 'web')))
})
afterAll(() => rm(folder, { recursive: true }))

async function pagesOf(from: string) {
  return openPages(from)
}
const get = (address: string, headers: Record<string, string> = {}) => app.request(`http://h${address}`, { headers })

describe('the built page', () => {
  test.each(['/', '/findings/1', '/settings/people?x=1', '/welcome'])('answers an address of its own with its index, asked again each time: %s', async (address) => {
    const response = await get(address)
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([200, 'text/html; charset=utf-8', 'no-cache'])
    expect((await get(address, { 'if-none-match': response.headers.get('etag') ?? '' })).status).toBe(304)
  })

  test('keeps what has a hash in its name for a year, compressed as the browser can read it', async () => {
    for (const [accepted, encoding, unpack] of [['gzip, deflate, br', 'br', brotliDecompressSync], ['gzip', 'gzip', gunzipSync], ['identity', null, (bytes: Buffer) => bytes]] as const) {
      const response = await get('/assets/main-abc123.js', { 'accept-encoding': accepted })
      expect([response.headers.get('content-encoding'), response.headers.get('cache-control'), response.headers.get('vary')]).toEqual([encoding, 'public, max-age=31536000, immutable', 'accept-encoding'])
      expect(unpack(Buffer.from(await response.arrayBuffer())).toString()).toBe(script)
    }
  })

  test.each(['/assets/gone.js', '/secret.txt', '/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/assets/%5c..%5c..%5csecret.txt', '/.env'])('has no other file: %s', async (address) => {
    const response = await get(address)
    expect(await response.text()).not.toContain('secret\n')
    expect(response.status === 404 || response.headers.get('content-type')?.startsWith('text/html')).toBe(true)
  })

  test('that is not there says how it is built', async () => {
    const missing = new Hono().get('*', await pagesOf(path.join(folder, 'nowhere')))
    const response = await missing.request('http://h/')
    expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm run build')])
  })
})
