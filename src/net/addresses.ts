import ipaddr from 'ipaddr.js'
import { parse } from 'tldts'

/** The virtual public address of a cloud's own service: 168.63.129.16 answers every machine in Azure, and nobody else. */
const metadataAddresses = new Set(['168.63.129.16'])
/** All unicast addresses that were ever given out: https://www.iana.org/assignments/ipv6-address-space */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')
/** The well-known prefix of NAT64 (RFC 6052), behind which every IPv4 address has another spelling. */
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96')

/**
 * Whether an address (as a resolver or a URL tells it, no brackets) is one of the public internet. IPv6 spellings of
 * IPv4 addresses are judged by what they stand for (NAT64) or are no public address at all (mapped, compatible, 6to4,
 * Teredo). What cannot be read is not public. Ranges: https://www.iana.org/assignments/iana-ipv4-special-registry
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const parsed = ipaddr.parse(address)
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast' && !metadataAddresses.has(parsed.toString())
  if (parsed.match(nat64)) return isPublicAddress(parsed.toByteArray().slice(12).join('.'))
  return parsed.range() === 'unicast' && parsed.match(globalUnicast)
}

/** True for a host that is an address; an IPv6 address with or without its brackets. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(withoutBrackets(host))
}

export function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/**
 * Whether a name can be one of the public DNS: it stands below a suffix of the public suffix list. `localhost`,
 * `metadata.google.internal`, `printer.local` and single words are none, and are not even asked for.
 */
export function isPublicName(host: string): boolean {
  const { domain, isIcann, isPrivate, publicSuffix } = parse(host.replace(/\.+$/, ''), { allowPrivateDomains: true })
  if (domain === null || publicSuffix === null || !(isIcann === true || isPrivate === true)) return false
  // Delegated, but never to a machine on the internet: RFC 8375, RFC 7686.
  return !/(?:^|\.)(?:arpa|onion)$/.test(publicSuffix)
}

/**
 * The site that a host belongs to: its registrable domain (`acme-corp.com` of `careers.acme-corp.com`; on shared
 * platforms the customer's part, `acme.github.io`), else the host itself.
 */
export function siteOf(host: string): string {
  const name = host.replace(/\.+$/, '').toLowerCase()
  return parse(name, { allowPrivateDomains: true }).domain ?? name
}
