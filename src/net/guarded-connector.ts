import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { Permanent, Transient } from '../errors.ts'
import { isAddress, isPublicAddress, isPublicName, withoutBrackets } from './addresses.ts'

/** What content leads to is not named in messages: it may be the address of one of our own hosts. */
export const strangePlace = 'a place that content led to'

/**
 * Opens connections to public addresses only. The check is made on the very addresses that are dialled: a name is
 * resolved once, here, and what it resolved to is connected to, so a name that answers differently a moment later
 * (DNS rebinding) gains nothing. A name that has a private address among others is refused whole.
 */
export function createGuardedConnector(options: { readonly timeoutMs: number; readonly lookup?: LookupFunction }): buildConnector.connector {
  const dial = buildConnector({ timeout: options.timeoutMs, lookup: guardLookup(options.lookup ?? systemLookup) })
  return (target, callback) => {
    const host = withoutBrackets(target.hostname)
    const allowed = isAddress(host) ? isPublicAddress(host) : isPublicName(host)
    if (allowed) dial(target, callback)
    else callback(new Permanent(`${strangePlace} is not in the public internet, no connection was opened`), null)
  }
}

/** A resolver whose answers hold public addresses only; anything else in an answer makes it fail. */
export function guardLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, answer) => {
      if (error !== null) return callback(new Transient(`${strangePlace} cannot be resolved${codeIn(error)}`), [])
      const addresses: readonly LookupAddress[] = typeof answer === 'string' ? [{ address: answer, family: 4 }] : answer
      if (addresses.length === 0) return callback(new Transient(`${strangePlace} has no address`), [])
      if (!addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new Permanent(`${strangePlace} has a private address, no connection was opened`), [])
      }
      const [first] = addresses
      if (options.all === true || first === undefined) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })
  }
}

function codeIn({ code }: NodeJS.ErrnoException): string {
  return code === undefined || !/^[A-Z_]{3,40}$/.test(code) ? '' : ` (${code})`
}
