import { z } from 'zod'
import { accountRoles, id, moment, route, scopes } from './route.ts'

/** Long rather than odd: https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver */
export const password = z.string().min(12, 'at least 12 characters').max(200, 'at most 200 characters')
/** Compared without case; the database holds it in small letters. */
export const email = z.string().trim().toLowerCase().max(200).pipe(z.email('an e-mail address'))
export const personName = z.string().trim().min(1).max(100)
/** What stands behind the # of a one-time link. */
const linkToken = z.string().min(1).max(100)

export const accountSelf = z.strictObject({ id, name: personName, email: z.string(), role: z.enum(accountRoles) })

export const sessionRow = z.strictObject({
  id,
  /** The one that asks. */
  current: z.boolean(),
  /** Browser and address of the login, as they were told. */
  agent: z.string(), address: z.string(),
  createdAt: moment, lastSeenAt: moment, expiresAt: moment,
})
export type SessionRow = z.output<typeof sessionRow>

export const tokenRow = z.strictObject({
  id, name: z.string(),
  /** The last four letters, to tell tokens apart. */
  ending: z.string(),
  scopes: z.array(z.enum(scopes)),
  owner: z.strictObject({ id, name: z.string() }),
  createdAt: moment, expiresAt: moment, lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
})
export type TokenRow = z.output<typeof tokenRow>

const ofOne = z.strictObject({ id })
const nothing = z.strictObject({})

/** The login, and what is a person's own. */
export const sessionRoutes = {
  'GET /api/login': route({
    summary: 'Which ways to log in there are; tells nothing else before the login', role: 'nobody-yet', scope: null,
    answer: z.strictObject({
      password: z.boolean(),
      /** There is a button that leads to `/api/login/oidc`. */
      oidc: z.boolean(),
    }),
  }),
  'POST /api/login': route({
    summary: 'Log in with e-mail and password: sets the session cookie', role: 'nobody-yet', scope: null,
    body: z.strictObject({ email: z.string().max(200), password: z.string().max(200) }),
    answer: nothing,
  }),
  'GET /api/login/oidc': route({
    summary: 'Go to the identity provider', role: 'nobody-yet', scope: null,
    /** Where to go afterwards: a path of the page. */
    query: z.strictObject({ to: z.string().max(2_000).optional() }),
    answer: z.string(), media: 'text/html',
  }),
  'GET /api/login/oidc/callback': route({
    summary: 'Come back from the identity provider: sets the session cookie', role: 'nobody-yet', scope: null,
    query: z.looseObject({}), answer: z.string(), media: 'text/html',
  }),
  'POST /api/links/look': route({
    summary: 'What a one-time link is for', role: 'nobody-yet', scope: null,
    body: z.strictObject({ token: linkToken }),
    answer: z.strictObject({
      /** `first`: the first administrator, who says e-mail and name; `invitation`: the e-mail is known; `reset`: only a new password. */
      kind: z.enum(['first', 'invitation', 'reset']),
      email: z.string().nullable(),
      expiresAt: moment,
    }),
  }),
  'POST /api/links/use': route({
    summary: 'Use a one-time link: sets the password, logs in', role: 'nobody-yet', scope: null,
    body: z.strictObject({
      token: linkToken, password,
      /** Of `first` only. */
      email: email.optional(),
      /** Of `first` and `invitation`. */
      name: personName.optional(),
    }),
    answer: nothing,
  }),
  'GET /api/session': route({
    summary: 'Who am I, and what of', role: 'viewer', scope: 'read',
    answer: z.strictObject({ account: accountSelf, organization: z.string(), version: z.string() }),
  }),
  'POST /api/logout': route({ summary: 'End this session', role: 'viewer', scope: null, answer: nothing }),
  'GET /api/sessions': route({ summary: 'My sessions', role: 'viewer', scope: null, answer: z.strictObject({ items: z.array(sessionRow) }) }),
  'DELETE /api/sessions/{id}': route({ summary: 'End one of my sessions', role: 'viewer', scope: null, params: ofOne, answer: nothing }),
  'POST /api/password': route({
    summary: 'Change my password: ends all my other sessions', role: 'viewer', scope: null,
    body: z.strictObject({ current: z.string().max(200), password }),
    answer: nothing,
  }),
  'GET /api/tokens': route({
    summary: 'Personal API tokens: mine; an administrator may ask for those of everybody', role: 'viewer', scope: null,
    query: z.strictObject({ of: z.enum(['me', 'everybody']).default('me') }),
    answer: z.strictObject({ items: z.array(tokenRow) }),
  }),
  'POST /api/tokens': route({
    summary: 'Make a token; it is shown this once', role: 'viewer', scope: null,
    body: z.strictObject({
      name: z.string().trim().min(1).max(80),
      scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
      /** A year at most. */
      days: z.int().min(1).max(366),
    }),
    answer: z.strictObject({ token: z.string(), row: tokenRow }),
  }),
  'DELETE /api/tokens/{id}': route({ summary: 'Revoke a token of mine; an administrator: of anybody', role: 'viewer', scope: null, params: ofOne, answer: nothing }),
  'GET /api/openapi.json': route({ summary: 'This description of the API', role: 'viewer', scope: 'read', answer: z.record(z.string(), z.unknown()) }),
  'GET /api/people': route({
    summary: 'Who can be assigned a finding', role: 'viewer', scope: 'read',
    answer: z.strictObject({ items: z.array(z.strictObject({ id, name: z.string() })) }),
  }),
} as const
