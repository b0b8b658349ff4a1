import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptsOf } from '../../src/accounts/count-attempt.ts'
import { hashPassword } from '../../src/accounts/password.ts'
import { accounts, apiTokens, auditTrail, loginAttempts, sessions } from '../../src/db/schema/index.ts'
import { openTestApi, type TestApi } from '../support/api.ts'

const password = 'correct horse battery'
let api: TestApi
let hashed: string
beforeAll(async () => {
  api = await openTestApi()
  hashed = await hashPassword(password, { N: 1024, r: 8, p: 1 })
})
afterAll(() => api[Symbol.asyncDispose]())

async function enrol(name: string, more: Partial<typeof accounts.$inferInsert> = {}): Promise<string> {
  const email = `${name}@acme-corp.com`
  await api.db.insert(accounts).values({ email, name, role: 'viewer', password: hashed, createdAt: api.clock.now(), ...more })
  return email
}
const logIn = (email: string, given = password) => api.send('POST /api/login', { as: null, body: { email, password: given } })
const trail = async (verb: string) => (await api.db.select().from(auditTrail).where(eq(auditTrail.verb, verb)).orderBy(asc(auditTrail.id))).map(({ actor, subjectKind, subject, facts }) => [actor, subjectKind, subject, facts] as const)
const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''

describe('a session', () => {
  test('tells who it is of', async () => {
    expect(await api.call('GET /api/session', {}, 'viewer')).toMatchObject({
      status: 200, answer: { account: { email: 'viewer@acme-corp.com', role: 'viewer' }, organization: 'Acme Corp' },
    })
  })

  test('is in a cookie that no script and no other site gets, and of which the database has only a hash', async () => {
    const response = await logIn(await enrol('carla'))
    expect(response.headers.get('set-cookie')).toMatch(/^namesake=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
    const kept = JSON.stringify(await api.db.select().from(sessions), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
    expect(kept).not.toContain(cookieOf(response).slice('namesake='.length))
  })

  test('over https is in a cookie that only this host can set', async () => {
    await using secure = await openTestApi({ config: 'web: { url: "https://namesake.acme-corp.com" }' })
    await secure.db.insert(accounts).values({ email: 'a@acme-corp.com', name: 'a', role: 'viewer', password: hashed, createdAt: secure.clock.now() })
    const response = await secure.send('POST /api/login', { as: null, body: { email: 'a@acme-corp.com', password } })
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-namesake=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(response.headers.get('strict-transport-security')).toContain('max-age=')
  })

  test('lasts while it is used, half a day without, and a week at most', async () => {
    const cookie = cookieOf(await logIn(await enrol('dora')))
    const ask = () => api.send('GET /api/session', { as: null, headers: { cookie } }).then(({ status }) => status)
    for (let hours = 11; hours < 7 * 24; hours += 11) {
      api.clock.advance(11 * 3_600_000)
      expect(await ask()).toBe(200)
    }
    api.clock.advance(11 * 3_600_000)
    expect(await ask()).toBe(401)

    const other = cookieOf(await logIn('dora@acme-corp.com'))
    api.clock.advance(12 * 3_600_000)
    expect((await api.send('GET /api/session', { as: null, headers: { cookie: other } })).status).toBe(401)
  })

  test('ends with the logout, for good, and the browser forgets the page', async () => {
    const cookie = cookieOf(await logIn(await enrol('emil')))
    const response = await api.send('POST /api/logout', { as: null, headers: { cookie } })
    expect([response.status, response.headers.get('clear-site-data')]).toEqual([200, '"cache", "storage"'])
    expect(response.headers.get('set-cookie')).toMatch(/^namesake=; Max-Age=0; /)
    expect((await api.send('GET /api/session', { as: null, headers: { cookie } })).status).toBe(401)
  })

  test('is listed for its owner, who can end it elsewhere; nobody else can', async () => {
    const email = await enrol('fritz')
    const [here, there] = [cookieOf(await logIn(email)), cookieOf(await logIn(email))]
    const list = (await (await api.send('GET /api/sessions', { as: null, headers: { cookie: here } })).json()) as { items: { id: string; current: boolean }[] }
    expect(list.items.map(({ current }) => current).sort()).toEqual([false, true])
    const id = list.items.find(({ current }) => !current)?.id ?? ''
    expect((await api.send(`DELETE /api/sessions/${id}`, { as: 'administrator' })).status).toBe(404)
    expect((await api.send(`DELETE /api/sessions/${id}`, { as: null, headers: { cookie: here } })).status).toBe(200)
    expect((await api.send('GET /api/session', { as: null, headers: { cookie: there } })).status).toBe(401)
  })
})

/** Requests of this test come over no connection. */
const nowhere = 'unknown'

describe('a login that fails', () => {
  test('is the same for a wrong password, no account, a disabled one, and one without a password', async () => {
    const disabled = await enrol('gone', { disabledAt: api.clock.now() })
    const invited = await enrol('invited', { password: null })
    const answers = await Promise.all([logIn(await enrol('gerd'), 'wrong horse battery'), logIn('nobody@acme-corp.com'), logIn(disabled), logIn(invited), logIn(invited, '')])
    const told = await Promise.all(answers.map(async (answer) => [answer.status, [...answer.headers].sort(), await answer.text()]))
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(answers[0]?.status).toBe(401)
    expect(api.lines.join('')).not.toMatch(/gerd|nobody@|battery/)
  })

  test('ten times locks the account for a quarter of an hour, also for guesses at the same moment and whether or not it exists', async () => {
    for (const email of [await enrol('hanna'), 'no-hanna@acme-corp.com']) {
      const guesses = await Promise.all(Array.from({ length: attemptsOf.account + 5 }, () => logIn(email.toUpperCase(), 'wrong horse battery')))
      const statuses = guesses.map(({ status }) => status)
      expect([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 429).length]).toEqual([attemptsOf.account, 5])
      const locked = await logIn(email)
      expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '900'])
    }
    expect(await trail('login-locked')).toEqual([
      ['login', 'account', 'hanna@acme-corp.com', { address: nowhere, minutes: 15 }],
      ['login', 'account', 'no account of ours', { address: nowhere, minutes: 15 }],
    ])
    api.clock.advance(15 * 60_000)
    expect((await logIn('hanna@acme-corp.com')).status).toBe(200)
    expect((await logIn('no-hanna@acme-corp.com')).status).toBe(401)
  }, 60_000)

  test('is counted in the line of the login that succeeds at last; one that succeeds at once says nothing of it', async () => {
    const email = await enrol('ida')
    for (let guess = 0; guess < 3; guess += 1) await logIn(email, 'wrong horse battery')
    await logIn(email)
    await logIn(email)
    expect((await trail('logged-in')).filter(([, , name]) => name === email).map(([, , , facts]) => facts)).toEqual([
      { by: 'password', address: nowhere, refusedBefore: 3 }, { by: 'password', address: nowhere, refusedBefore: null },
    ])
  })

  test('too often from one address locks the address for whatever account, which is one line too', async () => {
    await logIn('first@acme-corp.com')
    await api.db.update(loginAttempts).set({ count: attemptsOf.address - 1, since: api.clock.now() }).where(eq(loginAttempts.key, `address:${nowhere}`))
    const email = await enrol('jo')
    expect([(await logIn(email)).status, (await logIn(email)).status, (await logIn(email)).status]).toEqual([200, 429, 429])
    expect((await trail('login-locked')).filter(([, kind]) => kind === 'address')).toEqual([['login', 'address', nowhere, { address: nowhere, minutes: 15 }]])
    api.clock.advance(15 * 60_000)
    expect((await logIn(email)).status).toBe(200)
  })

  test('is no way to register', async () => {
    const before = (await api.db.select().from(accounts)).length
    await logIn('new@acme-corp.com')
    await api.send('POST /api/accounts', { as: null, body: { email: 'new@acme-corp.com', name: 'New', role: 'administrator' } })
    await api.send('POST /api/links/use', { as: null, body: { token: 'guess', password, email: 'new@acme-corp.com', name: 'New' } })
    expect(await api.db.select().from(accounts)).toHaveLength(before)
  })
})

describe('a password', () => {
  test('is changed by who knows the old one, which ends every other session', async () => {
    const email = await enrol('jan')
    const [here, there] = [cookieOf(await logIn(email)), cookieOf(await logIn(email))]
    const change = (current: string) => api.send('POST /api/password', { as: null, headers: { cookie: here }, body: { current, password: 'another horse battery' } })
    const refused = await change('wrong horse battery')
    expect([refused.status, await refused.json()]).toMatchObject([422, { faults: [{ key: 'current' }] }])
    expect((await change(password)).status).toBe(200)
    expect((await api.send('GET /api/session', { as: null, headers: { cookie: here } })).status).toBe(200)
    expect((await api.send('GET /api/session', { as: null, headers: { cookie: there } })).status).toBe(401)
    expect([(await logIn(email)).status, (await logIn(email, 'another horse battery')).status]).toEqual([401, 200])
  })
})

describe('a token', () => {
  const make = (scopes: ('read' | 'triage' | 'manage')[], as: 'viewer' | 'analyst' | 'administrator') => api.call('POST /api/tokens', { body: { name: 'script', scopes, days: 30 } }, as)

  test('is shown once, and then by its last four letters', async () => {
    const { answer } = await make(['read'], 'viewer')
    expect(answer.token).toMatch(/^nsk_[\w-]{43}$/)
    const list = await api.call('GET /api/tokens', { query: {} }, 'viewer')
    expect(list.answer.items[0]).toMatchObject({ name: 'script', ending: answer.token.slice(-4), scopes: ['read'], lastUsedAt: null, revokedAt: null })
    expect(JSON.stringify(list.answer)).not.toContain(answer.token)
    expect(JSON.stringify((await api.db.select().from(apiTokens)).map(({ tokenHash }) => tokenHash))).not.toContain(answer.token)
  })

  test('gives no more than its owner may', async () => {
    expect((await make(['triage'], 'viewer')).problem).toMatchObject({ status: 422, faults: [{ key: 'scopes', expected: 'as viewer you can give at most: read' }] })
    expect((await make(['manage'], 'analyst')).status).toBe(422)
    expect((await make(['manage'], 'administrator')).status).toBe(200)
  })

  test('notes when it was last used, and opens nothing once it is revoked, by its owner or an administrator', async () => {
    const { answer: { token, row } } = await make(['read'], 'analyst')
    const ask = () => api.send('GET /api/session', { as: null, headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
    expect(await ask()).toBe(200)
    expect((await api.call('GET /api/tokens', { query: {} }, 'analyst')).answer.items[0]?.lastUsedAt).toBe(api.clock.now().toISOString())
    expect((await api.call('DELETE /api/tokens/{id}', { params: { id: row.id } }, 'viewer')).status).toBe(404)
    expect((await api.call('DELETE /api/tokens/{id}', { params: { id: row.id } }, 'administrator')).status).toBe(200)
    expect(await ask()).toBe(401)
    expect((await api.call('DELETE /api/tokens/{id}', { params: { id: row.id } }, 'analyst')).status).toBe(404)
  })

  test('of everybody are listed for administrators only', async () => {
    expect((await api.call('GET /api/tokens', { query: { of: 'everybody' } }, 'analyst')).status).toBe(403)
    const { answer } = await api.call('GET /api/tokens', { query: { of: 'everybody' } })
    expect(new Set(answer.items.map(({ owner }) => owner.name)).size).toBeGreaterThan(1)
  })
})

describe('a request', () => {
  test.each([
    ['no JSON', { body: '{', type: 'application/json' }, 400],
    ['a form', { body: 'email=a', type: 'application/x-www-form-urlencoded' }, 415],
    ['text that a form of another site could send', { body: '{}', type: 'text/plain' }, 415],
    ['an unknown key', { body: '{"email":"a","password":"b","admin":true}', type: 'application/json' }, 422],
    ['a megabyte too much', { body: JSON.stringify({ email: 'a', password: 'b'.repeat(1_100_000) }), type: 'application/json' }, 413],
  ])('with %s is refused', async (_, { body, type }, status) => {
    const response = await api.server.request(`${api.service.origin.url}/api/login`, { method: 'POST', body, headers: { host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080', 'content-type': type } })
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
  })

  test('that fails in a way nobody expected tells nothing, and the log where', async () => {
    const broken = { ...api.service, app: { ...api.app, database: { ...api.app.database, get db(): never { throw new TypeError('secret @acme-corp/billing') } } } }
    const { createServer } = await import('../../src/api/serve.ts')
    const server = createServer(broken, { pages: () => new Response('') })
    const response = await server.request('http://127.0.0.1:8080/api/session', { headers: { host: '127.0.0.1:8080', cookie: 'namesake=x' } })
    expect(response.status).toBe(500)
    const text = await response.text()
    expect([text, api.lines.join('')].join('')).not.toMatch(/billing|secret/)
    expect(JSON.parse(api.lines.at(-1) ?? '{}')).toMatchObject({ msg: 'a request failed', route: 'GET /api/session', class: 'TypeError', stack: expect.stringMatching(/^\s+at /) })
  })
})
