import { getCookie } from 'hono/cookie'
import type { Context } from 'hono'
import { findApiToken } from '../accounts/find-api-token.ts'
import { findSession, type Account } from '../accounts/find-session.ts'
import { tokenPrefix } from '../accounts/make-api-token.ts'
import type { App } from '../app/open.ts'
import type { Actor } from '../trail/actor.ts'
import { accountRoles, type Route, type Scope } from './contract/route.ts'
import type { Origin } from './origin.ts'
import { noSession, notAllowed, Refusal } from './refusal.ts'

/** Who asks. */
export interface Asker {
  readonly account: Account
  /** For the history: the account, or a token of it. */
  readonly actor: Actor
  /** Null: by a token. */
  readonly sessionId: bigint | null
}

/** The cookie cannot be set by a neighbour's page when it is secure. https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix */
export function cookieName({ secure }: Origin): string {
  return secure ? '__Host-namesake' : 'namesake'
}

/**
 * Who asks for a page of ours under another name got there by DNS rebinding, or by a proxy that hides the name.
 * https://owasp.org/www-community/attacks/DNS_Rebinding
 */
export function checkHost(context: Context, origin: Origin): void {
  const host = context.req.header('host') ?? new URL(context.req.url).host
  if (origin.byHost.has(host.toLowerCase())) return
  throw new Refusal({
    code: 'wrong-host', title: 'This is not the name of this server', status: 421,
    detail: 'Set web.url to the address by which people reach it; a proxy in front has to pass the Host header on.',
  })
}

const safe = new Set(['GET', 'HEAD'])

/**
 * What another site's page sends in a person's name is refused. Browsers say where a request comes from in
 * Sec-Fetch-Site, older ones in Origin; who says neither is no browser, and has no cookie to be misused.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html#fetch-metadata-headers
 */
export function checkOrigin(context: Context, origin: Origin, role: Route['role']): void {
  const site = context.req.header('sec-fetch-site')
  const from = context.req.header('origin')
  const own = origin.byHost.get((context.req.header('host') ?? new URL(context.req.url).host).toLowerCase())
  if (safe.has(context.req.method)) {
    // To be led here by a link, or back from the identity provider, is no misuse.
    const led = context.req.header('sec-fetch-mode') === 'navigate' || role === 'nobody-yet'
    if (led || site === undefined || site === 'same-origin' || site === 'none') return
  } else if (site === undefined ? from === own : site === 'same-origin' && (from === undefined || from === 'null' || from === own)) return
  throw notAllowed('The request comes from a page of another site.')
}

/** The bearer of a token, or of a session cookie; a token that is no good is not made up for by a cookie. @throws Refusal 401 or 403 */
export async function identify(context: Context, { database, now }: Pick<App, 'database' | 'now'>, origin: Origin, row: Route): Promise<Asker> {
  const bearer = bearerOf(context)
  const asker = bearer === null ? await bySession(context, database.db, origin, now()) : await byToken(bearer, database.db, row, now())
  if (accountRoles.indexOf(asker.account.role) < accountRoles.findIndex((role) => role === row.role)) {
    throw notAllowed(`It takes the role ${row.role}; yours is ${asker.account.role}.`)
  }
  return asker
}

export function bearerOf(context: Context): string | null {
  const header = context.req.header('authorization')
  return header === undefined ? null : (/^Bearer +(?<token>\S+)$/i.exec(header)?.groups?.['token'] ?? '')
}

type Db = App['database']['db']

async function bySession(context: Context, db: Db, origin: Origin, now: Date): Promise<Asker> {
  const token = getCookie(context, cookieName(origin))
  if (token === undefined) throw noSession()
  const found = await findSession(db, token, now)
  if (found === null) throw noSession('The session has ended: log in again.')
  return { ...found, actor: { kind: 'user', name: found.account.email } }
}

async function byToken(token: string, db: Db, row: Route, now: Date): Promise<Asker> {
  const found = token.startsWith(tokenPrefix) ? await findApiToken(db, token, now) : null
  if (found === null) throw noSession('The token is none, was revoked, or has expired.')
  if (row.scope === null) throw notAllowed('No token may do this: log in.')
  if (!allows(found.scopes, row.scope)) throw notAllowed(`The token lacks the scope ${row.scope}.`)
  return { account: found.account, sessionId: null, actor: { kind: 'token', name: `${found.account.email} (${found.name})` } }
}

/** Whoever may do more may read. */
function allows(scopes: readonly Scope[], wanted: Scope): boolean {
  return scopes.includes(wanted) || (wanted === 'read' && scopes.length > 0)
}
