import {
  allowInsecureRequests, authorizationCodeGrant, buildAuthorizationUrl, calculatePKCECodeChallenge, ClientError, type Configuration, customFetch, discovery,
  enableNonRepudiationChecks, fetchUserInfo, randomNonce, randomPKCECodeVerifier, randomState, ResponseBodyError, AuthorizationResponseError, WWWAuthenticateChallengeError,
} from 'openid-client'
import { z } from 'zod'
import type { Identity } from '../accounts/log-in-with-oidc.ts'
import type { Config } from '../config.ts'
import { NamesakeError, Permanent, Transient } from '../errors.ts'
import { createHttp } from '../net/http.ts'
import type { AccountRole } from './contract/route.ts'
import type { Origin } from './origin.ts'

type Settings = NonNullable<Config['web']['oidc']>

/** What the browser keeps between going and coming back: it is the one that went, and it did not go long ago. */
export const wayBack = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() })
export type WayBack = z.output<typeof wayBack>

/** Log in through an identity provider: authorization code with PKCE. https://openid.net/specs/openid-connect-core-1_0.html */
export interface Oidc {
  /** Where to send the browser, and what it keeps. @throws Transient the provider cannot be reached */
  leave(to: string): Promise<{ readonly url: string; readonly keep: WayBack }>
  /** Who came back. @param callback the whole URL @throws Permanent not ours, or refused | Transient */
  arrive(callback: URL, kept: WayBack): Promise<Identity>
}

export function openOidc(settings: Settings, origin: Origin, options: { readonly userAgent: string; readonly now: () => Date }): Oidc {
  const redirectUri = `${origin.url}/api/login/oidc/callback`
  let known: Promise<Configuration> | null = null
  // Asked when it is needed first: a provider that is down must not keep the page from starting.
  const configuration = (): Promise<Configuration> => {
    known ??= discover(settings, options).catch((error: unknown) => {
      known = null
      throw translate(error)
    })
    return known
  }
  return {
    async leave(to) {
      const config = await configuration()
      const keep: WayBack = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), to }
      const url = buildAuthorizationUrl(config, {
        redirect_uri: redirectUri, scope: 'openid email profile', state: keep.state, nonce: keep.nonce,
        code_challenge: await calculatePKCECodeChallenge(keep.verifier), code_challenge_method: 'S256',
      })
      return { url: url.href, keep }
    },
    async arrive(callback, kept) {
      const config = await configuration()
      try {
        const answer = await authorizationCodeGrant(config, new URL(`${redirectUri}${callback.search}`), {
          expectedState: kept.state, expectedNonce: kept.nonce, pkceCodeVerifier: kept.verifier, idTokenExpected: true,
        })
        const token = answer.claims()
        if (token === undefined) throw new Permanent('the identity provider sent no ID token')
        const complete = token['email'] !== undefined && (settings.roles === undefined || token[settings.roles.claim] !== undefined)
        const more = complete || config.serverMetadata().userinfo_endpoint === undefined ? {} : await fetchUserInfo(config, answer.access_token, token.sub)
        return identityOf({ ...more, ...token }, token.iss, token.sub, settings)
      } catch (error) {
        throw translate(error)
      }
    },
  }
}

async function discover(settings: Settings, { userAgent, now }: { readonly userAgent: string; readonly now: () => Date }): Promise<Configuration> {
  const fetchFrom = (origins: readonly string[]) => {
    const http = createHttp({ userAgent, origins, now, timeoutMs: 10_000, maxBytes: 1024 * 1024 })
    return (url: string, { body, ...rest }: { readonly body?: unknown; readonly method: string; readonly headers: Record<string, string> }) =>
      http.fetch(url, { method: rest.method, headers: rest.headers, ...(body === undefined || body === null ? {} : { body: String(body) }) })
  }
  const issuer = new URL(settings.issuer)
  const config = await discovery(issuer, settings.clientId, settings.clientSecret, undefined, {
    [customFetch]: fetchFrom([settings.issuer]),
    // By itself the library trusts TLS alone and checks no signature of the ID token.
    // Without TLS only where the configuration says http://: a provider on this machine.
    execute: [enableNonRepudiationChecks, ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : [])],
  })
  // The provider says where its other parts are; nothing else is asked.
  const { token_endpoint: token, jwks_uri: keys, userinfo_endpoint: userinfo } = config.serverMetadata()
  config[customFetch] = fetchFrom([settings.issuer, ...[token, keys, userinfo].filter((url) => url !== undefined)])
  return config
}

const claims = z.looseObject({
  email: z.string().max(200).optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).optional().catch(undefined),
  name: z.string().max(200).optional().catch(undefined),
})
const groups = z.union([z.array(z.string()), z.string().transform((group) => [group])]).catch([])

/** Pure. An e-mail that the provider does not vouch for is none: whoever can choose it could choose a colleague's. */
export function identityOf(told: Readonly<Record<string, unknown>>, issuer: string, subject: string, settings: Settings): Identity {
  const { email, email_verified: verified, name } = claims.parse(told)
  const trusted = email !== undefined && (verified === true || (verified === undefined && settings.trustEmail)) ? email.trim().toLowerCase() : null
  return {
    issuer, subject, email: trusted, name: name?.trim() === '' ? null : (name ?? null),
    role: settings.roles === undefined ? null : roleOf(groups.parse(told[settings.roles.claim]), settings.roles),
    mayJoin: trusted !== null && settings.allow.includes(trusted.slice(trusted.lastIndexOf('@') + 1)),
  }
}

function roleOf(of: readonly string[], roles: NonNullable<Settings['roles']>): AccountRole {
  if (of.some((group) => roles.administrator.includes(group))) return 'administrator'
  return of.some((group) => roles.analyst.includes(group)) ? 'analyst' : 'viewer'
}

/** The library's own errors hold what was sent: only their code goes on. */
function translate(error: unknown): unknown {
  if (error instanceof NamesakeError) return error
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return new Permanent(`the identity provider refused: ${error.error}`)
  if (error instanceof WWWAuthenticateChallengeError) return new Permanent('the identity provider refused our credentials')
  if (error instanceof ClientError && error.cause instanceof NamesakeError) return error.cause
  if (error instanceof ClientError) return new Permanent(`the answer of the identity provider does not hold: ${error.code ?? 'unknown'}`)
  return error instanceof TypeError ? new Transient('the identity provider cannot be reached') : error
}
