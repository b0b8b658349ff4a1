import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits: nobody guesses it, so that a fast hash is enough to keep. */
export function makeToken(prefix = ''): { readonly token: string; readonly hash: string } {
  const token = `${prefix}${randomBytes(32).toString('base64url')}`
  return { token, hash: hashToken(token) }
}

/** What the database keeps of a token, in hex. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
