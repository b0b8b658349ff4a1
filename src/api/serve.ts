import { createAdaptorServer } from '@hono/node-server'
import { Hono, type Context } from 'hono'
import { z } from 'zod'
import type { Running } from '../app/consumers.ts'
import type { App } from '../app/open.ts'
import { version } from '../app/version.ts'
import { Invalid } from '../errors.ts'
import { routes, type RouteName } from './contract.ts'
import type { Route } from './contract/route.ts'
import { bearerOf, checkHost, checkOrigin, identify } from './door.ts'
import { exposureHandlers } from './exposure.ts'
import { findingHandlers } from './findings.ts'
import type { Handlers, Service } from './handler.ts'
import { setHeaders } from './headers.ts'
import { inventoryHandlers } from './inventory.ts'
import { openLive } from './live.ts'
import { mounts } from './mounts.ts'
import { muteHandlers } from './mutes.ts'
import { openOidc } from './oidc.ts'
import { originOf } from './origin.ts'
import { openPages, type Pages } from './pages.ts'
import { answerProblem, isExpected, Refusal } from './refusal.ts'
import { sessionHandlers } from './session.ts'
import { settingsHandlers } from './settings.ts'
import { sourceHandlers } from './sources.ts'

/** A handler for every row of the contract, or it does not compile. */
const handlers = {
  ...findingHandlers,
  ...exposureHandlers,
  ...inventoryHandlers,
  ...muteHandlers,
  ...sourceHandlers,
  ...sessionHandlers,
  ...settingsHandlers,
} satisfies Handlers<RouteName>

/** Bytes of a request's body where the contract says nothing else. */
const bodyAtMost = 1024 * 1024

export interface ServeOptions {
  readonly pages: Pages
  /** Holds every answer against the contract: for tests, whose clients would believe anything. */
  readonly checkAnswers?: boolean
}

/** What every request meets: headers, name of the host, then its route. No socket is opened. */
export function createServer(service: Service, options: ServeOptions): Hono {
  const { app, origin } = service
  const server = new Hono()
  server.use(setHeaders(origin))
  server.onError((error, context) => {
    if (!isExpected(error)) app.log.error({ route: `${context.req.method} ${context.req.routePath}`, class: error.constructor.name, stack: framesOf(error) }, 'a request failed')
    return answerProblem(error, app.now())
  })
  for (const mount of mounts) server.on(mount.method, mount.path, (context) => mount.handle(context, service))
  for (const name of ordered()) {
    const [method = '', path = ''] = name.split(' ')
    server.on(method, path.replaceAll(/\{(?<name>\w+)\}/g, ':$<name>'), (context) => serveRoute(name, context, service, options))
  }
  server.all('/api/*', () => {
    throw new Refusal({ code: 'not-found', title: 'There is no such route', status: 404, detail: 'GET /api/openapi.json lists them.' })
  })
  server.get('*', (context) => {
    checkHost(context, origin)
    return options.pages(context)
  })
  server.notFound(() => answerProblem(new Refusal({ code: 'not-found', title: 'There is nothing here', status: 404 }), app.now()))
  return server
}

/** Fixed parts before braces: /counts is no id. */
function ordered(): readonly RouteName[] {
  // Keys of the object, which Object.keys forgets.
  return (Object.keys(routes) as RouteName[]).sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
}

async function serveRoute<Name extends RouteName>(name: Name, http: Context, service: Service, { checkAnswers = false }: ServeOptions): Promise<Response> {
  const row: Route = routes[name]
  checkHost(http, service.origin)
  if (bearerOf(http) === null) checkOrigin(http, service.origin, row.role)
  const who = row.role === 'nobody-yet' ? null : await identify(http, service.app, service.origin, row)
  const input = {
    ...(row.params === undefined ? {} : { params: parse(row.params, http.req.param(), 'path') }),
    ...(row.query === undefined ? {} : { query: parse(row.query, queryOf(http), 'query') }),
    ...(row.body === undefined ? {} : { body: parse(row.body, await readBody(http, row.maxBytes ?? bodyAtMost), 'body') }),
  }
  // What row and handler of one name have in common is lost on the compiler, which sees a union of all of them.
  const handle = handlers[name] as unknown as (call: object) => Promise<unknown>
  const answer = await handle({ ...input, service, who, http })
  if (answer instanceof Response) return answer
  return http.json(checkAnswers ? z.strictObject({ answer: row.answer }).parse({ answer }).answer as object : (answer as object))
}

function parse(schema: z.ZodType, value: unknown, where: string): unknown {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Invalid(parsed.error.issues.map(({ path, message }) => ({ where, key: path.join('.'), expected: message })))
}

/** A key that stands once is a text, again and again a list. */
function queryOf(http: Context): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(http.req.queries()).map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]))
}

/** JSON that says so: a form of another site can send no such thing. @throws Refusal */
async function readBody(http: Context, atMost: number): Promise<unknown> {
  if (!/^application\/json\b/i.test(http.req.header('content-type') ?? '')) {
    throw new Refusal({ code: 'invalid', title: 'The body has to be JSON', status: 415, detail: 'Send Content-Type: application/json.' })
  }
  const text = await readText(http.req.raw, atMost)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal({ code: 'invalid', title: 'The body is no JSON', status: 400 })
  }
}

/** Counted as it comes: what a header says about the length is only said. */
async function readText(request: Request, atMost: number): Promise<string> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of request.body ?? []) {
    length += piece.length
    if (length > atMost) throw new Refusal({ code: 'invalid', title: 'The body is too large', status: 413, detail: `At most ${atMost} bytes.` })
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Where an error came from, without what it says: texts of errors can hold anything. */
function framesOf({ stack = '' }: Error): string {
  return stack.split('\n').filter((line) => /^\s+at /.test(line)).slice(0, 8).join('\n')
}

/** Everything a server needs besides the app. */
export function openService(app: App, options: { readonly pollMs?: number } = {}): Service {
  const { web } = app.config
  const origin = originOf(web)
  return {
    app, origin,
    live: openLive(app, options),
    oidc: web.oidc === undefined ? null : openOidc(web.oidc, origin, { userAgent: `namesake/${version}`, now: app.now }),
  }
}

/** Listens at `web.host` and `web.port` until it is closed. @throws Invalid the port is taken, or may not be used */
export async function startWeb(app: App): Promise<Running> {
  const service = openService(app)
  const { fetch } = createServer(service, { pages: await openPages() })
  const server = createAdaptorServer({ fetch, overrideGlobalObjects: false })
  const { host, port } = app.config.web
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new Invalid(`web: cannot listen at ${host}:${port} (${error.code ?? 'unknown reason'}); choose another web.port`)))
    server.listen(port, host, resolve)
  })
  return {
    close: async () => {
      service.live.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        // Requests under way get a moment; connections that only wait go at once.
        if ('closeIdleConnections' in server) server.closeIdleConnections()
        setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 2_000).unref()
      })
    },
  }
}
