import { setTimeout as wait } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import type { FaultBox, FaultName, Route, Strike } from './faults.ts'
import type { Entry, Journal } from './journal.ts'

/** What every handler of the sandbox finds in its context. */
export interface SandboxEnv {
  Bindings: HttpBindings
  Variables: {
    readonly entry: Entry
    /** Tells whether a fault strikes this request, and notes it in the journal. */
    readonly strike: (name: FaultName) => Strike | null
  }
}
export type SandboxContext = Context<SandboxEnv>

export interface DoorOptions {
  readonly faults: FaultBox
  readonly journal: Journal
  readonly now: () => Date
  /** The route of every request of this door; absent: its path tells. */
  readonly route?: Route
}

/** Bytes of a request body; more is refused. */
const requestBytes = 4 * 1024 * 1024

/** The pages for people (null) have no faults. */
export function routeOf(method: string, path: string): Route | null {
  if (/^\/(?:services|slack-api|slack-actions)\//.test(path)) return 'slack'
  if (path.startsWith('/registries/')) return 'registry'
  if (path === '/search/code') return 'code-search'
  if (path === '/graphql') return 'graphql'
  const api = /^\/(?:gists|repos|repositories|users|orgs|search|rate_limit|boards|hacker-news|stack-exchange)(?:\/|$)/.test(path)
  return api || (method !== 'GET' && method !== 'HEAD') ? 'rest' : null
}

/** Closes the connection with a TCP reset. Nothing may be written to this response afterwards. */
export function cutConnection(context: SandboxContext): Response {
  context.env.outgoing.socket?.resetAndDestroy()
  return RESPONSE_ALREADY_SENT
}

/** Waits, but not longer than the client or the sandbox lives. */
export async function holdBack(context: SandboxContext, ms: number, closing: AbortSignal): Promise<void> {
  const left = new AbortController()
  context.env.outgoing.once('close', () => left.abort())
  await wait(ms, undefined, { signal: AbortSignal.any([left.signal, closing]) }).catch(() => {})
}

/** What a proxy says when what is behind it fails. */
export const gatewayPage = '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'

function serverError(path: string): Response {
  return /^\/(?:services|slack-api|slack-actions)\//.test(path)
    ? new Response('server_error', { status: 500, headers: { 'content-type': 'text/plain' } })
    : Response.json({ message: 'Server Error' }, { status: 500 })
}

/** Faults that need no knowledge of the service, for a request that has been let in; null: go on. */
export async function failOnTheWire(context: SandboxContext, closing: AbortSignal): Promise<Response | null> {
  const strike = context.get('strike')
  if (strike('connectionDropped') !== null) return cutConnection(context)
  const hang = strike('hang')
  if (hang !== null) {
    await holdBack(context, hang.amount, closing)
    return cutConnection(context)
  }
  const slow = strike('slow')
  if (slow !== null) await holdBack(context, slow.amount, closing)
  if (strike('serverError') !== null) return serverError(context.req.path)
  if (strike('badGatewayHtml') !== null) return new Response(gatewayPage, { status: 502, headers: { 'content-type': 'text/html' } })
  const unavailable = strike('unavailable')
  if (unavailable === null) return null
  return new Response('Service Unavailable', { status: 503, headers: { 'content-type': 'text/plain', 'retry-after': String(unavailable.amount) } })
}

/** Sends the head, which promises the whole body, and half of the body; then resets the connection. */
async function sendHalf(context: SandboxContext, answer: Response): Promise<Response> {
  const body = Buffer.from(await answer.arrayBuffer())
  const { outgoing } = context.env
  outgoing.writeHead(answer.status, { ...Object.fromEntries(answer.headers), 'content-length': String(body.length) })
  await new Promise<void>((resolve) => {
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => resolve())
  })
  return cutConnection(context)
}

/** Hono merges a second answer into the first one unless that is taken away before. */
function replaceAnswer(context: SandboxContext, answer: Response): void {
  context.res = undefined
  context.res = answer
}

/** The outermost layer: writes the journal, applies what can go wrong on the wire, and sets the Date header. */
export function guardDoor({ faults, journal, now, route: only }: DoorOptions): MiddlewareHandler<SandboxEnv> {
  return async (context, next) => {
    const url = new URL(context.req.url)
    const route = only ?? routeOf(context.req.method, url.pathname)
    if (Number(context.req.header('content-length') ?? 0) > requestBytes) {
      context.res = new Response('Payload Too Large', { status: 413 })
      return
    }
    const body = context.req.method === 'GET' ? '' : await context.req.text()
    const entry = journal.open({ method: context.req.method, url, headers: context.req.raw.headers, body })
    context.set('entry', entry)
    context.set('strike', (name) => {
      const struck = route === null ? null : faults.strikes(name, route)
      if (struck !== null) entry.faults = [...entry.faults, name]
      return struck
    })

    await next()
    const answer = context.res
    if (context.env.outgoing.destroyed || answer.headers.has('x-hono-already-sent')) return replaceAnswer(context, RESPONSE_ALREADY_SENT)
    entry.status = answer.status
    answer.headers.set('date', new Date(now().getTime() + (context.get('strike')('clockSkew')?.amount ?? 0)).toUTCString())
    if (context.get('strike')('connectionReset') !== null) replaceAnswer(context, await sendHalf(context, answer))
  }
}
