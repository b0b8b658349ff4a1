import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mounts } from '../../src/api/mounts.ts'
import { accounts, apiTokens, sessions } from '../../src/db/schema/index.ts'
import { openTestApi, type TestApi } from '../support/api.ts'

type Level = 'anybody' | 'viewer' | 'analyst' | 'administrator'
type Wanted = 'read' | 'triage' | 'manage' | 'no token'

/**
 * Who may call what, written by hand a second time: a row of the contract with too low a role is seen here. Whoever adds
 * a route adds its line.
 */
const doors: Readonly<Record<string, readonly [least: Level, token: Wanted]>> = {
  'GET /api/findings': ['viewer', 'read'],
  'GET /api/findings/counts': ['viewer', 'read'],
  'GET /api/findings/:id': ['viewer', 'read'],
  'GET /api/findings/:id/occurrences': ['viewer', 'read'],
  'GET /api/findings/:id/events': ['viewer', 'read'],
  'POST /api/findings/triage': ['analyst', 'triage'],
  'POST /api/findings/:id/suppressions': ['analyst', 'triage'],
  'DELETE /api/suppressions/:id': ['analyst', 'triage'],
  'GET /api/live': ['viewer', 'no token'],
  'GET /api/views': ['viewer', 'no token'],
  'POST /api/views': ['viewer', 'no token'],
  'DELETE /api/views/:id': ['viewer', 'no token'],
  'GET /api/inventory': ['viewer', 'read'],
  'GET /api/inventory/summary': ['viewer', 'read'],
  'GET /api/inventory/:id': ['viewer', 'read'],
  'POST /api/inventory': ['analyst', 'manage'],
  'PATCH /api/inventory/:id': ['analyst', 'manage'],
  'POST /api/inventory/:id/retire': ['analyst', 'manage'],
  'POST /api/inventory/:id/public': ['analyst', 'manage'],
  'POST /api/inventory/compare': ['analyst', 'manage'],
  'POST /api/inventory/import': ['analyst', 'manage'],
  'GET /api/inferred': ['viewer', 'read'],
  'POST /api/inferred/decide': ['analyst', 'triage'],
  'GET /api/sources': ['viewer', 'read'],
  'GET /api/sources/:id/watches': ['viewer', 'read'],
  'GET /api/watches/:id/runs': ['viewer', 'read'],
  'POST /api/sources/:id/run': ['analyst', 'triage'],
  'POST /api/watches/:id/run': ['analyst', 'triage'],
  'GET /api/exposure': ['viewer', 'read'],
  'GET /api/exposure/names': ['viewer', 'read'],
  'GET /api/export': ['viewer', 'read'],
  'GET /api/login': ['anybody', 'no token'],
  'POST /api/login': ['anybody', 'no token'],
  'GET /api/login/oidc': ['anybody', 'no token'],
  'GET /api/login/oidc/callback': ['anybody', 'no token'],
  'POST /api/links/look': ['anybody', 'no token'],
  'POST /api/links/use': ['anybody', 'no token'],
  'GET /api/session': ['viewer', 'read'],
  'POST /api/logout': ['viewer', 'no token'],
  'GET /api/sessions': ['viewer', 'no token'],
  'DELETE /api/sessions/:id': ['viewer', 'no token'],
  'POST /api/password': ['viewer', 'no token'],
  'GET /api/tokens': ['viewer', 'no token'],
  'POST /api/tokens': ['viewer', 'no token'],
  'DELETE /api/tokens/:id': ['viewer', 'no token'],
  'GET /api/openapi.json': ['viewer', 'read'],
  'GET /api/people': ['viewer', 'read'],
  'GET /api/accounts': ['administrator', 'manage'],
  'POST /api/accounts': ['administrator', 'no token'],
  'PATCH /api/accounts/:id': ['administrator', 'no token'],
  'POST /api/accounts/:id/reset': ['administrator', 'no token'],
  'DELETE /api/accounts/:id/sessions': ['administrator', 'no token'],
  'GET /api/audit': ['administrator', 'manage'],
  'GET /api/destinations': ['analyst', 'read'],
  'POST /api/destinations/:id/test': ['administrator', 'no token'],
  'GET /api/notices/dead': ['analyst', 'read'],
  'POST /api/notices/resend': ['administrator', 'manage'],
  'GET /api/mutes': ['analyst', 'read'],
  'POST /api/mutes': ['administrator', 'manage'],
  'POST /api/mutes/end': ['administrator', 'manage'],
  'GET /api/queues': ['administrator', 'manage'],
}

/** What a stranger gets from what has a check of its own. */
const besides: Readonly<Record<string, number>> = {
  'GET /health': 200,
  'POST /api/slack/interactions': 404,
  // Without a token in the configuration.
  'GET /metrics': 404,
}

const levels: readonly Level[] = ['anybody', 'viewer', 'analyst', 'administrator']
const unsafe = (name: string): boolean => !name.startsWith('GET ')

interface Caller {
  readonly headers: Readonly<Record<string, string>>
  /** What must come of it; `in`: whatever the handler answers, but no refusal at the door. */
  expects(name: string, least: Level, token: Wanted): number | 'in'
}

let api: TestApi
let callers: Readonly<Record<string, Caller>>

beforeAll(async () => {
  api = await openTestApi()
  const { db, clock } = api
  const origin = api.service.origin.url
  const same = { origin, 'sec-fetch-site': 'same-origin' }
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

  const past = await api.join('past', 'administrator')
  const [expired, ended] = [await past.cookie(), await past.token(['manage'])]
  await db.update(sessions).set({ expiresAt: clock.now() }).where(eq(sessions.accountId, past.id))
  await db.update(apiTokens).set({ expiresAt: clock.now() }).where(eq(apiTokens.accountId, past.id))
  const careful = await api.join('careful', 'administrator')
  const revoked = await careful.token(['manage'])
  await db.update(apiTokens).set({ revokedAt: clock.now() }).where(eq(apiTokens.accountId, careful.id))
  const left = await api.join('left', 'administrator')
  const [cookieOfLeft, tokenOfLeft] = [await left.cookie(), await left.token(['manage'])]
  await db.update(accounts).set({ disabledAt: clock.now() }).where(eq(accounts.id, left.id))
  const demoted = await api.join('demoted', 'administrator')
  const tokenOfDemoted = await demoted.token(['read', 'triage', 'manage'])
  await db.update(accounts).set({ role: 'viewer' }).where(eq(accounts.id, demoted.id))

  const session = async (as: 'viewer' | 'analyst' | 'administrator', more: Readonly<Record<string, string>> = same): Promise<Caller> => ({
    headers: { cookie: await api.cookie(as), ...more },
    expects: (_, least) => (levels.indexOf(as) >= levels.indexOf(least) ? 'in' : 403),
  })
  const token = (sent: string, scopes: readonly Wanted[], role: Level): Caller => ({
    headers: bearer(sent),
    expects(_, least, wanted) {
      if (least === 'anybody') return 'in'
      if (wanted === 'no token' || !(wanted === 'read' || scopes.includes(wanted))) return 403
      return levels.indexOf(role) >= levels.indexOf(least) ? 'in' : 403
    },
  })
  const refused = (headers: Readonly<Record<string, string>>): Caller => ({ headers, expects: (_, least) => (least === 'anybody' ? 'in' : 401) })
  const foreign = (headers: Readonly<Record<string, string>>): Caller => ({
    headers,
    expects: (name, least) => (unsafe(name) || least !== 'anybody' ? 403 : 'in'),
  })
  callers = {
    'nobody': refused(same),
    'an expired session': refused({ ...same, cookie: expired }),
    'a session of somebody who was disabled': refused({ ...same, cookie: cookieOfLeft }),
    'a session that never was': refused({ ...same, cookie: `namesake=${'x'.repeat(43)}` }),
    'a viewer': await session('viewer'),
    'an analyst': await session('analyst'),
    'an administrator': await session('administrator'),
    'an expired token': refused(bearer(ended)),
    'a revoked token': refused(bearer(revoked)),
    'a token of somebody who was disabled': refused(bearer(tokenOfLeft)),
    'a token of another installation': refused(bearer(`nsk_${'x'.repeat(43)}`)),
    'a token of another service': refused(bearer('ghp_x')),
    'no token where one is announced': refused({ authorization: 'Bearer ' }),
    'a bad token beside a good session': refused({ ...same, ...bearer('nsk_x'), cookie: await api.cookie('administrator') }),
    'another scheme beside a good session': refused({ ...same, authorization: 'Basic YTpi', cookie: await api.cookie('administrator') }),
    'a token that may read': token(await api.token('administrator', ['read']), ['read'], 'administrator'),
    'a token that may triage': token(await api.token('analyst', ['triage']), ['triage'], 'analyst'),
    'a token that may manage': token(await api.token('administrator', ['manage']), ['manage'], 'administrator'),
    'a token that may do everything, of a viewer by now': token(tokenOfDemoted, ['read', 'triage', 'manage'], 'viewer'),
    'a page of another site': foreign({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', cookie: await api.cookie('administrator') }),
    'a page of a neighbouring site': foreign({ origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site', cookie: await api.cookie('administrator') }),
    'another origin, from a browser without fetch metadata': {
      headers: { origin: 'https://evil.example', cookie: await api.cookie('administrator') }, expects: (name) => (unsafe(name) ? 403 : 'in'),
    },
    'a form of another site, which hides its origin': {
      headers: { origin: 'null', cookie: await api.cookie('administrator') }, expects: (name) => (unsafe(name) ? 403 : 'in'),
    },
    'a browser that says nothing about where it comes from': {
      headers: { cookie: await api.cookie('administrator') }, expects: (name) => (unsafe(name) ? 403 : 'in'),
    },
    'an older browser on our page': await session('administrator', { origin }),
    'a link on another site': {
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', cookie: await api.cookie('administrator') }, expects: (name) => (unsafe(name) ? 403 : 'in'),
    },
    'a page that has our address under its own name': {
      headers: { host: 'evil.example:8080', origin: 'http://evil.example:8080', 'sec-fetch-site': 'same-origin', cookie: await api.cookie('administrator') }, expects: () => 421,
    },
    'our own name, on another port': { headers: { ...same, host: '127.0.0.1:9999', cookie: await api.cookie('administrator') }, expects: () => 421 },
  }
})
afterAll(() => api[Symbol.asyncDispose]())

test('every route that the server knows has a line here, and the other way round', () => {
  const known = api.server.routes.filter(({ method, path }) => !(method === 'ALL' && path === '/*') && path !== '/api/*').map(({ method, path }) => `${method} ${path}`)
  expect([...new Set(known)].sort()).toEqual([...Object.keys(doors), ...Object.keys(besides), 'GET /*'].sort())
  expect(mounts.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(besides).sort())
})

/** What stands in every answer, refusals and errors too. */
function expectGuarded(response: Response, what: string): void {
  const { headers } = response
  const facts = [headers.get('content-security-policy')?.includes("default-src 'none'"), headers.get('x-content-type-options'), headers.get('referrer-policy'), headers.get('cache-control'), headers.get('access-control-allow-origin')]
  expect([what, ...facts]).toEqual([what, true, 'nosniff', 'no-referrer', 'no-store', null])
}

describe('whoever comes', () => {
  test.each(Object.keys(doors))('%s', async (name) => {
    const [least, token] = doors[name] ?? ['anybody', 'no token']
    const [method = '', path = ''] = name.split(' ')
    const wrong: string[] = []
    for (const [who, { headers, expects }] of Object.entries(callers)) {
      const sent = method === 'POST' || method === 'PATCH' ? { body: {} } : {}
      // A logout must not end the session of the next row.
      const cookie: Record<string, string> = name === 'POST /api/logout' && who.match(/^an? (viewer|analyst|administrator)$|older browser/) ? { cookie: await api.cookie('viewer') } : {}
      const response = await api.send(`${method} ${path.replace(':id', '999999')}`, { as: null, bare: true, headers: { ...headers, ...cookie }, ...sent })
      const expected = expects(name, least, token)
      const letIn = ![401, 403, 421].includes(response.status) && response.status !== 500
      // Of what is open to anybody, 401 is the answer to a wrong password, not of the door.
      if (expected === 'in' ? !letIn : response.status !== expected) wrong.push(`${who}: ${response.status} instead of ${expected}`)
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        expectGuarded(response, `${name} by ${who}`)
        const text = await response.text()
        if (!letIn && text.includes('Acme')) wrong.push(`${who}: was refused and learnt the name of the company`)
      } else await response.body?.cancel()
    }
    expect(wrong).toEqual([])
  })

  test.each(mounts.map(({ method, path }) => `${method} ${path}`))('%s by a stranger', async (name) => {
    const response = await api.send(name, { as: null, bare: true, headers: { host: '10.0.0.7:8080' }, ...(name.startsWith('POST') ? { body: {} } : {}) })
    expect([response.status, (await response.text()).includes('Acme')]).toEqual([besides[name], false])
    expectGuarded(response, name)
  })

  test('the page itself comes before the login, under its own name only, and knows nothing of the company', async () => {
    expect((await api.send('GET /findings/1', { as: null })).status).toBe(200)
    expect((await api.send('GET /', { as: null, headers: { host: 'evil.example' } })).status).toBe(421)
    expect((await api.send('POST /', { as: null })).status).toBe(404)
  })

  test('what is no route is one to nobody', async () => {
    expect((await api.send('GET /api/secrets', { as: null })).status).toBe(404)
    expect((await api.send('PUT /api/session', { as: 'administrator', body: {} })).status).toBe(404)
    expect((await api.send('OPTIONS /api/session', { as: 'administrator' })).status).toBe(404)
  })
})
