import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { failOnTheWire, guardDoor, type DoorOptions, type SandboxContext, type SandboxEnv } from '../door.ts'
import { contentOf, type Served } from './content.ts'

/** The web site and careers page of the make-believe company, an origin of its own. */
export function siteApp(door: Omit<DoorOptions, 'route'> & { readonly closing: AbortSignal; readonly origin: () => string }): Hono<SandboxEnv> {
  const app = new Hono<SandboxEnv>()
  app.use('*', guardDoor({ ...door, route: 'site' }))
  app.get('*', async (context) => {
    const strike = context.get('strike')
    const failure = await failOnTheWire(context, door.closing)
    if (failure !== null) return failure
    const path = context.req.path
    if (path === '/robots.txt') {
      if (strike('robotsMissing') !== null) return new Response('Not Found', { status: 404 })
      if (strike('robotsUnavailable') !== null) return new Response('Bad Gateway', { status: 502 })
      if (strike('robotsForbidsAll') !== null) return new Response('User-agent: *\nDisallow: /\n', { headers: { 'content-type': 'text/plain' } })
      const slow = strike('robotsDelay')
      if (slow !== null) return new Response(`User-agent: *\nCrawl-delay: ${slow.amount}\n`, { headers: { 'content-type': 'text/plain' } })
    }
    if (strike('siteBlocks') !== null) return new Response('<html><title>Attention Required</title></html>', { status: 403, headers: { 'content-type': 'text/html' } })
    const served = contentOf(door.origin(), { edited: strike('siteEdited') !== null }).get(path)
    if (served !== undefined) return answer(context, served)
    if (strike('siteAnswersAll') !== null) return new Response('<!doctype html><title>Acme</title><div id="app"></div>', { headers: { 'content-type': 'text/html' } })
    return new Response('<html><title>404</title><h1>Not found</h1></html>', { status: 404, headers: { 'content-type': 'text/html' } })
  })
  return app
}

/** With an ETag, and 304 for who has it already. */
function answer(context: SandboxContext, { status = 200, headers = {}, body }: Served): Response {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
  if (status === 200 && context.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers: { etag } })
  return new Response(typeof body === 'string' ? body : new Uint8Array(body), { status, headers: { ...headers, ...(status === 200 ? { etag } : {}) } })
}
