import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, Hono } from 'hono'

/** A service of the company's own network: it has a door and an address of its own, apart from the public internet. */
export interface Alone extends AsyncDisposable {
  readonly url: string
  /** Requests so far: method, path and status. */
  readonly requests: readonly string[]
}

/** What goes wrong at the n-th request (1-based), once for each. */
export type Hiccups = ReadonlyMap<number, 'reset' | 'gateway' | 'busy' | 'broken'>

const gateway = '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>'

/** Serves an application on any free port of loopback. */
export async function serveAlone(app: Hono, hiccups: () => Hiccups): Promise<Alone> {
  const requests: string[] = []
  let count = 0
  const server = createAdaptorServer({
    overrideGlobalObjects: false,
    fetch: async (request, environment: HttpBindings | Http2Bindings) => {
      count += 1
      const answer = hiccup(hiccups().get(count), environment) ?? (await app.fetch(request, environment))
      requests.push(`${request.method} ${new URL(request.url).pathname} ${answer.status}`)
      return answer
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    },
  }
}

function hiccup(kind: 'reset' | 'gateway' | 'busy' | 'broken' | undefined, { outgoing }: HttpBindings | Http2Bindings): Response | null {
  switch (kind) {
    case undefined:
      return null
    case 'gateway':
      return new Response(gateway, { status: 502, headers: { 'content-type': 'text/html' } })
    case 'busy':
      return new Response('', { status: 429, headers: { 'retry-after': '1' } })
    case 'broken':
      return new Response('{"results":[', { headers: { 'content-type': 'application/json' } })
    case 'reset':
      outgoing.socket?.resetAndDestroy()
      return RESPONSE_ALREADY_SENT
  }
}

/** Whether a request has these credentials; null where none are asked for. */
export function isLetIn(context: Context, authorization: string | null): boolean {
  return authorization === null || context.req.header('authorization') === authorization
}
