/** Endings that no public domain has: nobody can prove that one below them is theirs. RFC 2606, RFC 6762, and what companies use. */
const privateEndings = new Set(['local', 'localhost', 'internal', 'intranet', 'lan', 'corp', 'home', 'private', 'test', 'example', 'invalid'])

/** `com.acmecorp.billing` as a domain, `billing.acmecorp.com`: the words of a Maven group are written backwards. */
export function domainOfGroup(group: string): string {
  return group.toLowerCase().split('.').reverse().join('.')
}

/** Whether a host is one of the domains, or below one. A domain without its hyphen is another domain. */
export function isBelow(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`))
}

export function isPrivate(host: string): boolean {
  const ending = host.split('.').at(-1) ?? ''
  return !host.includes('.') || privateEndings.has(ending)
}
