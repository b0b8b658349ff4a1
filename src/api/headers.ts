import type { MiddlewareHandler } from 'hono'
import type { Origin } from './origin.ts'

/**
 * No script, style, image or connection but our own, no frame, no form elsewhere; and no text becomes markup or script
 * (Trusted Types without a policy). https://www.w3.org/TR/CSP3/ https://w3c.github.io/trusted-types/dist/spec/
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const always: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), fullscreen=(), geolocation=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}
/** Half a year. https://www.rfc-editor.org/rfc/rfc6797 */
const strictTransport = 'max-age=15768000'

/** On every answer, refusals too. What does not say how long it may be kept is kept nowhere. */
export function setHeaders({ secure }: Origin): MiddlewareHandler {
  return async (context, next) => {
    await next()
    const { headers } = context.res
    for (const [name, value] of Object.entries(always)) headers.set(name, value)
    if (secure) headers.set('strict-transport-security', strictTransport)
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
}
