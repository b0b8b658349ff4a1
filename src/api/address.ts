import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import ipaddr from 'ipaddr.js'

/**
 * From where a request comes, for counting and for the list of sessions. Of IPv6 the first 64 bits: whoever has one
 * address of such a network has all of them.
 * @param trustProxy a proxy of ours wrote the last address of X-Forwarded-For; what stands before it anybody wrote
 */
export function addressOf(context: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? context.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  const text = forwarded ?? connected(context)
  if (text === undefined || !ipaddr.isValid(text)) return 'unknown'
  const address = ipaddr.process(text)
  if (address.kind() === 'ipv4') return address.toString()
  return `${ipaddr.fromByteArray(address.toByteArray().map((byte, index) => (index < 8 ? byte : 0))).toString()}/64`
}

/** Nothing when the request came over no socket, as in tests. */
function connected(context: Context): string | undefined {
  return context.env === undefined || !('incoming' in context.env) ? undefined : getConnInfo(context).remote.address
}
