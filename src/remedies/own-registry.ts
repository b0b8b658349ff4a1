import type { OwnRegistry } from './contract.ts'

const words = /artifactory|nexus|registry|repo|npm|pypi|maven|packages?|mirror/

/**
 * The registry that our packages come from: an Artifactory or Nexus that names are imported from, else the host of the
 * inventory that sounds most like one, else an example to be replaced.
 */
export function ownRegistry(origins: readonly { readonly type: string; readonly url?: string }[], hosts: readonly string[]): OwnRegistry {
  for (const { type, url } of origins) {
    if ((type === 'artifactory' || type === 'nexus') && url !== undefined) return { url: url.replace(/\/+$/, ''), product: type, isExample: false }
  }
  const host = hosts.find((one) => /artifactory|nexus/.test(one)) ?? hosts.find((one) => words.test(one)) ?? hosts[0]
  if (host === undefined) return { url: 'https://registry.your-company.example', product: null, isExample: true }
  if (host.includes('artifactory')) return { url: `https://${host}/artifactory`, product: 'artifactory', isExample: false }
  return { url: `https://${host}`, product: host.includes('nexus') ? 'nexus' : null, isExample: false }
}
