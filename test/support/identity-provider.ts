import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string
  readonly client: { readonly id: string; readonly secret: string }
  /** Who logs in next, and what stands in the ID token of them. */
  person: { readonly sub: string } & JWTPayload
  /** What only the userinfo endpoint tells. */
  more: Readonly<Record<string, unknown>>
  /** What goes wrong at the next exchange. */
  trick: 'none' | 'other key' | 'other audience' | 'other nonce' | 'expired' | 'refuse'
  /** Exchanges of a code so far. */
  readonly exchanges: readonly Readonly<Record<string, string>>[]
  /** As a person who says yes: from our redirect to the callback's address. */
  consent(authorizationUrl: string): Promise<string>
}

/** A small OpenID provider on loopback: discovery, authorization code with PKCE, ID tokens signed with RS256, userinfo. */
export async function startIdentityProvider(now: () => Date): Promise<IdentityProvider> {
  const [own, other] = [await generateKeyPair('RS256', { extractable: true }), await generateKeyPair('RS256', { extractable: true })]
  const jwk = { ...(await exportJWK(own.publicKey)), alg: 'RS256', use: 'sig' }
  const kid = await calculateJwkThumbprint(jwk)
  const codes = new Map<string, URLSearchParams>()
  const exchanges: Record<string, string>[] = []
  const app = new Hono()
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address with a port.
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = { id: 'namesake', secret: 'it-is-a-secret' }

  const provider: IdentityProvider = {
    issuer, client, exchanges,
    person: { sub: 'nobody' }, more: {}, trick: 'none',
    async consent(authorizationUrl) {
      const answer = await app.request(authorizationUrl)
      return answer.headers.get('location') ?? ''
    },
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
    },
  }

  app.get('/.well-known/openid-configuration', (context) => context.json({
    issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, userinfo_endpoint: `${issuer}/userinfo`, jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], code_challenge_methods_supported: ['S256'],
  }))
  app.get('/keys', (context) => context.json({ keys: [{ ...jwk, kid }] }))
  app.get('/authorize', (context) => {
    const asked = new URL(context.req.url).searchParams
    const code = `code-${codes.size}`
    codes.set(code, asked)
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.search = new URLSearchParams(provider.trick === 'refuse' ? { error: 'access_denied', state: asked.get('state') ?? '' } : { code, state: asked.get('state') ?? '' }).toString()
    return context.redirect(back.href)
  })
  app.post('/token', async (context) => {
    const sent = Object.fromEntries(new URLSearchParams(await context.req.text()))
    exchanges.push(sent)
    const asked = codes.get(sent['code'] ?? '')
    codes.delete(sent['code'] ?? '')
    if (asked === undefined || sent['client_secret'] !== client.secret || (await challengeOf(sent['code_verifier'] ?? '')) !== asked.get('code_challenge')) {
      return context.json({ error: 'invalid_grant' }, 400)
    }
    const { trick, person } = provider
    const seconds = Math.floor(now().getTime() / 1000)
    const token = await new SignJWT({ ...person, nonce: trick === 'other nonce' ? 'x' : (asked.get('nonce') ?? '') })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(issuer)
      .setAudience(trick === 'other audience' ? 'somebody-else' : client.id)
      .setIssuedAt(seconds)
      .setExpirationTime(trick === 'expired' ? seconds - 3_600 : seconds + 300)
      .sign(trick === 'other key' ? other.privateKey : own.privateKey)
    return context.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token: token })
  })
  app.get('/userinfo', (context) => context.json({ sub: provider.person.sub, ...provider.more }))
  return provider
}

async function challengeOf(verifier: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))).toString('base64url')
}
