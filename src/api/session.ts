import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Context } from 'hono'
import { changePassword } from '../accounts/change-password.ts'
import { endSession } from '../accounts/end-sessions.ts'
import type { Account } from '../accounts/find-session.ts'
import { lookAtLink } from '../accounts/link.ts'
import { listPeople } from '../accounts/list-accounts.ts'
import { listApiTokens, type ListedToken } from '../accounts/list-api-tokens.ts'
import { listSessions } from '../accounts/list-sessions.ts'
import { logIn } from '../accounts/log-in.ts'
import { logInWithOidc } from '../accounts/log-in-with-oidc.ts'
import { makeApiToken } from '../accounts/make-api-token.ts'
import { sessionLife, type Visitor } from '../accounts/open-session.ts'
import { revokeApiToken } from '../accounts/revoke-api-token.ts'
import { useLink } from '../accounts/use-link.ts'
import { version } from '../app/version.ts'
import { NotFound, Permanent, RetryLater, Transient } from '../errors.ts'
import { addressOf } from './address.ts'
import type { TokenRow } from './contract.ts'
import type { sessionRoutes } from './contract/session.ts'
import { cookieName, type Asker } from './door.ts'
import type { Handlers, Service } from './handler.ts'
import { wayBack, type WayBack } from './oidc.ts'
import { openApi } from './openapi.ts'
import type { Origin } from './origin.ts'
import { notAllowed, Refusal, tooMany } from './refusal.ts'

/** The login, and what is a person's own. */
export const sessionHandlers = {
  'GET /api/login': async ({ service }) => ({ password: true, oidc: service.oidc !== null }),

  'POST /api/login': async ({ service, http, body }) => {
    const { app, origin } = service
    const visitor = visitorOf(http, service)
    const session = await limited(app.now, () => logIn(app.database.db, { ...body, visitor, now: app.now() }))
    if (session === null) {
      app.log.warn({ address: visitor.address }, 'a login was refused')
      throw new Refusal({ code: 'no-session', title: 'Wrong e-mail or password', status: 401, detail: 'E-mail and password do not belong together, or the account is not enabled.' })
    }
    keepSession(http, origin, session.token)
    return {}
  },

  'GET /api/login/oidc': async ({ service: { oidc, origin }, http, query }) => {
    if (oidc === null) throw new NotFound('no identity provider is configured (web.oidc)')
    try {
      const { url, keep } = await oidc.leave(pathOf(query.to))
      setCookie(http, wayBackName(origin), Buffer.from(JSON.stringify(keep)).toString('base64url'), { ...cookieOf(origin), maxAge: 600 })
      return http.redirect(url)
    } catch (error) {
      return turnAway(http, error)
    }
  },

  'GET /api/login/oidc/callback': async ({ service, http }) => {
    const { app, origin, oidc } = service
    const kept = readWayBack(http, origin)
    deleteCookie(http, wayBackName(origin), cookieOf(origin))
    if (oidc === null) throw new NotFound('no identity provider is configured (web.oidc)')
    if (kept === null) return http.redirect('/login?failed=expired')
    try {
      const identity = await oidc.arrive(new URL(http.req.url), kept)
      const visitor = visitorOf(http, service)
      const session = await logInWithOidc(app.database.db, { identity, visitor, now: app.now() })
      if (session === null) {
        app.log.warn({ address: visitor.address }, 'a login through the identity provider was refused: no account that is enabled')
        return http.redirect('/login?failed=not-allowed')
      }
      keepSession(http, origin, session.token)
      return http.redirect(kept.to)
    } catch (error) {
      app.log.warn({ class: error instanceof Error ? error.constructor.name : 'unknown', reason: error instanceof Permanent ? error.message : null }, 'a login through the identity provider failed')
      return turnAway(http, error)
    }
  },

  'POST /api/links/look': async ({ service: { app }, body }) => {
    const { kind, email, expiresAt } = await lookAtLink(app.database.db, body.token, app.now())
    return { kind, email, expiresAt: expiresAt.toISOString() }
  },

  'POST /api/links/use': async ({ service, http, body: { token, password, email, name } }) => {
    const { app, origin } = service
    const use = { token, password, visitor: visitorOf(http, service), now: app.now(), ...(email === undefined ? {} : { email }), ...(name === undefined ? {} : { name }) }
    const session = await useLink(app.database.db, use)
    keepSession(http, origin, session.token)
    return {}
  },

  'GET /api/session': async ({ service: { app }, who: { account } }) => ({
    account: { id: String(account.id), name: account.name, email: account.email, role: account.role },
    organization: app.config.organization.name,
    version,
  }),

  'POST /api/logout': async ({ service: { app, origin }, who, http }) => {
    await endSession(app.database.db, { accountId: who.account.id, sessionId: sessionOf(who), actor: who.actor, now: app.now() })
    deleteCookie(http, cookieName(origin), cookieOf(origin))
    // What the browser kept of the page goes too. https://www.w3.org/TR/clear-site-data/
    http.header('clear-site-data', '"cache", "storage"')
    return {}
  },

  'GET /api/sessions': async ({ service: { app }, who }) => {
    const rows = await listSessions(app.database.db, who.account.id, app.now())
    return {
      items: rows.map(({ id, agent, address, createdAt, lastSeenAt, expiresAt }) => ({
        id: String(id), current: id === who.sessionId, agent, address,
        createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString(), expiresAt: expiresAt.toISOString(),
      })),
    }
  },

  'DELETE /api/sessions/{id}': async ({ service: { app }, who, params }) => {
    await endSession(app.database.db, { accountId: who.account.id, sessionId: BigInt(params.id), actor: who.actor, now: app.now() })
    return {}
  },

  'POST /api/password': async ({ service, who, http, body }) => {
    const { app } = service
    const { address } = visitorOf(http, service)
    await limited(app.now, () => changePassword(app.database.db, {
      accountId: who.account.id, sessionId: sessionOf(who), current: body.current, next: body.password, address, now: app.now(),
    }))
    return {}
  },

  'GET /api/tokens': async ({ service: { app }, who, query }) => {
    if (query.of === 'everybody') onlyAdministrators(who.account)
    const rows = await listApiTokens(app.database.db, query.of === 'me' ? who.account.id : null)
    return { items: rows.map(tokenRow) }
  },

  'POST /api/tokens': async ({ service: { app }, who: { account }, body: { name, scopes, days } }) => {
    const now = app.now()
    const { token, row } = await makeApiToken(app.database.db, { account, name, scopes, expiresAt: new Date(now.getTime() + days * 24 * 3_600_000), now })
    return { token, row: tokenRow({ ...row, owner: account }) }
  },

  'DELETE /api/tokens/{id}': async ({ service: { app }, who, params }) => {
    const of = who.account.role === 'administrator' ? null : who.account.id
    await revokeApiToken(app.database.db, { tokenId: BigInt(params.id), of, actor: who.actor, now: app.now() })
    return {}
  },

  'GET /api/openapi.json': async () => ({ ...openApi() }),

  'GET /api/people': async ({ service: { app } }) => ({
    items: (await listPeople(app.database.db)).map(({ id, name }) => ({ id: String(id), name })),
  }),
} satisfies Handlers<keyof typeof sessionRoutes>

/** The page of the browser, and where it comes from. */
export function visitorOf(http: Context, { app }: Service): Visitor {
  return { agent: http.req.header('user-agent') ?? '', address: addressOf(http, app.config.web.trustProxy) }
}

function cookieOf({ secure }: Origin) {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const
}

function keepSession(http: Context, origin: Origin, token: string): void {
  setCookie(http, cookieName(origin), token, { ...cookieOf(origin), maxAge: sessionLife.longest / 1000 })
}

function wayBackName(origin: Origin): string {
  return `${cookieName(origin)}-oidc`
}

function readWayBack(http: Context, origin: Origin): WayBack | null {
  const cookie = getCookie(http, wayBackName(origin))
  if (cookie === undefined) return null
  try {
    return wayBack.parse(JSON.parse(Buffer.from(cookie, 'base64url').toString()))
  } catch {
    return null
  }
}

/** A person is in front of it, and no script: back to the login page, which says it in words. */
function turnAway(http: Context, error: unknown): Response {
  return http.redirect(error instanceof Transient || error instanceof RetryLater ? '/login?failed=unreachable' : '/login?failed=refused')
}

/** Only a path of ours: an open redirect would make our login page a part of somebody's trap. */
function pathOf(to: string | undefined): string {
  if (to === undefined || !URL.canParse(to, 'http://page.invalid')) return '/'
  const { origin, pathname, search } = new URL(to, 'http://page.invalid')
  return origin === 'http://page.invalid' && !pathname.startsWith('//') ? `${pathname}${search}` : '/'
}

/** A session is there: no token may call these. */
function sessionOf({ sessionId }: Asker): bigint {
  if (sessionId === null) throw notAllowed('No token may do this: log in.')
  return sessionId
}

function onlyAdministrators({ role }: Account): void {
  if (role !== 'administrator') throw notAllowed(`It takes the role administrator; yours is ${role}.`)
}

/** A wait that a limit of ours asks for is the caller's doing, not the server's. */
async function limited<Value>(now: () => Date, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error
    throw tooMany('Too many attempts to log in: wait a quarter of an hour, or ask an administrator for a new link.', (error.until.getTime() - now().getTime()) / 1000)
  }
}

function tokenRow({ id, name, ending, scopes, owner, createdAt, expiresAt, lastUsedAt, revokedAt }: ListedToken): TokenRow {
  return {
    id: String(id), name, ending, scopes: [...scopes], owner: { id: String(owner.id), name: owner.name },
    createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null, revokedAt: revokedAt?.toISOString() ?? null,
  }
}
