import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { addressOf } from '../../src/api/address.ts'

/** As Node's server hands the connection over. */
async function address(connected: string | undefined, forwarded: string | undefined, trustProxy: boolean): Promise<string> {
  const app = new Hono().get('/', (context) => context.text(addressOf(context, trustProxy)))
  const response = await app.request('http://h/', { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }, { incoming: { socket: { remoteAddress: connected } } })
  return response.text()
}

test.each([
  ['the connection', '203.0.113.7', undefined, false, '203.0.113.7'],
  ['IPv4 inside IPv6', '::ffff:203.0.113.7', undefined, false, '203.0.113.7'],
  ['the network of an IPv6 address', '2001:db8:1:2:3:4:5:6', undefined, false, '2001:db8:1:2::/64'],
  ['another address of the same network', '2001:db8:1:2:ffff::1', undefined, false, '2001:db8:1:2::/64'],
  ['what anybody can write, without a proxy: not', '203.0.113.7', '198.51.100.1', false, '203.0.113.7'],
  ['what the proxy wrote, behind what anybody can write', '10.0.0.1', '198.51.100.1, 192.0.2.9', true, '192.0.2.9'],
  ['a proxy that wrote nothing', '10.0.0.1', undefined, true, '10.0.0.1'],
  ['a proxy that wrote no address', '10.0.0.1', 'unknown', true, 'unknown'],
  ['no connection', undefined, undefined, false, 'unknown'],
])('%s', async (_, connected, forwarded, trustProxy, expected) => {
  expect(await address(connected, forwarded, trustProxy)).toBe(expected)
})
