import { describe, expect, test } from 'vitest'
import { isPublicAddress, isPublicName, siteOf } from '../../src/net/addresses.ts'

describe('an address of the public internet', () => {
  test.each(['93.184.216.34', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450::1', '64:ff9b::8.8.8.8'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })

  test.each(['', 'x', '::', '::1', '::1.1.1.1', '::ffff:1.1.1.1', '2002:101:101::', 'fe80::1%eth0', '2606:4700::1%1', '3fff::1', '4000::1', '192.0.2.1', '203.0.113.7', '64:ff9b::192.168.1.1'])(
    'is not %j',
    (address) => {
      expect(isPublicAddress(address)).toBe(false)
    },
  )
})

describe('a name of the public DNS', () => {
  test.each(['acme-corp.com', 'www.acme-corp.co.uk.', 'acme.github.io', 'xn--bcher-kva.de'])('is %s', (name) => {
    expect(isPublicName(name)).toBe(true)
  })

  test.each(['', '.', 'localhost', 'foo', 'com', 'co.uk', 'github.io', 'x.internal', 'x.test', 'x.invalid', 'x.example', '1.0.0.127.in-addr.arpa'])('is not %j', (name) => {
    expect(isPublicName(name)).toBe(false)
  })
})

test('a site is the registrable domain, or the host itself where there is none', () => {
  expect(['a.b.acme-corp.com', 'ACME-CORP.COM.', 'x.acme.co.uk', 'a.acme.github.io', '127.0.0.1', 'localhost'].map(siteOf)).toEqual([
    'acme-corp.com', 'acme-corp.com', 'acme.co.uk', 'acme.github.io', '127.0.0.1', 'localhost',
  ])
})
