import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Hono } from 'hono'
import { makeApiToken } from '../../src/accounts/make-api-token.ts'
import { openSession } from '../../src/accounts/open-session.ts'
import type { Answer, Input, Problem, RouteName } from '../../src/api/contract.ts'
import type { AccountRole, Scope } from '../../src/api/contract/route.ts'
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

export interface Person {
  readonly id: bigint
  cookie(): Promise<string>
  token(scopes: readonly Scope[]): Promise<string>
}

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
  /** The cookie of a new session of that role, and a new token. */
  cookie(as: AccountRole): Promise<string>
  token(as: AccountRole, scopes: readonly Scope[]): Promise<string>
  /** One more account. */
  join(name: string, role: AccountRole): Promise<Person>
  /** A request as a browser on our page sends it, over no socket; `bare`: with these headers only. */
  send(request: string, options?: { readonly as?: As; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>>; readonly bare?: boolean }): Promise<Response>
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
  const service = openService(app, { pollMs: 10 })
  const server = createServer(service, { pages: () => new Response('the page', { headers: { 'content-type': 'text/html' } }), checkAnswers: true })
  const host = new URL(service.origin.url).host
  const cookies = new Map<AccountRole, { readonly cookie: string; readonly since: number }>()

  async function join(name: string, role: AccountRole): Promise<Person> {
    const [account] = await db.insert(accounts).values({ email: `${name}@acme-corp.com`, name: `A ${name}`, role, password: 'none', createdAt: clock.now() }).returning()
    if (account === undefined) throw new Error('an insert returned no row')
    return {
      id: account.id,
      async cookie() {
        const { token } = await openSession(db, { accountId: account.id, visitor: { agent: 'Test', address: '192.0.2.1' }, now: clock.now() })
        return `${service.origin.secure ? '__Host-namesake' : 'namesake'}=${token}`
      },
      async token(scopes) {
        return (await makeApiToken(db, { account, name: 'test', scopes, expiresAt: new Date(clock.now().getTime() + 3_600_000), now: clock.now() })).token
      },
    }
  }
  const people: Readonly<Record<AccountRole, Person>> = {
    viewer: await join('viewer', 'viewer'), analyst: await join('analyst', 'analyst'), administrator: await join('administrator', 'administrator'),
  }
  /** The same one for an hour of the test's clock. */
  async function keptCookie(as: AccountRole): Promise<string> {
    const kept = cookies.get(as)
    const now = clock.now().getTime()
    if (kept !== undefined && now - kept.since < 3_600_000) return kept.cookie
    const cookie = await people[as].cookie()
    cookies.set(as, { cookie, since: now })
    return cookie
  }
  const send: TestApi['send'] = async (request, { as = 'administrator', body, headers = {}, bare = false } = {}) => {
    const [method = 'GET', address = '/'] = request.split(' ')
    return server.request(`${service.origin.url}${address}`, {
      method,
      headers: {
        host,
        ...(method === 'GET' || bare ? {} : { origin: service.origin.url, 'sec-fetch-site': 'same-origin' }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(as === null ? {} : { cookie: await keptCookie(as) }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }
  return {
    app, db, clock, server, service, send, join, lines: logged,
    ids: { viewer: people.viewer.id, analyst: people.analyst.id, administrator: people.administrator.id },
    cookie: (as) => people[as].cookie(),
    token: (as, scopes) => people[as].token(scopes),
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
