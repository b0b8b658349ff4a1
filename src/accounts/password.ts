import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { Transient } from '../errors.ts'

export interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** 32 MiB and three passes: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt */
const usual: Cost = { N: 2 ** 15, r: 8, p: 3 }
const keyBytes = 32

/** `scrypt$N$r$p$salt$key`, the last two in base64url: a stronger cost later leaves older ones readable. @param cost less only in tests */
export async function hashPassword(password: string, cost: Cost = usual): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Takes as long for an account that is not there, or has no password (`stored` null): the answer tells nobody which. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, N, r, p, salt = '', expected = ''] = (stored ?? nobody).split('$')
  const wanted = Buffer.from(expected, 'base64url')
  const key = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return timingSafeEqual(key, wanted) && stored !== null
}

const nobody = ['scrypt', usual.N, usual.r, usual.p, randomBytes(16).toString('base64url'), randomBytes(keyBytes).toString('base64url')].join('$')

/** Node has four threads for this, for names of hosts and for files: whoever floods the login must not stop the search. */
const slots = { free: 2, waiting: [] as (() => void)[], waitingAtMost: 50 }

/** @throws Transient more passwords wait to be looked at than this machine can soon */
async function derive(password: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  if (slots.free > 0) slots.free -= 1
  else {
    if (slots.waiting.length >= slots.waitingAtMost) throw new Transient('too many logins at once')
    await new Promise<void>((resolve) => slots.waiting.push(resolve))
  }
  try {
    return await deriveNow(password, salt, cost)
  } finally {
    // The slot goes to who waits longest, or is free.
    const next = slots.waiting.shift()
    if (next === undefined) slots.free += 1
    else next()
  }
}

/** The same letters typed on another system are the same password. https://datatracker.ietf.org/doc/html/rfc8265 */
function deriveNow(password: string, salt: Uint8Array, { N, r, p }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}
