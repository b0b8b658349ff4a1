import { lookup as systemLookup } from 'node:dns'
import { createServer, type AddressInfo, type LookupFunction, type Server } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Visit } from '../../src/contracts/http.ts'
import { NotFound, Permanent, RetryLater, Transient } from '../../src/errors.ts'
import { createHttp, type HttpOptions } from '../../src/net/http.ts'
import { failure } from '../sources/failure.ts'
import { resetMidBody, startScript, type ScriptedServer } from './scripted-server.ts'

const now = new Date('2026-11-22T12:00:00Z')

function open(origins: readonly string[], more: Partial<HttpOptions> = {}) {
  return createHttp({ userAgent: 'namesake/test (+https://security.example)', origins, now: () => now, timeoutMs: 2_000, ...more })
}

function go(server: ScriptedServer, path: string, more: Partial<Visit> = {}, options: Partial<HttpOptions> = {}) {
  return open([server.url], options).visit({ url: `${server.url}${path}`, home: [server.url], within: 'public', ...more })
}

/** A server on an address of loopback that counts connections and never says a word. */
async function listen(host: string): Promise<{ readonly server: Server; readonly port: number; readonly connections: () => number }> {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => void server.close())
  // A listening TCP server has an address with a port.
  return { server, port: (server.address() as AddressInfo).port, connections: () => connections }
}

/** A resolver that answers from a table, whatever it says, and notes what it was asked. */
function resolver(table: Readonly<Record<string, readonly string[]>>, asked: string[] = []): LookupFunction {
  return (hostname, options, callback) => {
    asked.push(hostname)
    const addresses = table[hostname]
    if (addresses === undefined) return systemLookup(hostname, { ...options, all: true }, (error, all) => callback(error, all))
    callback(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
}

/** Every spelling of a place that is not the public internet's. PORT becomes that of the server that counts. */
const strange: readonly string[] = [
  'http://127.0.0.1:PORT/', 'http://localhost:PORT/', 'http://127.0.0.1/', 'http://localhost/', 'http://LOCALHOST./', 'http://www.localhost/',
  'http://127.1/', 'http://127.0.1/', 'http://127.8.8.8/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.0.0.1/', 'http://0177.0.0.1/', 'http://017700000001/',
  'http://127.0.0.1./', 'http://0/', 'http://0.0.0.0/', 'http://127%2e0%2e0%2e1/', 'http://１２７.０.０.１/', 'http://①②⑦.⓪.⓪.①/', 'http://127。0。0。1/',
  'http://[::1]/', 'http://[::]/', 'http://[0:0:0:0:0:0:0:1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::127.0.0.1]/', 'http://[::ffff:0:127.0.0.1]/',
  'http://[64:ff9b::127.0.0.1]/', 'http://[64:ff9b::10.0.0.1]/', 'http://[64:ff9b:1::7f00:1]/', 'http://[2002:7f00:1::]/', 'http://[2001:0:7f00:1::]/',
  'http://[fe80::1]/', 'http://[fec0::1]/', 'http://[fc00::1]/', 'http://[fd00:ec2::254]/', 'http://[ff02::1]/', 'http://[2001:db8::1]/',
  'http://10.0.0.1/', 'http://172.16.0.1/', 'http://192.168.0.1/', 'http://100.64.0.1/', 'http://198.18.0.1/', 'http://224.0.0.1/', 'http://240.0.0.1/', 'http://255.255.255.255/',
  'http://169.254.169.254/latest/meta-data/', 'http://2852039166/', 'http://[::ffff:a9fe:a9fe]/', 'http://169.254.170.2/', 'http://100.100.100.200/', 'http://192.0.0.192/', 'http://168.63.129.16/',
  'http://metadata.google.internal/', 'http://metadata/', 'http://printer.local/', 'http://nas.lan/', 'http://router.home.arpa/', 'http://kubernetes.default.svc/', 'http://hidden.onion/', 'http://com/',
  'file:///etc/passwd', 'ftp://acme-corp.com/', 'gopher://acme-corp.com/', 'javascript:alert(1)', 'data:text/plain,a', 'blob:http://acme-corp.com/1', 'ws://acme-corp.com/',
  'http://acme-corp.com:22/', 'https://acme-corp.com:8443/', 'http://acme-corp.com:443/', 'http://user:secret@acme-corp.com/', 'http://secret@127.0.0.1/',
  'http://private.acme-corp.com/', 'http://mixed.acme-corp.com/', 'http://mapped.acme-corp.com/', 'http://meta.acme-corp.com/', 'https://private.acme-corp.com/',
]
const table = {
  'private.acme-corp.com': ['127.0.0.1'],
  'mixed.acme-corp.com': ['93.184.216.34', '10.0.0.1'],
  'mapped.acme-corp.com': ['::ffff:127.0.0.1'],
  'meta.acme-corp.com': ['169.254.169.254'],
}

describe('no connection is opened to what is not the public internet', () => {
  test.each(strange)('neither by a link nor by a redirect: %s', async (spelling) => {
    const [v4, v6] = [await listen('127.0.0.1'), await listen('::1').catch(() => null)]
    const url = spelling.replace('PORT', String(v4.port))
    const server = await startScript({ status: 302, headers: { location: url.replaceAll(/[^\x20-\x7e]/g, encodeURIComponent) } })
    const asked: string[] = []
    const lookup = resolver(table, asked)
    for (const refused of [go(server, '/', { url }, { lookup }), go(server, '/', {}, { lookup })]) {
      const error = await failure(refused, ['secret', '127.0.0.1/', 'private.', 'metadata', 'kubernetes'])
      expect(error).toBeInstanceOf(Permanent)
      expect(error.message).toMatch(/^a place that content led to/)
    }
    expect(v4.connections() + (v6?.connections() ?? 0)).toBe(0)
    // Names that cannot be public are not even asked for.
    expect(asked.filter((host) => !host.endsWith('.acme-corp.com'))).toEqual([])
  })

  test('a name that was public a moment ago is judged by the address that would be dialled now', async () => {
    const { port, connections } = await listen('127.0.0.1')
    let calls = 0
    const rebinding: LookupFunction = (_hostname, _options, callback) => {
      calls += 1
      // Anybody who asked before connecting, to have a look, was told the public one.
      callback(null, [{ address: calls % 2 === 1 ? '127.0.0.1' : '93.184.216.34', family: 4 }])
    }
    const server = await startScript()
    const error = await failure(go(server, '/', { url: 'http://rebind.acme-corp.com/' }, { lookup: rebinding }))
    expect([error.constructor, calls, connections(), port > 0]).toEqual([Permanent, 1, 0, true])
  })

  test('a name that cannot be resolved is tried again, and not named', async () => {
    const server = await startScript()
    const lookup: LookupFunction = (_hostname, _options, callback) => callback(Object.assign(new Error('ENOTFOUND secret.acme-corp.com'), { code: 'ENOTFOUND' }), [])
    const error = await failure(go(server, '/', { url: 'http://secret.acme-corp.com/' }, { lookup }), ['secret'])
    expect([error.constructor, error.message]).toEqual([Transient, 'a place that content led to cannot be resolved (ENOTFOUND)'])
  })
})

describe('what is trusted', () => {
  test('a configured origin is, on a private network and on its own port', async () => {
    const server = await startScript({ body: 'welcome' })
    const visited = await go(server, '/careers')
    expect([visited.status, Buffer.from(visited.bytes).toString(), visited.url]).toEqual([200, 'welcome', `${server.url}/careers`])
    expect(server.seen[0]?.headers).toMatchObject({ 'user-agent': 'namesake/test (+https://security.example)', accept: '*/*' })
    expect(Object.keys(server.seen[0]?.headers ?? {})).not.toEqual(expect.arrayContaining(['cookie', 'authorization', 'referer']))
  })

  test('an origin that is configured for something else is not: a page must not reach our own GitHub', async () => {
    const other = await startScript()
    const server = await startScript({ status: 301, headers: { location: `${other.url}/api/v3/user` } })
    const client = open([server.url, other.url])
    const visit: Visit = { url: `${server.url}/`, home: [server.url], within: 'public' }
    expect(await failure(client.visit(visit))).toBeInstanceOf(Permanent)
    expect(await failure(client.visit({ ...visit, url: other.url }))).toBeInstanceOf(Permanent)
  })

  test('a home that nobody configured is not: content cannot make itself one', async () => {
    const server = await startScript()
    expect(await failure(open([]).visit({ url: server.url, home: [server.url], within: 'public' }))).toBeInstanceOf(Permanent)
  })

  test.each([
    ['https://www.acme-corp.com/', true], ['https://cdn.static.acme-corp.com/a.js', true], ['http://acme-corp.com./', true],
    ['https://acme-corp.com.evil.net/', false], ['https://xacme-corp.com/', false], ['https://acme-corp.co.uk/', false], ['https://93.184.216.34/', false],
  ])('within a site is decided by the registrable domain: %s %s', async (url, inside) => {
    const lookup: LookupFunction = (_hostname, _options, callback) => callback(null, [{ address: '10.0.0.1', family: 4 }])
    const client = open(['https://acme-corp.com'], { lookup })
    const error = await failure(client.visit({ url, home: ['https://acme-corp.com/careers'], within: 'site' }))
    expect(error.message).toContain(inside ? 'has a private address' : 'belongs to another site')
  })

  test('customers of one platform are sites of their own', async () => {
    const client = open(['https://acme.github.io'])
    const error = await failure(client.visit({ url: 'https://evil.github.io/', home: ['https://acme.github.io/'], within: 'site' }))
    expect(error.message).toContain('belongs to another site')
  })
})

describe('an exchange', () => {
  test('follows redirects and tells where it ended', async () => {
    const server = await startScript({ status: 301, headers: { location: '/a' } }, { status: 307, headers: { location: 'b?c=1' } }, { body: 'x' })
    expect((await go(server, '/')).url).toBe(`${server.url}/b?c=1`)
  })

  test('that redirects in a circle is given up', async () => {
    const step = { status: 302, headers: { location: '/' } }
    const server = await startScript(step, step, step, step, step, step)
    expect((await failure(go(server, '/'))).message).toContain('more than 5 redirects')
  })

  test('with validators takes 304 for an answer; without them it is none', async () => {
    const server = await startScript({ status: 304 }, { status: 304 })
    const visited = await go(server, '/', { known: { etag: '"a"', lastModified: 'Sun, 22 Nov 2026 11:00:00 GMT' } })
    expect([visited.status, visited.bytes.byteLength]).toEqual([304, 0])
    expect(server.seen[0]?.headers).toMatchObject({ 'if-none-match': '"a"', 'if-modified-since': 'Sun, 22 Nov 2026 11:00:00 GMT' })
    expect(await failure(go(server, '/'))).toBeInstanceOf(Permanent)
  })

  test.each<[string, Uint8Array]>([['gzip', gzipSync(Buffer.alloc(50_000_000))], ['br', brotliCompressSync(Buffer.alloc(50_000_000))]])(
    'that grows without bounds when decompressed is cut off: %s',
    async (encoding, body) => {
      const server = await startScript({ headers: { 'content-encoding': encoding }, body })
      let taken = 0
      const error = await failure(go(server, '/', { maxBytes: 1_000_000, write: (piece) => void (taken += piece.byteLength) }))
      expect([error.constructor, error.message.includes('larger than 1000000 bytes'), taken <= 1_000_000]).toEqual([Permanent, true, true])
      expect(body.byteLength).toBeLessThan(60_000)
    },
  )

  test('gives a large body piece by piece and holds none of it', async () => {
    const server = await startScript({ body: Buffer.alloc(3_000_000, 'a') })
    const sizes: number[] = []
    const visited = await go(server, '/', { write: (piece) => void sizes.push(piece.byteLength) })
    expect([visited.bytes.byteLength, sizes.reduce((sum, size) => sum + size, 0)]).toEqual([0, 3_000_000])
    expect(Math.max(...sizes)).toBeLessThan(1_000_000)
  })

  test('keeps the error page of a server away from who takes the pieces', async () => {
    const server = await startScript({ status: 500, body: 'sorry' })
    const pieces: Uint8Array[] = []
    expect(await failure(go(server, '/', { write: (piece) => void pieces.push(piece) }))).toBeInstanceOf(Transient)
    expect(pieces).toEqual([])
  })

  test('that breaks off is tried again, and 404 is a clean absence', async () => {
    const server = await startScript(resetMidBody, { status: 404 })
    expect(await failure(go(server, '/'))).toBeInstanceOf(Transient)
    expect(await failure(go(server, '/'))).toBeInstanceOf(NotFound)
  })

  test('a wait that one server asks for holds up its own job, not the whole source', async () => {
    const server = await startScript({ status: 503, headers: { 'retry-after': '86400' } }, { status: 429 })
    for (let at = 0; at < 2; at += 1) {
      const error = await failure(go(server, '/'))
      expect(error).toBeInstanceOf(RetryLater)
      expect(error).toMatchObject({ scope: 'job' })
    }
  })
})
