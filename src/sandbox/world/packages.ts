import type { Stock } from '../registries/packages.ts'

const day = 86_400_000

/** What the public registries hold of Acme Corp's names, and near them: one name is taken by a stranger since yesterday. */
export function demoStock(now: Date): Stock {
  const ago = (days: number) => new Date(now.getTime() - days * day).toISOString()
  return {
    packages: [
      { registry: 'npm', name: '@acme-corp/design-tokens', versions: [{ version: '1.4.0', at: ago(400) }], publishers: ['acme-corp-bot'], description: 'Design tokens of Acme Corp', repository: 'https://github.com/acme-corp/design-tokens' },
      { registry: 'npm', name: 'acmecorp-auth-helper', versions: [{ version: '0.3.1', at: ago(900) }], publishers: ['someone-else'], repository: 'https://github.com/someone-else/acmecorp-auth-helper' },
      { registry: 'pypi', name: 'acmecorp-ledger', versions: [{ version: '99.9.9', at: ago(1), source: true }], publishers: ['qz81'], description: 'for security research purposes' },
    ],
    namespaces: [{ registry: 'npm', namespace: 'acme-corp' }],
    malicious: [{ registry: 'pypi', name: 'acmecorp-ledger', id: 'MAL-2026-1207' }],
  }
}

/** The rows of namesake.yaml that ask the make-believe registries. */
export function demoRegistries(urlOf: (registry: string) => string): string {
  return `registries:
  npm: { url: "${urlOf('npm')}", ours: [acme-corp, acme-corp-bot], requestsPerMinute: 6000 }
  pypi: { url: "${urlOf('pypi')}", requestsPerMinute: 6000 }
  maven: { url: "${urlOf('maven')}", requestsPerMinute: 6000 }
  osv: { url: "${urlOf('osv')}", requestsPerMinute: 6000 }
`
}
