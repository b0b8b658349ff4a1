import type { Fix } from './contract.ts'
import { registryPathsOf } from './registry-paths.ts'

/** https://jfrog.com/help/r/jfrog-artifactory-documentation/include-and-exclude-patterns */
export const artifactoryExclude: Fix = (leak, { registry }) => {
  const paths = registryPathsOf(leak)
  if (paths === null || registry.product === 'nexus') return []
  return [{
    title: 'Never fetch it from outside: Artifactory',
    note: `For each remote repository of ${paths.ecosystem}: POST it to /api/repositories/<its key>, or put the patterns under Exclude Patterns. Add them to those that are there: the setting is replaced as a whole. Then zap the caches.`,
    file: `${paths.ecosystem}-remote.json`,
    language: 'json',
    text: `${JSON.stringify({ excludesPattern: paths.ant.join(',') }, null, 2)}\n`,
  }]
}
