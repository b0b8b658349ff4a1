import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Hono } from 'hono'
import { makeApiToken } from '../../src/accounts/make-api-token.ts'
import { openSession } from '../../src/accounts/open-session.ts'
import type { Answer, Input, Problem, RouteName } from '../../src/api/contract.ts'
import { accountRoles, type AccountRole, type Scope } from '../../src/api/contract/route.ts'
import type { Service } from '../../src/api/handler.ts'
import { createServer, openService } from '../../src/api/serve.ts'
import { openApp, type App } from '../../src/app/open.ts'
import { loadConfig } from '../../src/config.ts'
import { accounts } from '../../src/db/schema/index.ts'
import { createLog } from '../../src/log.ts'
import { fixedClock, type FixedClock } from './clock.ts'
import { createDatabase } from './database.ts'

/** Who asks: one account of each role is there from the start; null: nobody. */
export type As = AccountRole | null

export interface TestApi extends AsyncDisposable {
  readonly app: App
  readonly db: App['database']['db']
  readonly clock: FixedClock
  readonly server: Hono
  readonly service: Service
  /** The account of each role. */
  readonly ids: Readonly<Record<AccountRole, bigint>>
  /** Log lines so far. */
  readonly lines: readonly string[]
  /** The cookie of a new session of that role. */
  cookie(as: AccountRole): Promise<string>
  token(as: AccountRole, scopes: readonly Scope[]): Promise<string>
  /** A request as a browser on our page sends it, over no socket. */
  send(request: string, options?: { readonly as?: As; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }): Promise<Response>
  /** Calls a route of the contract. What is refused is returned too, as `problem`. */
  call<Name extends RouteName>(name: Name, input: Input<Name>, as?: As): Promise<{ readonly status: number; readonly answer: Answer<Name>; readonly problem: Problem }>
}

export interface TestApiOptions {
  /** Lines of namesake.yaml besides the organization. */
  readonly config?: string
  readonly now?: string
}

/** The API on a database of its own, without a socket; every answer is held against the contract. */
export async function openTestApi({ config: lines = '', now = '2026-11-02T09:00:00Z' }: TestApiOptions = {}): Promise<TestApi> {
  const folder = await mkdtemp(path.join(tmpdir(), 'namesake-api-'))
  const database = await createDatabase()
  const clock = fixedClock(now)
  const file = path.join(folder, 'namesake.yaml')
  await writeFile(file, `organization: { name: Acme Corp, domains: [acme-corp.com], github: [acme-corp] }\n${lines}\n`)
  const logged: string[] = []
  const log = createLog({ level: 'info', destination: { write: (line) => void logged.push(line) } })
  const config = await loadConfig({ path: file, env: { DATABASE_URL: database.url } })
  const app = await openApp(config, { log, now: clock.now })
  const { db } = app.database
  const rows = await db
    .insert(accounts)
    .values(accountRoles.map((role) => ({ email: `${role}@acme-corp.com`, name: `A ${role}`, role, password: 'none', createdAt: clock.now() })))
    .returning()
  const account = (role: AccountRole) => rows.find((row) => row.role === role) ?? never(role)
  const service = openService(app)
  const server = createServer(service, { pages: () => new Response('the page', { headers: { 'content-type': 'text/html' } }), checkAnswers: true })
  const host = new URL(service.origin.url).host
  const cookies = new Map<AccountRole, string>()

  async function cookie(as: AccountRole): Promise<string> {
    const { token } = await openSession(db, { accountId: account(as).id, visitor: { agent: 'Test', address: '192.0.2.1' }, now: clock.now() })
    return `${service.origin.secure ? '__Host-namesake' : 'namesake'}=${token}`
  }
  async function keptCookie(as: AccountRole): Promise<string> {
    const kept = cookies.get(as) ?? (await cookie(as))
    cookies.set(as, kept)
    return kept
  }
  const send: TestApi['send'] = async (request, { as = 'administrator', body, headers = {} } = {}) => {
    const [method = 'GET', address = '/'] = request.split(' ')
    return server.request(`${service.origin.url}${address}`, {
      method,
      headers: {
        host,
        ...(method === 'GET' ? {} : { origin: service.origin.url, 'sec-fetch-site': 'same-origin' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(as === null ? {} : { cookie: await keptCookie(as) }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  return {
    app, db, clock, server, service, cookie, send, lines: logged,
    ids: { viewer: account('viewer').id, analyst: account('analyst').id, administrator: account('administrator').id },
    async token(as, scopes) {
      return (await makeApiToken(db, { account: account(as), name: 'test', scopes, expiresAt: new Date(clock.now().getTime() + 3_600_000), now: clock.now() })).token
    },
    async call(name, input, as = 'administrator') {
      const { params = {}, query = {}, body } = input as { params?: Record<string, string>; query?: Record<string, unknown>; body?: unknown }
      const search = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => [value ?? []].flat().map((one): [string, string] => [key, String(one)])))
      const filled = name.replaceAll(/\{(?<key>\w+)\}/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
      const response = await send(search.size === 0 ? filled : `${filled}?${search}`, { as, body })
      const json: unknown = await response.json()
      // One of the two is what came, as the status says; the server held it against the contract.
      return { status: response.status, answer: json as never, problem: json as Problem }
    },
    async [Symbol.asyncDispose]() {
      service.live.close()
      await app.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function never(role: string): never {
  throw new Error(`no account of the role ${role}`)
}
