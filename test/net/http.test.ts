import { AnswerHead } from '../../src/net/answer-head.ts'
import { createServer, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { ContractBroken, NamesakeError, NotFound, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { createHttp } from '../../src/net/http.ts'
import { hang, hangMidBody, htmlPage, resetMidBody, startScript, type Act, type ScriptedServer, type Scripted } from './scripted-server.ts'

const now = new Date('2026-11-22T12:00:00Z')
const userAgent = 'namesake/test (+https://security.example/contact)'
const secret = 'ghp_verySecretToken'
const name = 'acme-corp-auth-client'
const shape = z.object({ total: z.int(), items: z.array(z.object({ sha: z.string() })) })

function open(server: ScriptedServer, more: { timeoutMs?: number; maxBytes?: number; origins?: readonly string[] } = {}) {
  return createHttp({ userAgent, origins: [server.url], now: () => now, ...more })
}

async function failure(work: Promise<unknown>): Promise<NamesakeError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(NamesakeError)
  // The line above proves the class.
  return error as NamesakeError
}

/** A port of loopback on which nobody listens: one that was just given back. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A request with something of ours in every place where it could leak from. */
function ask(server: ScriptedServer, client = open(server)) {
  return client.request({
    url: `${server.url}/search/${name}?q=${name}`,
    headers: { authorization: `Bearer ${secret}`, 'x-name': name },
    json: { name },
    method: 'POST',
    schema: shape,
  })
}

describe('a request', () => {
  test('is sent with our User-Agent and JSON, and its answer comes parsed', async () => {
    const server = await startScript({ body: { total: 1, items: [{ sha: 'a', extra: 1 }] }, headers: { 'x-some': 'thing' } })
    const answer = await ask(server)
    expect(answer.body).toEqual({ total: 1, items: [{ sha: 'a' }] })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('x-some')).toBe('thing')
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: `/search/${name}?q=${name}`, body: JSON.stringify({ name }) })
    expect(server.seen[0]?.headers).toMatchObject({ 'user-agent': userAgent, 'content-type': 'application/json', accept: 'application/json' })
  })

  test('without a schema gives the text and no body', async () => {
    const server = await startScript({ body: 'ok' })
    expect(await open(server).request({ url: server.url })).toMatchObject({ status: 200, text: 'ok', body: undefined })
  })

  test('gives back other statuses that the caller reads by itself', async () => {
    const server = await startScript({ status: 422, body: { message: 'no' }, headers: { 'retry-after': '5' } })
    const answer = await open(server).request({ url: server.url, schema: shape, accept: [422] })
    expect(answer).toMatchObject({ status: 422, body: undefined, text: '{"message":"no"}' })
  })

  test('reads compressed answers', async () => {
    const server = await startScript({ headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' }, body: gzipSync('{"total":0,"items":[]}') })
    const { body, headers } = await open(server).request({ url: server.url, schema: shape })
    expect(body).toEqual({ total: 0, items: [] })
    // They would describe bytes that nobody sees any more.
    expect([headers.get('content-encoding'), headers.get('content-length')]).toEqual([null, null])
  })

  test('leaves no timer behind, however it ends: a process could not stop before it', async () => {
    const started = vi.spyOn(globalThis, 'setTimeout')
    const stopped = vi.spyOn(globalThis, 'clearTimeout')
    onTestFinished(() => void vi.restoreAllMocks())
    const server = await startScript({ body: 'ok' }, resetMidBody)
    const client = open(server, { timeoutMs: 600_123 })
    await client.request({ url: server.url })
    expect(await failure(client.request({ url: server.url }))).toBeInstanceOf(Transient)
    const ours = started.mock.results.filter((_, index) => started.mock.calls[index]?.[1] === 600_123)
    expect(ours).toHaveLength(2)
    for (const { value } of ours) expect(stopped).toHaveBeenCalledWith(value)
  })

  test('carries no cookie from one request to the next', async () => {
    const server = await startScript({ headers: { 'set-cookie': 'session=1; Path=/' }, body: 'ok' }, { body: 'ok' })
    const client = open(server)
    await client.request({ url: server.url })
    await client.request({ url: server.url })
    expect(server.seen[1]?.headers.cookie).toBeUndefined()
  })

  test('keeps its User-Agent even if the caller sets another', async () => {
    const server = await startScript({ body: 'ok' })
    await open(server).request({ url: server.url, headers: { 'user-agent': 'octokit' } })
    expect(server.seen[0]?.headers['user-agent']).toBe(userAgent)
  })
})

test('a company whose name no header can hold is understood all the same', async () => {
  const server = await startScript({ body: 'ok' })
  await createHttp({ userAgent: 'namesake/1 (株式会社 Ü)', origins: [server.url], now: () => now }).request({ url: server.url })
  expect(server.seen[0]?.headers['user-agent']).toBe('namesake/1 (???? ?)')
})

describe('what a status means', () => {
  const cases: readonly [string, Scripted, new (...args: never[]) => NamesakeError][] = [
    ['400 is given up', { status: 400 }, Permanent],
    ['401 is given up', { status: 401 }, Permanent],
    ['403 is given up', { status: 403 }, Permanent],
    ['422 is given up', { status: 422 }, Permanent],
    ['451 is given up', { status: 451 }, Permanent],
    ['304 that nobody asked for is given up', { status: 304 }, Permanent],
    ['404 is a clean absence', { status: 404 }, NotFound],
    ['410 is a clean absence', { status: 410 }, NotFound],
    ['408 is tried again', { status: 408 }, Transient],
    ['425 is tried again', { status: 425 }, Transient],
    ['500 is tried again', { status: 500 }, Transient],
    ['502 as HTML is tried again', htmlPage(502), Transient],
    ['503 is tried again', { status: 503 }, Transient],
    ['429 waits', { status: 429 }, RetryLater],
    ['503 with Retry-After waits', { status: 503, headers: { 'retry-after': '7' } }, RetryLater],
    ['403 with Retry-After waits', { status: 403, headers: { 'retry-after': '7' } }, RetryLater],
    ['200 with HTML is tried again', htmlPage(200), Transient],
    ['200 with HTML that claims to be JSON is tried again', { headers: { 'content-type': 'application/json' }, body: ' <!doctype html>' }, Transient],
    ['200 with truncated JSON is tried again', { headers: { 'content-type': 'application/json' }, body: '{"total":1,"items":[{"sh' }, Transient],
    ['200 with nothing is tried again', { body: '' }, Transient],
    ['200 with another shape is a broken contract', { body: { total: 'many', items: [{ sha: 1 }] } }, ContractBroken],
  ]
  test.each(cases)('%s', async (_, answer, errorClass) => {
    const server = await startScript(answer)
    const error = await failure(ask(server))
    expect(error.constructor).toBe(errorClass)
    expect(error.message).toContain(server.host)
  })

  test('429 waits as long as the server says, by the clock of the server', async () => {
    const headers = { date: 'Sun, 22 Nov 2026 13:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 13:02:00 GMT' }
    const server = await startScript({ status: 429, headers })
    expect(await failure(ask(server))).toMatchObject({ until: new Date('2026-11-22T12:02:00Z'), scope: 'destination' })
  })

  test('429 that does not say how long waits a minute', async () => {
    const server = await startScript({ status: 429 })
    expect(await failure(ask(server))).toMatchObject({ until: new Date('2026-11-22T12:01:00Z') })
  })

  test('a broken contract names the paths and no value', async () => {
    const server = await startScript({ body: { total: 1, items: [{ sha: 'a' }, { sha: 5 }] } })
    const error = await failure(ask(server))
    expect(error.message).toContain('items.1.sha')
  })
})

describe('when the exchange breaks', () => {
  test('a connection that is reset in the middle of a body is tried again', async () => {
    const server = await startScript(resetMidBody)
    expect(await failure(ask(server))).toBeInstanceOf(Transient)
  })

  test('a server that is not there is tried again, with the system\'s word for it', async () => {
    const port = await closedPort()
    const client = createHttp({ userAgent, origins: [`http://127.0.0.1:${port}`], now: () => now })
    const error = await failure(client.request({ url: `http://127.0.0.1:${port}/${name}` }))
    expect(error).toBeInstanceOf(Transient)
    expect(error.message).toBe(`127.0.0.1:${port}: the exchange broke off (ECONNREFUSED)`)
  })

  test.each<[string, Act]>([
    ['no answer at all', hang],
    ['a body that never ends', hangMidBody],
  ])('the timeout covers the whole exchange: %s', async (_, act) => {
    const server = await startScript(act)
    const error = await failure(ask(server, open(server, { timeoutMs: 150 })))
    expect(error).toBeInstanceOf(Transient)
    expect(error.message).toBe(`${server.host}: no complete answer within 150 ms`)
  })

  test('the timeout of a request wins over that of the client, and covers its redirects', async () => {
    const server = await startScript({ status: 302, headers: { location: '/next' } }, hang)
    const error = await failure(open(server).request({ url: server.url, timeoutMs: 150 }))
    expect(error.message).toContain('150 ms')
  })

  test('compressed JSON that is cut off is tried again', async () => {
    const server = await startScript({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"total":0,"items":[]}').subarray(0, 20) })
    expect(await failure(open(server).request({ url: server.url, schema: shape }))).toBeInstanceOf(Transient)
  })

  test('a body over the cap is given up, and not read to its end', async () => {
    let written = 0
    const server = await startScript((response) => {
      const push = (): void => {
        if (response.destroyed || written > 200_000_000) return
        written += 65_536
        response.write(Buffer.alloc(65_536), push)
      }
      push()
    })
    const error = await failure(open(server, { maxBytes: 100_000 }).request({ url: server.url }))
    expect(error).toBeInstanceOf(Permanent)
    expect(error.message).toBe(`${server.host}: the answer is larger than 100000 bytes`)
    expect(written).toBeLessThan(100_000_000)
  })

  test('the cap counts decoded bytes: a bomb of 10 kB is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    expect(bomb.byteLength).toBeLessThan(20_000)
    const server = await startScript({ headers: { 'content-encoding': 'gzip' }, body: bomb })
    expect(await failure(open(server).request({ url: server.url, maxBytes: 1_000_000 }))).toBeInstanceOf(Permanent)
  })

  test('a body exactly as large as the cap is read', async () => {
    const server = await startScript({ body: 'x'.repeat(1000) })
    expect((await open(server).request({ url: server.url, maxBytes: 1000 })).text).toHaveLength(1000)
  })
})

describe('where requests may go', () => {
  test.each(['https://127.0.0.1:1/', 'http://evil.example/', 'http://127.0.0.1/', 'http://localhost:1/'])(
    'nothing is sent to %s, which is not configured',
    async (url) => {
      const server = await startScript()
      expect(await failure(open(server, { origins: ['http://127.0.0.1:1'] }).request({ url }))).toBeInstanceOf(Permanent)
    },
  )

  test('a longer host that begins like an allowed one is another host', async () => {
    const client = createHttp({ userAgent, origins: ['https://api.github.com'], now: () => now })
    expect(await failure(client.request({ url: 'https://api.github.com.evil.example/' }))).toBeInstanceOf(Permanent)
  })

  test('credentials in a URL are refused without repeating them', async () => {
    const server = await startScript()
    const error = await failure(open(server).request({ url: server.url.replace('//', `//user:${secret}@`) }))
    expect(error).toBeInstanceOf(Permanent)
    expect(error.message).not.toContain(secret)
  })

  test('what is no URL is refused without repeating it', async () => {
    const server = await startScript()
    const error = await failure(open(server).request({ url: `//${name}` }))
    expect(error).toBeInstanceOf(Permanent)
    expect(error.message).not.toContain(name)
  })

  test('redirects within the origin are followed, with the credentials', async () => {
    const server = await startScript({ status: 301, headers: { location: '/repositories/1' } }, { body: { total: 0, items: [] } })
    const answer = await open(server).request({ url: `${server.url}/repos/a/b`, headers: { authorization: secret }, schema: shape })
    expect(answer.status).toBe(200)
    expect(server.seen.map(({ path }) => path)).toEqual(['/repos/a/b', '/repositories/1'])
    expect(server.seen[1]?.headers.authorization).toBe(secret)
  })

  test('a redirect to another origin is refused, even to one that is allowed: credentials belong to one', async () => {
    const other = await startScript()
    const server = await startScript({ status: 302, headers: { location: `${other.url}/collect` } })
    const client = open(server, { origins: [server.url, other.url] })
    expect(await failure(client.request({ url: server.url, headers: { authorization: secret } }))).toBeInstanceOf(Permanent)
    expect(other.seen).toEqual([])
  })

  test.each(['http://[bad', 'file:///etc/passwd', 'javascript:alert(1)', '//evil.example/x'])('a redirect to %s is refused', async (location) => {
    const server = await startScript({ status: 302, headers: { location } })
    expect(await failure(open(server).request({ url: server.url }))).toBeInstanceOf(Permanent)
  })

  test.each([301, 302, 307, 308])('a caller that follows none gets the %i as any other status, and nothing is sent on', async (status) => {
    const server = await startScript({ status, headers: { location: '/elsewhere' } }, { status, headers: { location: '/elsewhere' } })
    const ours = { method: 'POST' as const, url: `${server.url}/hook`, plain: '{}', redirects: 'refuse' as const }
    expect((await open(server).request({ ...ours, accept: [status] })).status).toBe(status)
    expect(await failure(open(server).request(ours))).toBeInstanceOf(Permanent)
    expect(server.seen.map(({ path }) => path)).toEqual(['/hook', '/hook'])
  })

  test('plain text is called what the caller calls it', async () => {
    const server = await startScript({ body: '' }, { body: '' })
    await open(server).request({ method: 'POST', url: server.url, plain: '{}', headers: { 'content-type': 'application/json' } })
    await open(server).request({ method: 'POST', url: server.url, plain: 'hello' })
    expect(server.seen.map(({ headers }) => headers['content-type'])).toEqual(['application/json', 'text/plain'])
  })

  test('five redirects are followed, a sixth is refused', async () => {
    const step = { status: 307, headers: { location: '/again' } }
    const patient = await startScript(step, step, step, step, step, { body: 'there' })
    expect((await open(patient).request({ url: patient.url })).text).toBe('there')
    const server = await startScript(step, step, step, step, step, step)
    expect(await failure(open(server).request({ url: server.url }))).toBeInstanceOf(Permanent)
  })

  test('what is sent survives a 307 and is never dropped by a 302', async () => {
    const server = await startScript({ status: 307, headers: { location: '/new' } }, { body: 'ok' }, { status: 302, headers: { location: '/new' } })
    await open(server).request({ method: 'POST', url: server.url, json: { a: 1 } })
    expect(server.seen[1]).toMatchObject({ method: 'POST', body: '{"a":1}' })
    expect(await failure(open(server).request({ method: 'POST', url: server.url, json: { a: 1 } }))).toBeInstanceOf(Permanent)
  })

  test('an origin that is no web address is refused at once', () => {
    expect(() => createHttp({ userAgent, origins: ['file:///etc'], now: () => now })).toThrow(Permanent)
  })
})

describe('no error says what we asked for', () => {
  const answers: readonly (Scripted | Act)[] = [
    { status: 400, body: `${name} ${secret}` }, { status: 404, body: { message: name } }, { status: 429, body: name },
    { status: 500, body: name }, { status: 302, headers: { location: `https://evil.example/${name}` } },
    { status: 302, headers: { location: `http://[${name}` } }, htmlPage(502), resetMidBody, hangMidBody,
    { body: { total: name, [name]: name } }, { headers: { 'content-type': 'application/json' }, body: `{"${name}` },
    { body: 'x'.repeat(2_000) },
  ]
  test.each(answers.map((answer, number) => ({ answer, number })))('answer $number', async ({ answer }) => {
    const server = await startScript(answer)
    const error = await failure(ask(server, open(server, { timeoutMs: 300, maxBytes: 1_000 })))
    for (const one of [error.message, String(error.stack), JSON.stringify(error)]) {
      expect(one).not.toContain(name)
      expect(one).not.toContain(secret)
    }
    // Status and headers of the answer, at most.
    expect(error.cause === undefined || error.cause instanceof AnswerHead).toBe(true)
  })

  test('a token with a line break is refused before it is sent, without repeating it', async () => {
    const server = await startScript()
    const error = await failure(open(server).request({ url: server.url, headers: { authorization: `Bearer ${secret}\nx` } }))
    expect(error).toBeInstanceOf(Permanent)
    expect(error.message).not.toContain(secret)
  })
})

describe('fetch for libraries', () => {
  test.each([200, 404, 422, 429, 500])('answers %d as it came', async (status) => {
    const server = await startScript({ status, headers: { 'x-ratelimit-remaining': '0' }, body: { a: 1 } })
    const response = await open(server).fetch(server.url, { method: 'POST', body: '{}', headers: { authorization: secret } })
    expect(response.status).toBe(status)
    expect(response.headers.get('x-ratelimit-remaining')).toBe('0')
    expect(await response.json()).toEqual({ a: 1 })
    expect(server.seen[0]).toMatchObject({ method: 'POST', body: '{}' })
    expect(server.seen[0]?.headers['user-agent']).toBe(userAgent)
  })

  test('answers 204 and 304, which have no body', async () => {
    const server = await startScript({ status: 204 }, { status: 304 })
    expect((await open(server).fetch(server.url)).status).toBe(204)
    expect((await open(server).fetch(server.url)).status).toBe(304)
  })

  test.each<[string, Act]>([['reset', resetMidBody], ['hang', hangMidBody]])('throws Transient at once on %s, not while the body is read', async (_, act) => {
    const server = await startScript(act)
    expect(await failure(open(server, { timeoutMs: 150 }).fetch(server.url))).toBeInstanceOf(Transient)
  })

  test('has the same fences: origins, cap, redirects', async () => {
    const server = await startScript({ body: 'x'.repeat(2000) }, { status: 302, headers: { location: 'http://evil.example/' } })
    const client = open(server, { maxBytes: 1000 })
    expect(await failure(client.fetch('http://evil.example/'))).toBeInstanceOf(Permanent)
    expect(await failure(client.fetch(server.url))).toBeInstanceOf(Permanent)
    expect(await failure(client.fetch(server.url))).toBeInstanceOf(Permanent)
  })

  test('can be called off by its caller', async () => {
    const stop = new AbortController()
    const server = await startScript(() => stop.abort())
    const error = await failure(open(server).fetch(server.url, { signal: stop.signal }))
    expect(error).toBeInstanceOf(Transient)
    expect(error.message).toContain('called off')
  })
})
