import type { Fix } from './contract.ts'
import { registryPathsOf } from './registry-paths.ts'

/** https://help.sonatype.com/en/routing-rules.html */
export const nexusRoutingRule: Fix = (leak, { registry }) => {
  const paths = registryPathsOf(leak)
  if (paths === null || registry.product === 'artifactory') return []
  const name = `block-internal-${paths.label}`.replace(/[^\w.-]/g, '-').slice(0, 200)
  return [{
    title: 'Never fetch it from outside: Nexus',
    note: `POST it to /service/rest/v1/routing-rules, then choose the rule in every proxy repository of ${paths.ecosystem}. A repository has one rule: if yours has one already, add the matchers to it.`,
    file: `${name}.json`,
    language: 'json',
    text: `${JSON.stringify({ name, description: 'Internal names are never fetched from a public registry', mode: 'BLOCK', matchers: paths.regex }, null, 2)}\n`,
  }]
}
