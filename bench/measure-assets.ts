import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'

/** What one file did to the memory of the process that read it. Bytes, milliseconds. */
export interface Measured {
  readonly size: number
  readonly documents: number
  readonly bytes: number
  readonly mentions: number
  readonly further: number
  readonly before: number
  readonly peak: number
  readonly tookMs: number
}

const mega = 1_000_000

/** Every twentieth module is of our own. */
function nameAt(at: number): string {
  return at % 20 === 0 ? `@acme-corp/part-${at % 50}` : `library-${at % 50}`
}

/** A bundle as bundlers make it: long lines, names of ours among others, its map at the end. */
export function bundleOf(bytes: number): Buffer {
  const module = (at: number) => `"./src/${at}.js":function(e,t,n){"use strict";n.r(t);var r=n("${nameAt(at)}");t.default=function(a){return r.run(a,"${'x'.repeat(200)}")}},`
  return fill(bytes, module, '(()=>{var m={', '}})();\n//# sourceMappingURL=bundle.js.map\n')
}

/** Its source map: a file of some kilobytes for each module, and mappings that are a third of it. */
export function mapOf(bytes: number): Buffer {
  const text = (at: number) => `import { run } from '${nameAt(at)}'\n// ünï\n${`export const value = run('${'y'.repeat(120)}')\n`.repeat(40)}`
  const count = Math.ceil((bytes * 2) / 3 / Buffer.byteLength(JSON.stringify(text(0))))
  const head = `{"version":3,"file":"bundle.js","sources":${JSON.stringify(Array.from({ length: count }, (_, at) => `webpack://shop/./src/${at}.js`))},"sourcesContent":[`
  const parts: string[] = [head]
  for (let at = 0; at < count; at += 1) parts.push(at === 0 ? '' : ',', JSON.stringify(text(at)))
  parts.push('],"names":["run","value"],"mappings":"')
  const size = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0)
  parts.push('AAAA,'.repeat(Math.max(1, Math.floor((bytes - size) / 5))), '"}')
  return Buffer.from(parts.join(''))
}

function fill(bytes: number, part: (at: number) => string, head: string, tail: string): Buffer {
  const parts = [head]
  for (let size = head.length, at = 0; size < bytes; at += 1) {
    const next = part(at)
    parts.push(next)
    size += next.length
  }
  return Buffer.from(parts.join('') + tail)
}

/** Serves the files on loopback and has each read by a process of its own. */
export async function measureAssets(files: readonly { readonly kind: 'file' | 'map'; readonly body: Buffer }[]): Promise<readonly Measured[]> {
  const served = new Map<string, { readonly type: string; readonly body: Buffer }>([
    ['/small.js', { type: 'text/javascript', body: bundleOf(100_000) }],
    ['/small.js.map', { type: 'application/json', body: mapOf(200_000) }],
    ...files.map(({ kind, body }, at) => [`/${at}`, { type: kind === 'map' ? 'application/json' : 'text/javascript', body }] as const),
  ])
  const server = createServer((request, response) => {
    const found = served.get(request.url ?? '')
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': found?.type ?? 'text/plain' }).end(found?.body)
  })
  const origin = await listen(server)
  try {
    const measured: Measured[] = []
    for (const [at, { kind, body }] of files.entries()) {
      const { stdout } = await promisify(execFile)(process.execPath, [`${import.meta.dirname}/assets-child.ts`, origin, kind, `/${at}`], { maxBuffer: mega })
      // The child prints what the type says.
      measured.push({ size: body.byteLength, ...(JSON.parse(stdout) as Omit<Measured, 'size'>) })
    }
    return measured
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
