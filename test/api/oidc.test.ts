import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accounts, auditTrail } from '../../src/db/schema/index.ts'
import { openTestApi, type TestApi } from '../support/api.ts'
import { startIdentityProvider, type IdentityProvider } from '../support/identity-provider.ts'

let provider: IdentityProvider
let api: TestApi
beforeAll(async () => {
  // Signatures are checked against the real clock by the library: so is theirs here.
  provider = await startIdentityProvider(() => new Date())
  api = await openTestApi({ config: configOf('') })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
})
beforeEach(() => {
  provider.trick = 'none'
  provider.more = {}
})

const roles = 'roles: { claim: groups, administrator: [leads], analyst: [security] }'
function configOf(more: string): string {
  return `web: { url: "https://namesake.acme-corp.com", oidc: { issuer: "${provider.issuer}", clientId: namesake, clientSecret: it-is-a-secret, allow: [acme-corp.com]${more === '' ? '' : `, ${more}`} } }`
}
const cookieOf = (response: Response, name: string): string => response.headers.getSetCookie().find((cookie) => cookie.startsWith(`${name}=`))?.split(';')[0] ?? ''

/** As a browser does it: leaves, says yes there, comes back with what it kept. */
async function logIn(person: IdentityProvider['person'], on: TestApi = api, to = '/findings?state=open') {
  provider.person = person
  const left = await on.send(`GET /api/login/oidc?to=${encodeURIComponent(to)}`, { as: null })
  const kept = cookieOf(left, '__Host-namesake-oidc')
  const callback = await provider.consent(left.headers.get('location') ?? '')
  const back = (headers: Record<string, string> = { cookie: kept }, change: (url: URL) => void = () => undefined) => {
    const url = new URL(callback)
    change(url)
    return on.send(`GET ${url.pathname}${url.search}`, { as: null, headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', ...headers } })
  }
  return { left, kept, back }
}
async function land(person: IdentityProvider['person'], on: TestApi = api) {
  const response = await (await logIn(person, on)).back()
  const cookie = cookieOf(response, '__Host-namesake')
  const who = cookie === '' ? null : ((await (await on.send('GET /api/session', { as: null, headers: { cookie } })).json()) as { account: { email: string; name: string; role: string } }).account
  return { to: response.headers.get('location'), who }
}
const ann = { sub: 'ann-1', email: 'Ann@Acme-Corp.com', email_verified: true, name: 'Ann' }

describe('the way there', () => {
  test('has state, nonce and PKCE, which the browser keeps for ten minutes and no script sees', async () => {
    const { left } = await logIn(ann)
    const asked = new URL(left.headers.get('location') ?? '').searchParams
    expect([...asked.keys()].sort()).toEqual(['client_id', 'code_challenge', 'code_challenge_method', 'nonce', 'redirect_uri', 'response_type', 'scope', 'state'])
    expect(asked.get('redirect_uri')).toBe('https://namesake.acme-corp.com/api/login/oidc/callback')
    expect(left.headers.getSetCookie()[0]).toMatch(/^__Host-namesake-oidc=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  })

  test.each([
    ['https://evil.example/', '/'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['/..//evil.example', '/'], ['javascript:alert(1)', '/'], ['/findings?q=a#b', '/findings?q=a'],
  ])('leads back to our page only: %s', async (to, expected) => {
    const { back } = await logIn(ann, api, to)
    expect((await back()).headers.get('location')).toBe(expected)
  })

  test('is told of before the login, and missing without a provider', async () => {
    expect((await api.call('GET /api/login', {}, null)).answer).toEqual({ password: true, oidc: true })
    await using without = await openTestApi()
    expect((await without.call('GET /api/login', {}, null)).answer).toEqual({ password: true, oidc: false })
    expect((await without.send('GET /api/login/oidc', { as: null })).status).toBe(404)
  })
})

describe('somebody who comes back', () => {
  test('gets an account as viewer the first time, and the same one the next', async () => {
    expect(await land(ann)).toEqual({ to: '/findings?state=open', who: expect.objectContaining({ email: 'ann@acme-corp.com', name: 'Ann', role: 'viewer' }) })
    // The address may change hands, the subject does not.
    expect((await land({ ...ann, email: 'ann.b@acme-corp.com' })).who).toMatchObject({ email: 'ann@acme-corp.com' })
    expect((await api.db.select().from(accounts)).filter(({ oidcSubject }) => oidcSubject === 'ann-1')).toHaveLength(1)
  })

  test('is tied to the account that has the address already, once', async () => {
    await api.db.insert(accounts).values({ email: 'bea@acme-corp.com', name: 'Bea', role: 'analyst', createdAt: api.clock.now() })
    expect((await land({ sub: 'bea-1', email: 'bea@acme-corp.com', email_verified: true })).who).toMatchObject({ name: 'Bea', role: 'analyst' })
    // Somebody else got the address later: not the account.
    expect(await land({ sub: 'bea-2', email: 'bea@acme-corp.com', email_verified: true })).toEqual({ to: '/login?failed=not-allowed', who: null })
    expect(api.lines.filter((line) => line.includes('a login through the identity provider was refused'))).toHaveLength(1)
  })

  test.each([
    ['of another domain', { email: 'x@elsewhere.example', email_verified: true }],
    ['of a domain that ends like ours', { email: 'x@evil-acme-corp.com', email_verified: true }],
    ['with an address inside an address', { email: 'x@acme-corp.com@evil.example', email_verified: true }],
    ['whose address the provider does not vouch for', { email: 'administrator@acme-corp.com', email_verified: false }],
    ['whose address the provider says nothing about', { email: 'administrator@acme-corp.com' }],
    ['without an address', {}],
  ])('%s gets none', async (_, claims) => {
    const before = await api.db.select().from(accounts)
    expect(await land({ sub: 'stranger', ...claims })).toEqual({ to: '/login?failed=not-allowed', who: null })
    expect(await api.db.select().from(accounts)).toEqual(before)
  })

  test('whose account is disabled stays out', async () => {
    await land({ sub: 'cid-1', email: 'cid@acme-corp.com', email_verified: true })
    await api.db.update(accounts).set({ disabledAt: api.clock.now() }).where(eq(accounts.email, 'cid@acme-corp.com'))
    expect((await land({ sub: 'cid-1', email: 'cid@acme-corp.com', email_verified: true })).who).toBeNull()
  })

  test('whose address only the userinfo endpoint tells is asked for there', async () => {
    provider.more = { email: 'dan@acme-corp.com', email_verified: true, name: 'Dan' }
    expect((await land({ sub: 'dan-1' })).who).toMatchObject({ email: 'dan@acme-corp.com', name: 'Dan' })
  })
})

describe('roles by groups', () => {
  test('hold at each login, both ways, and stand in the audit log', async () => {
    await using ruled = await openTestApi({ config: configOf(roles) })
    const eva = { sub: 'eva-1', email: 'eva@acme-corp.com', email_verified: true }
    const role = async (groups: unknown) => (await land({ ...eva, groups }, ruled)).who?.role
    expect([await role(['security']), await role(['staff', 'leads', 'security']), await role('security'), await role(['staff']), await role({ leads: true })]).toEqual(['analyst', 'administrator', 'analyst', 'viewer', 'viewer'])
    const changes = (await ruled.db.select().from(auditTrail)).filter(({ verb }) => verb === 'role-changed')
    expect(changes.map(({ actorKind, actor, facts }) => [actorKind, actor, facts['to']])).toEqual([
      ['system', 'identity provider', 'administrator'], ['system', 'identity provider', 'analyst'], ['system', 'identity provider', 'viewer'],
    ])
  })

  test('an address without email_verified counts where the configuration says that nobody can choose one', async () => {
    await using trusting = await openTestApi({ config: configOf('trustEmail: true') })
    expect((await land({ sub: 'fay-1', email: 'fay@acme-corp.com' }, trusting)).who).toMatchObject({ email: 'fay@acme-corp.com' })
    expect((await land({ sub: 'gus-1', email: 'gus@acme-corp.com', email_verified: false }, trusting)).who).toBeNull()
  })
})

describe('what does not hold is refused', () => {
  test.each(['other key', 'other audience', 'other nonce', 'expired', 'refuse'] as const)('%s', async (trick) => {
    provider.trick = trick
    expect(await land(ann)).toEqual({ to: '/login?failed=refused', who: null })
    expect(api.lines.join('')).not.toMatch(/it-is-a-secret|ann@|eyJ/i)
  })

  test('a browser that never left, or left long ago', async () => {
    const { back } = await logIn(ann)
    for (const cookie of ['', '__Host-namesake-oidc=e30', '__Host-namesake-oidc=x']) {
      const response = await back(cookie === '' ? {} : { cookie })
      expect([response.headers.get('location'), cookieOf(response, '__Host-namesake')]).toEqual(['/login?failed=expired', ''])
    }
  })

  test('the way back of somebody else, which would log a person in as another', async () => {
    const [mine, theirs] = [await logIn(ann), await logIn(ann)]
    const response = await mine.back({ cookie: theirs.kept })
    expect([response.headers.get('location'), cookieOf(response, '__Host-namesake')]).toEqual(['/login?failed=refused', ''])
  })

  test('the same way back twice', async () => {
    const { back } = await logIn(ann)
    expect((await back()).headers.get('location')).toBe('/findings?state=open')
    expect((await back()).headers.get('location')).toBe('/login?failed=refused')
  })

  test('a provider that cannot be reached, until it can', async () => {
    await using lost = await openTestApi({ config: configOf('').replace(provider.issuer, 'http://127.0.0.1:9') })
    for (const _ of [1, 2]) expect((await lost.send('GET /api/login/oidc', { as: null })).headers.get('location')).toBe('/login?failed=unreachable')
  })
})
